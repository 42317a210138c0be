//! A person changes, and the habits follow.

use ::habits::pause::lost_by_travel;
use chrono::{DateTime, Utc};
use sqlx::{Acquire as _, PgConnection};
use store::{
    habit::{self, Cause},
    pause,
    user::{self, User},
};

/// Writes what changed of a locked person.
///
/// Reminders and streaks of all habits are computed again when days begin at other instants or quiet hours change, and
/// when messages reach the person again: what was due meanwhile is not made up for. A date that is lost by flying east is
/// excused.
///
/// # Errors
///
/// Fails when the database does.
pub async fn change(tx: &mut PgConnection, before: &User, after: User, now: DateTime<Utc>) -> sqlx::Result<User> {
    if after == *before {
        return Ok(after);
    }
    let after = user::update(tx, &after, now).await?;
    let is_back = before.blocked_at.is_some() && after.blocked_at.is_none();
    if after.calendar() != before.calendar() {
        pause::expect_again(tx, after.id, after.calendar().today(now)).await?;
        // Whose zone was not known has told it, and gone nowhere.
        let has_moved = before.timezone == after.timezone || before.timezone_chosen;
        let lost = lost_by_travel(before.calendar(), after.calendar(), now).filter(|_| has_moved);
        if let Some(lost) = lost {
            pause::excuse_travel(tx, after.id, lost, now).await?;
        }
        habit::reschedule_all(tx, after.id, Cause::SettingsChanged, now).await?;
    } else if is_back {
        habit::reschedule_all(tx, after.id, Cause::Returned, now).await?;
    } else if after.quiet_hours() != before.quiet_hours() {
        habit::reschedule_all(tx, after.id, Cause::SettingsChanged, now).await?;
    }
    Ok(after)
}

/// Notes that messages reach this person again; `None` when there is no such person.
///
/// # Errors
///
/// Fails when the database does.
pub async fn unblock(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> sqlx::Result<Option<User>> {
    let mut tx = conn.begin().await?;
    let Some(before) = user::lock(&mut tx, id).await? else {
        return Ok(None);
    };
    let after = change(&mut tx, &before, User { blocked_at: None, ..before.clone() }, now).await?;
    tx.commit().await?;
    Ok(Some(after))
}
