//! One request at a time, for what is asked only once.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::Context as _;
use serde_json::Value;

const WAIT: Duration = Duration::from_secs(10);

/// A request to the api.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Option<Value>,
}

/// Sends it; the status and the body of the reply.
pub(crate) fn send(address: SocketAddr, request: &Request) -> anyhow::Result<(u16, Value)> {
    let mut stream = TcpStream::connect_timeout(&address, WAIT)?;
    stream.set_read_timeout(Some(WAIT))?;
    let body = request.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut text = format!("{} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n", request.line);
    for header in &request.headers {
        write!(text, "{header}\r\n")?;
    }
    if !body.is_empty() {
        write!(text, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())?;
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    let (head, body) = reply.split_once("\r\n\r\n").context("no reply")?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}
