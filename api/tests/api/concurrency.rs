//! Many at once: nothing is lost, and nobody gets an error.

use chrono::NaiveDate;
use futures::future::join_all;
use serde_json::json;
use sqlx::{PgPool, postgres::PgPoolOptions};

use crate::server::{Person, Server};

const CONNECTIONS: u32 = 10;
const CLIENTS: usize = 64;
const ROUNDS: usize = 20;
const HABITS: usize = 5;
const TODAY: &str = "2026-11-22";

/// As many connections as the program has, on the test's database.
async fn as_in_production(pool: &PgPool) -> PgPool {
    let options = PgPoolOptions::new().max_connections(CONNECTIONS);
    options.connect_with(pool.connect_options().as_ref().clone()).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn four_hundred_first_logins_of_forty_people_make_forty_people(pool: PgPool) {
    let pool = as_in_production(&pool).await;
    let server = Server::new(pool.clone());
    let logins = (0..400).map(|n| server.log_in(json!({"telegram_id": 1 + n % 40, "first_name": "Ada"})));
    for reply in join_all(logins).await {
        reply.ok(200);
    }
    let people: Option<i64> = sqlx::query_scalar("select count(*) from users").fetch_one(&pool).await.unwrap();
    assert_eq!(people, Some(40));
}

/// What client `n` does in its `round`: a tick, an undo, or a backfill, in an order of its own.
fn step(n: usize, round: usize) -> (&'static str, String) {
    let days_back = (n * 7 + round * 3) % 7;
    let today: NaiveDate = TODAY.parse().unwrap();
    let past = today - chrono::Days::new(u64::try_from(days_back).unwrap());
    match (n + round) % 3 {
        0 => ("done", TODAY.to_owned()),
        1 => ("pending", TODAY.to_owned()),
        _ => ("done", past.to_string()),
    }
}

async fn act(habits: &[(Person<'_>, i64)], n: usize, round: usize) {
    let (status, date) = step(n, round);
    let (owner, habit) = &habits[n % HABITS];
    let reply = owner.set(*habit, status, &date).await;
    assert_eq!((reply["status"].as_str(), reply["execution_date"].as_str()), (Some(status), Some(&*date)));
}

#[sqlx::test(migrations = "../migrations")]
async fn ticks_undos_and_backfills_of_one_habit_at_once_lose_nothing(pool: PgPool) {
    let pool = as_in_production(&pool).await;
    let server = Server::new(pool.clone());
    let mut habits = Vec::new();
    for telegram_id in 1..=i64::try_from(HABITS).unwrap() {
        let owner = server.person(telegram_id, "Asia/Kathmandu").await;
        let id = owner.habit("read", "21:00:00").await;
        habits.push((owner, id));
    }
    for round in 0..ROUNDS {
        join_all((0..CLIENTS).map(|n| act(&habits, n, round))).await;
        for (at, (owner, id)) in habits.iter().enumerate() {
            assert_eq!(backfilled(&pool, *id).await, expected_backfills(at, round), "habit {at} lost a day");
            let shown = owner.get(&format!("/habits/{id}")).await.ok(200);
            let found = (shown["current_streak"].as_i64().unwrap(), shown["max_streak"].as_i64().unwrap());
            assert_eq!(found, derived(&pool, *id).await, "habit {at} after round {round}");
        }
    }
}

/// The past days that somebody set up to a round: nobody ever takes them back.
fn expected_backfills(habit: usize, round: usize) -> Vec<NaiveDate> {
    let steps = (0..CLIENTS).filter(|n| n % HABITS == habit).flat_map(|n| (0..=round).map(move |round| step(n, round)));
    let mut dates: Vec<NaiveDate> =
        steps.filter(|(_, date)| date != TODAY).map(|(_, date)| date.parse().unwrap()).collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

async fn backfilled(pool: &PgPool, habit: i64) -> Vec<NaiveDate> {
    let days = sqlx::query_scalar(
        "select execution_date from executions where habit_id = $1 and status = 'done' and execution_date < $2::date
         order by execution_date",
    );
    days.bind(habit).bind(TODAY.parse::<NaiveDate>().unwrap()).fetch_all(pool).await.unwrap()
}

/// Streak and record by the rows alone, of a habit that is due every day.
async fn derived(pool: &PgPool, habit: i64) -> (i64, i64) {
    let done: Vec<NaiveDate> = sqlx::query_scalar(
        "select execution_date from executions where habit_id = $1 and status = 'done' order by execution_date",
    )
    .bind(habit)
    .fetch_all(pool)
    .await
    .unwrap();
    let (mut run, mut record, mut last) = (0, 0, None::<NaiveDate>);
    for date in done {
        run = if last.is_some_and(|last| last.succ_opt() == Some(date)) { run + 1 } else { 1 };
        record = record.max(run);
        last = Some(date);
    }
    let today: NaiveDate = TODAY.parse().unwrap();
    let current = if last.is_some_and(|last| last >= today.pred_opt().unwrap()) { run } else { 0 };
    (current, record)
}
