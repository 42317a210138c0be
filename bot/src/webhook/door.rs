//! Who comes in: whoever shows the secret, with an update that is none too large, while there is place.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    routing::post,
};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use teloxide::types::Update;
use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time::timeout,
};

use super::work::Job;

const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";
const MOST_BODY_BYTES: usize = 1 << 20;
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Door {
    secret: SecretString,
    jobs: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
}

impl Door {
    /// A door with `places` for updates in hand.
    pub(super) fn new(secret: SecretString, jobs: mpsc::Sender<Job>, places: usize) -> Self {
        Self { secret, jobs, places: Arc::new(Semaphore::new(places)) }
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(SECRET_HEADER).map(HeaderValue::as_bytes);
        shown.is_some_and(|shown| shown.ct_eq(self.secret.expose_secret().as_bytes()).into())
    }
}

pub(super) fn router(door: Door) -> Router {
    Router::new().route("/telegram", post(come_in)).with_state(door)
}

/// 200 once the update is handled; 503 when it shall be brought again.
async fn come_in(State(door): State<Door>, request: Request) -> StatusCode {
    if !door.knows(request.headers()) {
        tracing::debug!("somebody without the webhook's secret was sent away");
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(place) = door.places.clone().try_acquire_owned() else {
        tracing::warn!("an update has to wait: too many are in hand");
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    let body = match timeout(BODY_WITHIN, to_bytes(request.into_body(), MOST_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let Ok(update) = serde_json::from_slice::<Update>(&body) else {
        // What is in it may be private.
        tracing::warn!(bytes = body.len(), "what was brought is no update");
        return StatusCode::BAD_REQUEST;
    };
    let (ended, end) = oneshot::channel();
    let job = Job { update, ended, place };
    if door.jobs.send(job).await.is_ok() && end.await == Ok(true) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Method};
    use rstest::rstest;
    use tower::ServiceExt as _;

    use super::*;

    fn request(secret: Option<&str>, body: impl Into<Body>) -> Request {
        let mut request = Request::new(body.into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = "/telegram".parse().unwrap();
        if let Some(secret) = secret {
            request.headers_mut().insert(SECRET_HEADER, secret.parse().unwrap());
        }
        request
    }

    /// The status of the reply to `request`, while every update ends as `is_handled`.
    async fn status(request: Request, places: usize, is_handled: bool) -> StatusCode {
        let (jobs, mut queue) = mpsc::channel::<Job>(1);
        let door = Door::new(SecretString::from("hunter2"), jobs, places);
        let handling = async {
            while let Some(job) = queue.recv().await {
                let _ = job.ended.send(is_handled);
            }
        };
        tokio::join!(router(door).oneshot(request), handling).0.unwrap().status()
    }

    const UPDATE: &str = r#"{"update_id":7,"news":{}}"#;

    #[rstest]
    #[case(None)]
    #[case(Some(""))]
    #[case(Some("hunter"))]
    #[case(Some("hunter22"))]
    #[case(Some("Hunter2"))]
    #[tokio::test]
    async fn whoever_does_not_know_the_secret_is_refused(#[case] secret: Option<&str>) {
        assert_eq!(status(request(secret, UPDATE), 1, true).await, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn an_update_is_taken_once_it_is_handled() {
        assert_eq!(status(request(Some("hunter2"), UPDATE), 1, true).await, StatusCode::OK);
        assert_eq!(status(request(Some("hunter2"), UPDATE), 1, false).await, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn without_a_place_it_has_to_come_again() {
        assert_eq!(status(request(Some("hunter2"), UPDATE), 0, true).await, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn what_is_no_update_is_refused() {
        assert_eq!(status(request(Some("hunter2"), "{}"), 1, true).await, StatusCode::BAD_REQUEST);
        let large = vec![b' '; MOST_BODY_BYTES + 1];
        assert_eq!(status(request(Some("hunter2"), large), 1, true).await, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
