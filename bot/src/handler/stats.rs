//! How it goes: the overview, and the pictures of years.

use picture::Year;
use screens::{Screen, stats, toast::Toast};

use super::{
    error::HandleError,
    habit::{is_gone, list},
    talk::{Place, Talk},
};

pub(super) async fn overview(talk: &Talk<'_>, page: u8) -> Result<Screen, HandleError> {
    Ok(stats::overview(talk.locale(), &talk.api().overview().await?, page))
}

/// Sends the picture of a habit's year; says so when the habit is gone, and shows the others.
pub(super) async fn year(talk: &Talk<'_>, habit_id: i64, page: u8, place: Place) -> Result<Option<Toast>, HandleError> {
    let told = match talk.api().habit_year(habit_id).await {
        Ok(told) => told,
        Err(error) if is_gone(&error) => {
            talk.show(place, &list(talk, 0).await?).await?;
            return Ok(Some(Toast::HabitGone));
        }
        Err(error) => return Err(error.into()),
    };
    let caption = stats::habit_year(talk.locale(), &told, page);
    talk.send_picture(Year::of_habit(talk.locale(), &told), &caption).await?;
    Ok(None)
}

/// The same of all habits together.
pub(super) async fn year_of_all(talk: &Talk<'_>) -> Result<(), HandleError> {
    let told = talk.api().overview().await?;
    let caption = stats::year_of_all(talk.locale(), &told);
    talk.send_picture(Year::of_all(talk.locale(), &told), &caption).await
}
