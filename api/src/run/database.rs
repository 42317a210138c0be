//! Whether the database is there, with a schema that this build can work with.

use std::time::Duration;

use process::{Readiness, Shutdown};
use sqlx::PgPool;
use store::{
    pool,
    schema::{self, SchemaError},
};

/// The name of this dependency in the readiness of the program.
pub(super) const NAME: &str = "database";

const CHECK_TIME: Duration = Duration::from_secs(5);
const WHILE_AWAY: Duration = Duration::from_secs(1);
const WHILE_THERE: Duration = Duration::from_secs(5);

/// Looks after the database until shutdown, on the connection that a [`pool::DirectPool`] leaves of `database`: however busy
/// the others are, it is the database itself that answers or does not.
///
/// # Errors
///
/// Fatal when Postgres refuses the login before it ever let us in: no waiting mends that.
pub(super) async fn watch(database: PgPool, readiness: Readiness, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut was_ready = false;
    while !shutdown.is_stopped() {
        let state = match tokio::time::timeout(CHECK_TIME, check(&database)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(SchemaError::Database(error))) if !was_ready && pool::is_refused(&error) => {
                return Err(process::fatal(
                    "DatabaseRefusesLogin",
                    format!("Postgres refuses the login: {error}; mend the user, password or database in DATABASE_URL"),
                ));
            }
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", CHECK_TIME.as_secs())),
        };
        was_ready |= state.is_ok();
        let pause = if state.is_ok() { WHILE_THERE } else { WHILE_AWAY };
        readiness.set(NAME, state);
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    Ok(())
}

async fn check(database: &PgPool) -> Result<(), SchemaError> {
    schema::check(&mut *database.acquire().await?).await
}

#[cfg(test)]
mod tests {
    use process::Fatal;
    use sqlx::postgres::PgPoolOptions;

    use super::*;

    async fn until(is_so: impl Fn() -> bool) {
        let wait = async {
            while !is_so() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap();
    }

    #[sqlx::test(migrations = false)]
    async fn the_program_is_ready_once_the_schema_is_there(database: PgPool) {
        let (readiness, shutdown) = (Readiness::of(&[NAME]), Shutdown::new());
        let admin = async {
            until(|| readiness.missing().concat().contains("operator migrate")).await;
            schema::MIGRATIONS.run(&database).await.unwrap();
            until(|| readiness.missing().is_empty()).await;
            shutdown.stop_now();
        };
        let (watched, ()) = tokio::join!(watch(database.clone(), readiness.clone(), shutdown.clone()), admin);
        watched.unwrap();
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn the_program_stays_ready_while_all_connections_are_in_use_but_not_once_the_database_is_away(admin: PgPool) {
        let options = admin.connect_options().as_ref().clone();
        let database = PgPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_millis(200))
            .connect_lazy_with(options);
        let requests = pool::DirectPool::new(database.clone());
        let in_use = requests.acquire().await.unwrap();
        assert!(requests.acquire().await.is_err());

        let (readiness, shutdown) = (Readiness::of(&[NAME]), Shutdown::new());
        let outside = async {
            until(|| readiness.missing().is_empty()).await;
            // What goes back is kept for the next request, and would keep the pool open.
            drop((in_use, requests));
            database.close().await;
            until(|| !readiness.missing().is_empty()).await;
            shutdown.stop_now();
        };
        let (watched, ()) = tokio::join!(watch(database.clone(), readiness.clone(), shutdown.clone()), outside);
        watched.unwrap();
    }

    #[sqlx::test(migrations = false)]
    async fn a_refused_login_ends_the_program_with_its_reason(database: PgPool) {
        let nowhere = database.connect_options().as_ref().clone().database("nowhere");
        let error =
            watch(PgPool::connect_lazy_with(nowhere), Readiness::of(&[NAME]), Shutdown::new()).await.unwrap_err();
        assert_eq!(error.downcast_ref::<Fatal>().map(|fatal| fatal.reason), Some("DatabaseRefusesLogin"));
    }
}
