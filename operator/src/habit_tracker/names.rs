//! What the children of a deployment are called.
use sha2::{Digest as _, Sha256};

/// Longest name of a Job: its pods carry it in a label.
const MAX_JOB_NAME: usize = 63;

/// A part of a deployment that has pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component {
    Api,
    Bot,
    Sender,
    Loops,
    Postgres,
    Redis,
    Migrate,
}

impl Component {
    /// As in names and in the label `app.kubernetes.io/component`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Bot => "bot",
            Self::Sender => "sender",
            Self::Loops => "loops",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Migrate => "migrate",
        }
    }
}

/// The name of all children of one component: `<name>-<component>`.
pub fn child(deployment: &str, component: Component) -> String {
    format!("{deployment}-{}", component.as_str())
}

/// `<name>-migrate-<version with dots as dashes>`, or a hash of the version where that is too long.
pub fn migrate_job(deployment: &str, version: &str) -> String {
    let name = format!("{}-{}", child(deployment, Component::Migrate), version.replace('.', "-"));
    if name.len() <= MAX_JOB_NAME {
        return name;
    }
    format!("{}-{}", child(deployment, Component::Migrate), &hex(version.as_bytes())[..10])
}

/// The claim that Postgres makes of its template `data` for its only pod.
pub fn postgres_claim(deployment: &str) -> String {
    format!("data-{}-0", child(deployment, Component::Postgres))
}

/// SHA-256 in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    hex_of(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
pub fn hex_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_after_the_version_it_migrates_to() {
        assert_eq!(migrate_job("family", "1.4.2-rc.1"), "family-migrate-1-4-2-rc-1");
    }

    #[test]
    fn a_long_name_and_a_long_version_still_make_a_job_name() {
        let name = migrate_job(&"a".repeat(40), "10.20.30-a.long.name.of.a.branch");
        assert!(name.len() <= MAX_JOB_NAME, "{name}");
    }
}
