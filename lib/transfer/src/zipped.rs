//! Zip files whose contents nobody vouches for.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::{Refused, check::MAX_UNPACKED_BYTES};

/// The most files that a zip may hold.
const MAX_FILES: usize = 2_000;

const FILE: &str = "zip";

/// A zip that was opened, with what may still be unpacked of it.
pub(crate) struct Zipped<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left_bytes: usize,
}

impl<'a> Zipped<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Refused> {
        let too_many = |count| Refused::new(FILE, format!("{count} files; at most {MAX_FILES} are allowed"));
        // Before the directory is read into memory.
        if let Some(count) = declared_files(bytes).filter(|count| *count > MAX_FILES) {
            return Err(too_many(count));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
        if archive.len() > MAX_FILES {
            return Err(too_many(archive.len()));
        }
        Ok(Self { archive, left_bytes: MAX_UNPACKED_BYTES })
    }

    /// Names of the files, with the index that [`Self::read`] takes.
    pub(crate) fn names(&mut self) -> Result<Vec<(usize, String)>, Refused> {
        let mut names = Vec::new();
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(unreadable)?;
            if file.is_file() {
                names.push((index, file.name().map_err(unreadable)?.replace('\\', "/")));
            }
        }
        Ok(names)
    }

    /// Unpacks a file that is text.
    pub(crate) fn read(&mut self, index: usize, name: &str) -> Result<String, Refused> {
        let file = self.archive.by_index(index).map_err(unreadable)?;
        let mut bytes = Vec::new();
        // The size that the zip declares may be a lie: what counts is what comes out.
        let unpacked = file.take(self.left_bytes as u64 + 1).read_to_end(&mut bytes);
        unpacked.map_err(|error| Refused::new(name, format!("it cannot be unpacked: {error}")))?;
        self.left_bytes = self.left_bytes.checked_sub(bytes.len()).ok_or_else(|| {
            Refused::new(name, format!("the zip unpacks to more than the {MAX_UNPACKED_BYTES} bytes allowed"))
        })?;
        String::from_utf8(bytes).map_err(|_| Refused::new(name, "it is not text in UTF-8"))
    }
}

fn unreadable(error: impl std::fmt::Display) -> Refused {
    Refused::new(FILE, format!("it cannot be read: {error}"))
}

/// How many files the end of the central directory declares (PKWARE APPNOTE, 4.3.16).
fn declared_files(bytes: &[u8]) -> Option<usize> {
    let record = bytes.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let count = bytes.get(record + 10..record + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}
