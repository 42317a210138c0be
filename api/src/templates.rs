//! `GET /templates`

use axum::extract::State;
use serde::Deserialize;
use store::template::{self, Template as Stored};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::{
    habit::{Goal, GoalDirection},
    schedule::Schedule,
    template::Template,
};

use crate::{
    App,
    error::ApiError,
    http::{Caller, Query, Tagged, query},
    users,
};

/// A catalogue is for people to look through.
const MAX_TEMPLATES: i64 = 200;

/// Of a language tag (RFC 5646, section 4.4.1).
const LOCALE_CHARS: usize = 35;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_templates))
}

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters")]
struct ListParameters {
    /// Language tag of the texts, such as `ru` or `pt-BR`; the person's language unless given
    #[param(max_length = 35, pattern = "^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$")]
    locale: Option<String>,
}

/// Habits to start from
///
/// In the order of the catalogue, at most 200. A template that does not know the language is in English. To create one of
/// them, send its fields to POST /habits/.
#[utoipa::path(
    get,
    path = "/templates",
    tag = "templates",
    security(("token" = [])),
    params(ListParameters),
    responses(
        (status = OK, body = Vec<Template>, description = "The catalogue", headers(("ETag" = String))),
    ),
)]
#[tracing::instrument(skip_all)]
async fn list_templates(
    State(app): State<App>,
    caller: Caller,
    query: Query,
) -> Result<Tagged<Vec<Template>>, ApiError> {
    let default = caller.user.language.as_deref().unwrap_or(users::language_code(app.defaults.language));
    let locales = locales(query.text("locale").unwrap_or(default))?;
    let mut conn = app.pool.acquire().await?;
    let templates = template::list(&mut conn, &locales, MAX_TEMPLATES).await?;
    Ok(Tagged(templates.into_iter().filter_map(reply).collect()))
}

/// What a language tag asks for, the best first: `pt-BR`, then `pt`.
fn locales(tag: &str) -> Result<[String; 2], ApiError> {
    let tag = tag.replace('_', "-");
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_language = (2..=8).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if tag.len() > LOCALE_CHARS || !is_language || !parts.all(is_part) {
        return Err(query::refused("locale", "locale is a language tag such as en, ru or pt-BR".to_owned()));
    }
    Ok([tag, language])
}

#[derive(Debug, Deserialize)]
struct Texts {
    name: String,
    description: Option<String>,
    unit: Option<String>,
    category: Option<String>,
}

#[derive(Debug, Deserialize)]
struct StoredGoal {
    direction: GoalDirection,
    amount: f64,
}

/// `None` for one that cannot be read: a single bad one does not hide the others.
fn reply(stored: Stored) -> Option<Template> {
    let slug = stored.slug.clone();
    decoded(stored).inspect_err(|error| tracing::error!(%error, slug, "a template cannot be read")).ok()
}

fn decoded(stored: Stored) -> serde_json::Result<Template> {
    let texts: Texts = serde_json::from_value(stored.texts)?;
    let schedule: Schedule = serde_json::from_value(stored.schedule)?;
    let goal: Option<StoredGoal> = stored.goal.map(serde_json::from_value).transpose()?;
    Ok(Template {
        id: stored.id,
        slug: stored.slug,
        category: texts.category.unwrap_or(stored.category),
        emoji: stored.emoji,
        name: texts.name,
        description: texts.description,
        time_to_remind: stored.reminder_times.first().copied().unwrap_or_default(),
        more_reminder_times: stored.reminder_times.get(1..).unwrap_or_default().to_vec(),
        target_days: stored.target_days,
        schedule,
        goal: goal.map(|goal| Goal { direction: goal.direction, amount: goal.amount, unit: texts.unit }),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("en", ["en", "en"])]
    #[case("RU_ru", ["RU-ru", "ru"])]
    #[case("zh-Hant-TW", ["zh-Hant-TW", "zh"])]
    fn a_language_tag_is_read(#[case] tag: &str, #[case] expected: [&str; 2]) {
        assert_eq!(locales(tag).unwrap(), expected);
    }

    #[rstest]
    #[case("")]
    #[case("e")]
    #[case("en-")]
    #[case("en\0")]
    #[case("русский")]
    #[case("12")]
    #[case("en-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa")]
    fn what_is_no_language_tag_is_refused(#[case] tag: &str) {
        assert!(locales(tag).is_err());
    }
}
