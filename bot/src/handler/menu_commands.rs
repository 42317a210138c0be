//! Commands. In the middle of a dialogue a command wins, and closes it.

use screens::{menu, settings as screen};

use super::{
    creation,
    error::HandleError,
    habit, settings, stats,
    talk::{Place, Talk, has_no_zone},
    today, typed,
};
use crate::{
    command::Command,
    dialogue::{Dialogue, Step},
};

pub(super) async fn command(talk: &Talk<'_>, command: Command) -> Result<(), HandleError> {
    let locale = talk.locale();
    match command {
        Command::Start => return start(talk).await,
        Command::New => return creation::open(talk, Place::New).await,
        Command::Zone => return settings::ask_zone(talk, Place::New).await,
        Command::Cancel => return cancel(talk).await,
        Command::Skip => return typed::skip(talk).await,
        // A slip of the finger costs nobody his draft.
        Command::Unknown => return talk.send(&menu::lost(locale)).await,
        Command::Today => talk.send(&today::screen(talk, 0).await?).await?,
        Command::Habits => talk.send(&habit::list(talk, 0).await?).await?,
        Command::Stats => talk.send(&stats::overview(talk, 0).await?).await?,
        Command::Settings => talk.send(&settings::screen(talk).await?).await?,
        Command::Language => talk.send(&screen::ask_language(locale)).await?,
        Command::Help => talk.send(&menu::help(locale)).await?,
    }
    talk.close_dialogue().await
}

/// Greets, and asks whoever has none yet for the time zone: without it every reminder would come at the wrong time.
async fn start(talk: &Talk<'_>) -> Result<(), HandleError> {
    let me = talk.api().me().await?;
    if has_no_zone(&me) {
        let greeting = menu::greeting(talk.locale(), talk.first_name());
        talk.send(&screen::ask_zone(talk.locale(), talk.now()).below(&greeting)).await?;
        return talk.keep(&Dialogue::open(Step::Zone, talk.update_id())).await;
    }
    talk.send(&menu::welcome(talk.locale(), talk.first_name())).await?;
    talk.close_dialogue().await
}

async fn cancel(talk: &Talk<'_>) -> Result<(), HandleError> {
    if talk.dialogue().await?.is_none() {
        return talk.send(&menu::nothing_to_cancel(talk.locale())).await;
    }
    talk.send(&menu::cancelled(talk.locale())).await?;
    talk.close_dialogue().await
}
