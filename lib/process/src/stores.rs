//! Where a program's data stores are: the same flags and variables in every program.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::secret;

/// The flags and variables of the database.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DatabaseConfig {
    /// Postgres, such as `postgres://user:password@host/database`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// File that holds the database's URL
    #[arg(long, env = "DATABASE_URL_FILE")]
    pub database_url_file: Option<PathBuf>,
}

impl DatabaseConfig {
    /// The URL, from the variable or the file.
    ///
    /// # Errors
    ///
    /// [`crate::fatal`] when neither is given or the file cannot be read.
    pub fn url(&self) -> anyhow::Result<SecretString> {
        secret::read("DATABASE_URL", self.database_url.as_ref(), self.database_url_file.as_ref())
    }
}

/// The flags and variables of Redis.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RedisConfig {
    /// Redis, such as `redis://:password@host`
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<SecretString>,

    /// File that holds the URL of Redis
    #[arg(long, env = "REDIS_URL_FILE")]
    pub redis_url_file: Option<PathBuf>,
}

impl RedisConfig {
    /// The URL, from the variable or the file.
    ///
    /// # Errors
    ///
    /// [`crate::fatal`] when neither is given or the file cannot be read.
    pub fn url(&self) -> anyhow::Result<SecretString> {
        secret::read("REDIS_URL", self.redis_url.as_ref(), self.redis_url_file.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fatal;

    #[test]
    fn a_file_that_is_not_there_is_named_with_its_variable_and_what_to_do() {
        let file = Some(PathBuf::from("/nowhere/url"));
        let database = DatabaseConfig { database_url_file: file.clone(), ..DatabaseConfig::default() };
        let redis = RedisConfig { redis_url_file: file, ..RedisConfig::default() };
        for (url, name) in [(database.url(), "DATABASE_URL"), (redis.url(), "REDIS_URL")] {
            let error = url.unwrap_err();
            let fatal = error.downcast_ref::<Fatal>().unwrap();
            assert_eq!(fatal.reason, "ConfigurationMissing");
            let beginning = format!("{name}_FILE names /nowhere/url, which cannot be read: ");
            assert!(fatal.message.starts_with(&beginning) && fatal.message.ends_with("; mount it"), "{error}");
        }
    }
}
