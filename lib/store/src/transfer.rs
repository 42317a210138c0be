//! Everything of a person at once: taken out, or brought in.

use chrono::{DateTime, NaiveDate, Utc};
use habits::schedule::Schedules;
use sqlx::{PgConnection, types::Json};

use crate::{
    execution::Status,
    habit::{Habit, row},
    pause::Reason,
};

/// Days written by one statement.
const BATCH_ROWS: usize = 5_000;

/// What was said of one day, and of which habit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRow {
    pub habit_id: i64,
    pub date: NaiveDate,
    pub status: Status,
    /// In thousandths of the habit's unit.
    pub amount_milli: Option<i64>,
    /// At most 500 characters.
    pub note: Option<String>,
}

/// A pause of a habit, or of all when `habit_id` is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PauseRow {
    pub habit_id: Option<i64>,
    pub from_date: NaiveDate,
    pub to_date: Option<NaiveDate>,
    pub reason: Reason,
}

/// Lets all that this transaction reads be of one instant, and lets it be idle for a minute while a slow reader takes what
/// was read. To be called before anything is read.
///
/// # Errors
///
/// Fails when the database does.
pub async fn read_one_instant(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *conn).await?;
    sqlx::query!("set local idle_in_transaction_session_timeout = '60s'").execute(conn).await?;
    Ok(())
}

/// The habit that a person made next after that of `after_id`; the first after 0.
///
/// # Errors
///
/// Fails when the database does.
pub async fn next_habit(conn: &mut PgConnection, user_id: i64, after_id: i64) -> sqlx::Result<Option<Habit>> {
    let row = sqlx::query_as!(
        row::Row,
        r#"select id, user_id, name, description, target_days, time_to_remind, more_reminder_times,
                  schedules as "schedules: Json<Schedules>", begun_on, goal_direction, goal_amount_milli, goal_unit,
                  is_active, completed_at, taken_up, current_streak, max_streak, streak_expires_at, next_reminder_at,
                  version, created_at, updated_at
           from habits where user_id = $1 and id > $2 order by id limit 1"#,
        user_id,
        after_id,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Habit::from))
}

/// All habits of a person in the order in which they were made: those that people declared elsewhere too, so there may be
/// more than [`crate::habit::MAX_HABITS`].
///
/// # Errors
///
/// Fails when the database does.
pub async fn habits(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<Vec<Habit>> {
    let rows = sqlx::query_as!(
        row::Row,
        r#"select id, user_id, name, description, target_days, time_to_remind, more_reminder_times,
                  schedules as "schedules: Json<Schedules>", begun_on, goal_direction, goal_amount_milli, goal_unit,
                  is_active, completed_at, taken_up, current_streak, max_streak, streak_expires_at, next_reminder_at,
                  version, created_at, updated_at
           from habits where user_id = $1 order by id"#,
        user_id,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Habit::from).collect())
}

/// Locks all habits of a person until the transaction ends, so that nobody says something of their days meanwhile.
///
/// # Errors
///
/// Fails when the database does.
pub async fn lock_habits(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<()> {
    sqlx::query!("select id from habits where user_id = $1 order by id for no key update", user_id)
        .fetch_all(conn)
        .await?;
    Ok(())
}

/// All days of a habit in the order of their dates.
///
/// # Errors
///
/// Fails when the database does.
pub async fn days(conn: &mut PgConnection, habit_id: i64) -> sqlx::Result<Vec<DayRow>> {
    sqlx::query_as!(
        DayRow,
        r#"select habit_id, execution_date as date, status as "status: Status", amount_milli, note
           from executions where habit_id = $1 order by execution_date"#,
        habit_id,
    )
    .fetch_all(conn)
    .await
}

/// All pauses of a person, the earliest first.
///
/// # Errors
///
/// Fails when the database does.
pub async fn pauses(conn: &mut PgConnection, user_id: i64) -> sqlx::Result<Vec<PauseRow>> {
    sqlx::query_as!(
        PauseRow,
        r#"select habit_id, from_date, to_date, reason as "reason: Reason"
           from pauses where user_id = $1 order by from_date, id"#,
        user_id,
    )
    .fetch_all(conn)
    .await
}

/// Adds a habit with all that it was elsewhere, and returns its id. Of `habit`, id, streak, reminder and version are not
/// read: derive them with [`crate::habit::reschedule_all`] once its days are there.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn insert_habit(conn: &mut PgConnection, habit: &Habit) -> sqlx::Result<i64> {
    let (first, more) = row::split(&habit.reminder_times);
    sqlx::query_scalar!(
        "insert into habits
            (user_id, name, description, target_days, time_to_remind, more_reminder_times, schedules, begun_on,
             goal_direction, goal_amount_milli, goal_unit, is_active, completed_at, taken_up, origin, created_at,
             updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'import', $15, $16)
         returning id",
        habit.user_id,
        habit.name,
        habit.description,
        habit.target_days,
        first,
        more,
        Json(&habit.schedules) as _,
        habit.begun_on,
        habit.goal.map(|goal| row::direction(goal.direction)),
        habit.goal.map(|goal| goal.amount_milli),
        habit.goal_unit,
        habit.is_active,
        habit.completed_at,
        habit.taken_up,
        habit.created_at,
        habit.updated_at,
    )
    .fetch_one(conn)
    .await
}

