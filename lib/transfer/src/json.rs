//! Our own format.

use serde::Deserialize;

use crate::{Archive, Habit, Refused, VERSION, refused::shown};

const FILE: &str = "archive";

/// Writes an archive piece by piece, so that it is never in memory as a whole.
#[derive(Debug, Default)]
pub struct JsonWriter {
    habits: usize,
}

impl JsonWriter {
    /// What follows the last habit.
    pub const END: &'static [u8] = b"]}";

    /// What comes before the habits: the archive, whose own habits are left out.
    ///
    /// # Errors
    ///
    /// None that is known: every value of an archive has a form in JSON.
    pub fn start(&self, archive: Archive) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&Archive { habits: Vec::new(), ..archive })?;
        bytes.truncate(bytes.len() - Self::END.len());
        Ok(bytes)
    }

    /// The next habit.
    ///
    /// # Errors
    ///
    /// As [`Self::start`].
    pub fn habit(&mut self, habit: &Habit) -> serde_json::Result<Vec<u8>> {
        let mut bytes = if self.habits == 0 { Vec::new() } else { vec![b','] };
        serde_json::to_writer(&mut bytes, habit)?;
        self.habits += 1;
        Ok(bytes)
    }
}

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
