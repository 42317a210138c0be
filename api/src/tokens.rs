//! `/users/me/tokens`: tokens that people make for their own programs.

use store::api_token::{self, Scope};
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::api_token::{ApiToken, TokenScope};

use crate::App;

mod create;
mod list;
mod revoke;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create::create_token, list::list_tokens)).routes(routes!(revoke::revoke_token))
}

fn reply(token: api_token::ApiToken) -> ApiToken {
    ApiToken {
        id: token.id,
        name: token.name,
        scope: match token.scope {
            Scope::Read => TokenScope::Read,
            Scope::Write => TokenScope::Write,
        },
        last_four: token.last_four,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}
