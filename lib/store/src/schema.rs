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
