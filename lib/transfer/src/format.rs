//! Which kind of file an upload is.

/// The largest file that is read.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Our own archive.
    Json,
    /// Loop Habit Tracker's CSV export, a zip; also ours.
    LoopCsv,
    /// Loop Habit Tracker's full backup, a SQLite database.
    LoopDb,
}

impl Format {
    /// What the first bytes say. `None` for what is none of the formats.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            Some(Self::LoopCsv)
        } else if bytes.starts_with(b"SQLite format 3\0") {
            Some(Self::LoopDb)
        } else {
            text.starts_with(b"{").then_some(Self::Json)
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::LoopCsv => "loop_csv",
            Self::LoopDb => "loop_db",
        }
    }
}
