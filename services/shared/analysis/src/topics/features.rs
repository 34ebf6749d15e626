//! What a text shows of its topics besides the terms of the lexicon: its words, their beginnings and runs of letters, hashed.

use crate::linear::{mix, spread};

/// Bytes of a text that are looked at: headline and lead tell the topic.
const SAMPLE: usize = 500;

/// Letters of a beginning: about a stem.
const STEM: usize = 5;

/// Letters of a run inside a word.
const RUN: usize = 4;

/// Letters of a run where a letter is a syllable or word.
const RUN_HAN: usize = 2;

const WORD: u32 = 0x0A11;
const BEGINNING: u32 = 0x0B22;
const INSIDE: u32 = 0x0C33;

/// Hashed features of a headline and a body, both folded.
pub(crate) fn features(title: &str, body: &str) -> Vec<u32> {
    let mut found = Vec::with_capacity(SAMPLE);
    for text in [title, body] {
        let text = &text[..text.floor_char_boundary(SAMPLE)];
        for word in text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)) {
            of_word(word, &mut found);
        }
    }
    found
}

/// Hashed features of a word.
pub(crate) fn of_word(word: &str, found: &mut Vec<u32>) {
    let letters: Vec<u32> = word.chars().map(|c| c as u32).collect();
    if letters.is_empty() || letters.iter().all(|l| (0x30..=0x39).contains(l)) {
        return;
    }
    let hash = |kind: u32, letters: &[u32]| spread(letters.iter().fold(kind, |hash, l| mix(hash, *l)));
    if letters.iter().any(|l| is_han(*l)) {
        for length in 1..=RUN_HAN {
            found.extend(letters.windows(length).map(|run| hash(INSIDE, run)));
        }
        return;
    }
    found.push(hash(WORD, &letters));
    if letters.len() > STEM {
        found.push(hash(BEGINNING, &letters[..STEM]));
        found.extend(letters.windows(RUN).map(|run| hash(INSIDE, run)));
    }
}

/// Signs that belong to a word though they are no letters: vowel signs of Indic scripts.
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036F | 0x0900..=0x0DFF | 0x0E00..=0x0FFF | 0x1000..=0x109F | 0x1780..=0x17FF)
}

/// Han, kana and Hangul.
fn is_han(letter: u32) -> bool {
    matches!(letter, 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_word_has_itself_its_beginning_and_its_runs() {
        assert_eq!(features("election", "").len(), 2 + 5);
        assert_eq!(features("", "vote 2026").len(), 1);
        assert_eq!(features("选举", "").len(), 2 + 1);
    }

    #[test]
    fn inflected_forms_share_features() {
        let (a, b) = (features("pertandingan", ""), features("pertandingannya", ""));
        assert!(a.iter().filter(|f| b.contains(f)).count() > 8);
    }
}
