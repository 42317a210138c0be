//! The bot's identity at Telegram.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::rule;

/// The bot's identity at Telegram.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Telegram {
    /// The Secret that holds the bot's token. A changed token restarts bot and sender.
    pub token_secret_ref: TokenSecretRef,

    /// Bot API server. Default `https://api.telegram.org`. The token is sent there.
    #[serde(default = "default_api_url")]
    #[schemars(
        length(max = 2048),
        extend("x-kubernetes-validations" = [rule(
            "isURL(self) && url(self).getScheme() in ['http', 'https']",
            "apiUrl has to be an http or https URL, such as https://api.telegram.org",
        )])
    )]
    pub api_url: String,
}

fn default_api_url() -> String {
    "https://api.telegram.org".to_owned()
}

/// A key of a Secret in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct TokenSecretRef {
    /// Name of the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,

    /// Key within it. Default `token`.
    #[serde(default = "default_key")]
    #[schemars(length(min = 1, max = 253), regex(pattern = "^[-._a-zA-Z0-9]+$"))]
    pub key: String,
}

fn default_key() -> String {
    "token".to_owned()
}
