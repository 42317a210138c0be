//! The dialogue that creates a habit.

use screens::{
    action::Answer,
    creation::{self as screen, Created, Problem, Question},
    settings::ask_zone,
    toast::Toast,
};
use wire::{
    ClientError,
    habit::{Habit, HabitCreate},
};

use super::{
    error::HandleError,
    habit, mark,
    talk::{Place, Talk, has_no_zone, zone_of},
    today,
};
use crate::dialogue::{Dialogue, Draft, Next, Step};

/// Begins with the name.
pub(super) async fn open(talk: &Talk<'_>) -> Result<(), HandleError> {
    talk.keep(&Dialogue::open(Step::Name, talk.update_id())).await?;
    talk.send(&screen::ask(talk.locale(), Question::Name, None)).await
}

/// Asks the open question again, after saying what was wrong with the answer.
pub(super) async fn ask_again(
    talk: &Talk<'_>,
    dialogue: &Dialogue,
    problem: Option<Problem>,
    place: Place,
) -> Result<(), HandleError> {
    talk.show(place, &dialogue.ask(talk.locale(), problem, talk.now())).await
}

/// Takes an answer that was tapped.
pub(super) async fn tapped(
    talk: &Talk<'_>,
    draft: i64,
    answer: Answer,
    place: Place,
) -> Result<Option<Toast>, HandleError> {
    let Some(dialogue) = talk.likely_dialogue().await?.filter(|dialogue| dialogue.draft == draft) else {
        return Ok(Some(Toast::OldQuestion));
    };
    if dialogue.has_applied(talk.update_id()) {
        ask_again(talk, &dialogue, None, place).await?;
        return Ok(None);
    }
    let Some(next) = dialogue.step.tapped(answer) else {
        return Ok(Some(Toast::OldQuestion));
    };
    go_on(talk, dialogue, next, place).await?;
    Ok(None)
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
        Next::Change { habit_id, patch } => habit::change(talk, habit_id, &patch, place).await,
        Next::SetAmount { habit_id, date, amount } => mark::set_amount(talk, habit_id, date, amount, place).await,
    }
}

/// The dialogue is closed last: until then the same update comes out here again.
async fn create(talk: &Talk<'_>, draft: Draft, place: Place) -> Result<(), HandleError> {
    let Some(habit) = create_once(talk, draft).await? else {
        talk.show(place, &today::screen(talk, 0).await?).await?;
        return talk.close_dialogue().await;
    };
    let me = talk.person();
    let (zone, now) = (zone_of(me), talk.now());
    let created = Created {
        name: &habit.name,
        description: habit.description.as_deref(),
        target_days: habit.target_days.unsigned_abs(),
        next_reminder: habit.next_reminder_at,
    };
    talk.show(place, &screen::created(talk.locale(), &created, zone, now)).await?;
    if has_no_zone(me) {
        talk.send(&ask_zone(talk.locale(), now)).await?;
        return talk.keep(&Dialogue::open(Step::Zone, talk.update_id())).await;
    }
    talk.close_dialogue().await
}

/// The habit, also when this update has created it before; `None` when it is gone since.
async fn create_once(talk: &Talk<'_>, draft: Draft) -> Result<Option<Habit>, ClientError> {
    let request = HabitCreate {
        name: draft.name,
        description: draft.description,
        time_to_remind: draft.time,
        target_days: i32::try_from(draft.target_days).ok(),
        ..HabitCreate::default()
    };
    match talk.api().create_habit(&request).await {
        Err(error) if error.is("update_already_applied") => {
            let habits = talk.api().habits().await?;
            let same_name = habits.into_iter().filter(|habit| habit.name == request.name);
            Ok(same_name.max_by_key(|habit| habit.id))
        }
        created => created.map(Some),
    }
}
