//! The people of `dialogues.sql`, in their chats.

use std::time::Duration;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use telegram_simulator::{Condition, Control, Message, NewPerson};

use crate::bot::taps::Tapper;

/// People who act at the same time while all is prepared.
const AT_ONCE: usize = 32;
const WITHIN: Duration = Duration::from_secs(30);

/// Has as many of them come to Telegram; their ids.
pub(crate) async fn bring(control: &Control, count: usize) -> anyhow::Result<Vec<i64>> {
    let ids = (1..).map(|n| 7_000_000 + n).take(count);
    let bring = async |id: i64| {
        let language = if id % 2 == 0 { "en" } else { "ru" };
        control.create_person(&NewPerson::named("Somebody", language).with_id(id)).await?;
        anyhow::Ok(id)
    };
    stream::iter(ids).map(bring).buffered(AT_ONCE).try_collect().await
}

/// Has each of them begin a new habit, and leave it there.
pub(crate) async fn open_dialogues(control: &Control, people: &[i64]) -> anyhow::Result<()> {
    let open = async |&id: &i64| said(control, id, "/new").await.map(drop);
    stream::iter(people).map(open).buffer_unordered(AT_ONCE).try_collect().await
}

/// Has each of them open the Today list.
pub(crate) async fn open_today(control: &Control, people: &[i64]) -> anyhow::Result<Vec<Tapper>> {
    let open = async |&id: &i64| {
        let today = said(control, id, "/today").await?;
        Tapper::new(id, &today).with_context(|| format!("no habit can be ticked in {:?}", today.text))
    };
    stream::iter(people).map(open).buffer_unordered(AT_ONCE).try_collect().await
}

/// Writes a command; the bot's answer.
async fn said(control: &Control, id: i64, command: &str) -> anyhow::Result<Message> {
    let sent = control.send_text(id, command).await?;
    let answer = Condition::any().after(sent.message_id);
    control.wait_for(id, &answer, WITHIN).await.with_context(|| format!("{command} was not answered"))
}
