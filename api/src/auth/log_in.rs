//! `POST /auth/token`

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{Acquire as _, PgConnection};
use store::{
    dialogue,
    user::{self, NewUser, User},
};
use utoipa::ToSchema;
use wire::{
    dialogue::Dialogue,
    error::ErrorBody,
    token::{BotLoginRequest, Token},
};

use crate::{
    App, Defaults,
    error::ApiError,
    http::{BotKey, Json, Query},
    person, text, users,
};

/// As long as a language tag gets (RFC 5646, section 4.4.1).
const LANGUAGE_CHARS: usize = 35;

/// What a reply tells besides the token.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Include {
    User,
}

/// What the bot tells of a person, checked.
#[derive(Debug)]
struct Person {
    telegram_id: i64,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    language: Option<&'static str>,
    zone: Option<habits::Tz>,
}

impl Person {
    fn language_or(&self, defaults: Defaults) -> &'static str {
        self.language.unwrap_or(users::language_code(defaults.language))
    }
}

/// Get a person's token
///
/// For the bot alone. Creates the person at the first time; later it refreshes the names and the zone that are told and
/// notes that messages reach the person again. With a new zone all habits follow, as in PATCH /users/me. The language of
/// a known person stays as it is.
#[utoipa::path(
    post,
    path = "/auth/token",
    tag = "auth",
    security(("bot_key" = [])),
    params(("include" = inline(Option<Include>), Query, description = "What to tell as well: `user`, the person and the dialogue")),
    request_body = BotLoginRequest,
    responses(
        (status = OK, body = Token, description = "A token, good for 30 minutes"),
        (status = BAD_REQUEST, body = ErrorBody, description = "`user_inactive`"),
        (status = FORBIDDEN, body = ErrorBody, description = "`bot_api_key_missing`, `bot_api_key_invalid`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "`unknown_time_zone`"),
    ),
)]
#[tracing::instrument(skip_all)]
pub(super) async fn log_in(
    State(app): State<App>,
    _: BotKey,
    query: Query,
    Json(request): Json<BotLoginRequest>,
) -> Result<Json<Token>, ApiError> {
    let include = query.optional("include")?;
    let person = check(&request)?;
    let now = app.clock.now();
    let user = match app.lookup.find(&app.pool, person.telegram_id).await? {
        Some(known) => known,
        None => created(&mut *app.pool.acquire().await?, &person, app.defaults, now).await?,
    };
    let user = refreshed(&app, user, &person, now).await?;
    if !user.is_active {
        return Err(ApiError::LoginInactive);
    }
    let access_token = app.keys.current().issue(user.id, now)?;
    let mut token = Token { access_token, token_type: "bearer".to_owned(), user: None, dialogue: None };
    if let Some(Include::User) = include {
        let state = dialogue::get(&mut *app.pool.acquire().await?, user.id).await?;
        token.dialogue = Some(Dialogue { state });
        token.user = Some(users::reply(user, app.defaults));
    }
    Ok(Json(token))
}

fn check(request: &BotLoginRequest) -> Result<Person, ApiError> {
    if request.telegram_id <= 0 {
        return Err(ApiError::invalid_field("telegram_id", "telegram_id has to be above 0"));
    }
    if request.language_code.as_ref().is_some_and(|code| code.chars().count() > LANGUAGE_CHARS) {
        let message = format!("a language_code has at most {LANGUAGE_CHARS} characters");
        return Err(ApiError::invalid_field("language_code", message));
    }
    Ok(Person {
        telegram_id: request.telegram_id,
        username: text::person_name("username", request.username.as_deref())?,
        first_name: text::person_name("first_name", request.first_name.as_deref())?,
        last_name: text::person_name("last_name", request.last_name.as_deref())?,
        language: request.language_code.as_deref().and_then(language),
        zone: request.timezone.as_deref().map(users::zone).transpose()?,
    })
}

/// The language of ours that a `language_code` (IETF language tag) asks for.
fn language(code: &str) -> Option<&'static str> {
    match code.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
        "en" => Some("en"),
        "ru" => Some("ru"),
        _ => None,
    }
}

/// Adds the person with the default zone: one that is told is a choice, which [`refreshed`] notes.
async fn created(
    conn: &mut PgConnection,
    person: &Person,
    defaults: Defaults,
    now: DateTime<Utc>,
) -> Result<User, ApiError> {
    let new = NewUser {
        telegram_id: person.telegram_id,
        username: person.username.as_deref(),
        first_name: person.first_name.as_deref(),
        last_name: person.last_name.as_deref(),
        // Kept, so that whoever writes to the person does so in the same language.
        language: Some(person.language_or(defaults)),
        zone: defaults.zone,
    };
    if let Some(user) = user::insert(conn, &new, now).await? {
        return Ok(user);
    }
    // Another first message of the same person came between.
    let winner = user::by_telegram_id(conn, person.telegram_id).await?;
    winner.ok_or_else(|| ApiError::Internal(anyhow::anyhow!("a person was created and deleted during a login")))
}

/// Reads first, and writes only what changed: nearly every login changes nothing.
async fn refreshed(app: &App, known: User, person: &Person, now: DateTime<Utc>) -> Result<User, ApiError> {
    let defaults = app.defaults;
    if !known.is_active || told(&known, person, defaults) == known {
        return Ok(known);
    }
    let mut conn = app.pool.acquire().await?;
    let mut tx = conn.begin().await?;
    let locked = user::lock(&mut tx, known.id).await?.unwrap_or(known);
    let user = person::change(&mut tx, &locked, told(&locked, person, defaults), now).await?;
    tx.commit().await?;
    Ok(user)
}

/// The person as the bot tells now. Who writes has not blocked the bot.
fn told(known: &User, person: &Person, defaults: Defaults) -> User {
    let newer = |told: &Option<String>, known: &Option<String>| told.clone().or_else(|| known.clone());
    User {
        username: newer(&person.username, &known.username),
        first_name: newer(&person.first_name, &known.first_name),
        last_name: newer(&person.last_name, &known.last_name),
        language: known.language.clone().or_else(|| Some(person.language_or(defaults).to_owned())),
        timezone: person.zone.map_or_else(|| known.timezone.clone(), |zone| zone.name().to_owned()),
        timezone_chosen: known.timezone_chosen || person.zone.is_some(),
        blocked_at: None,
        ..known.clone()
    }
}
