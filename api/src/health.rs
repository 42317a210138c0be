//! `GET /healthcheck`

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use serde::Serialize;

use crate::{App, http::Json};

const PING_TIME: Duration = Duration::from_secs(2);

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"api_status": "ok", "dependencies": {"database": "ok"}}))]
pub struct Health {
    api_status: Status,
    dependencies: Dependencies,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Dependencies {
    database: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Error,
}

/// Whether the service and its database answer
#[utoipa::path(
    get,
    path = "/healthcheck",
    tag = "health",
    responses(
        (status = OK, body = Health, description = "All is well"),
        (status = SERVICE_UNAVAILABLE, body = Health, description = "The database does not answer"),
    ),
)]
pub async fn healthcheck(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let answers = matches!(tokio::time::timeout(PING_TIME, app.pool.ping()).await, Ok(Ok(())));
    let (code, database) =
        if answers { (StatusCode::OK, Status::Ok) } else { (StatusCode::SERVICE_UNAVAILABLE, Status::Error) };
    (code, Json(Health { api_status: Status::Ok, dependencies: Dependencies { database } }))
}
