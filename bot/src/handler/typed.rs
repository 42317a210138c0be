//! What people write that is no command: answers in a dialogue.

use screens::{menu, problem::Problem};

use super::{
    creation,
    error::HandleError,
    settings,
    talk::{Place, Talk},
};
use crate::{dialogue::Step, draft::Draft};

pub(super) async fn text(talk: &Talk<'_>, text: &str) -> Result<(), HandleError> {
    let Some(dialogue) = talk.dialogue().await? else {
        return match Draft::of_telling_line(text) {
            Some(draft) => creation::offer(talk, draft).await,
            None => talk.send(&menu::lost(talk.locale())).await,
        };
    };
    if dialogue.step == Step::Zone {
        return settings::zone_typed(talk, text).await;
    }
    if dialogue.has_applied(talk.update_id()) {
        return creation::ask_again(talk, &dialogue, None, Place::New).await;
    }
    match dialogue.step.typed(text) {
        Ok(Some(next)) => creation::go_on(talk, dialogue, next, Place::New).await,
        Ok(None) => Ok(()),
        Err(problem) => creation::ask_again(talk, &dialogue, Some(problem), Place::New).await,
    }
}

/// A picture, a sticker or a voice message: says what is expected, and keeps the step.
pub(super) async fn no_text(talk: &Talk<'_>) -> Result<(), HandleError> {
    match talk.dialogue().await? {
        None => talk.send(&menu::lost(talk.locale())).await,
        Some(dialogue) => creation::ask_again(talk, &dialogue, Some(Problem::WantsText), Place::New).await,
    }
}

/// `/skip` where there is a button for it.
pub(super) async fn skip(talk: &Talk<'_>) -> Result<(), HandleError> {
    match talk.dialogue().await? {
        Some(dialogue) => match dialogue.step.skipped() {
            Some(next) => creation::go_on(talk, dialogue, next, Place::New).await,
            None => creation::ask_again(talk, &dialogue, None, Place::New).await,
        },
        None => talk.send(&menu::lost(talk.locale())).await,
    }
}
