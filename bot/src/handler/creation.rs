//! The dialogue that creates a habit: out of the catalogue, of a line, or step by step.

use screens::{
    Screen, action::Answer, catalogue, creation as screen, draft, problem::Problem, settings::ask_zone, toast::Toast,
};
use wire::{ClientError, habit::Habit};

use super::{
    error::HandleError,
    habit, mark,
    talk::{Place, Talk, has_no_zone, zone_of},
    today,
};
use crate::{
    dialogue::{Dialogue, Next, Step},
    draft::Draft,
};

/// Begins with the catalogue.
pub(super) async fn open(talk: &Talk<'_>, place: Place) -> Result<(), HandleError> {
    let dialogue = Dialogue::open(Step::New, talk.update_id());
    talk.keep(&dialogue).await?;
    ask_again(talk, &dialogue, None, place).await
}

/// Offers to make a habit of what was written while nothing was asked.
pub(super) async fn offer(talk: &Talk<'_>, draft: Draft) -> Result<(), HandleError> {
    let dialogue = Dialogue::open(Step::Draft(draft.clone()), talk.update_id());
    talk.keep(&dialogue).await?;
    talk.send(&draft::offer(talk.locale(), dialogue.draft, &draft.habit)).await
}

/// Asks the open question again, after saying what was wrong with the answer.
pub(super) async fn ask_again(
    talk: &Talk<'_>,
    dialogue: &Dialogue,
    problem: Option<Problem>,
    place: Place,
) -> Result<(), HandleError> {
    let screen = match dialogue.ask(talk.locale(), problem, talk.now()) {
        Some(screen) => screen,
        None => templates(talk, dialogue.draft, 0, problem).await?,
    };
    talk.show(place, &screen).await
}

async fn templates(talk: &Talk<'_>, draft: i64, page: u8, problem: Option<Problem>) -> Result<Screen, HandleError> {
    let templates = talk.catalogue().await?;
    Ok(catalogue::catalogue(talk.locale(), draft, &templates, page, problem))
}

/// Takes an answer that was tapped.
pub(super) async fn tapped(
    talk: &Talk<'_>,
    draft: i64,
    answer: Answer,
    place: Place,
) -> Result<Option<Toast>, HandleError> {
    let Some(dialogue) = talk.likely_dialogue().await?.filter(|dialogue| dialogue.draft == draft) else {
        return over(talk, answer, place).await;
    };
    if dialogue.has_applied(talk.update_id()) {
        ask_again(talk, &dialogue, None, place).await?;
        return Ok(None);
    }
    let next = match (&dialogue.step, answer) {
        (Step::New, Answer::Catalogue { page }) => {
            talk.show(place, &templates(talk, draft, page, None).await?).await?;
            return Ok(None);
        }
        (Step::New, Answer::Template { id }) => {
            let templates = talk.catalogue().await?;
            let template = templates.iter().find(|template| template.id == id);
            template.map(|template| Next::Ask(Step::Draft(Draft::of_template(template))))
        }
        (step, answer) => step.tapped(answer),
    };
    let Some(next) = next else {
        return Ok(Some(Toast::OldQuestion));
    };
    go_on(talk, dialogue, next, place).await?;
    Ok(None)
}

/// A button of a creation that has ended. Whoever meant to end it is shown what came of it.
async fn over(talk: &Talk<'_>, answer: Answer, place: Place) -> Result<Option<Toast>, HandleError> {
    if matches!(answer, Answer::Create | Answer::Cancel) {
        talk.show(place, &today::screen(talk, 0).await?).await?;
    }
    Ok(Some(Toast::OldQuestion))
}

/// Goes on to the next question, or to the habit.
pub(super) async fn go_on(talk: &Talk<'_>, dialogue: Dialogue, next: Next, place: Place) -> Result<(), HandleError> {
    match next {
        Next::Ask(step) => {
            let dialogue = dialogue.at(step, talk.update_id());
            talk.keep(&dialogue).await?;
            ask_again(talk, &dialogue, None, place).await
        }
        Next::Create(draft) => create(talk, draft, place).await,
        Next::Cancel => {
            talk.close_dialogue().await?;
            talk.show(place, &screens::menu::cancelled(talk.locale())).await
        }
        Next::Change { habit_id, patch } => habit::change(talk, habit_id, &patch, place).await,
        Next::SetAmount { habit_id, date, amount } => mark::set_amount(talk, habit_id, date, amount, place).await,
    }
}

/// The api closes the dialogue together with the creation.
async fn create(talk: &Talk<'_>, draft: Draft, place: Place) -> Result<(), HandleError> {
    let Some(habit) = create_once(talk, draft).await? else {
        return talk.show(place, &today::screen(talk, 0).await?).await;
    };
    let me = talk.person();
    let (zone, now) = (zone_of(me), talk.now());
    talk.show(place, &screen::created(talk.locale(), &habit, zone, now)).await?;
    if has_no_zone(me) {
        talk.send(&ask_zone(talk.locale(), now)).await?;
        return talk.keep(&Dialogue::open(Step::Zone, talk.update_id())).await;
    }
    Ok(())
}

/// The habit, also when this update has created it before; `None` when it is gone since.
async fn create_once(talk: &Talk<'_>, draft: Draft) -> Result<Option<Habit>, ClientError> {
    let created = match talk.api().create_habit(&draft.habit).await {
        Err(error) if error.is("update_already_applied") => {
            let habits = talk.api().habits().await?;
            let same_name = habits.into_iter().filter(|habit| habit.name == draft.habit.name);
            same_name.max_by_key(|habit| habit.id)
        }
        created => Some(created?),
    };
    talk.note_closed();
    Ok(created)
}
