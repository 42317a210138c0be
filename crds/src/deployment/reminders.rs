//! How reminders behave.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::rule;

/// How reminders behave.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Reminders {
    /// How late a reminder may still be sent, in seconds, 60 to 86400. Default 7200. A later one is counted as expired.
    #[serde(default = "default_expire_after_seconds")]
    #[schemars(range(min = 60, max = 86_400))]
    pub expire_after_seconds: i32,

    /// IANA time zone of people who have not chosen one, such as `Europe/Berlin`. Default `UTC`.
    #[serde(default = "default_time_zone")]
    #[schemars(
        length(max = 64),
        extend("x-kubernetes-validations" = [rule(
            "self.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$')",
            "defaultTimeZone has to be an IANA time zone, such as UTC or Europe/Berlin",
        )])
    )]
    pub default_time_zone: String,

    /// Language of people whose own is not known: `en` or `ru`. Default `en`.
    #[serde(default)]
    pub default_locale: Locale,
}

impl Default for Reminders {
    fn default() -> Self {
        Self {
            expire_after_seconds: default_expire_after_seconds(),
            default_time_zone: default_time_zone(),
            default_locale: Locale::default(),
        }
    }
}

fn default_expire_after_seconds() -> i32 {
    7200
}

fn default_time_zone() -> String {
    "UTC".to_owned()
}

/// A language the texts exist in.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    En,
    Ru,
}

impl Locale {
    /// The language tag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}
