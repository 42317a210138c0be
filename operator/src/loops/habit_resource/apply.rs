//! Writes one declared Habit to the database.

use chrono::{DateTime, NaiveTime, Utc};
use crds::Habit;
use habits::schedule::Schedule;
use kube::ResourceExt as _;
use sqlx::{PgConnection, PgPool};
use store::{
    claim::{self, Claim},
    habit::{self, NewHabit, Origin},
    leader::Epoch,
    pool,
    user::{self, User},
};
use uuid::Uuid;

use crate::loops::tick::{TickError, begin_fenced};

/// What became of a declared Habit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// This generation is in the database.
    Applied { habit_id: i64 },
    /// Nobody with this Telegram id has written to the bot.
    UserNotFound,
    /// The person deleted the habit; it is not made again.
    DeclinedByPerson,
    /// The spec is none that the API server should have accepted.
    Invalid,
}

/// Applies a Habit's generation unless it has been; the claim commits with the habit. Returns the database's time too.
///
/// # Errors
///
/// An error leaves nothing changed.
pub(super) async fn apply(db: &PgPool, habit: &Habit, epoch: Epoch) -> Result<(Outcome, DateTime<Utc>), TickError> {
    let mut tx = begin_fenced(db, epoch).await?;
    let now = pool::now(&mut tx).await?;
    let outcome = apply_at(&mut tx, habit, now).await?;
    tx.commit().await?;
    Ok((outcome, now))
}

async fn apply_at(conn: &mut PgConnection, habit: &Habit, now: DateTime<Utc>) -> sqlx::Result<Outcome> {
    let uid = habit.uid().and_then(|uid| Uuid::parse_str(&uid).ok());
    let (Some(uid), Some(generation), Some(time)) = (uid, habit.metadata.generation, time(habit)) else {
        return Ok(Outcome::Invalid);
    };
    let earlier = claim::find(conn, uid).await?;
    let habit_id = match earlier {
        Some(Claim { habit_id: None, .. }) => return Ok(Outcome::DeclinedByPerson),
        Some(Claim { generation: applied, habit_id: Some(habit_id) }) if applied >= generation => {
            return Ok(Outcome::Applied { habit_id });
        }
        Some(Claim { habit_id: Some(habit_id), .. }) => {
            if !change(conn, habit_id, habit, time, now).await? {
                return Ok(Outcome::DeclinedByPerson);
            }
            habit_id
        }
        None => {
            let Some(owner) = owner(conn, habit).await? else { return Ok(Outcome::UserNotFound) };
            add(conn, &owner, habit, time, now).await?
        }
    };
    claim::record(conn, uid, Claim { generation, habit_id: Some(habit_id) }, now).await?;
    Ok(Outcome::Applied { habit_id })
}

fn time(habit: &Habit) -> Option<NaiveTime> {
    let reminder = habit.spec.reminders.first()?;
    NaiveTime::parse_from_str(&reminder.time, "%H:%M").ok()
}

/// The person, whose zone stays as it is until the transaction ends.
async fn owner(conn: &mut PgConnection, habit: &Habit) -> sqlx::Result<Option<User>> {
    let Some(found) = user::by_telegram_id(conn, habit.spec.user.telegram_id).await? else { return Ok(None) };
    user::hold(conn, found.id).await
}

async fn add(
    conn: &mut PgConnection,
    owner: &User,
    habit: &Habit,
    time: NaiveTime,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let new = NewHabit {
        name: &habit.spec.name,
        description: habit.spec.description.as_deref(),
        schedule: Schedule::Daily,
        target_days: habit.spec.target_days,
        goal: None,
        goal_unit: None,
        reminder_times: &[time],
        origin: Origin::Crd,
    };
    Ok(habit::insert(conn, owner, &new, now).await?.id)
}

