//! Due reminders become deliveries.
//!
//! The cost grows with what is due, never with the number of habits or zones: the partial index on
//! `next_reminder_at` finds the rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use habits::{Tz, day::Calendar, pause::Pause, quiet::QuietHours, reminder::Plan, schedule::Schedules};
use sqlx::{PgConnection, types::Json};

use super::{HabitDay, Key};
use crate::{habit::pauses, user};

/// How often a reminder looks for a message to join before it gives up: each time, another one was queued meanwhile.
const MERGE_ROUNDS: u32 = 8;

/// What one batch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// Habits whose next reminder was moved on. As many as the batch's limit, or a few less: there may be more.
    pub habits: usize,
    /// Reminders that became part of a delivery.
    pub reminders: usize,
    /// Reminders that were too late to be made.
    pub expired: usize,
    /// Habits of people whose zone is no zone: reminded by UTC.
    pub unknown_zones: usize,
    /// Whether the batch was full.
    pub is_full: bool,
}

/// Why a batch made nothing.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// Postgres failed.
    #[error("failed to make due reminders")]
    Database(#[from] sqlx::Error),
    /// Messages of the same chat and minute kept leaving.
    #[error("found no message of its minute that a reminder could join")]
    NeverSettled,
}

/// One message: the chat and the minute that reminders are merged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    scheduled_at: DateTime<Utc>,
    chat_id: i64,
    user_id: i64,
}

struct DueHabit {
    habit_id: i64,
    slot: Slot,
    times: Vec<NaiveTime>,
    schedules: Schedules,
    pauses: Vec<Pause>,
    quiet: Option<QuietHours>,
    calendar: Calendar,
    zone_is_known: bool,
    wants_reminder: bool,
}

impl DueHabit {
    /// The date that the reminder is about.
    fn date(&self) -> NaiveDate {
        self.calendar.today(self.slot.scheduled_at)
    }

    /// Whether its date is still one that the habit is reminded of.
    fn is_expected(&self) -> bool {
        let date = self.date();
        self.schedules.on(date).is_due_on(date) && !self.pauses.iter().any(|pause| pause.contains(date))
    }

    /// Whether the reminder goes out within quiet hours: they do not end on its date, or a jump of the clock took it there.
    fn is_silent(&self) -> bool {
        let time = self.slot.scheduled_at.with_timezone(&self.calendar.zone).time();
        self.quiet.is_some_and(|quiet| quiet.contains(time))
    }

    fn next_after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let plan = Plan {
            schedules: &self.schedules,
            times: &self.times,
            pauses: &self.pauses,
            quiet: self.quiet,
            calendar: self.calendar,
        };
        plan.next(at).map(|reminder| reminder.at)
    }
}

/// What one message is about.
#[derive(Debug, Default)]
struct Message {
    days: BTreeSet<HabitDay>,
    is_silent: bool,
}

/// Makes the reminders that are due at `now`, oldest first, of at most `limit` habits, and moves those habits on.
///
/// A habit that is done already, or whose owner is away or unreachable, only moves on. So does a reminder whose time is
/// longer ago than `expire_after`. Safe to run twice at once. To be called in a transaction.
///
/// # Errors
///
/// An error leaves nothing changed once the transaction is rolled back.
pub async fn make_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    expire_after: TimeDelta,
    limit: i64,
) -> Result<Made, MergeError> {
    let (mut due, is_full) = whole_slots(lock_due(conn, now, limit).await?, limit);
    if due.is_empty() {
        return Ok(Made::default());
    }
    let oldest = now - expire_after;
    let mut made = Made { habits: due.len(), is_full, ..Made::default() };
    let mut messages: BTreeMap<Slot, Message> = BTreeMap::new();
    drop_done(conn, &mut due).await?;
    for habit in &due {
        made.unknown_zones += usize::from(!habit.zone_is_known);
        let wants_reminder = habit.wants_reminder && habit.is_expected();
        if wants_reminder && habit.slot.scheduled_at < oldest {
            made.expired += 1;
        } else if wants_reminder {
            let message = messages.entry(habit.slot).or_default();
            message.is_silent = habit.is_silent();
            message.days.insert(HabitDay { habit_id: habit.habit_id, date: habit.date() });
        }
    }
    made.reminders = messages.values().map(|message| message.days.len()).sum();
    merge(conn, messages, expire_after).await?;
    let moves = due.iter().map(|habit| (habit.habit_id, habit.next_after(habit.slot.scheduled_at.max(oldest))));
    move_on(conn, moves.collect()).await?;
    Ok(made)
}

