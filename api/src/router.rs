//! Which path leads where.

use std::{any::Any, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tower_http::{catch_panic::CatchPanicLayer, normalize_path::NormalizePath};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    App, auth, error::ApiError, habits, health, http, pauses, sharing, statistics, templates, today, tokens, transfer,
    users, webhooks,
};

const REQUEST_TIME: Duration = Duration::from_secs(10);

fn v1() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(auth::routes())
        .merge(users::routes())
        .merge(habits::routes())
        .merge(pauses::routes())
        .merge(today::routes())
        .merge(statistics::routes())
        .merge(sharing::routes())
        .merge(templates::routes())
        .merge(tokens::routes())
        .merge(transfer::routes())
        .merge(webhooks::routes())
}

fn routes(v1: OpenApiRouter<App>) -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(crate::openapi::start()).nest("/api/v1", v1).routes(routes!(health::healthcheck))
}

/// The OpenAPI document of the service.
pub fn openapi() -> utoipa::openapi::OpenApi {
    crate::openapi::completed(routes(v1()).into_openapi())
}

/// The whole service, ready to be served.
pub fn router(app: App) -> Router {
    let v1 = v1()
        .layer(middleware::from_fn(http::answer_unchanged))
        .layer(middleware::from_fn_with_state(app.clone(), http::shed));
    let (routes, _) = routes(v1).split_for_parts();
    let served = routes
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(http::MAX_BODY_BYTES))
        .layer(middleware::from_fn(|request, next| http::bounded_in_time(REQUEST_TIME, request, next)))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| http::panicked(&*panic)))
        .layer(middleware::from_fn_with_state(app.clone(), http::observe))
        .with_state(app);
    let docs = Router::from(SwaggerUi::new("/docs").url("/openapi.json", openapi()))
        .layer(middleware::from_fn(http::docs::page));
    // Outside of the normalized part: the pages of Swagger need their slash.
    Router::new()
        .merge(docs)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .fallback_service(NormalizePath::trim_trailing_slash(served))
        .layer(middleware::from_fn(http::bounded_head))
        .layer(middleware::map_response(http::secured))
        .layer(middleware::from_fn(http::named))
}
