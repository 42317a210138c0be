//! Connections to Redis.

use std::time::Duration;

use redis::{
    AsyncConnectionConfig, Client, RedisError, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Parses the address of a Redis server, such as `redis://:password@host:6379`.
///
/// # Errors
///
/// Fails when it is none.
pub fn client(url: &str) -> RedisResult<Client> {
    Client::open(url)
}

/// A connection for short commands, which connects when first used and again when it broke. Cheap to clone.
///
/// # Errors
///
/// Fails on a client that cannot work; an unreachable server is not noticed here.
pub fn lazy(client: Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(Some(RESPONSE_TIMEOUT))
        .set_number_of_retries(1)
        .set_max_delay(MAX_RECONNECT_DELAY);
    ConnectionManager::new_lazy_with_config(client, config)
}

/// A connection of its own for a command that blocks: with a response timeout, redis-rs would end the wait.
///
/// # Errors
///
/// Fails when the server does not answer.
pub async fn patient(client: &Client) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(None);
    client.get_multiplexed_async_connection_with_config(&config).await
}

/// Whether Redis refuses who we are, which no waiting mends.
pub fn is_refused(error: &RedisError) -> bool {
    error.kind() == redis::ErrorKind::AuthenticationFailed
        || matches!(error.code(), Some("WRONGPASS" | "NOAUTH" | "NOPERM"))
}

/// Whether Redis answers.
///
/// # Errors
///
/// Fails when it does not.
pub async fn ping(redis: &mut ConnectionManager) -> RedisResult<()> {
    redis::cmd("PING").query_async(redis).await
}
