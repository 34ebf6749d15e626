//! What a text shows of its language: its words and the runs of letters in them, hashed.

use crate::linear::{mix, spread};

/// Longest run of letters that is a feature of its own.
const LONGEST_RUN: usize = 4;

/// The same for scripts with thousands of letters.
const LONGEST_RUN_HAN: usize = 2;

/// Letters of a word that is looked at as a whole.
const LONGEST_WORD: usize = 24;

const EDGE: u32 = 1;
const WORD: u32 = 0x51_7C_C1;

/// Hashed features of a text: each run of one to four letters (two of Han), where words have an edge at either end, and each word.
pub fn features(text: &str) -> Vec<u32> {
    let mut features = Vec::with_capacity(text.len() * 4);
    let mut word = Vec::with_capacity(LONGEST_WORD);
    for letter in text.chars() {
        if belongs(letter) {
            word.push(letter.to_lowercase().next().unwrap_or(letter) as u32);
        } else {
            of_word(&word, &mut features);
            word.clear();
        }
    }
    of_word(&word, &mut features);
    features
}

fn of_word(word: &[u32], features: &mut Vec<u32>) {
    if word.is_empty() {
        return;
    }
    if word.len() <= LONGEST_WORD {
        features.push(spread(word.iter().fold(WORD, |hash, letter| mix(hash, *letter))));
    }
    let padded = || std::iter::once(EDGE).chain(word.iter().copied()).chain(std::iter::once(EDGE));
    let letters: Vec<u32> = padded().collect();
    for start in 0..letters.len() {
        let longest = if is_han(letters[start]) { LONGEST_RUN_HAN } else { LONGEST_RUN };
        let mut hash = 0;
        for (length, letter) in (1..=longest).zip(&letters[start..]) {
            hash = mix(hash, *letter);
            // An edge alone says nothing.
            if length > 1 || *letter != EDGE {
                features.push(spread(hash ^ u32::try_from(length).unwrap_or(0)));
            }
        }
    }
}

fn is_han(letter: u32) -> bool {
    matches!(letter, 0x3400..=0x9FFF | 0xAC00..=0xD7AF)
}

/// Whether a sign is part of a word: letters and the marks on them, no figures, no punctuation.
fn belongs(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphabetic();
    }
    !letter.is_numeric()
        && !letter.is_whitespace()
        && !matches!(letter as u32, 0x80..=0xBF | 0x2000..=0x2BFF | 0x3000..=0x303F | 0xFE30..=0xFE6F | 0xFF00..=0xFF20 | 0x1F000..=0x1FAFF)
        && !matches!(letter, '،' | '؛' | '؟' | '۔' | '।' | '॥' | '×' | '÷')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_figures_and_punctuation_make_no_difference() {
        assert_eq!(features("Rudal, 12 balistik!"), features("rudal balistik"));
        assert_ne!(features("rudal balistik"), features("rudal jelajah"));
        assert_eq!(features("2026 — …"), Vec::<u32>::new());
    }

    #[test]
    fn a_word_of_three_letters_has_its_runs_and_itself() {
        // 3 of one letter, 4 of two with the edges, 3 of three, 2 of four, and the word.
        assert_eq!(features("dan").len(), 3 + 4 + 3 + 2 + 1);
    }
}
