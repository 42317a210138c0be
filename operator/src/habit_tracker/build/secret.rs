//! Secrets we make, and how programs get to read Secrets.
use std::{collections::BTreeMap, fmt};

use k8s_openapi::{
    ByteString,
    api::core::v1::{
        EnvVar, KeyToPath, ProjectedVolumeSource, Secret, SecretProjection, SecretVolumeSource, Volume,
        VolumeProjection,
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use rand::{RngExt as _, distr::Alphanumeric};

use crate::habit_tracker::gather::SecretValue;

/// Where the files of all Secrets are mounted.
pub(super) const FOLDER: &str = "/etc/habit-tracker/secrets";
/// Name of the volume behind it.
pub(super) const VOLUME: &str = "secrets";
/// Read by the pod's group alone.
const FILE_MODE: i32 = 0o440;
/// Letters and digits: about 190 bits, and nothing that a URL or a configuration file would want quoted.
const PASSWORD_LENGTH: usize = 32;

/// Fresh secrets, for what has none yet.
pub struct Passwords {
    pub postgres: String,
    pub redis: String,
    pub jwt_secret: String,
    pub bot_key: String,
}

impl Passwords {
    /// From the operating system's generator, by way of rand's cryptographic one.
    pub fn generate() -> Self {
        Self { postgres: password(), redis: password(), jwt_secret: password(), bot_key: password() }
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

fn password() -> String {
    rand::rng().sample_iter(Alphanumeric).take(PASSWORD_LENGTH).map(char::from).collect()
}

pub(super) fn secret<const N: usize>(metadata: ObjectMeta, data: [(&str, String); N]) -> Secret {
    Secret {
        metadata,
        data: Some(data.map(|(key, value)| (key.to_owned(), ByteString(value.into_bytes()))).into()),
        type_: Some("Opaque".to_owned()),
        ..Secret::default()
    }
}

/// A Secret's key as a file of a program, which finds it by the variable `<variable>_FILE`.
pub(super) struct SecretFile<'a> {
    pub(super) variable: &'static str,
    pub(super) value: &'a SecretValue,
}

impl SecretFile<'_> {
    /// The file's name: the variable's in lower case, with dashes.
    fn file(&self) -> String {
        self.variable.to_lowercase().replace('_', "-")
    }

    pub(super) fn env(&self) -> EnvVar {
        EnvVar {
            name: format!("{}_FILE", self.variable),
            value: Some(format!("{FOLDER}/{}", self.file())),
            ..EnvVar::default()
        }
    }
}

/// One volume with the files of several Secrets, of each only the keys that are needed.
pub(super) fn files(files: &[SecretFile<'_>]) -> Volume {
    let sources = files.iter().map(|file| VolumeProjection {
        secret: Some(SecretProjection {
            name: file.value.name.clone(),
            items: Some(vec![KeyToPath { key: file.value.key.clone(), path: file.file(), mode: None }]),
            ..SecretProjection::default()
        }),
        ..VolumeProjection::default()
    });
    Volume {
        name: VOLUME.to_owned(),
        projected: Some(ProjectedVolumeSource { default_mode: Some(FILE_MODE), sources: Some(sources.collect()) }),
        ..Volume::default()
    }
}

/// One volume with one file, named as its key is.
pub(super) fn file(secret: &str, key: &str) -> Volume {
    Volume {
        name: VOLUME.to_owned(),
        secret: Some(SecretVolumeSource {
            secret_name: Some(secret.to_owned()),
            default_mode: Some(FILE_MODE),
            items: Some(vec![KeyToPath { key: key.to_owned(), path: key.to_owned(), mode: None }]),
            ..SecretVolumeSource::default()
        }),
        ..Volume::default()
    }
}

/// What rolls a program when a Secret of its changes.
pub(super) fn annotations(hash: String) -> BTreeMap<String, String> {
    [(crate::habit_tracker::labels::SECRETS_HASH.to_owned(), hash)].into()
}
