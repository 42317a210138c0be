//! Secrets of the configuration: given as a variable, or as a file that is mounted.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::fatal;

/// The value of the secret `name`, from its variable, or else from the file that `<name>_FILE` names.
///
/// White space at the end of a file is dropped: editors add a line feed.
///
/// # Errors
///
/// [`fatal`] when neither is given or the file cannot be read.
pub fn read(name: &str, value: Option<&SecretString>, file: Option<&PathBuf>) -> anyhow::Result<SecretString> {
    if let Some(value) = value {
        return Ok(value.clone());
    }
    let Some(path) = file else {
        return Err(fatal(
            "ConfigurationMissing",
            format!("{name} is not set; set it, or {name}_FILE to a file that holds it"),
        ));
    };
    let content = std::fs::read_to_string(path).map_err(|error| {
        fatal("ConfigurationMissing", format!("{name}_FILE names {}, which cannot be read: {error}", path.display()))
    })?;
    Ok(SecretString::from(content.trim_end()))
}
