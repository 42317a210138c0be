//! The schema: its migrations, and which version a database has.

use sqlx::{PgConnection, migrate::Migrator};

/// The migrations that this build knows, numbered by the time they were written.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The version that this build was written for.
pub fn version_of_build() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The newest version whose migration succeeded here, or `None` for a database that was never migrated.
///
/// # Errors
///
/// Fails when the database does.
pub async fn version_of_database(conn: &mut PgConnection) -> sqlx::Result<Option<i64>> {
    // A name that may not exist yet: checked at run time, because the table is the migrator's.
    let exists =
        sqlx::query_scalar!("select to_regclass('_sqlx_migrations') is not null").fetch_one(&mut *conn).await?;
    if exists != Some(true) {
        return Ok(None);
    }
    sqlx::query_scalar("select max(version) from _sqlx_migrations where success").fetch_one(conn).await
}

/// Whether this build can work with the schema that is there: one with all that it makes use of, or a newer one, since
/// migrations only add until no program of the release before is left.
///
/// # Errors
///
/// Says what to do, for an admin.
pub async fn check(conn: &mut PgConnection) -> Result<(), SchemaError> {
    let found = version_of_database(conn).await?;
    if found.is_some_and(|version| version >= OLDEST_SUPPORTED) {
        return Ok(());
    }
    Err(SchemaError::TooOld { found: found.unwrap_or_default(), needed: version_of_build() })
}

/// Why a program cannot work with its database.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The migration of this release has not succeeded here.
    #[error("the database has schema {found} and this build needs {needed}; run `operator migrate` of this version")]
    TooOld { found: i64, needed: i64 },
    /// Postgres failed.
    #[error("Postgres does not answer: {0}")]
    Database(#[from] sqlx::Error),
}

/// The oldest schema that this build can work with: the newest that it makes use of.
const OLDEST_SUPPORTED: i64 = 20_261_123_150_100;

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_migrated_database_serves(db: PgPool) {
        let mut conn = db.acquire().await.unwrap();
        check(&mut conn).await.unwrap();
        assert_eq!(version_of_database(&mut conn).await.unwrap(), Some(version_of_build()));
    }

    #[sqlx::test(migrations = false)]
    async fn a_database_that_was_never_migrated_says_what_to_do(db: PgPool) {
        let error = check(&mut db.acquire().await.unwrap()).await.unwrap_err();
        assert!(error.to_string().ends_with("run `operator migrate` of this version"), "{error}");
    }
}
