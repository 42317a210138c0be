//! Taps on buttons.

use screens::{Action, Locale, settings as screen, toast::Toast};
use wire::habit::HabitPatch;

use super::{creation, error::HandleError, event::Tap, habit, mark, settings, snooze, stats, talk::Talk, today};

/// What to say about a tap, and in which language.
pub(super) type Said = (Option<Toast>, Locale);

pub(super) async fn tap(talk: &Talk<'_>, tap: &Tap) -> Result<Said, HandleError> {
    let toast = match Action::decode(&tap.data) {
        Ok(action) => act(talk, tap, action).await?,
        Err(unknown) => {
            tracing::info!(%unknown, "a button of another version was tapped");
            talk.show(today::place(tap), &today::screen(talk, 0).await?).await?;
            Some(Toast::Unknown)
        }
    };
    Ok((toast, talk.locale()))
}

/// Each arm is boxed: together they would be a future of many kilobytes, of which one arm is ever used.
async fn act(talk: &Talk<'_>, tap: &Tap, action: Action) -> Result<Option<Toast>, HandleError> {
    let here = today::place(tap);
    let silently = |()| None;
    match action {
        Action::Mark(mark) => Box::pin(mark::mark(talk, tap, mark)).await.map(Some),
        Action::Add { habit_id, date, milli } => Box::pin(mark::add(talk, tap, habit_id, date, milli)).await,
        Action::DoneAll { date, page } => Box::pin(mark::all_done(talk, tap, date, page)).await,
        Action::AskSnooze { habit_id, date, .. } => snooze::ask(talk, tap, habit_id, date).await.map(silently),
        Action::Snooze { habit_id, date, minutes } => {
            Box::pin(snooze::set(talk, tap, habit_id, date, minutes)).await.map(Some)
        }
        Action::Today { page } => talk.show(here, &today::screen(talk, page).await?).await.map(silently),
        Action::Yesterday { page } => talk.show(here, &today::yesterday(talk, page).await?).await.map(silently),
        Action::Habits { page } => talk.show(here, &habit::list(talk, page).await?).await.map(silently),
        Action::Archive { page } => talk.show(here, &habit::archive(talk, page).await?).await.map(silently),
        Action::Stats { page } => talk.show(here, &stats::overview(talk, page).await?).await.map(silently),
        Action::Year { habit_id, page } => Box::pin(stats::year(talk, habit_id, page, here)).await,
        Action::YearOfAll => Box::pin(stats::year_of_all(talk)).await.map(silently),
        Action::Card { habit_id } => Box::pin(habit::open(talk, habit_id, here)).await,
        Action::Edit { habit_id } => Box::pin(habit::edit(talk, habit_id, here)).await,
        Action::AskAmount { habit_id, date } => {
            Box::pin(habit::ask_amount(talk, habit_id, date, here)).await.map(silently)
        }
        Action::AskField { habit_id, field } => {
            Box::pin(habit::ask_field(talk, habit_id, field, here)).await.map(silently)
        }
        Action::Clear { habit_id, field } => Box::pin(habit::clear(talk, habit_id, field, here)).await.map(silently),
        Action::SetSchedule { habit_id, schedule } => {
            let patch = HabitPatch { schedule: Some(schedule.schedule()), ..HabitPatch::default() };
            Box::pin(habit::change(talk, habit_id, &patch, here)).await.map(silently)
        }
        Action::SetActive { habit_id, active } => Box::pin(habit::set_active(talk, habit_id, active, here)).await,
        Action::Delete { habit_id, sure } => Box::pin(habit::delete(talk, habit_id, sure, here)).await,
        Action::NewHabit => Box::pin(creation::open(talk, here)).await.map(silently),
        Action::Answer { draft, answer } => Box::pin(creation::tapped(talk, draft, answer, here)).await,
        Action::AskZone => Box::pin(settings::ask_zone(talk, here)).await.map(silently),
        Action::Zone(zone) => Box::pin(settings::set_zone(talk, zone, here)).await.map(silently),
        Action::AskLanguage => talk.show(here, &screen::ask_language(talk.locale())).await.map(silently),
        Action::Language(locale) => Box::pin(settings::set_language(talk, locale, here)).await.map(silently),
    }
}
