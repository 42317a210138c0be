//! What every program of the system does alike: telemetry, probes, shutdown, the clock, its tasks and secrets.

pub mod clock;
pub mod fatal;
pub mod probes;
pub mod secret;
pub mod shutdown;
pub mod stores;
pub mod tasks;
pub mod telemetry;

pub use clock::Clock;
pub use fatal::{Fatal, fatal};
pub use probes::{Probes, Readiness};
pub use shutdown::Shutdown;
pub use stores::{DatabaseConfig, RedisConfig};
pub use tasks::Tasks;
