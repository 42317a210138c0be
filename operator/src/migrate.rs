//! `operator migrate`: brings a deployment's database to the schema of this version.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use process::{DatabaseConfig, fatal, fatal::leave_message};
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection, migrate::MigrateError};
use store::{pool, schema};

/// Between two attempts to reach the database.
const RETRY_EVERY: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Everything `operator migrate` reads from its environment.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,

    /// How many seconds to wait for the database to answer
    #[arg(long, env = "DATABASE_WAIT_SECONDS", default_value_t = 120)]
    pub database_wait_seconds: u32,
}

/// Waits for the database, applies what it lacks, and leaves `{"schemaVersion":N}` as the container's last words.
///
/// Safe to run twice, also at once: Postgres holds a lock for it. A migration that fails is rolled back.
///
/// # Errors
///
/// Fatal when the database cannot be reached in time or refuses us, or when its schema is none of ours.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let url = config.database.url()?;
    let wait = Duration::from_secs(u64::from(config.database_wait_seconds));
    let mut conn = connect(url.expose_secret(), wait).await?;
    let before = schema::version_of_database(&mut conn).await.context("failed to read the schema's version")?;
    tracing::info!(schema.from = before, schema.to = schema::version_of_build(), "migrating the database");
    schema::MIGRATIONS.run(&mut conn).await.map_err(explain)?;
    let version = schema::version_of_database(&mut conn).await?.unwrap_or_default();
    conn.close().await?;
    tracing::info!(schema.version = version, "the database is migrated");
    leave_message(&format!(r#"{{"schemaVersion":{version}}}"#));
    Ok(())
}

/// A connection without the pool's statement timeout: a migration may take long.
async fn connect(url: &str, wait: Duration) -> anyhow::Result<PgConnection> {
    let begun_at = Instant::now();
    loop {
        let attempt = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect(url));
        let error = match attempt.await {
            Ok(Ok(conn)) => return Ok(conn),
            Ok(Err(error)) => error,
            Err(_) => std::io::Error::from(std::io::ErrorKind::TimedOut).into(),
        };
        if matches!(error, sqlx::Error::Configuration(_)) {
            return Err(fatal("DatabaseUrlInvalid", format!("DATABASE_URL is no Postgres URL: {error}; correct it")));
        }
        let waited = begun_at.elapsed();
        if waited >= wait {
            return Err(gave_up(&error, waited));
        }
        tracing::info!(
            error = &error as &dyn std::error::Error,
            waited_s = waited.as_secs(),
            wait_s = wait.as_secs(),
            "waiting for the database"
        );
        tokio::time::sleep(RETRY_EVERY.min(wait.saturating_sub(waited))).await;
    }
}

/// A new database may refuse its user for a moment, so a refusal too is final only when the wait is over.
fn gave_up(error: &sqlx::Error, waited: Duration) -> anyhow::Error {
    let waited = waited.as_secs();
    if pool::is_refused(error) {
        let message = format!(
            "Postgres refuses the login after {waited} s: {error}; mend the user, password or database in DATABASE_URL"
        );
        return fatal("DatabaseRefusesLogin", message);
    }
    let message = format!(
        "no Postgres answers after {waited} s: {error}; check the host and port in DATABASE_URL, and that it runs"
    );
    fatal("DatabaseUnreachable", message)
}

fn explain(error: MigrateError) -> anyhow::Error {
    match error {
        MigrateError::VersionMissing(version) => fatal(
            "SchemaUnknown",
            format!("the database has migration {version}, which this version does not know; run a newer version"),
        ),
        MigrateError::VersionMismatch(version) => fatal(
            "SchemaUnknown",
            format!("migration {version} in the database is another than this version's; restore from a backup"),
        ),
        other => anyhow::Error::new(other).context("a migration failed and was rolled back"),
    }
}

#[cfg(test)]
mod tests {
    use process::Fatal;
    use sqlx::PgPool;

    use super::*;

    fn config(url: &str) -> Config {
        let database = DatabaseConfig { database_url: Some(url.into()), database_url_file: None };
        Config { database, database_wait_seconds: 0 }
    }

    fn url_of(db: &PgPool) -> String {
        let options = db.connect_options();
        let name = options.get_database().unwrap();
        format!("postgres://{}@{}:{}/{name}", options.get_username(), options.get_host(), options.get_port())
    }

    async fn reason(config: Config) -> &'static str {
        run(config).await.unwrap_err().downcast::<Fatal>().unwrap().reason
    }

    #[sqlx::test(migrations = false)]
    async fn an_empty_database_is_migrated_and_again_is_harmless(db: PgPool) {
        for _ in 0..2 {
            run(config(&url_of(&db))).await.unwrap();
        }
        schema::check(&mut db.acquire().await.unwrap()).await.unwrap();
    }

    #[sqlx::test(migrations = false)]
    async fn two_migrations_at_once_do_no_harm(db: PgPool) {
        let url = url_of(&db);
        let (first, second) = tokio::join!(run(config(&url)), run(config(&url)));
        first.and(second).unwrap();
    }

    #[tokio::test]
    async fn a_database_that_does_not_answer_is_named() {
        assert_eq!(reason(config("postgres://habits@127.0.0.1:9/habits")).await, "DatabaseUnreachable");
    }

    #[sqlx::test(migrations = false)]
    async fn a_refused_login_is_named(db: PgPool) {
        let url = url_of(&db);
        let (server, _) = url.rsplit_once('/').unwrap();
        assert_eq!(reason(config(&format!("{server}/nowhere"))).await, "DatabaseRefusesLogin");
    }

    #[tokio::test]
    async fn a_url_that_is_none_is_named() {
        assert_eq!(reason(config("habits")).await, "DatabaseUrlInvalid");
    }
}
