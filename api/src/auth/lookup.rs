//! People who log in at the same time, looked up in one statement.

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use store::{
    pool::DirectPool,
    user::{self, User},
};
use tokio::sync::{Semaphore, oneshot};

/// Statements under way at once. Who comes while they are waits for the next one, together with all others who do.
const TURNS: usize = 2;

/// Looks people up by Telegram's id. Has no task of its own: whoever gets a turn asks for all who wait, which are at most
/// the requests in hand.
#[derive(Debug)]
pub struct Lookup {
    waiting: Mutex<Vec<Waiting>>,
    turns: Semaphore,
}

#[derive(Debug)]
struct Waiting {
    telegram_id: i64,
    answer: oneshot::Sender<Option<User>>,
}

impl Default for Lookup {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turns: Semaphore::new(TURNS) }
    }
}

impl Lookup {
    /// The person as the database has it at some time after the call.
    ///
    /// # Errors
    ///
    /// Fails when the database does.
    pub(super) async fn find(&self, pool: &DirectPool, telegram_id: i64) -> sqlx::Result<Option<User>> {
        let (answer, mut found) = oneshot::channel();
        self.waiting().push(Waiting { telegram_id, answer });
        let found = tokio::select! {
            biased;
            found = &mut found => found,
            Ok(turn) = self.turns.acquire() => {
                self.ask(pool).await?;
                drop(turn);
                // Answered just now, or taken before by somebody who is still asking.
                found.await
            }
        };
        match found {
            Ok(person) => Ok(person),
            // Who asked has failed, or went away.
            Err(_) => user::by_telegram_id(&mut *pool.acquire().await?, telegram_id).await,
        }
    }

    async fn ask(&self, pool: &DirectPool) -> sqlx::Result<()> {
        if self.waiting().is_empty() {
            return Ok(());
        }
        let conn = pool.acquire().await;
        // Without a connection all who wait are let go at once: the next turns would only fail one after the other.
        let mut waiting = mem::take(&mut *self.waiting());
        let mut conn = conn?;
        waiting.retain(|waiting| !waiting.answer.is_closed());
        let ids: Vec<i64> = waiting.iter().map(|waiting| waiting.telegram_id).collect();
        let people = user::by_telegram_ids(&mut conn, &ids).await?;
        for Waiting { telegram_id, answer } in waiting {
            let person = people.iter().find(|person| person.telegram_id == telegram_id);
            // Nobody is there any more when the request was given up.
            let _ = answer.send(person.cloned());
        }
        Ok(())
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;
    use futures::future::{join, join_all, join3, poll_immediate};
    use sqlx::{PgPool, postgres::PgPoolOptions};
    use store::user::NewUser;
    use tokio::time::Instant;

    use super::*;

    #[sqlx::test(migrations = "../migrations")]
    async fn one_statement_answers_all_who_wait_each_with_his_own(pool: PgPool) {
        let pool = with_people(pool, &[7, 8]).await;
        let lookup = Lookup::default();
        let _busy = lookup.turns.acquire_many(2).await.unwrap();
        let finds = join(
            join3(lookup.find(&pool, 8), lookup.find(&pool, 9), lookup.find(&pool, 7)),
            join(lookup.find(&pool, 8), lookup.ask(&pool)),
        );
        let ((eight, nine, seven), (again, asked)) = Box::pin(finds).await;
        asked.unwrap();
        let ids = [eight, nine, seven, again].map(|found| found.unwrap().map(|person| person.telegram_id));
        assert_eq!(ids, [Some(8), None, Some(7), Some(8)]);
    }

    #[sqlx::test(migrations = "../migrations")]
    async fn who_waited_for_a_request_that_was_given_up_finds_his_person_himself(pool: PgPool) {
        let pool = with_people(pool, &[7]).await;
        let lookup = Lookup::default();
        let _busy = lookup.turns.acquire_many(2).await.unwrap();
        let mut slow = pool.begin().await.unwrap();
        sqlx::query("lock table users").execute(&mut *slow).await.unwrap();
        drop(pool.acquire().await.unwrap());
        let given_up = async {
            assert!(poll_immediate(lookup.ask(&pool)).await.is_none(), "its statement is under way");
            assert!(lookup.waiting().is_empty(), "with everybody who waited");
            slow.commit().await.unwrap();
        };
        let (found, ()) = join(lookup.find(&pool, 7), given_up).await;
        assert_eq!(found.unwrap().map(|person| person.telegram_id), Some(7));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_database_nobody_waits_for_the_failures_of_all_others() {
        let patience = Duration::from_secs(1);
        let nowhere = PgPoolOptions::new().acquire_timeout(patience).connect_lazy("postgres://127.0.0.1:1/").unwrap();
        let (pool, lookup) = (DirectPool::new(nowhere), Lookup::default());
        let started = Instant::now();
        let all = join_all((1..=20).map(|id| lookup.find(&pool, id))).await;
        assert!(all.iter().all(Result::is_err));
        assert!(started.elapsed() < 4 * patience, "{:?}", started.elapsed());
    }

    async fn with_people(pool: PgPool, telegram_ids: &[i64]) -> DirectPool {
        let pool = DirectPool::new(pool);
        let mut conn = pool.acquire().await.unwrap();
        for &telegram_id in telegram_ids {
            let (username, first_name, last_name, language) = (None, None, None, None);
            let new = NewUser { telegram_id, username, first_name, last_name, language, zone: habits::Tz::UTC };
            user::insert(&mut conn, &new, DateTime::UNIX_EPOCH).await.unwrap();
        }
        drop(conn);
        pool
    }
}
