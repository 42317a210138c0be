//! Handles one update: finds out what it is, insists while the api or Telegram is away for a moment, and never stays silent.

use std::{panic::AssertUnwindSafe, pin::pin, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures::FutureExt as _;
use process::{Clock, Shutdown};
use screens::menu;
use teloxide::{
    RequestError,
    types::{CallbackQueryId, Update},
};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::{
    catalogue::Catalogue,
    command::Command,
    handler::{
        error::HandleError,
        event::{Event, What},
        talk::Talk,
    },
    hurry::{HURRIED, Hurry},
    metrics::{Metrics, Outcome},
    people::People,
    pictures::Pictures,
    telegram::{Telegram, is_transient, reason},
};

mod creation;
mod error;
mod event;
mod group;
mod habit;
mod mark;
mod menu_commands;
mod settings;
mod snooze;
mod stats;
mod talk;
mod tap;
mod today;
mod typed;

/// How long one update is worked on, with all attempts. The person's next update waits for it.
const PATIENCE: Duration = Duration::from_secs(12);

/// How long Telegram may take to bring the last word on an update.
const LAST_WORD_WITHIN: Duration = Duration::from_secs(3);

/// A button that waits longer than a second for its answer feels broken.
const ANSWER_WITHIN: Duration = Duration::from_millis(700);

/// How often a tap's answer is tried, and how long Telegram may take each time: together, with the waits in between, below
/// what one update may take.
const ANSWER_TRIES: u32 = 3;
const ANSWER_CALL_WITHIN: Duration = Duration::from_secs(2);

const SHORTEST_WAIT: Duration = Duration::from_millis(200);

/// Short beside [`PATIENCE`]: who comes back in its last second is still met.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// A tap whose answer has to wait longer is not worth an answer.
const LONGEST_ANSWER_WAIT: Duration = Duration::from_secs(3);

/// Answers updates.
#[derive(Debug)]
pub struct Handler {
    telegram: Telegram,
    people: People,
    pictures: Pictures,
    catalogue: Catalogue,
    clock: Clock,
    metrics: Metrics,
    shutdown: Shutdown,
}

/// What became of an update, and what to say about the tap that it was.
type Ended = (Outcome, Option<String>);

impl Handler {
    pub fn new(telegram: Telegram, people: People, clock: Clock, metrics: Metrics, shutdown: Shutdown) -> Self {
        let catalogue = Catalogue::new(clock.clone());
        Self { telegram, people, pictures: Pictures::default(), catalogue, clock, metrics, shutdown }
    }

    /// Handles an update to its end, within 16 s. [`Outcome::Left`] means that nothing was lost but it has to be delivered
    /// again.
    pub async fn handle(&self, update: Update, hurry: &Hurry) -> Outcome {
        let Some(event) = Event::of(update, self.telegram.username()) else {
            return Outcome::Handled;
        };
        let started = Instant::now();
        // One update that makes a handler panic would come again for ever and stop everybody's.
        let caught = AssertUnwindSafe(self.handle_event(&event, hurry)).catch_unwind().await;
        let outcome = caught.unwrap_or_else(|_| {
            tracing::error!(kind = event.kind(), update_id = event.update_id, "a handler panicked");
            Outcome::Failed
        });
        self.metrics.note(event.kind(), outcome, started.elapsed());
        outcome
    }

    async fn handle_event(&self, event: &Event, hurry: &Hurry) -> Outcome {
        match &event.what {
            What::Tap(tap) => self.answering(&tap.query, hurry, self.insist(event, hurry)).await,
            What::TapInGroup(query) => {
                let toast = screens::group::toast(self.people.likely_locale(&event.from));
                hurry.cut(self.answer(query, Some(&toast))).await;
                Outcome::Handled
            }
            _ => self.insist(event, hurry).await.0,
        }
    }

    /// Answers the tap when its work has ended, or before when that takes long.
    async fn answering(&self, query: &CallbackQueryId, hurry: &Hurry, work: impl Future<Output = Ended>) -> Outcome {
        let mut work = pin!(work);
        let ended = timeout(ANSWER_WITHIN, &mut work).await;
        let toast = ended.as_ref().ok().and_then(|(_, toast)| toast.as_deref());
        let answer = hurry.cut(self.answer(query, toast));
        match &ended {
            Ok((outcome, _)) => {
                answer.await;
                *outcome
            }
            Err(_) => tokio::join!(work, answer).0.0,
        }
    }

    /// Answers a tap, and tries again where that can help: a button that goes on waiting looks broken.
    async fn answer(&self, query: &CallbackQueryId, toast: Option<&str>) {
        for _ in 0..ANSWER_TRIES {
            let wait = match timeout(ANSWER_CALL_WITHIN, self.telegram.answer(query, toast)).await {
                Ok(Ok(())) => return,
                Err(_) => Duration::ZERO,
                Ok(Err(RequestError::RetryAfter(seconds))) if seconds.duration() <= LONGEST_ANSWER_WAIT => {
                    seconds.duration()
                }
                Ok(Err(error)) if is_transient(&error) && !matches!(error, RequestError::RetryAfter(_)) => {
                    SHORTEST_WAIT
                }
                Ok(Err(error)) => {
                    tracing::warn!(error = reason(&error), "a tap stays unanswered");
                    return;
                }
            };
            sleep(wait).await;
        }
        tracing::warn!("a tap stays unanswered: Telegram took none of {ANSWER_TRIES} answers");
    }

    /// Works on an event for no longer than [`PATIENCE`], or [`HURRIED`] when others wait, and then says the last word.
    async fn insist(&self, event: &Event, hurry: &Hurry) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        let mut too_late = pin!(hurry.cut(sleep_until(deadline)));
        let waits = ExponentialBuilder::default().with_min_delay(SHORTEST_WAIT).with_max_delay(LONGEST_WAIT);
        let mut waits = waits.with_jitter().without_max_times().build();
        let mut logged_in_again = false;
        loop {
            let attempt = tokio::select! {
                biased;
                // Boxed: what a tap may need is many kilobytes, for each person in hand.
                attempt = Box::pin(self.attempt(event)) => attempt,
                _ = &mut too_late => Err(HandleError::TookTooLong),
            };
            let error = match attempt {
                Ok(toast) => return (Outcome::Handled, toast),
                Err(error) => error,
            };
            if error.is_unauthorized() && !logged_in_again {
                self.people.forget(event.from.id.0);
                logged_in_again = true;
                continue;
            }
            let wait = error.asked_wait().or_else(|| waits.next()).unwrap_or(LONGEST_WAIT);
            if !error.is_transient() || Instant::now() + wait > deadline {
                return (self.give_up(event, &error, hurry).await, None);
            }
            tracing::debug!(error = %error, update_id = event.update_id, "trying an update again");
            tokio::select! {
                () = sleep(wait) => {}
                _ = &mut too_late => return (self.give_up(event, &error, hurry).await, None),
                () = self.shutdown.stopped() => return (Outcome::Left, None),
            }
        }
    }

    /// Handles the event once. Nothing here is harmful the second time.
    async fn attempt(&self, event: &Event) -> Result<Option<String>, HandleError> {
        if matches!(event.what, What::Command(Command::Start)) {
            // Takes over a new name or language.
            self.people.forget(event.from.id.0);
        }
        if let What::InGroup(message) = event.what {
            let locale = self.people.likely_locale(&event.from);
            group::answer(&self.telegram, event, message, locale).await?;
            return Ok(None);
        }
        let session = self.people.session(&event.from, event.update_id).await?;
        let (pictures, catalogue) = (&self.pictures, &self.catalogue);
        let talk = Talk::new(&self.telegram, &self.people, pictures, catalogue, &self.clock, session, event);
        match &event.what {
            What::Command(command) => menu_commands::command(&talk, *command).await?,
            What::Text(text) => typed::text(&talk, text).await?,
            What::NoText => typed::no_text(&talk).await?,
            What::Blocked(blocked) => settings::set_blocked(&talk, *blocked).await?,
            // Answered without knowing the person.
            What::InGroup(_) | What::TapInGroup(_) => {}
            What::Tap(tapped) => {
                let (toast, locale) = tap::tap(&talk, tapped).await?;
                return Ok(toast.map(|toast| toast.text(locale)));
            }
        }
        Ok(None)
    }

    /// The last word on an update that cannot be handled.
    async fn give_up(&self, event: &Event, error: &HandleError, hurry: &Hurry) -> Outcome {
        if error.is_unreachable_person() {
            tracing::info!(error = %error, "the person does not take our messages");
            return Outcome::Handled;
        }
        tracing::error!(
            error = error.chain(),
            kind = event.kind(),
            update_id = event.update_id,
            "failed to handle an update"
        );
        if !matches!(event.what, What::Blocked(_) | What::InGroup(_)) {
            let locale = self.people.likely_locale(&event.from);
            let screen =
                if error.is_closed_account() { menu::closed_account(locale) } else { menu::one_moment(locale) };
            let within = if hurry.is_on() { HURRIED } else { LAST_WORD_WITHIN };
            match timeout(within, self.telegram.send(event.chat, &screen)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = reason(&error), "the person could not be told");
                }
                Err(_) => tracing::warn!("the person could not be told in time"),
            }
        }
        Outcome::Failed
    }
}
