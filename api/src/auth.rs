//! `/auth`: how the bot gets tokens for people.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod log_in;
mod lookup;

pub use lookup::Lookup;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(log_in::log_in))
}
