//! Files that bots and people have sent.

use std::collections::VecDeque;

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// Files of one bot, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Files {
    kept: VecDeque<File>,
    total_bytes: usize,
    count: u64,
}

impl Files {
    /// Keeps a file, drops the oldest ones beyond `bound` bytes, and gives its id.
    pub(crate) fn keep(&mut self, name: &str, mime_type: &str, bytes: Vec<u8>, bound: usize) -> String {
        self.count += 1;
        let id = format!("file-{}", self.count);
        self.total_bytes += bytes.len();
        self.kept.push_back(File { id: id.clone(), name: name.to_owned(), mime_type: mime_type.to_owned(), bytes });
        while self.total_bytes > bound && self.kept.len() > 1 {
            self.total_bytes -= self.kept.pop_front().map_or(0, |file| file.bytes.len());
        }
        id
    }

    pub(crate) fn get(&self, file_id: &str) -> Option<&File> {
        self.kept.iter().find(|file| file.id == file_id)
    }
}

/// Kind and size in pixels of a PNG or JPEG picture; `None` for anything else.
pub(crate) fn picture(bytes: &[u8]) -> Option<(&'static str, u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        return Some(("image/png", number(16)?, number(20)?));
    }
    let (width, height) = jpeg_size(bytes)?;
    Some(("image/jpeg", width, height))
}

/// Walks the segments of a JPEG up to the frame header that holds its size.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = bytes.starts_with(&[0xff, 0xd8]).then_some(2)?;
    loop {
        let [0xff, marker] = bytes.get(at..at + 2)? else { return None };
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |from: usize| bytes.get(from..from + 2)?.try_into().ok().map(u16::from_be_bytes);
            return Some((side(at + 7)?.into(), side(at + 5)?.into()));
        }
        at += 2 + length.max(2);
    }
}

/// Picture that a person sends.
pub(crate) const SAMPLE_PICTURE: &[u8] = include_bytes!("page/sample.png");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_picture_is_read_from_its_bytes() {
        assert_eq!(picture(SAMPLE_PICTURE), Some(("image/png", 480, 320)));
        assert_eq!(
            picture(&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 32, 0, 48]),
            Some(("image/jpeg", 48, 32))
        );
        assert_eq!(picture(b"no picture"), None);
    }

    #[test]
    fn the_oldest_files_go_when_there_are_too_many_bytes() {
        let mut files = Files::default();
        let first = files.keep("a", "text/plain", vec![0; 60], 100);
        let second = files.keep("b", "text/plain", vec![0; 60], 100);
        assert!(files.get(&first).is_none());
        assert!(files.get(&second).is_some());
    }
}
