//! A habit with all that its streak and its reminders depend on.

use chrono::{DateTime, NaiveDate, Utc};
use habits::{
    day::Calendar,
    history::{History, Mark},
    pause::Pause,
    quiet::QuietHours,
    reminder::{Plan, Reminded},
    schedule::Schedules,
    score::{self, Measure},
    streak,
};
use sqlx::{PgConnection, types::Json};

use super::{Habit, row::habit_of};
use crate::user;

/// A habit, its owner's calendar, and what was said of its days: all as of one instant.
#[derive(Debug, Clone)]
pub struct State {
    pub habit: Habit,
    pub calendar: Calendar,
    pub quiet: Option<QuietHours>,
    /// In the order of their dates; pending ones are left out.
    pub marks: Vec<(NaiveDate, Mark)>,
    pub pauses: Vec<Pause>,
    pub owner_is_active: bool,
    /// Whether Telegram refuses our messages to the owner.
    pub owner_is_blocked: bool,
    /// Whether the owner has a webhook that may want to know what happens to the habit.
    pub has_webhooks: bool,
}

impl State {
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        self.calendar.today(now)
    }

    pub fn mark(&self, date: NaiveDate) -> Option<Mark> {
        self.history().mark(date)
    }

    /// Says of a day what is to be said of it; `None` takes back what was.
    pub fn set_mark(&mut self, date: NaiveDate, mark: Option<Mark>) {
        let index = self.marks.binary_search_by_key(&date, |(date, _)| *date);
        match (index, mark) {
            (Ok(index), Some(mark)) => self.marks[index].1 = mark,
            (Ok(index), None) => drop(self.marks.remove(index)),
            (Err(index), Some(mark)) => self.marks.insert(index, (date, mark)),
            (Err(_), None) => {}
        }
    }

    pub fn history(&self) -> History<'_> {
        History {
            schedules: &self.habit.schedules,
            marks: &self.marks,
            pauses: &self.pauses,
            begun: self.habit.begun_on.unwrap_or_else(|| self.calendar.today(self.habit.created_at)),
            calendar: self.calendar,
        }
    }

    /// The strength as of `now`, from 0 to 1. Where the habit has a goal, `amounts` are those of its days, in thousandths of the
    /// unit, in the order of their dates: see [`crate::execution::amounts`].
    pub fn score(&self, amounts: &[(NaiveDate, i64)], now: DateTime<Utc>) -> f64 {
        let measure = self.habit.goal.map_or(Measure::Done, |goal| Measure::Amount { goal, of_days: amounts });
        score::score(&self.history(), measure, self.today(now))
    }

    /// Notes in the habit what its days say as of `now`; of a complete habit, as of the last day of which something was said:
    /// what goes by since ends nothing, whatever date it is where the owner is.
    pub fn derive_streak(&mut self, now: DateTime<Utc>) {
        let last = self.marks.last().filter(|_| self.habit.completed_at.is_some());
        let as_of = last.map_or_else(|| self.today(now), |(date, _)| *date);
        let streak = streak::derive(&self.history(), as_of);
        self.habit.current_streak = i32::try_from(streak.current).unwrap_or(i32::MAX);
        self.habit.max_streak = i32::try_from(streak.record).unwrap_or(i32::MAX);
        self.habit.streak_expires_at = streak.expires_at.filter(|_| self.habit.completed_at.is_none());
    }

    /// Notes in the habit when its next reminder after `now` is due, given what it was reminded of already. One that is due
    /// and was not made yet stays.
    pub fn schedule_reminder_beyond(&mut self, now: DateTime<Utc>, reminded: Option<Reminded>) {
        if self.habit.is_active && self.habit.next_reminder_at.is_some_and(|at| at <= now) {
            return;
        }
        let next = self.plan().next_beyond(now, reminded).filter(|_| self.habit.is_active);
        self.habit.next_reminder_at = next.map(|reminder| reminder.at);
    }

    /// The same whatever it was reminded of: its times are others, or it is of a day that was not complete after all.
    pub fn schedule_reminder(&mut self, now: DateTime<Utc>) {
        self.schedule_reminder_beyond(now, None);
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            schedules: &self.habit.schedules,
            times: &self.habit.reminder_times,
            pauses: &self.pauses,
            quiet: self.quiet,
            calendar: self.calendar,
        }
    }
}

