//! End-to-end tests on a real cluster, and what they stand on.
pub mod api_server;
