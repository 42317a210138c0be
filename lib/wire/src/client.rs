//! A typed client of the api.

use std::time::Duration;

use chrono::NaiveDate;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    BOT_KEY_HEADER, UPDATE_ID_HEADER,
    dialogue::{Dialogue, DialogueSet},
    error::{ErrorBody, ErrorDetail},
    execution::{ExecutionCreate, ExecutionSet},
    habit::{Habit, HabitCreate, HabitPatch, HabitWithExecutions},
    live_message::{LiveMessage, LiveMessageReplaced},
    snooze::{Snooze, SnoozeSet},
    statistics::{HabitYear, Overview},
    template::Template,
    today::{Today, TodayDone},
    token::{BotLoginRequest, Token},
    user::{User, UserPatch},
};

/// A call that takes longer has failed: the person waits in a chat.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The api understood and said no.
    #[error("the api refused with {status} {}: {}", detail.r#type, detail.msg)]
    Refused { status: StatusCode, detail: ErrorDetail },
    /// No answer in time, or one that makes no sense.
    #[error("the api did not answer")]
    Unavailable(#[from] reqwest::Error),
    /// The base address and the path make no URL.
    #[error("no valid address of the api")]
    Address(#[from] url::ParseError),
}

impl ClientError {
    /// Whether the api refused with this `type`.
    pub fn is(&self, kind: &str) -> bool {
        matches!(self, Self::Refused { detail, .. } if detail.r#type == kind)
    }

    /// Whether the caller's token is no longer good: get a new one and call again.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::UNAUTHORIZED)
    }
}

/// Below the 30 s after which the api closes a connection on which nothing comes.
const IDLE_TIME: Duration = Duration::from_secs(20);

/// Cheap to clone: clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// A client of the api at `base`, such as `http://family-api:8000`.
    ///
    /// # Errors
    ///
    /// Fails when no TLS backend is there.
    pub fn new(base: Url) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder().timeout(REQUEST_TIMEOUT).pool_idle_timeout(IDLE_TIME).build()?;
        Ok(Self { http, base })
    }

    /// Gets a person's token, and who it is, with the key that the bot and the api share.
    pub async fn login(&self, key: &SecretString, person: &BotLoginRequest) -> Result<Token, ClientError> {
        let request = self.http.request(Method::POST, self.url("auth/token?include=user")?);
        reply(request.header(BOT_KEY_HEADER, key.expose_secret()).json(person)).await
    }

    /// Calls on behalf of the person whose token this is.
    pub fn person<'a>(&'a self, token: &'a SecretString) -> Person<'a> {
        Person { client: self, token, update_id: None }
    }

    fn url(&self, path: &str) -> Result<Url, ClientError> {
        Ok(self.base.join("/api/v1/")?.join(path)?)
    }
}

/// The calls of one person.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    client: &'a Client,
    token: &'a SecretString,
    update_id: Option<i64>,
}

