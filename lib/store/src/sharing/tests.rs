use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::{
    invite::{self, NewInvite},
    partner, shared,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Two people with a habit each: `(person, habit)`.
async fn two_people(conn: &mut PgConnection) -> [(i64, i64); 2] {
    let mut people = [(0, 0); 2];
    for (telegram_id, person) in (7..).zip(&mut people) {
        *person = sqlx::query_as(
            "with person as (
                 insert into users (telegram_id, created_at, updated_at) values ($1, now(), now()) returning id)
             insert into habits (user_id, name, time_to_remind, origin, created_at, updated_at)
             select id, 'Read', '20:00', 'telegram', now(), now() from person returning user_id, id",
        )
        .bind(telegram_id)
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    }
    people
}

async fn invite(conn: &mut PgConnection, habit_id: i64, code: &str, uses: i32) -> i64 {
    let new = NewInvite { habit_id, code, uses, expires_at: at("2026-11-29T12:00:00Z") };
    invite::insert(conn, &new, at("2026-11-22T12:00:00Z")).await.unwrap().id
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_code_is_not_stored(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let [(_, habit), (guest, _)] = two_people(&mut conn).await;
    let id = invite(&mut conn, habit, "open sesame", 1).await;
    let place: i32 = sqlx::query_scalar("select position('sesame'::bytea in code_hash) from habit_invites")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(place, 0);
    let offer = invite::by_code(&mut conn, "open sesame", guest, at("2026-11-23T00:00:00Z")).await.unwrap().unwrap();
    assert_eq!((offer.invite_id, offer.habit_id, offer.is_partner), (id, habit, false));
}

#[sqlx::test(migrations = "../../migrations")]
async fn an_invite_is_taken_as_often_as_it_says_and_not_after_its_time(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let [(owner, habit), _] = two_people(&mut conn).await;
    let id = invite(&mut conn, habit, "a", 2).await;
    let (in_time, late) = (at("2026-11-29T11:59:59Z"), at("2026-11-29T12:00:00Z"));
    assert!(!invite::take(&mut conn, id, late).await.unwrap());
    for expected in [true, true, false] {
        assert_eq!(invite::take(&mut conn, id, in_time).await.unwrap(), expected);
    }
    assert_eq!(invite::count_open(&mut conn, owner, in_time).await.unwrap(), 0);
}

#[sqlx::test(migrations = "../../migrations")]
async fn invites_that_expired_are_deleted_and_count_no_more(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let [(owner, habit), (other, others)] = two_people(&mut conn).await;
    invite(&mut conn, habit, "a", 1).await;
    invite(&mut conn, others, "b", 1).await;
    assert_eq!(invite::count_open(&mut conn, owner, at("2026-11-23T12:00:00Z")).await.unwrap(), 1);
    assert_eq!(invite::count_open(&mut conn, owner, at("2026-11-29T12:00:00Z")).await.unwrap(), 0);
    assert_eq!(invite::count_open(&mut conn, other, at("2026-11-29T11:00:00Z")).await.unwrap(), 1);
    let left: i64 = sqlx::query_scalar("select count(*) from habit_invites").fetch_one(&mut *conn).await.unwrap();
    assert_eq!(left, 1);
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_end_of_a_partnership_ends_what_was_shown_in_return(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let [(owner, habit), (guest, guests)] = two_people(&mut conn).await;
    let now = at("2026-11-22T12:00:00Z");
    assert!(partner::add(&mut conn, habit, guest, None, now).await.unwrap());
    assert!(!partner::add(&mut conn, habit, guest, Some(guests), now).await.unwrap());
    assert!(partner::add(&mut conn, guests, owner, Some(habit), now).await.unwrap());
    assert_eq!(partner::list(&mut conn, habit, 10).await.unwrap()[0].own_habit_id, Some(guests));
    assert_eq!(shared::list(&mut conn, owner, 10).await.unwrap()[0].habit_id, guests);

    assert!(partner::remove(&mut conn, habit, guest).await.unwrap());
    assert!(!partner::remove(&mut conn, habit, guest).await.unwrap());
    assert_eq!(shared::count(&mut conn, owner).await.unwrap(), 0);
    assert_eq!(partner::count(&mut conn, habit).await.unwrap(), 0);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_habit_that_is_to_be_deleted_is_seen_by_nobody_and_shows_nothing(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let [(owner, habit), (guest, guests)] = two_people(&mut conn).await;
    let other = another_habit(&mut conn, owner).await;
    let now = at("2026-11-22T12:00:00Z");
    for (habit, person, own) in [(habit, guest, Some(guests)), (guests, owner, Some(habit)), (other, guest, None)] {
        partner::add(&mut conn, habit, person, own, now).await.unwrap();
    }
    partner::remove_all(&mut conn, habit).await.unwrap();
    assert_eq!(shared::count(&mut conn, owner).await.unwrap(), 0);
    let left = shared::list(&mut conn, guest, 10).await.unwrap();
    assert_eq!(left.iter().map(|shared| shared.habit_id).collect::<Vec<_>>(), [other]);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_partnership_with_one_leaves_that_with_another(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let [(owner, habit), (guest, guests)] = two_people(&mut conn).await;
    let now = at("2026-11-22T12:00:00Z");
    partner::add(&mut conn, habit, guest, None, now).await.unwrap();
    partner::add(&mut conn, guests, owner, None, now).await.unwrap();
    assert!(partner::remove(&mut conn, habit, guest).await.unwrap());
    assert_eq!(shared::count(&mut conn, owner).await.unwrap(), 1);
}

/// A second habit of a person.
async fn another_habit(conn: &mut PgConnection, user_id: i64) -> i64 {
    sqlx::query_scalar(
        "insert into habits (user_id, name, time_to_remind, origin, created_at, updated_at)
         values ($1, 'Write', '20:00', 'telegram', now(), now()) returning id",
    )
    .bind(user_id)
    .fetch_one(conn)
    .await
    .unwrap()
}

/// The guest accepts both habits of the owner, and shows the one of his own in return for each.
async fn one_for_two(conn: &mut PgConnection) -> ([(i64, i64); 2], i64) {
    let people @ [(owner, read), (guest, run)] = two_people(conn).await;
    let write = another_habit(conn, owner).await;
    for habit in [read, write] {
        partner::add(conn, habit, guest, Some(run), at("2026-11-22T12:00:00Z")).await.unwrap();
        partner::add(conn, run, owner, Some(habit), at("2026-11-22T12:00:00Z")).await.unwrap();
    }
    (people, write)
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_habit_shown_in_return_for_two_is_withdrawn_with_the_last(db: PgPool) {
    for first_is_left in [true, false] {
        let mut tx = db.begin().await.unwrap();
        let ([(owner, read), (guest, run)], write) = one_for_two(&mut tx).await;
        let (first, last) = if first_is_left { (read, write) } else { (write, read) };

        assert!(partner::remove(&mut tx, first, guest).await.unwrap());
        let still = partner::list(&mut tx, run, 10).await.unwrap();
        assert_eq!(
            (still[0].user_id, still[0].own_habit_id),
            (owner, Some(last)),
            "it names what the guest still sees"
        );

        assert!(partner::remove(&mut tx, last, guest).await.unwrap());
        assert_eq!(shared::count(&mut tx, owner).await.unwrap(), 0);
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_end_of_what_was_shown_in_return_for_two_ends_both(db: PgPool) {
    let mut tx = db.begin().await.unwrap();
    let ([(owner, _), (guest, run)], _) = one_for_two(&mut tx).await;
    assert!(partner::remove(&mut tx, run, owner).await.unwrap());
    assert_eq!(shared::count(&mut tx, guest).await.unwrap(), 0);
}

#[sqlx::test(migrations = "../../migrations")]
async fn two_partnerships_that_end_at_once_leave_nothing_shown(db: PgPool) {
    let mut conn = db.acquire().await.unwrap();
    let ([(owner, read), (guest, _)], write) = one_for_two(&mut conn).await;
    let mut first = db.begin().await.unwrap();
    partner::remove(&mut first, read, guest).await.unwrap();
    let second = async {
        let mut tx = db.begin().await.unwrap();
        partner::remove(&mut tx, write, guest).await.unwrap();
        tx.commit().await.unwrap();
    };
    let end_of_first = async {
        while !is_waited_for(&mut conn).await {}
        first.commit().await.unwrap();
    };
    let both = async { tokio::join!(second, end_of_first) };
    tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
    assert_eq!(shared::count(&mut conn, owner).await.unwrap(), 0);
}

/// Whether a connection of this database waits for a lock.
async fn is_waited_for(conn: &mut PgConnection) -> bool {
    sqlx::query_scalar(
        "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')",
    )
    .fetch_one(conn)
    .await
    .unwrap()
}
