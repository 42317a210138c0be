//! `/pauses`: days on which nothing is expected.

use store::pause::Stored;
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::pause::Pause;

use crate::App;

mod create;
mod end;
mod list;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create::create_pause, list::list_pauses)).routes(routes!(end::end_pause))
}

fn reply(pause: &Stored) -> Pause {
    Pause {
        id: pause.id,
        habit_id: pause.habit_id,
        from_date: pause.from_date,
        to_date: pause.to_date,
        created_at: pause.created_at,
    }
}

/// What a pause concerns is looked at again, in the transaction that wrote the pause.
async fn follow(tx: &mut sqlx::PgConnection, pause: &Stored, now: chrono::DateTime<chrono::Utc>) -> sqlx::Result<()> {
    match pause.habit_id {
        Some(id) => store::habit::reschedule(tx, &[id], now).await,
        None => store::habit::reschedule_all(tx, pause.user_id, store::habit::Cause::SettingsChanged, now).await,
    }
}