/// A habit with all that belongs to it, whoever owns it.
///
/// # Errors
///
/// Fails when the database does.
pub async fn state(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<State>> {
    Ok(states(conn, &[id]).await?.pop())
}

/// The same once the habit is locked until the transaction ends.
///
/// # Errors
///
/// Fails when the database does.
pub async fn lock(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<State>> {
    let locked = sqlx::query_scalar!("select id from habits where id = $1 for no key update", id);
    if locked.fetch_optional(&mut *conn).await?.is_none() {
        return Ok(None);
    }
    // Not in one statement: it would show the days as they were before the lock was had.
    state(conn, id).await
}

/// These habits in the order of their ids. Lock them before where they are to be written.
///
/// Each owner is looked up by himself: a plain join of an unknown number of habits may be merged with the index of all users,
/// read from the first one on.
pub(super) async fn states(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<State>> {
    let rows = sqlx::query!(
        r#"select h.id, h.user_id, h.name, h.description, h.target_days, h.time_to_remind, h.more_reminder_times,
                  h.schedules as "schedules: Json<Schedules>", h.begun_on, h.goal_direction, h.goal_amount_milli,
                  h.goal_unit, h.is_active, h.completed_at, h.taken_up, h.current_streak, h.max_streak, h.streak_expires_at,
                  h.next_reminder_at, h.version, h.created_at, h.updated_at,
                  u.timezone, u.day_start_hour, u.quiet_from, u.quiet_to, u.is_active as owner_is_active,
                  u.blocked_at is not null as "owner_is_blocked!",
                  exists (select from webhooks w where w.user_id = h.user_id and w.is_active) as "has_webhooks!",
                  days.dates, days.marks, pauses.starts, pauses.ends as "ends: Vec<Option<NaiveDate>>"
           from habits h
           cross join lateral (
               select timezone, day_start_hour, quiet_from, quiet_to, is_active, blocked_at
               from users where id = h.user_id limit 1) as u
           cross join lateral (
               select array_agg(day.execution_date) as dates,
                      string_agg(case day.status when 'done' then 'd' when 'not_done' then 'n' when 'skipped' then 's'
                                 else 'f' end, '') as marks
               from (select execution_date, status from executions
                     where habit_id = h.id and status <> 'pending' order by execution_date) as day) as days
           cross join lateral (
               select array_agg(from_date order by id) as starts, array_agg(to_date order by id) as ends
               from pauses where user_id = h.user_id and (habit_id is null or habit_id = h.id)) as pauses
           where h.id = any($1) order by h.id"#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let states = rows.into_iter().map(|row| State {
        calendar: user::calendar(&row.timezone, row.day_start_hour),
        quiet: user::quiet_hours(row.quiet_from, row.quiet_to),
        marks: marks(row.dates, row.marks.as_deref()),
        pauses: pauses(row.starts, row.ends),
        owner_is_active: row.owner_is_active,
        owner_is_blocked: row.owner_is_blocked,
        has_webhooks: row.has_webhooks,
        habit: habit_of!(row),
    });
    Ok(states.collect())
}

/// One letter a date.
pub(super) fn marks(dates: Option<Vec<NaiveDate>>, letters: Option<&str>) -> Vec<(NaiveDate, Mark)> {
    let letters = letters.unwrap_or_default().bytes().map(|letter| match letter {
        b'd' => Mark::Done,
        b'n' => Mark::NotDone,
        b's' => Mark::Skipped,
        _ => Mark::Frozen,
    });
    dates.unwrap_or_default().into_iter().zip(letters).collect()
}

pub(crate) fn pauses(starts: Option<Vec<NaiveDate>>, ends: Option<Vec<Option<NaiveDate>>>) -> Vec<Pause> {
    let ends = ends.unwrap_or_default();
    starts.unwrap_or_default().into_iter().zip(ends).map(|(from, to)| Pause { from, to }).collect()
}
