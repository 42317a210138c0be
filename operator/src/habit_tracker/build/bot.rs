//! The Telegram front end.
use k8s_openapi::api::apps::v1::Deployment;

use super::{
    api,
    program::{Program, Replacement, literals},
    secret::SecretFile,
};
use crate::habit_tracker::{gather::Secrets, names::Component, validate::Valid};

pub(super) fn deployment(valid: &Valid, secrets: &Secrets) -> Deployment {
    let program = Program {
        component: Component::Bot,
        image: &valid.images.bot,
        args: &[],
        env: literals([("API_URL", api::url(valid)), ("TELEGRAM_API_URL", valid.telegram.api_url.clone())]),
        files: vec![
            SecretFile { variable: "TELEGRAM_BOT_TOKEN", value: &secrets.telegram_token },
            SecretFile { variable: "API_BOT_SHARED_KEY", value: &secrets.bot_key },
        ],
        port: None,
        // Two pollers would be told 409 by Telegram.
        replacement: Replacement::Recreate,
        service_account: None,
    };
    program.deployment(valid, secrets, &valid.bot)
}
