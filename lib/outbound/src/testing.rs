//! A real Redis, and keys of its own for each test.

use redis::{AsyncCommands as _, Client, aio::ConnectionManager};
use uuid::Uuid;

use crate::{Keys, connection};

pub(crate) fn client() -> Client {
    let url = option_env!("REDIS_URL").unwrap_or("redis://127.0.0.1:63799");
    connection::client(url).unwrap()
}

pub(crate) fn redis() -> ConnectionManager {
    connection::lazy(client()).unwrap()
}

pub(crate) fn keys() -> Keys {
    Keys::with_prefix(format!("test:{}", Uuid::now_v7()))
}

/// What a wiped Redis means for one test: all of its keys are gone.
pub(crate) async fn wipe(keys: &Keys) {
    let names = [keys.stream(), keys.marker(), keys.token_pace(), keys.throttled_chats()];
    let _: usize = redis().del(&names).await.unwrap();
}
