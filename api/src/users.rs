//! `/users/me`: the person who calls.

use ::habits::Tz;
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::user::{Language, QuietHours};

use crate::{App, Defaults, error::ApiError};

mod delete;
mod dialogue;
mod live_message;
mod read;
mod update;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::read_me, update::update_me, delete::delete_me))
        .routes(routes!(dialogue::read_dialogue, dialogue::set_dialogue))
        .routes(routes!(live_message::set_live_message))
}

/// The zone that a `timezone` in a body names.
///
/// # Errors
///
/// Refuses what is no place's zone with `unknown_time_zone`.
pub(crate) fn zone(name: &str) -> Result<Tz, ApiError> {
    ::habits::zone::parse(name).map_err(|error| ApiError::Invalid {
        kind: "unknown_time_zone",
        loc: vec!["body".to_owned(), "timezone".to_owned()],
        msg: error.to_string(),
    })
}

/// The language as the database keeps it.
pub(crate) fn language_code(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Ru => "ru",
    }
}

pub(crate) fn reply(user: store::user::User, defaults: Defaults) -> wire::user::User {
    let language = match user.language.as_deref() {
        Some("en") => Language::En,
        Some("ru") => Language::Ru,
        _ => defaults.language,
    };
    wire::user::User {
        id: user.id,
        telegram_id: user.telegram_id,
        username: user.username,
        first_name: user.first_name,
        last_name: user.last_name,
        timezone: user.timezone,
        timezone_chosen: user.timezone_chosen,
        language,
        day_start_hour: user.day_start_hour,
        quiet_hours: user.quiet_from.zip(user.quiet_to).map(|(from, to)| QuietHours { from, to }),
        is_active: user.is_active,
        is_bot_blocked: user.blocked_at.is_some(),
        created_at: user.created_at,
        updated_at: user.updated_at,
    }
}
