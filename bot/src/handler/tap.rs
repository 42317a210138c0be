//! Taps on buttons.

use screens::{Action, Locale, action::Mark, settings as screen, toast::Toast};

use super::{
    creation,
    error::HandleError,
    event::Tap,
    mark, settings,
    talk::{Place, Talk},
    today,
};

/// What to say about a tap, and in which language.
pub(super) type Said = (Option<Toast>, Locale);

pub(super) async fn tap(talk: &Talk<'_>, tap: &Tap) -> Result<Said, HandleError> {
    let here = Place::InPlaceOf(tap.message);
    let toast = match Action::decode(&tap.data) {
        Ok(Action::Mark(mark)) => marked(talk, tap, mark).await?,
        Ok(Action::Today { page }) => {
            talk.show(today::place(tap), &today::screen(talk, page).await?).await?;
            None
        }
        Ok(Action::NewHabit) => {
            creation::open(talk).await?;
            None
        }
        Ok(Action::Answer { draft, answer }) => creation::tapped(talk, draft, answer, here).await?,
        Ok(Action::AskZone) => {
            settings::ask_zone(talk, here).await?;
            None
        }
        Ok(Action::Zone(zone)) => {
            settings::set_zone(talk, zone, here).await?;
            None
        }
        Ok(Action::AskLanguage) => {
            talk.show(here, &screen::ask_language(talk.locale())).await?;
            None
        }
        Ok(Action::Language(locale)) => {
            settings::set_language(talk, locale, here).await?;
            None
        }
        Err(unknown) => {
            tracing::info!(%unknown, "a button of another version was tapped");
            talk.show(here, &today::screen(talk, 0).await?).await?;
            Some(Toast::Unknown)
        }
    };
    Ok((toast, talk.locale()))
}

async fn marked(talk: &Talk<'_>, tap: &Tap, mark: Mark) -> Result<Option<Toast>, HandleError> {
    Ok(Some(mark::mark(talk, tap, mark).await?))
}