async fn lock_due(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> sqlx::Result<Vec<DueHabit>> {
    let rows = sqlx::query!(
        r#"select h.id, h.user_id, h.next_reminder_at as "next_reminder_at!", h.time_to_remind, h.more_reminder_times,
             h.schedules as "schedules: Json<Schedules>", u.timezone, u.day_start_hour, u.quiet_from, u.quiet_to,
             u.telegram_id, h.is_active and u.is_active and u.blocked_at is null as "wants_reminder!",
             array(select from_date from pauses p where p.user_id = h.user_id
                   and (p.habit_id is null or p.habit_id = h.id) order by p.id) as starts,
             array(select to_date from pauses p where p.user_id = h.user_id
                   and (p.habit_id is null or p.habit_id = h.id) order by p.id) as "ends: Vec<Option<NaiveDate>>"
         from habits h join users u on u.id = h.user_id
         where h.next_reminder_at <= $1
         order by h.next_reminder_at, h.user_id, h.id limit $2
         for no key update of h skip locked"#,
        now,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| DueHabit {
        habit_id: row.id,
        slot: Slot { scheduled_at: row.next_reminder_at, chat_id: row.telegram_id, user_id: row.user_id },
        times: std::iter::once(row.time_to_remind).chain(row.more_reminder_times).collect(),
        schedules: row.schedules.0,
        pauses: pauses(row.starts, row.ends),
        quiet: user::quiet_hours(row.quiet_from, row.quiet_to),
        calendar: user::calendar(&row.timezone, row.day_start_hour),
        zone_is_known: row.timezone.parse::<Tz>().is_ok(),
        wants_reminder: row.wants_reminder,
    });
    Ok(due.collect())
}

/// Leaves the last person of a full batch to the next one, so that nobody's minute is cut in two.
fn whole_slots(mut due: Vec<DueHabit>, limit: i64) -> (Vec<DueHabit>, bool) {
    let is_full = usize::try_from(limit).is_ok_and(|limit| due.len() >= limit);
    if let (true, Some(last)) = (is_full, due.last().map(|habit| habit.slot))
        && let Some(cut) = due.iter().position(|habit| habit.slot == last)
        && cut > 0
    {
        due.truncate(cut);
    }
    (due, is_full)
}

/// No reminder of what is done or excused already, nor of a week or month that has its times.
async fn drop_done(conn: &mut PgConnection, due: &mut [DueHabit]) -> sqlx::Result<()> {
    let habits: Vec<i64> = due.iter().map(|habit| habit.habit_id).collect();
    let dates: Vec<NaiveDate> = due.iter().map(DueHabit::date).collect();
    let periods: Vec<_> = due.iter().map(|habit| habit.schedules.period(habit.date())).collect();
    let firsts: Vec<NaiveDate> = periods.iter().map(|period| period.first).collect();
    let ends: Vec<NaiveDate> = periods.iter().map(|period| period.end).collect();
    let times: Vec<i32> = periods.iter().map(|period| i32::try_from(period.times.max(1)).unwrap_or(i32::MAX)).collect();
    let done: BTreeSet<i64> = sqlx::query_scalar!(
        r#"select due.habit_id as "habit_id!"
         from unnest($1::bigint[], $2::date[], $3::date[], $4::date[], $5::integer[])
             as due (habit_id, date, first, ending, times)
         join lateral (
             select count(*) filter (where e.status = 'done') as done,
                    bool_or(e.execution_date = due.date and e.status in ('done', 'skipped', 'frozen')) as is_settled
             from executions e
             where e.habit_id = due.habit_id and e.execution_date >= due.first and e.execution_date < due.ending
         ) as period on period.is_settled or period.done >= due.times"#,
        &habits,
        &dates,
        &firsts,
        &ends,
        &times,
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .collect();
    for habit in due {
        habit.wants_reminder &= !done.contains(&habit.habit_id);
    }
    Ok(())
}

/// Gives each reminder a delivery: the one of its minute while that has not left yet, else one of its own.
async fn merge(
    conn: &mut PgConnection,
    mut reminders: BTreeMap<Slot, Message>,
    expire_after: TimeDelta,
) -> Result<(), MergeError> {
    let mut parts: BTreeMap<Slot, i16> = reminders.keys().map(|slot| (*slot, 0)).collect();
    for _ in 0..MERGE_ROUNDS {
        if reminders.is_empty() {
            return Ok(());
        }
        let mut opened = open(conn, &parts, &reminders, expire_after).await?;
        parts.retain(|slot, _| !opened.contains_key(slot));
        for (slot, latest) in latest_of(conn, &parts).await? {
            if latest.is_due {
                opened.insert(slot, latest.key);
            } else {
                parts.insert(slot, latest.part + 1);
            }
        }
        attach(conn, &opened, &reminders).await?;
        reminders.retain(|slot, _| !opened.contains_key(slot));
        parts.retain(|slot, _| reminders.contains_key(slot));
    }
    if reminders.is_empty() { Ok(()) } else { Err(MergeError::NeverSettled) }
}

/// Opens a delivery for each slot, except where there is one of that part.
async fn open(
    conn: &mut PgConnection,
    parts: &BTreeMap<Slot, i16>,
    reminders: &BTreeMap<Slot, Message>,
    expire_after: TimeDelta,
) -> sqlx::Result<BTreeMap<Slot, Key>> {
    let users: Vec<i64> = parts.keys().map(|slot| slot.user_id).collect();
    let chats: Vec<i64> = parts.keys().map(|slot| slot.chat_id).collect();
    let times: Vec<DateTime<Utc>> = parts.keys().map(|slot| slot.scheduled_at).collect();
    let expiries: Vec<DateTime<Utc>> = times.iter().map(|at| *at + expire_after).collect();
    let numbers: Vec<i16> = parts.values().copied().collect();
    let silent: Vec<bool> =
        parts.keys().map(|slot| reminders.get(slot).is_some_and(|message| message.is_silent)).collect();
    let rows = sqlx::query!(
        "insert into deliveries
             (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at, part, is_silent)
         select 'reminder', user_id, chat_id, scheduled_at, scheduled_at, expires_at, part, is_silent
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::smallint[], $6::boolean[])
             as slot (user_id, chat_id, scheduled_at, expires_at, part, is_silent)
         on conflict (kind, chat_id, scheduled_at, part) do nothing
         returning id, user_id, chat_id, scheduled_at",
        &users,
        &chats,
        &times,
        &expiries,
        &numbers,
        &silent,
    )
    .fetch_all(conn)
    .await?;
    let opened = rows.into_iter().map(|row| {
        let slot = Slot { scheduled_at: row.scheduled_at, chat_id: row.chat_id, user_id: row.user_id };
        (slot, Key { scheduled_at: row.scheduled_at, id: row.id })
    });
    Ok(opened.collect())
}

struct Latest {
    key: Key,
    part: i16,
    is_due: bool,
}

/// The last delivery of each slot, locked.
async fn latest_of(conn: &mut PgConnection, parts: &BTreeMap<Slot, i16>) -> sqlx::Result<BTreeMap<Slot, Latest>> {
    let chats: Vec<i64> = parts.keys().map(|slot| slot.chat_id).collect();
    let times: Vec<DateTime<Utc>> = parts.keys().map(|slot| slot.scheduled_at).collect();
    let rows = sqlx::query!(
        r#"select d.id, d.user_id, d.chat_id, d.scheduled_at, d.part, d.state = 'due' as "is_due!" from deliveries d
         join unnest($1::bigint[], $2::timestamptz[]) as slot (chat_id, scheduled_at)
             on d.chat_id = slot.chat_id and d.scheduled_at = slot.scheduled_at
         where d.kind = 'reminder'
         order by d.scheduled_at, d.chat_id, d.part
         for no key update of d"#,
        &chats,
        &times,
    )
    .fetch_all(conn)
    .await?;
    // Ascending parts: the last one stays.
    let latest = rows.into_iter().map(|row| {
        let slot = Slot { scheduled_at: row.scheduled_at, chat_id: row.chat_id, user_id: row.user_id };
        let key = Key { scheduled_at: row.scheduled_at, id: row.id };
        (slot, Latest { key, part: row.part, is_due: row.is_due })
    });
    Ok(latest.collect())
}

async fn attach(
    conn: &mut PgConnection,
    opened: &BTreeMap<Slot, Key>,
    reminders: &BTreeMap<Slot, Message>,
) -> sqlx::Result<()> {
    let items: Vec<(Key, HabitDay)> = opened
        .iter()
        .filter_map(|(slot, key)| reminders.get(slot).map(|message| (*key, message)))
        .flat_map(|(key, message)| message.days.iter().map(move |day| (key, *day)))
        .collect();
    let times: Vec<DateTime<Utc>> = items.iter().map(|(key, _)| key.scheduled_at).collect();
    let deliveries: Vec<i64> = items.iter().map(|(key, _)| key.id).collect();
    let habits: Vec<i64> = items.iter().map(|(_, day)| day.habit_id).collect();
    let dates: Vec<_> = items.iter().map(|(_, day)| day.date).collect();
    sqlx::query!(
        "insert into delivery_items (scheduled_at, delivery_id, habit_id, execution_date)
         select * from unnest($1::timestamptz[], $2::bigint[], $3::bigint[], $4::date[])
         on conflict on constraint delivery_items_pkey do nothing",
        &times,
        &deliveries,
        &habits,
        &dates,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn move_on(conn: &mut PgConnection, moves: Vec<(i64, Option<DateTime<Utc>>)>) -> sqlx::Result<()> {
    let (habits, next): (Vec<i64>, Vec<Option<DateTime<Utc>>>) = moves.into_iter().unzip();
    sqlx::query!(
        "update habits set next_reminder_at = case when habits.is_active then moved.next_reminder_at end
         from unnest($1::bigint[], $2::timestamptz[]) as moved (id, next_reminder_at)
         where habits.id = moved.id",
        &habits,
        &next as &[Option<DateTime<Utc>>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
