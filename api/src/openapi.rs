//! The OpenAPI document: what the handlers say, and what can be answered before and around them.

use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        Components, ContentBuilder, Object, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
        header::HeaderBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{ObjectBuilder, Schema, SchemaType, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use wire::{BOT_KEY_HEADER, IDEMPOTENCY_KEY_HEADER, IDEMPOTENT_REPLAYED_HEADER, error::ErrorBody};

use crate::{error::ApiError, http::MAX_BODY_BYTES};

mod links;

/// The name of the scheme in which the bot shows its key; all others are people's tokens.
const BOT_KEY: &str = "bot_key";
/// The token that the bot gets for a person.
const SESSION: &str = "session";
/// That, or a personal token.
const TOKEN: &str = "token";

/// Paths that the contract writes with a slash at the end. Either form is served.
const PATHS_WITH_SLASH: [&str; 2] = ["/api/v1/habits", "/api/v1/habits/{habit_id}/executions"];

/// What every document begins with.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Habit tracker",
        description = "Habits, what was done on which day, and reminders.\n\n\
            Every error has the shape of `ErrorBody`; programs go by its `type`. Each path is served with and without \
            a slash at its end. Fields of a body and parameters of a query that are not described here are ignored.\n\n\
            Lists come with an `ETag`: sent back in `If-None-Match` it saves the reply while nothing changed (304). What \
            creates takes an `Idempotency-Key`: sent again within 48 hours it creates nothing and gets the same reply, \
            with `Idempotent-Replayed: true`; where the reply has a secret, which is not kept, 409 `secret_was_told`. Of a \
            person the newest 1,000 keys are known.\n\n\
            A request line is at most 8 KB, all headers together 16 KB and 64 of them, a body 64 KB. Every reply names \
            its request in `X-Request-Id`.",
    ),
    components(schemas(ErrorBody)),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = |about| HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about));
        let session = bearer("The token that the bot gets for a person: a JWT").bearer_format("JWT").build();
        components.add_security_scheme(SESSION, SecurityScheme::Http(session));
        let token = bearer("The same, or a personal token").build();
        components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
        let key = ApiKey::Header(ApiKeyValue::new(BOT_KEY_HEADER));
        components.add_security_scheme(BOT_KEY, SecurityScheme::ApiKey(key));
    }
}

/// What the handlers say, with what they cannot know: the answers of the layers around them, and shared schemas.
pub(crate) fn completed(mut openapi: OpenApi) -> OpenApi {
    for path in PATHS_WITH_SLASH {
        if let Some(item) = openapi.paths.paths.remove(path) {
            openapi.paths.paths.insert(format!("{path}/"), item);
        }
    }
    for item in openapi.paths.paths.values_mut() {
        for operation in operations(item) {
            parameters_without_null(operation);
            conditional(operation);
            idempotent(operation);
            answers_of_the_layers(operation);
        }
    }
    links::add(&mut openapi);
    add_shared(openapi.components.get_or_insert_default());
    openapi
}

