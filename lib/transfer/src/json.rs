//! Our own format.

use serde::Deserialize;

use crate::{Archive, Refused, VERSION, refused::shown};

const FILE: &str = "archive";

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Archive, Refused> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Versioned { version } = parse(bytes)?;
    if version != VERSION {
        let reason = format!("version {version} of the format is not known; this service reads version {VERSION}");
        return Err(Refused::new(FILE, reason));
    }
    parse(bytes)
}

fn parse<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Refused> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = error.path().to_string();
        let line = error.inner().line() as u64;
        Refused::at(FILE, line, format!("{}: {}", shown(&place), error.inner()))
    })?;
    json.end().map_err(|error| Refused::at(FILE, error.line() as u64, error.to_string()))?;
    Ok(value)
}
