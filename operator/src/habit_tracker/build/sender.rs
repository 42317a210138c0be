//! What delivers the queue.
use k8s_openapi::api::apps::v1::Deployment;

use super::{
    program::{Program, Replacement, literals},
    secret::SecretFile,
};
use crate::habit_tracker::{gather::Secrets, names::Component, validate::Valid};

pub(super) fn deployment(valid: &Valid, secrets: &Secrets) -> Deployment {
    let program = Program {
        component: Component::Sender,
        image: &valid.images.sender,
        args: &[],
        env: literals([("TELEGRAM_API_URL", valid.telegram.api_url.clone())]),
        files: vec![
            SecretFile { variable: "DATABASE_URL", value: &secrets.database_url },
            SecretFile { variable: "REDIS_URL", value: &secrets.redis_url },
            SecretFile { variable: "TELEGRAM_BOT_TOKEN", value: &secrets.telegram_token },
        ],
        port: None,
        replacement: Replacement::Rolling,
        service_account: None,
    };
    program.deployment(valid, secrets, &valid.sender)
}
