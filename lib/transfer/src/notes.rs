//! What a person should know of an import that went well.

/// The most sentences that are told; the others are counted.
const MAX_NOTES: usize = 100;

/// Sentences, each once.
#[derive(Debug, Default)]
pub struct Notes {
    sentences: Vec<String>,
    left_out: usize,
}

impl Notes {
    pub fn add(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.sentences.len() >= MAX_NOTES {
            self.left_out += 1;
        } else if !self.sentences.contains(&sentence) {
            self.sentences.push(sentence);
        }
    }

    pub fn into_sentences(mut self) -> Vec<String> {
        if self.left_out > 0 {
            self.sentences.push(format!("And {} more of the kind.", self.left_out));
        }
        self.sentences
    }
}