/// Brings a habit that was made before to what is declared now. Whether it is active stays the person's own choice.
async fn change(
    conn: &mut PgConnection,
    habit_id: i64,
    declared: &Habit,
    time: NaiveTime,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let Some(mut stored) = habit::lock(conn, habit_id).await? else { return Ok(false) };
    stored.habit.name.clone_from(&declared.spec.name);
    stored.habit.description.clone_from(&declared.spec.description);
    stored.habit.target_days = declared.spec.target_days;
    if stored.habit.time_to_remind() != time {
        stored.habit.reminder_times = vec![time];
        stored.schedule_reminder(now);
    }
    stored.habit.updated_at = now;
    habit::update(conn, &stored.habit).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use store::user::NewUser;

    use super::*;

    fn declared(generation: i64, name: &str) -> Habit {
        let mut habit: Habit = serde_json::from_value(serde_json::json!({
            "apiVersion": "habittracker.dev/v1alpha1",
            "kind": "Habit",
            "metadata": {"name": "anna-reading", "uid": "0193b6c0-0000-7000-8000-000000000001"},
            "spec": {
                "deploymentRef": {"name": "family"},
                "user": {"telegramId": 7},
                "name": name,
                "reminders": [{"time": "07:30"}],
            },
        }))
        .unwrap();
        habit.metadata.generation = Some(generation);
        habit
    }

    async fn leader(db: &PgPool) -> Epoch {
        let mut conn = db.acquire().await.unwrap();
        store::leader::acquire(&mut conn, "test", Duration::from_mins(1)).await.unwrap().unwrap()
    }

    async fn anna(db: &PgPool) {
        let anna = NewUser {
            telegram_id: 7,
            username: None,
            first_name: Some("Anna"),
            last_name: None,
            language: None,
            zone: habits::Tz::Asia__Kathmandu,
        };
        user::insert(&mut db.acquire().await.unwrap(), &anna, DateTime::UNIX_EPOCH).await.unwrap().unwrap();
    }

    async fn names(db: &PgPool) -> Vec<String> {
        sqlx::query_scalar("select name from habits order by id").fetch_all(db).await.unwrap()
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn a_habit_waits_for_its_person(db: PgPool) {
        let epoch = leader(&db).await;
        let habit = declared(1, "Read");
        assert_eq!(apply(&db, &habit, epoch).await.unwrap().0, Outcome::UserNotFound);
        anna(&db).await;
        assert!(matches!(apply(&db, &habit, epoch).await.unwrap().0, Outcome::Applied { .. }));
        assert_eq!(names(&db).await, ["Read"]);
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn a_generation_is_applied_once_and_the_persons_changes_stay(db: PgPool) {
        let epoch = leader(&db).await;
        anna(&db).await;
        let (first, _) = apply(&db, &declared(1, "Read"), epoch).await.unwrap();
        sqlx::query("update habits set name = 'Read aloud'").execute(&db).await.unwrap();
        assert_eq!(apply(&db, &declared(1, "Read"), epoch).await.unwrap().0, first);
        assert_eq!(names(&db).await, ["Read aloud"]);
        assert_eq!(apply(&db, &declared(2, "Write"), epoch).await.unwrap().0, first);
        assert_eq!(names(&db).await, ["Write"]);
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn what_the_person_deleted_is_not_made_again(db: PgPool) {
        let epoch = leader(&db).await;
        anna(&db).await;
        apply(&db, &declared(1, "Read"), epoch).await.unwrap();
        sqlx::query("delete from habits").execute(&db).await.unwrap();
        for generation in [1, 2] {
            let (outcome, _) = apply(&db, &declared(generation, "Read"), epoch).await.unwrap();
            assert_eq!(outcome, Outcome::DeclinedByPerson);
        }
        assert!(names(&db).await.is_empty());
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn an_old_leader_applies_nothing(db: PgPool) {
        let old = leader(&db).await;
        anna(&db).await;
        let mut conn = db.acquire().await.unwrap();
        store::leader::release(&mut conn, old).await.unwrap();
        leader(&db).await;
        assert!(matches!(apply(&db, &declared(1, "Read"), old).await, Err(TickError::Fence(_))));
        assert!(names(&db).await.is_empty());
    }
}
