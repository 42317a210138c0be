//! Writes one declared Habit to the database.

use chrono::{DateTime, NaiveTime, Utc};
use crds::Habit;
use habits::{schedule::Schedule, text};
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
    /// The spec is none that can be applied: what is wrong with it, and what to do.
    Invalid(&'static str),
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
    let (Some(uid), Some(generation)) = (uid, habit.metadata.generation) else {
        return Ok(Outcome::Invalid("the resource has no uid or generation; the API server sets them"));
    };
    let declared = match Declared::of(habit) {
        Ok(declared) => declared,
        Err(message) => return Ok(Outcome::Invalid(message)),
    };
    let earlier = claim::find(conn, uid).await?;
    let habit_id = match earlier {
        Some(Claim { habit_id: None, .. }) => return Ok(Outcome::DeclinedByPerson),
        Some(Claim { generation: applied, habit_id: Some(habit_id) }) if applied >= generation => {
            return Ok(Outcome::Applied { habit_id });
        }
        Some(Claim { habit_id: Some(habit_id), .. }) => {
            if !change(conn, habit_id, &declared, now).await? {
                return Ok(Outcome::DeclinedByPerson);
            }
            habit_id
        }
        None => {
            let Some(owner) = owner(conn, habit).await? else { return Ok(Outcome::UserNotFound) };
            add(conn, &owner, &declared, now).await?
        }
    };
    claim::record(conn, uid, Claim { generation, habit_id: Some(habit_id) }, now).await?;
    Ok(Outcome::Applied { habit_id })
}

/// What is declared, as it is stored.
struct Declared {
    name: String,
    description: Option<String>,
    target_days: i32,
    time: NaiveTime,
}

impl Declared {
    /// Texts as everybody's are, free of what cannot be shown; or what is wrong with the spec.
    fn of(habit: &Habit) -> Result<Self, &'static str> {
        let spec = &habit.spec;
        let name = text::habit_name(&spec.name)
            .ok_or("the name shows nothing or is too long; write one of 1 to 255 characters")?;
        let time = spec.reminders.first().and_then(|reminder| NaiveTime::parse_from_str(&reminder.time, "%H:%M").ok());
        Ok(Self {
            name,
            description: spec.description.as_deref().and_then(text::lines),
            target_days: spec.target_days,
            time: time.ok_or("reminders needs one time as HH:MM; correct the spec")?,
        })
    }
}

/// The person, whose zone stays as it is until the transaction ends.
async fn owner(conn: &mut PgConnection, habit: &Habit) -> sqlx::Result<Option<User>> {
    let Some(found) = user::by_telegram_id(conn, habit.spec.user.telegram_id).await? else { return Ok(None) };
    user::hold(conn, found.id).await
}

async fn add(conn: &mut PgConnection, owner: &User, declared: &Declared, now: DateTime<Utc>) -> sqlx::Result<i64> {
    let new = NewHabit {
        name: &declared.name,
        description: declared.description.as_deref(),
        schedule: Schedule::Daily,
        target_days: declared.target_days,
        goal: None,
        goal_unit: None,
        reminder_times: &[declared.time],
        origin: Origin::Crd,
    };
    Ok(habit::insert(conn, owner, &new, now).await?.id)
}

/// Brings a habit that was made before to what is declared now. Whether it is active stays the person's own choice.
async fn change(conn: &mut PgConnection, habit_id: i64, declared: &Declared, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let Some(mut stored) = habit::lock(conn, habit_id).await? else { return Ok(false) };
    stored.habit.name.clone_from(&declared.name);
    stored.habit.description.clone_from(&declared.description);
    stored.habit.target_days = declared.target_days;
    if stored.habit.time_to_remind() != declared.time {
        stored.habit.reminder_times = vec![declared.time];
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
    async fn a_declared_text_is_cleaned_as_everybodys_is(db: PgPool) {
        let epoch = leader(&db).await;
        anna(&db).await;
        let mut habit = declared(1, "Re\0ad\u{202e}\n20  pages");
        habit.spec.description = Some("any\0 book\n".to_owned());
        assert!(matches!(apply(&db, &habit, epoch).await.unwrap().0, Outcome::Applied { .. }));
        assert_eq!(names(&db).await, ["Read 20 pages"]);
        let description: String = sqlx::query_scalar("select description from habits").fetch_one(&db).await.unwrap();
        assert_eq!(description, "any book");
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn a_name_that_shows_nothing_or_is_too_long_is_refused_and_changes_nothing(db: PgPool) {
        let epoch = leader(&db).await;
        anna(&db).await;
        apply(&db, &declared(1, "Read"), epoch).await.unwrap();
        for name in ["\0", "\u{3164}", &"x".repeat(256)] {
            let (outcome, _) = apply(&db, &declared(2, name), epoch).await.unwrap();
            assert!(
                matches!(outcome, Outcome::Invalid(message) if message.contains("1 to 255 characters")),
                "{name:?}"
            );
        }
        assert_eq!(names(&db).await, ["Read"]);
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
