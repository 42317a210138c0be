//! Secrets of the configuration: given as a variable, or as a file that is mounted.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use crate::fatal;

/// The value of the secret `name`, from its variable, or else from the file that `<name>_FILE` names.
///
/// White space at the end of a file is dropped: editors add a line feed.
///
/// # Errors
///
/// [`fatal`] when neither is given, the file cannot be read, or the value is empty.
pub fn read(name: &str, value: Option<&SecretString>, file: Option<&PathBuf>) -> anyhow::Result<SecretString> {
    let secret = match (value, file) {
        (Some(value), _) => value.clone(),
        (None, Some(path)) => read_file(name, path)?,
        (None, None) => {
            let message = format!("{name} is not set; set it, or {name}_FILE to a file that holds it");
            return Err(fatal("ConfigurationMissing", message));
        }
    };
    if secret.expose_secret().is_empty() {
        return Err(fatal("ConfigurationMissing", format!("{name} is empty; set it to a value")));
    }
    Ok(secret)
}

fn read_file(name: &str, path: &Path) -> anyhow::Result<SecretString> {
    let content = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("{name}_FILE names {}, which cannot be read: {error}; mount it", path.display());
        fatal("ConfigurationMissing", message)
    })?;
    Ok(SecretString::from(content.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_end_in_a_line_feed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\n").unwrap();
        let secret = read("KEY", None, Some(&file.path().to_owned())).unwrap();
        assert_eq!(secret.expose_secret(), "hunter2");
    }

    #[test]
    fn an_empty_secret_is_refused_by_its_name() {
        let error = read("KEY", Some(&SecretString::from("")), None).unwrap_err();
        assert!(error.to_string().contains("KEY is empty"));
    }
}
