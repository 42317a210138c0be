//! Which path leads where, and the OpenAPI document of it.

use std::{any::Any, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tower_http::{catch_panic::CatchPanicLayer, normalize_path::NormalizePath};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;
use wire::BOT_KEY_HEADER;

use crate::{
    App, auth, error::ApiError, habits, health, http, pauses, sharing, statistics, templates, today, tokens, users,
};

/// Bodies are small: the largest is a dialogue's state.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

const REQUEST_TIME: Duration = Duration::from_secs(10);

/// Paths that the contract writes with a slash at the end. Either form is served.
const PATHS_WITH_SLASH: [&str; 2] = ["/api/v1/habits", "/api/v1/habits/{habit_id}/executions"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Habit tracker",
        description = "Habits, what was done on which day, and reminders.\n\n\
            Every error has the shape of `ErrorBody`; programs go by its `type`. Each path is served with and without \
            a slash at its end.",
    ),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = |about| HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about));
        let session = bearer("The token that the bot gets for a person: a JWT").bearer_format("JWT").build();
        components.add_security_scheme("session", SecurityScheme::Http(session));
        let token = bearer("The same, or a personal token").build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let key = ApiKey::Header(ApiKeyValue::new(BOT_KEY_HEADER));
        components.add_security_scheme("bot_key", SecurityScheme::ApiKey(key));
    }
}

fn routes() -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(users::routes())
        .merge(habits::routes())
        .merge(pauses::routes())
        .merge(today::routes())
        .merge(statistics::routes())
        .merge(sharing::routes())
        .merge(tokens::routes())
        .merge(templates::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", v1).routes(routes!(health::healthcheck))
}

/// The OpenAPI document of the service.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut openapi = routes().into_openapi();
    for path in PATHS_WITH_SLASH {
        if let Some(item) = openapi.paths.paths.remove(path) {
            openapi.paths.paths.insert(format!("{path}/"), item);
        }
    }
    openapi
}

/// The whole service, ready to be served.
pub fn router(app: App) -> Router {
    let (routes, _) = routes().split_for_parts();
    let served = routes
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn(|request, next| http::bounded_in_time(REQUEST_TIME, request, next)))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| http::panicked(&*panic)))
        .layer(middleware::from_fn_with_state(app.clone(), http::observe))
        .with_state(app);
    // Outside of the normalized part: the pages of Swagger need their slash.
    Router::new()
        .merge(SwaggerUi::new("/docs").url("/openapi.json", openapi()))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .fallback_service(NormalizePath::trim_trailing_slash(served))
}
