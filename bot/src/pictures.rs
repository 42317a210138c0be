//! Pictures: drawn beside the updates, and uploaded to Telegram once each.
//!
//! Telegram keeps what was uploaded and sends it again by its `file_id`. What is drawn alike is the same picture, whoever asks.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use picture::{DrawError, Year};
use sha2::{Digest as _, Sha256};
use teloxide::types::FileId;
use tokio::task::{JoinError, spawn_blocking};

/// Pictures whose files are known. Beyond, the oldest is forgotten, and uploaded anew when it is asked for.
const MOST_FILES: usize = 2_000;

/// What a picture shows, by its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Content([u8; 32]);

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error(transparent)]
    Draw(#[from] DrawError),
    #[error("the drawing ended early")]
    Ended(#[from] JoinError),
    #[error("a year cannot be written down")]
    Content(#[from] serde_json::Error),
}

/// The files that Telegram has of pictures, in the memory of this process.
#[derive(Debug, Default)]
pub struct Pictures {
    files: Mutex<Files>,
}

#[derive(Debug, Default)]
struct Files {
    by_content: HashMap<Content, FileId>,
    /// The oldest first.
    in_order: VecDeque<Content>,
}

impl Content {
    pub fn of(year: &Year) -> Result<Self, PictureError> {
        Ok(Self(Sha256::digest(serde_json::to_vec(year)?).into()))
    }
}

impl Pictures {
    /// The file of a picture that was uploaded before.
    pub fn file(&self, content: Content) -> Option<FileId> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).by_content.get(&content).cloned()
    }

    /// Notes the file of a picture that was uploaded.
    pub fn keep(&self, content: Content, file: FileId) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.by_content.insert(content, file).is_none() {
            files.in_order.push_back(content);
        }
        if files.in_order.len() > MOST_FILES
            && let Some(oldest) = files.in_order.pop_front()
        {
            files.by_content.remove(&oldest);
        }
    }
}

/// Draws a year as a PNG, on a thread where nobody waits behind it.
pub async fn drawn(year: Year) -> Result<Vec<u8>, PictureError> {
    Ok(spawn_blocking(move || picture::draw(&year)).await??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_picture_is_forgotten_first() {
        let pictures = Pictures::default();
        let content = |number: usize| Content(Sha256::digest(number.to_le_bytes()).into());
        let file = |number: usize| FileId(number.to_string());
        for number in 0..=MOST_FILES {
            pictures.keep(content(number), file(number));
            pictures.keep(content(number), file(number));
        }
        let known = |number| pictures.file(content(number));
        assert_eq!((known(0), known(1), known(MOST_FILES)), (None, Some(file(1)), Some(file(MOST_FILES))));
    }
}
