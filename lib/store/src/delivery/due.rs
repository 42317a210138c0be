//! Due reminders become deliveries.
//!
//! The cost grows with what is due, never with the number of habits or zones: the partial index on
//! `next_reminder_at` finds the rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use habits::{Tz, day, reminder};
use sqlx::PgConnection;

use super::{HabitDay, Key};

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
    time: NaiveTime,
    zone: String,
    wants_reminder: bool,
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
    let (due, is_full) = whole_slots(lock_due(conn, now, limit).await?, limit);
    if due.is_empty() {
        return Ok(Made::default());
    }
    let oldest = now - expire_after;
    let mut made = Made { habits: due.len(), is_full, ..Made::default() };
    let mut reminders: BTreeMap<Slot, BTreeSet<HabitDay>> = BTreeMap::new();
    let mut moves = Vec::with_capacity(due.len());
    for habit in due {
        let zone = habit.zone.parse().unwrap_or_else(|_| {
            made.unknown_zones += 1;
            Tz::UTC
        });
        let at = habit.slot.scheduled_at;
        moves.push((habit.habit_id, reminder::next(at.max(oldest), habit.time, zone)));
        if at < oldest {
            made.expired += usize::from(habit.wants_reminder);
        } else if habit.wants_reminder {
            let day = HabitDay { habit_id: habit.habit_id, date: day::today(at, zone) };
            reminders.entry(habit.slot).or_default().insert(day);
        }
    }
    drop_done(conn, &mut reminders).await?;
    made.reminders = reminders.values().map(BTreeSet::len).sum();
    merge(conn, reminders, expire_after).await?;
    move_on(conn, moves).await?;
    Ok(made)
}

async fn lock_due(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> sqlx::Result<Vec<DueHabit>> {
    let rows = sqlx::query!(
        r#"select h.id, h.user_id, h.next_reminder_at as "next_reminder_at!", h.time_to_remind, u.timezone,
             u.telegram_id, h.is_active and u.is_active and u.blocked_at is null as "wants_reminder!"
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
        time: row.time_to_remind,
        zone: row.timezone,
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

/// No reminder of what is done already.
async fn drop_done(conn: &mut PgConnection, reminders: &mut BTreeMap<Slot, BTreeSet<HabitDay>>) -> sqlx::Result<()> {
    let (habits, dates): (Vec<_>, Vec<_>) =
        reminders.values().flatten().map(|reminder| (reminder.habit_id, reminder.date)).unzip();
    let done: BTreeSet<HabitDay> = sqlx::query_as!(
        HabitDay,
        "select e.habit_id, e.execution_date as date from executions e
         join unnest($1::bigint[], $2::date[]) as due (habit_id, date)
             on e.habit_id = due.habit_id and e.execution_date = due.date
         where e.status = 'done'",
        &habits,
        &dates,
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .collect();
    for days in reminders.values_mut() {
        days.retain(|day| !done.contains(day));
    }
    reminders.retain(|_, days| !days.is_empty());
    Ok(())
}

/// Gives each reminder a delivery: the one of its minute while that has not left yet, else one of its own.
async fn merge(
    conn: &mut PgConnection,
    mut reminders: BTreeMap<Slot, BTreeSet<HabitDay>>,
    expire_after: TimeDelta,
) -> Result<(), MergeError> {
    let mut parts: BTreeMap<Slot, i16> = reminders.keys().map(|slot| (*slot, 0)).collect();
    for _ in 0..MERGE_ROUNDS {
        if reminders.is_empty() {
            return Ok(());
        }
        let mut opened = open(conn, &parts, expire_after).await?;
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
    expire_after: TimeDelta,
) -> sqlx::Result<BTreeMap<Slot, Key>> {
    let users: Vec<i64> = parts.keys().map(|slot| slot.user_id).collect();
    let chats: Vec<i64> = parts.keys().map(|slot| slot.chat_id).collect();
    let times: Vec<DateTime<Utc>> = parts.keys().map(|slot| slot.scheduled_at).collect();
    let expiries: Vec<DateTime<Utc>> = times.iter().map(|at| *at + expire_after).collect();
    let numbers: Vec<i16> = parts.values().copied().collect();
    let rows = sqlx::query!(
        "insert into deliveries (kind, user_id, chat_id, scheduled_at, next_attempt_at, expires_at, part)
         select 'reminder', user_id, chat_id, scheduled_at, scheduled_at, expires_at, part
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::smallint[])
             as slot (user_id, chat_id, scheduled_at, expires_at, part)
         on conflict (kind, chat_id, scheduled_at, part) do nothing
         returning id, user_id, chat_id, scheduled_at",
        &users,
        &chats,
        &times,
        &expiries,
        &numbers,
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
    reminders: &BTreeMap<Slot, BTreeSet<HabitDay>>,
) -> sqlx::Result<()> {
    let items: Vec<(Key, HabitDay)> = opened
        .iter()
        .filter_map(|(slot, key)| reminders.get(slot).map(|days| (*key, days)))
        .flat_map(|(key, days)| days.iter().map(move |day| (key, *day)))
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