impl Person<'_> {
    /// Ties what follows to a Telegram update of this person: a second [`Self::create_habit`] for it is refused with
    /// `update_already_applied`.
    #[must_use]
    pub fn for_update(self, update_id: i64) -> Self {
        Self { update_id: Some(update_id), ..self }
    }

    pub async fn me(&self) -> Result<User, ClientError> {
        reply(self.request(Method::GET, "users/me")?).await
    }

    pub async fn update_me(&self, patch: &UserPatch) -> Result<User, ClientError> {
        self.send(Method::PATCH, "users/me", patch).await
    }

    /// Deletes the person with everything of his, where `telegram_id` is his.
    pub async fn delete_me(&self, telegram_id: i64) -> Result<(), ClientError> {
        accepted(self.request(Method::DELETE, &format!("users/me?telegram_id={telegram_id}"))?).await?;
        Ok(())
    }

    /// Creates a habit, and closes the dialogue that led to it.
    pub async fn create_habit(&self, habit: &HabitCreate) -> Result<Habit, ClientError> {
        self.send(Method::POST, "habits/?close_dialogue=true", habit).await
    }

    /// The habits to start from, in the person's language.
    pub async fn templates(&self) -> Result<Vec<Template>, ClientError> {
        reply(self.request(Method::GET, "templates")?).await
    }

    /// What there is to do today.
    pub async fn today(&self) -> Result<Today, ClientError> {
        reply(self.request(Method::GET, "today")?).await
    }

    /// What there was to do yesterday.
    pub async fn yesterday(&self) -> Result<Today, ClientError> {
        reply(self.request(Method::GET, "today?day=yesterday")?).await
    }

    /// Says that all that is open today is done, where today is this date.
    pub async fn set_all_done(&self, date: NaiveDate) -> Result<Today, ClientError> {
        self.send(Method::POST, "today/done", &TodayDone { date }).await
    }

    /// The person's active habits by time and name, at most 200.
    pub async fn habits(&self) -> Result<Vec<Habit>, ClientError> {
        reply(self.request(Method::GET, "habits/?limit=200")?).await
    }

    /// The person's habits, archived ones too, newest first, at most 200.
    pub async fn all_habits(&self) -> Result<Vec<Habit>, ClientError> {
        reply(self.request(Method::GET, "habits/?limit=200&active_only=false")?).await
    }

    /// A habit with its last 14 executions.
    pub async fn habit(&self, id: i64) -> Result<HabitWithExecutions, ClientError> {
        reply(self.request(Method::GET, &format!("habits/{id}?executions=14"))?).await
    }

    /// The last 53 weeks of a habit.
    pub async fn habit_year(&self, id: i64) -> Result<HabitYear, ClientError> {
        reply(self.request(Method::GET, &format!("habits/{id}/year"))?).await
    }

    /// How all habits go.
    pub async fn overview(&self) -> Result<Overview, ClientError> {
        reply(self.request(Method::GET, "statistics")?).await
    }

    pub async fn update_habit(&self, id: i64, patch: &HabitPatch) -> Result<Habit, ClientError> {
        self.send(Method::PATCH, &format!("habits/{id}"), patch).await
    }

    pub async fn delete_habit(&self, id: i64) -> Result<(), ClientError> {
        accepted(self.request(Method::DELETE, &format!("habits/{id}"))?).await?;
        Ok(())
    }

    /// Says how a day went, and asks for `include` as well: `today`, `yesterday` or `card`.
    pub async fn set_execution(
        &self,
        habit_id: i64,
        day: &ExecutionCreate,
        include: &str,
    ) -> Result<ExecutionSet, ClientError> {
        self.send(Method::POST, &format!("habits/{habit_id}/executions/?include={include}"), day).await
    }

    /// Puts the reminder of a day off by so many minutes, or takes that back. Gives when it comes again.
    pub async fn set_snooze(&self, habit_id: i64, snooze: &SnoozeSet) -> Result<Snooze, ClientError> {
        self.send(Method::PUT, &format!("habits/{habit_id}/snooze"), snooze).await
    }

    pub async fn dialogue(&self) -> Result<Dialogue, ClientError> {
        reply(self.request(Method::GET, "users/me/dialogue")?).await
    }

    /// Opens the dialogue, moves it on or closes it; refused with `dialogue_changed` where it is not as expected.
    pub async fn set_dialogue(&self, dialogue: &DialogueSet) -> Result<(), ClientError> {
        accepted(self.request(Method::PUT, "users/me/dialogue")?.json(dialogue)).await?;
        Ok(())
    }

    /// Notes the message that shows the bot's screen from now on; gives the one that did before.
    pub async fn set_live_message(&self, message_id: i64) -> Result<Option<i64>, ClientError> {
        let replaced: LiveMessageReplaced =
            self.send(Method::PUT, "users/me/live-message", &LiveMessage { message_id }).await?;
        Ok(replaced.previous_message_id)
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        reply(self.request(method, path)?.json(body)).await
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, ClientError> {
        let request = self.client.http.request(method, self.client.url(path)?);
        let request = request.bearer_auth(self.token.expose_secret());
        Ok(match self.update_id {
            Some(id) => request.header(UPDATE_ID_HEADER, id),
            None => request,
        })
    }
}

async fn reply<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ClientError> {
    Ok(accepted(request).await?.json().await?)
}

async fn accepted(request: RequestBuilder) -> Result<reqwest::Response, ClientError> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_client_error() {
        let ErrorBody { detail } = response.json().await?;
        return Err(ClientError::Refused { status, detail });
    }
    Ok(response.error_for_status()?)
}