/// What the handlers are added to.
pub(crate) fn start() -> OpenApi {
    Document::openapi()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// An answer that no handler gives and that therefore no handler describes.
struct Shared {
    name: &'static str,
    status: u16,
    description: &'static str,
    example: ApiError,
}

fn shared() -> [Shared; 12] {
    let answer = |name, status, description, example| Shared { name, status, description, example };
    [
        answer(
            "Unauthorized",
            401,
            "`authentication_required`, `token_expired`, `invalid_token`, `invalid_token_payload`, \
             `token_user_not_found`",
            ApiError::AuthenticationRequired,
        ),
        answer("Forbidden", 403, "`user_inactive`, `token_read_only`, `session_required`", ApiError::UserInactive),
        answer("BodyTimedOut", 408, "`body_timed_out`: the body did not come in time", ApiError::BodyTimedOut),
        answer("BodyTooLarge", 413, "`body_too_large`", ApiError::TooLarge { max_bytes: MAX_BODY_BYTES }),
        answer("UriTooLong", 414, "`uri_too_long`", ApiError::UriTooLong),
        answer("UnsupportedMediaType", 415, "`unsupported_media_type`", ApiError::UnsupportedMediaType),
        answer(
            "Invalid",
            422,
            "`validation_error`, `json_invalid`: `loc` says where",
            ApiError::invalid_field("name", "the name of a habit is empty; write 1 to 255 characters"),
        ),
        answer("RateLimited", 429, "`rate_limited`", ApiError::RateLimited { retry_after_s: 1 }),
        answer("HeadersTooLarge", 431, "`headers_too_large`", ApiError::HeadersTooLarge),
        answer(
            "Internal",
            500,
            "`internal_error`: the fault is the service's",
            ApiError::Internal(anyhow::anyhow!("an example")),
        ),
        answer("Unavailable", 503, "`overloaded`, `database_unavailable`: try again", ApiError::Overloaded),
        answer("TimedOut", 504, "`timed_out`: the answer took too long", ApiError::TimedOut),
    ]
}

fn answers_of_the_layers(operation: &mut Operation) {
    let schemes = operation.security.as_deref().unwrap_or_default();
    let has_scheme = !schemes.is_empty();
    let is_bots = schemes.contains(&SecurityRequirement::new(BOT_KEY, [] as [&str; 0]));
    let has_body = operation.request_body.is_some();
    let has_input = has_body || operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    for Shared { name, status, description, example } in shared() {
        let can_be = match status {
            401 | 403 => has_scheme && !is_bots,
            429 => has_scheme,
            408 | 413 | 415 => has_body,
            422 => has_input,
            _ => true,
        };
        if !can_be {
            continue;
        }
        let described = operation.responses.responses.entry(status.to_string());
        let own = described.or_insert_with(|| Ref::from_response_name(name).into());
        // What the handler says of it by itself is not all.
        if let (RefOr::T(own), 401 | 403 | 422) = (own, status) {
            own.description = format!("{}, {description}", own.description);
            own.headers.extend(response(description, &example).headers);
        }
    }
}

/// A parameter that may be left out is an `Option` in its handler, and cannot be null for that.
fn parameters_without_null(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(Parameter { schema: Some(RefOr::T(Schema::Object(object))), .. }) = parameter
            && let SchemaType::Array(types) = &object.schema_type
            && let Some(kind) = types.iter().find(|kind| **kind != Type::Null)
        {
            object.schema_type = SchemaType::Type(kind.clone());
        }
    }
}

/// A reply with an `ETag` can be asked for with `If-None-Match`.
fn conditional(operation: &mut Operation) {
    if !has_header(operation, "200", "ETag") {
        return;
    }
    let not_modified = ResponseBuilder::new().description("Nothing changed since the reply with this `ETag`");
    let header = HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String).build())).build();
    let not_modified = not_modified.header("ETag", header).build();
    operation.responses.responses.insert("304".to_owned(), not_modified.into());
    let schema = ObjectBuilder::new().schema_type(Type::String).build();
    add_header(operation, "If-None-Match", "An `ETag` that came before, several, or `*`", schema);
}

/// A reply that says whether it is a replay takes an `Idempotency-Key`.
fn idempotent(operation: &mut Operation) {
    if !["201", "409"].iter().any(|status| has_header(operation, status, IDEMPOTENT_REPLAYED_HEADER)) {
        return;
    }
    let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    let key = key.pattern(Some("^[!-~]+$")).build();
    let description = "A key of yours for this one request: sent again within 48 hours it changes nothing and gets the \
        same reply, or `secret_was_told` where that one has a secret. With another request it is refused: `idempotency_key_reused`";
    add_header(operation, IDEMPOTENCY_KEY_HEADER, description, key);
}

fn has_header(operation: &Operation, status: &str, header: &str) -> bool {
    matches!(operation.responses.responses.get(status), Some(RefOr::T(reply)) if reply.headers.contains_key(header))
}

fn add_header(operation: &mut Operation, name: &str, description: &str, schema: Object) {
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(header.into());
}

fn add_shared(components: &mut Components) {
    for Shared { name, description, example, .. } in shared() {
        components.responses.insert(name.to_owned(), RefOr::T(response(description, &example)));
    }
}

fn response(description: &str, example: &ApiError) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("ErrorBody")))
        .example(serde_json::to_value(example.body()).ok())
        .build();
    let mut response = ResponseBuilder::new().description(description).content("application/json", content);
    if let Some((name, value)) = example.header() {
        let is_number = value.to_str().is_ok_and(|text| text.parse::<u64>().is_ok());
        let kind = if is_number { Type::Integer } else { Type::String };
        let header = HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(kind).build())).build();
        response = response.header(canonical(name.as_str()), header);
    }
    response.build()
}

/// `retry-after` as people write it: `Retry-After`.
fn canonical(name: &str) -> String {
    let capital = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
    name.split('-').map(capital).collect::<Vec<_>>().join("-").replace("Www", "WWW")
}
