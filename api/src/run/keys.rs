//! The secrets in their files: one that changes there counts without a restart.

use std::{sync::Arc, time::Duration};

use process::Shutdown;

use crate::{config::KeysConfig, keys::KeyRing};

/// Kubernetes itself takes up to a minute to bring a changed Secret into a pod.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Reads the keys again and again until shutdown, and goes on with those that are there.
pub(super) async fn follow(config: KeysConfig, ring: Arc<KeyRing>, shutdown: Shutdown) -> anyhow::Result<()> {
    let mut is_readable = true;
    while !shutdown.is_stopped() {
        is_readable = look(&config, &ring, is_readable);
        tokio::select! {
            () = shutdown.stopped() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    Ok(())
}

/// Looks once, and says whether the files could be read: while they cannot, the keys stay as they are.
///
/// Reads without leaving the thread: these are a few small files in memory.
fn look(config: &KeysConfig, ring: &KeyRing, was_readable: bool) -> bool {
    match config.read() {
        Ok(keys) => {
            if ring.exchange(keys) {
                tracing::info!("the keys have changed");
            }
            true
        }
        Err(error) => {
            if was_readable {
                tracing::error!(error = format!("{error:#}"), "keeping the keys: the new ones are no good");
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::DateTime;
    use clap::Parser as _;

    use super::*;
    use crate::Config;

    const OLD: &str = "an old secret of more than thirty-two bytes";
    const NEW: &str = "the new secret of more than thirty-two bytes";

    fn config(files: &Path) -> KeysConfig {
        let arguments = [
            "api".to_owned(),
            format!("--bot-shared-key-file={}", files.join("bot").display()),
            format!("--jwt-secret-file={}", files.join("jwt").display()),
            format!("--jwt-secret-previous-file={}", files.join("previous").display()),
        ];
        Config::try_parse_from(arguments).unwrap().keys
    }

    fn write(files: &Path, secrets: [(&str, &str); 3]) {
        for (name, secret) in secrets {
            std::fs::write(files.join(name), secret).unwrap();
        }
    }

    #[test]
    fn a_secret_that_changes_in_its_file_counts_without_a_restart() {
        let files = tempfile::tempdir().unwrap();
        write(files.path(), [("bot", "one"), ("jwt", OLD), ("previous", OLD)]);
        let config = config(files.path());
        let ring = KeyRing::new(config.read().unwrap());
        let now = DateTime::UNIX_EPOCH;
        let token = ring.current().issue(7, now).unwrap();

        write(files.path(), [("bot", "two\n"), ("jwt", NEW), ("previous", OLD)]);
        assert!(look(&config, &ring, true));

        assert!(ring.current().is_bot_key(b"two") && !ring.current().is_bot_key(b"one"));
        assert_eq!(ring.current().verify(&token, now).unwrap(), 7);
        let newer = ring.current().issue(8, now).unwrap();
        write(files.path(), [("bot", "two"), ("jwt", NEW), ("previous", NEW)]);
        look(&config, &ring, true);
        assert!(ring.current().verify(&token, now).is_err());
        assert_eq!(ring.current().verify(&newer, now).unwrap(), 8);
    }

    #[test]
    fn files_that_are_no_good_leave_the_keys_as_they_are() {
        let files = tempfile::tempdir().unwrap();
        write(files.path(), [("bot", "one"), ("jwt", OLD), ("previous", OLD)]);
        let config = config(files.path());
        let ring = KeyRing::new(config.read().unwrap());
        for broken in ["", "short"] {
            write(files.path(), [("bot", "two"), ("jwt", broken), ("previous", OLD)]);
            assert!(!look(&config, &ring, true));
            assert!(ring.current().is_bot_key(b"one"));
        }
        std::fs::remove_file(files.path().join("jwt")).unwrap();
        assert!(!look(&config, &ring, true));
        assert!(ring.current().is_bot_key(b"one"));
    }
}
