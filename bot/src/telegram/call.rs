//! One call of the Bot API (<https://core.telegram.org/bots/api#making-requests>): teloxide's payloads and errors, sent
//! without its client, which sleeps for 10 s on an error of the server's before it tells of it.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use reqwest::{
    RequestBuilder,
    multipart::{Form, Part},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use teloxide::{ApiError, RequestError, requests::Payload, types::ResponseParameters};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The part of an upload that is its file.
pub(super) const FILE_PART: &str = "file";

/// Makes calls for one bot. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    http: reqwest::Client,
    url: Url,
    token: SecretString,
}

impl Caller {
    /// A caller whose calls fail when they take longer than `timeout`.
    ///
    /// # Errors
    ///
    /// Fails when no TLS backend is there.
    pub(super) fn new(token: SecretString, url: Url, timeout: Duration) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(timeout)
            .tcp_nodelay(true)
            .build()
            .context("no client of HTTP for Telegram")?;
        Ok(Self { http, url, token })
    }

    /// Makes the call, and tells of a failure at once. The error never holds the token.
    pub(super) async fn call<P>(&self, payload: &P) -> Result<P::Output, RequestError>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        answer(self.http.post(self.method_url(P::NAME)).json(payload)).await
    }

    /// The same with a file, which the payload calls `attach://` and [`FILE_PART`].
    pub(super) async fn upload<P>(
        &self,
        payload: &P,
        name: &'static str,
        file: Vec<u8>,
    ) -> Result<P::Output, RequestError>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        let form = form(payload)
            .map_err(|error| RequestError::InvalidJson { source: Arc::new(error), raw: P::NAME.into() })?
            .part(FILE_PART, Part::bytes(file).file_name(name));
        answer(self.http.post(self.method_url(P::NAME)).multipart(form)).await
    }

    fn method_url(&self, method: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/bot{}/{method}", url.path().trim_end_matches('/'), self.token.expose_secret()));
        url
    }
}

/// The payload's fields: texts as they are, the rest as JSON (<https://core.telegram.org/bots/api#making-requests>).
fn form(payload: &impl Serialize) -> serde_json::Result<Form> {
    let fields: Map<String, Value> = serde_json::from_value(serde_json::to_value(payload)?)?;
    Ok(fields.into_iter().fold(Form::new(), |form, (name, value)| match value {
        Value::String(text) => form.text(name, text),
        value => form.text(name, value.to_string()),
    }))
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, RequestError> {
    let text = async { request.send().await?.text().await };
    read(&text.await.map_err(|error: reqwest::Error| RequestError::from(error.without_url()))?)
}

#[derive(Deserialize)]
struct Reply<T> {
    result: Option<T>,
    description: Option<String>,
    parameters: Option<ResponseParameters>,
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, RequestError> {
    // From the text alone: teloxide's updates cannot be read from a `Value`.
    let reply: Reply<T> = serde_json::from_str(text)
        .map_err(|error| RequestError::InvalidJson { source: Arc::new(error), raw: text.into() })?;
    if let Some(result) = reply.result {
        return Ok(result);
    }
    Err(match reply.parameters {
        Some(ResponseParameters::RetryAfter(wait)) => RequestError::RetryAfter(wait),
        Some(ResponseParameters::MigrateToChatId(chat)) => RequestError::MigrateToChatId(chat),
        None => RequestError::Api(api_error(reply.description.unwrap_or_default())),
    })
}

/// teloxide's name for what Telegram says.
fn api_error(description: String) -> ApiError {
    serde_json::from_value(Value::String(description.clone())).unwrap_or(ApiError::Unknown(description))
}

#[cfg(test)]
mod tests {
    use teloxide::{
        payloads::GetMe,
        types::{ChatId, Seconds, True, Update, UpdateKind},
    };

    use super::*;

    #[test]
    fn a_result_is_read() {
        assert!(read::<True>(r#"{"ok":true,"result":true}"#).is_ok());
    }

    #[test]
    fn a_refusal_has_its_name() {
        let refused = r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#;
        assert!(matches!(read::<True>(refused), Err(RequestError::Api(ApiError::BotBlocked))));
        let new = r#"{"ok":false,"error_code":400,"description":"Bad Request: of a later version"}"#;
        let Err(RequestError::Api(ApiError::Unknown(text))) = read::<True>(new) else { panic!() };
        assert_eq!(text, "Bad Request: of a later version");
    }

    #[test]
    fn what_telegram_asks_for_is_read() {
        let wait = r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}"#;
        let Err(RequestError::RetryAfter(seconds)) = read::<True>(wait) else { panic!() };
        assert_eq!(seconds, Seconds::from_seconds(7));
        let moved = r#"{"ok":false,"error_code":400,"description":"","parameters":{"migrate_to_chat_id":-100}}"#;
        assert!(matches!(read::<True>(moved), Err(RequestError::MigrateToChatId(ChatId(-100)))));
    }

    #[test]
    fn a_page_of_a_server_in_between_is_an_error() {
        let error = read::<True>("<h1>502 Bad Gateway</h1>").unwrap_err();
        assert!(matches!(error, RequestError::InvalidJson { .. }), "{error}");
    }

    #[test]
    fn an_update_is_read() {
        let updates = r#"{"ok":true,"result":[{"update_id":7,"message":{"message_id":1,"date":0,"text":"/start",
            "chat":{"id":5,"type":"private","first_name":"Anna"},
            "from":{"id":5,"is_bot":false,"first_name":"Anna"}}}]}"#;
        let updates = read::<Vec<Update>>(updates).unwrap();
        assert!(matches!(updates[0].kind, UpdateKind::Message(_)));
    }

    #[test]
    fn an_update_of_an_unknown_shape_does_not_hide_the_others() {
        let updates = r#"{"ok":true,"result":[{"update_id":7,"message":{"new":1}},{"update_id":8,"news":{}}]}"#;
        let updates = read::<Vec<Update>>(updates).unwrap();
        assert_eq!(updates.iter().map(|update| update.id.0).collect::<Vec<_>>(), [7, 8]);
        assert!(updates.iter().all(|update| matches!(update.kind, UpdateKind::Error(_))));
    }

    #[tokio::test]
    async fn no_error_shows_the_token() {
        let url = "http://127.0.0.1:1/telegram/".parse().unwrap();
        let caller = Caller::new(SecretString::from("7:hunter2"), url, Duration::from_secs(1)).unwrap();
        assert_eq!(caller.method_url("getMe").path(), "/telegram/bot7:hunter2/getMe");
        let error = caller.call(&GetMe::new()).await.unwrap_err();
        assert!(matches!(error, RequestError::Network(_)) && !format!("{error} {error:?}").contains("hunter2"));
        assert!(!format!("{caller:?}").contains("hunter2"));
    }
}
