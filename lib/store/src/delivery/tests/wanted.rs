//! Reminders that a person's schedule, pauses and quiet hours ask for, and no others.

use super::*;

async fn schedule(db: &PgPool, habit_id: i64, json: &str) {
    sqlx::query("update habits set schedules = $2::jsonb where id = $1")
        .bind(habit_id)
        .bind(serde_json::from_str::<serde_json::Value>(json).unwrap())
        .execute(db)
        .await
        .unwrap();
}

async fn pause(db: &PgPool, user_id: i64, habit_id: Option<i64>, from: &str, to: Option<&str>) {
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    sqlx::query(
        "insert into pauses (user_id, habit_id, from_date, to_date, reason, created_at)
         values ($1, $2, $3, $4, 'person', now())",
    )
    .bind(user_id)
    .bind(habit_id)
    .bind(date(from))
    .bind(to.map(date))
    .execute(db)
    .await
    .unwrap();
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_day_off_is_passed_over(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let id = habit(&db, owner, "Swim", noon()).await;
    // The 22nd is a Sunday.
    schedule(&db, id, r#"{"first": {"type": "weekdays", "weekdays": ["sun", "wed"]}}"#).await;
    assert_eq!(make(&db, noon()).await.reminders, 1);
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-25T12:00:00Z"))]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_week_that_has_its_times_gets_no_more_reminders(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let (full, short) = (habit(&db, owner, "Swim", noon()).await, habit(&db, owner, "Run", noon()).await);
    for id in [full, short] {
        schedule(&db, id, r#"{"first": {"type": "times_per_week", "times": 2}}"#).await;
        done(&db, id, "2026-11-17").await;
    }
    done(&db, full, "2026-11-20").await;
    // The week before is another one.
    done(&db, short, "2026-11-15").await;
    assert_eq!(make(&db, noon()).await, Made { habits: 2, reminders: 1, ..Made::default() });
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_run_of_days_is_reminded_of_on_its_first_day_unless_it_is_done(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let id = habit(&db, owner, "Water the plants", noon()).await;
    schedule(&db, id, r#"{"first": {"type": "every_n_days", "days": 3, "start": "2026-11-22"}}"#).await;
    assert_eq!(make(&db, noon()).await.reminders, 1);
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-25T12:00:00Z"))]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_paused_habit_gets_no_reminder_and_comes_back_after_it(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let (paused, open) = (habit(&db, owner, "Read", noon()).await, habit(&db, owner, "Walk", noon()).await);
    pause(&db, owner, Some(paused), "2026-11-20", Some("2026-11-24")).await;
    assert_eq!(make(&db, noon()).await, Made { habits: 2, reminders: 1, ..Made::default() });
    let named: i64 = sqlx::query_scalar("select habit_id from delivery_items").fetch_one(&db).await.unwrap();
    assert_eq!(named, open);
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-25T12:00:00Z")), Some(at("2026-11-23T12:00:00Z"))]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_pause_of_all_without_an_end_silences_until_it_is_ended(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    pause(&db, owner, None, "2026-11-22", None).await;
    assert_eq!(make(&db, noon()).await, Made { habits: 1, ..Made::default() });
    assert_eq!(next_reminders(&db).await, [None]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_was_skipped_is_not_reminded_of(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let id = habit(&db, owner, "Read", noon()).await;
    done(&db, id, "2026-11-22").await;
    sqlx::query("update executions set status = 'skipped'").execute(&db).await.unwrap();
    assert_eq!(make(&db, noon()).await, Made { habits: 1, ..Made::default() });
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_is_skipped_or_paused_after_it_was_queued_is_not_sent(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    let (skipped, paused) = (habit(&db, owner, "Read", noon()).await, habit(&db, owner, "Walk", noon()).await);
    habit(&db, owner, "Run", noon()).await;
    make(&db, noon()).await;
    let key = queue(&db, noon()).await[0];
    done(&db, skipped, "2026-11-22").await;
    sqlx::query("update executions set status = 'skipped'").execute(&db).await.unwrap();
    pause(&db, owner, Some(paused), "2026-11-22", None).await;
    let items = items_to_send(&mut db.acquire().await.unwrap(), key).await.unwrap();
    assert_eq!(items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["Run"]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn at_night_a_reminder_makes_no_sound_and_is_about_the_day_before(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    sqlx::query("update users set quiet_from = '22:00', quiet_to = '08:00', day_start_hour = 3")
        .execute(&db)
        .await
        .unwrap();
    habit(&db, owner, "Sleep", at("2026-11-23T00:30:00Z")).await;
    make(&db, at("2026-11-23T00:30:00Z")).await;
    let key = queue(&db, at("2026-11-23T00:30:00Z")).await[0];
    let mut conn = db.acquire().await.unwrap();
    let claimed = claim(&mut conn, key, at("2026-11-23T00:30:00Z"), LEASE).await.unwrap().unwrap();
    assert!(claimed.is_silent);
    assert_eq!(items_to_send(&mut conn, key).await.unwrap()[0].date.to_string(), "2026-11-22");
}

/// The clock jumps from 02:00 to 03:00, and the reminder of 02:30 with it.
#[sqlx::test(migrations = "../../migrations")]
async fn a_reminder_that_a_jump_of_the_clock_takes_into_the_night_makes_no_sound(db: PgPool) {
    let owner = user(&db, 7, "Europe/Berlin").await;
    sqlx::query("update users set quiet_from = '03:00', quiet_to = '08:00'").execute(&db).await.unwrap();
    let half_past_three = at("2026-03-29T01:30:00Z");
    habit(&db, owner, "Sleep", half_past_three).await;
    make(&db, half_past_three).await;
    let key = queue(&db, half_past_three).await[0];
    let claimed = claim(&mut db.acquire().await.unwrap(), key, half_past_three, LEASE).await.unwrap().unwrap();
    assert!(claimed.is_silent);
}

/// Its schedule was changed while the loops were away.
#[sqlx::test(migrations = "../../migrations")]
async fn a_day_that_is_not_of_the_schedule_any_more_is_not_reminded_of(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    sqlx::query(r#"update habits set schedules = '{"first": {"type": "weekdays", "weekdays": ["mon"]}}'"#)
        .execute(&db)
        .await
        .unwrap();
    assert_eq!(make(&db, noon()).await, Made { habits: 1, ..Made::default() });
    assert_eq!(next_reminders(&db).await, [Some(at("2026-11-23T12:00:00Z"))]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_streak_that_is_over_is_told_to_nobody(db: PgPool) {
    let owner = user(&db, 7, "UTC").await;
    habit(&db, owner, "Read", noon()).await;
    make(&db, noon()).await;
    let key = queue(&db, noon()).await[0];
    let mut conn = db.acquire().await.unwrap();
    for (ends, streak) in [("infinity", 12), ("-infinity", 0)] {
        sqlx::query("update habits set current_streak = 12, streak_expires_at = $1::text::timestamptz")
            .bind(ends)
            .execute(&mut *conn)
            .await
            .unwrap();
        assert_eq!(items_to_send(&mut conn, key).await.unwrap()[0].current_streak, streak);
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn by_day_a_reminder_makes_its_sound(db: PgPool) {
    assert!(!claimed(&db).await.is_silent);
}
