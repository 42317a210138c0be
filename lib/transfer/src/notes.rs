//! What a person should know of an import that went well.

use std::collections::BTreeSet;

/// The most sentences that are told; the others are counted.
const MAX_NOTES: usize = 100;

/// Sentences, each once.
#[derive(Debug, Default)]
pub struct Notes {
    sentences: Vec<String>,
    left_out: BTreeSet<String>,
}

impl Notes {
    pub fn add(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.sentences.contains(&sentence) {
            return;
        }
        if self.sentences.len() < MAX_NOTES {
            self.sentences.push(sentence);
        } else {
            self.left_out.insert(sentence);
        }
    }

    pub fn into_sentences(mut self) -> Vec<String> {
        if !self.left_out.is_empty() {
            self.sentences.push(format!("And {} more of the kind.", self.left_out.len()));
        }
        self.sentences
    }
}
