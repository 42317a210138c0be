//! `GET /healthcheck`

use std::time::{Duration, Instant};

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use store::pool::DirectPool;
use tokio::sync::Mutex;

use crate::{App, http::Json};

const PING_TIME: Duration = Duration::from_secs(2);
/// For as long what one request saw is told to others: nobody needs a token to ask, and all share one connection.
const SEEN_TIME: Duration = Duration::from_secs(1);

/// Whether the database answered when it was last asked.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Option<(Instant, bool)>>);

impl Pulse {
    async fn feel(&self, pool: &DirectPool) -> bool {
        let mut seen = self.0.lock().await;
        match *seen {
            Some((at, answers)) if at.elapsed() < SEEN_TIME => answers,
            _ => {
                let answers = matches!(tokio::time::timeout(PING_TIME, pool.ping()).await, Ok(Ok(())));
                *seen = Some((Instant::now(), answers));
                answers
            }
        }
    }
}

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
    let answers = app.pulse.feel(&app.pool).await;
    let (code, database) =
        if answers { (StatusCode::OK, Status::Ok) } else { (StatusCode::SERVICE_UNAVAILABLE, Status::Error) };
    (code, Json(Health { api_status: Status::Ok, dependencies: Dependencies { database } }))
}
