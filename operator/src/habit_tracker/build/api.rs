//! The REST service: what it signs with, its address, its pods.
use super::{
    ApiChildren, kept,
    program::{Program, Replacement, literals},
    secret::{Passwords, SecretFile, secret},
    service::service,
};
use crate::habit_tracker::{
    gather::Secrets,
    names::{Component, child},
    validate::Valid,
};

/// Port of the service and of the program.
pub(super) const PORT: i32 = 8000;

pub(super) fn children(valid: &Valid, secrets: &Secrets, fresh: &Passwords) -> ApiChildren {
    let program = Program {
        component: Component::Api,
        image: &valid.images.api,
        args: &[],
        env: literals([
            ("HABIT_DEFAULT_TIME_ZONE", valid.reminders.time_zone.name().to_owned()),
            ("HABIT_DEFAULT_LOCALE", valid.reminders.locale.as_str().to_owned()),
        ]),
        files: vec![
            SecretFile { variable: "DATABASE_URL", value: &secrets.database_url },
            SecretFile { variable: "JWT_SECRET", value: &secrets.jwt_secret },
            SecretFile { variable: "API_BOT_SHARED_KEY", value: &secrets.bot_key },
        ],
        port: Some(("http", PORT)),
        replacement: Replacement::Rolling,
        service_account: None,
    };
    ApiChildren {
        // Kept with the data: who holds a token goes on when the deployment comes back.
        secret: secret(
            kept(valid, Component::Api, &valid.version),
            [("jwt-secret", fresh.jwt_secret.clone()), ("bot-key", fresh.bot_key.clone())],
        ),
        service: service(valid, Component::Api, &valid.version, "http", PORT),
        deployment: program.deployment(valid, secrets, &valid.api),
    }
}

/// Where the api answers, for pods of the same namespace.
pub(super) fn url(valid: &Valid) -> String {
    format!("http://{}:{PORT}", child(&valid.name, Component::Api))
}