/// Adds the days of which nothing was said yet, and returns how many those are. The habits have to be locked.
///
/// # Errors
///
/// Fails when the database does, or on a violated constraint.
pub async fn add_days(conn: &mut PgConnection, days: &[DayRow], now: DateTime<Utc>) -> sqlx::Result<u64> {
    let mut added = 0;
    for batch in days.chunks(BATCH_ROWS) {
        let habits: Vec<i64> = batch.iter().map(|day| day.habit_id).collect();
        let dates: Vec<NaiveDate> = batch.iter().map(|day| day.date).collect();
        let statuses: Vec<Status> = batch.iter().map(|day| day.status).collect();
        let amounts: Vec<Option<i64>> = batch.iter().map(|day| day.amount_milli).collect();
        let notes: Vec<Option<&str>> = batch.iter().map(|day| day.note.as_deref()).collect();
        let inserted = sqlx::query!(
            "insert into executions (habit_id, execution_date, status, amount_milli, note, created_at, updated_at)
             select habit_id, date, status, amount_milli, note, $6, $6
             from unnest($1::bigint[], $2::date[], $3::text[], $4::bigint[], $5::text[])
                  as new(habit_id, date, status, amount_milli, note)
             on conflict on constraint executions_habit_id_execution_date_key do nothing",
            &habits,
            &dates,
            &statuses as &[Status],
            &amounts as &[Option<i64>],
            &notes as &[Option<&str>],
            now,
        )
        .execute(&mut *conn)
        .await?;
        added += inserted.rows_affected();
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use habits::Tz;
    use sqlx::PgPool;

    use super::*;
    use crate::user::{self, NewUser};

    async fn a_person(conn: &mut PgConnection) -> i64 {
        let person = NewUser {
            telegram_id: 7,
            username: None,
            first_name: None,
            last_name: None,
            language: None,
            zone: Tz::UTC,
        };
        user::insert(conn, &person, DateTime::UNIX_EPOCH).await.unwrap().unwrap().id
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn what_is_taken_along_is_of_one_instant(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        read_one_instant(&mut tx).await.unwrap();
        assert_eq!(user::by_telegram_id(&mut tx, 7).await.unwrap(), None);
        a_person(&mut conn).await;
        assert_eq!(user::by_telegram_id(&mut tx, 7).await.unwrap(), None);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn while_days_are_brought_nobody_else_writes_a_habit(pool: PgPool) {
        let mut conn = pool.acquire().await.unwrap();
        let person = a_person(&mut conn).await;
        sqlx::query(
            "insert into habits (user_id, name, time_to_remind, origin, created_at, updated_at)
             values ($1, 'read', '21:00', 'telegram', now(), now())",
        )
        .bind(person)
        .execute(&mut *conn)
        .await
        .unwrap();
        let mut tx = pool.begin().await.unwrap();
        lock_habits(&mut tx, person).await.unwrap();
        let free = sqlx::query("select from habits for no key update skip locked").execute(&mut *conn).await.unwrap();
        assert_eq!(free.rows_affected(), 0);
    }
}
