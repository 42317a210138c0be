//! A person in a chat with the bot.

use std::time::Duration;

use anyhow::Context as _;
use telegram_simulator::{Condition, Control, Message, NewPerson};

/// How long an answer of the bot may take in this test.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Person {
    pub(crate) id: i64,
    control: Control,
}

impl Person {
    pub(crate) async fn join(control: &Control, first_name: &str) -> anyhow::Result<Self> {
        let person = control.create_person(&NewPerson::named(first_name, "en")).await?;
        Ok(Self { id: person.id, control: control.clone() })
    }

    /// Writes, and gives the bot's next message with `answer` in it.
    pub(crate) async fn says(&self, text: &str, answer: &str) -> anyhow::Result<Message> {
        let sent = self.control.send_text(self.id, text).await?;
        self.sees_after(sent.message_id, answer, PATIENCE).await.with_context(|| format!("after {text:?}"))
    }

    /// Presses a button of a message, and gives the message as it stands once it shows `shown`.
    pub(crate) async fn presses(&self, message: &Message, button: &str, shown: &str) -> anyhow::Result<Message> {
        let pressed = self.control.press_text(self.id, message.message_id, button).await?;
        self.control.answer(&pressed, PATIENCE).await.context("the press was never answered")?;
        let seen = self.control.wait_for(self.id, &Condition::text(shown), PATIENCE).await;
        seen.with_context(|| format!("after pressing {button:?}"))
    }

    /// Waits for a message of the bot that came after another one.
    pub(crate) async fn sees_after(&self, message_id: i64, text: &str, patience: Duration) -> anyhow::Result<Message> {
        let condition = Condition { after_message_id: Some(message_id), ..Condition::text(text) };
        Ok(self.control.wait_for(self.id, &condition, patience).await?)
    }

    pub(crate) async fn messages(&self) -> anyhow::Result<Vec<Message>> {
        Ok(self.control.messages(self.id).await?)
    }
}
