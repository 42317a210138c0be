//! `/users/me/export` and `/users/me/import`: what a person takes along.

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::App;

mod archive;
mod export;
mod import;
mod outflow;
mod place;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export::export_me))
        .routes(routes!(import::import_me).layer(DefaultBodyLimit::max(::transfer::MAX_BYTES)))
}
