//! All of a person's active habits with all of their days, to look back on.

use chrono::NaiveDate;
use habits::schedule::Schedules;
use sqlx::{PgConnection, types::Json};

use super::{
    row::habit_of,
    state::{State, marks, pauses},
};
use crate::user;

/// A habit, and what was done of its goal.
#[derive(Debug, Clone)]
pub struct Looked {
    pub state: State,
    /// In thousandths of the unit, in the order of their dates; empty without a goal.
    pub amounts: Vec<(NaiveDate, i64)>,
}

/// The active habits of a person by time and name, at most `limit`, each with all of its days.
///
/// # Errors
///
/// Fails when the database does.
pub async fn overview(conn: &mut PgConnection, user_id: i64, limit: i64) -> sqlx::Result<Vec<Looked>> {
    let rows = sqlx::query!(
        r#"select h.id, h.user_id, h.name, h.description, h.target_days, h.time_to_remind, h.more_reminder_times,
                  h.schedules as "schedules: Json<Schedules>", h.begun_on, h.goal_direction, h.goal_amount_milli,
                  h.goal_unit, h.is_active, h.completed_at, h.taken_up, h.current_streak, h.max_streak, h.streak_expires_at,
                  h.next_reminder_at, h.version, h.created_at, h.updated_at,
                  u.timezone, u.day_start_hour, u.quiet_from, u.quiet_to, u.is_active as owner_is_active,
                  u.blocked_at is not null as "owner_is_blocked!",
                  exists (select from webhooks w where w.user_id = h.user_id and w.is_active) as "has_webhooks!",
                  days.dates, days.marks, days.amount_dates, days.amounts,
                  pauses.starts, pauses.ends as "ends: Vec<Option<NaiveDate>>"
           from habits h
           join users u on u.id = h.user_id
           cross join lateral (
               select array_agg(day.execution_date) filter (where day.status <> 'pending') as dates,
                      string_agg(case day.status when 'done' then 'd' when 'not_done' then 'n' when 'skipped' then 's'
                                 else 'f' end, '') filter (where day.status <> 'pending') as marks,
                      array_agg(day.execution_date) filter (where day.amount_milli is not null) as amount_dates,
                      array_agg(day.amount_milli) filter (where day.amount_milli is not null) as amounts
               from (select execution_date, status,
                            case when h.goal_amount_milli is not null then amount_milli end as amount_milli
                     from executions where habit_id = h.id order by execution_date) as day) as days
           cross join lateral (
               select array_agg(from_date order by id) as starts, array_agg(to_date order by id) as ends
               from pauses where user_id = h.user_id and (habit_id is null or habit_id = h.id)) as pauses
           where h.user_id = $1 and h.is_active
           order by h.time_to_remind, h.name, h.id limit $2"#,
        user_id,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let looked = rows.into_iter().map(|row| Looked {
        amounts: row.amount_dates.unwrap_or_default().into_iter().zip(row.amounts.unwrap_or_default()).collect(),
        state: State {
            calendar: user::calendar(&row.timezone, row.day_start_hour),
            quiet: user::quiet_hours(row.quiet_from, row.quiet_to),
            marks: marks(row.dates, row.marks.as_deref()),
            pauses: pauses(row.starts, row.ends),
            owner_is_active: row.owner_is_active,
            owner_is_blocked: row.owner_is_blocked,
            has_webhooks: row.has_webhooks,
            habit: habit_of!(row),
        },
    });
    Ok(looked.collect())
}
