//! Words that only one language of the lexicon has.

use std::collections::HashMap;

use crate::text::fold;

/// The words of the lexicon that only one language has: they know newsrooms, which the model's training texts do not.
#[derive(Debug, Default)]
pub(crate) struct OwnWords {
    /// Number of the language in `codes`; none where several have the word.
    words: HashMap<String, Option<usize>>,
    codes: Vec<String>,
}

impl OwnWords {
    /// Adds a language by its words, folded.
    pub(crate) fn add(&mut self, code: &str, words: impl Iterator<Item = String>) {
        let number = self.codes.len();
        self.codes.push(code.to_owned());
        for word in words {
            let owner = self.words.entry(word).or_insert(Some(number));
            if *owner != Some(number) {
                *owner = None;
            }
        }
    }

    /// Whether a language is known by its words.
    pub(crate) fn knows(&self, code: &str) -> bool {
        self.codes.iter().any(|c| c == code)
    }

    /// Which share of a text's words are a language's own, for each language that has any there.
    #[expect(clippy::cast_precision_loss, reason = "a sample has few words")]
    pub(crate) fn shares(&self, text: &str) -> Vec<(&str, f32)> {
        let folded = fold::fold(text);
        let mut votes = vec![0_u32; self.codes.len()];
        let mut all = 0_u32;
        let words = folded.text().split(|c: char| !c.is_alphanumeric() && c != '-');
        for word in words.filter(|w| w.chars().any(char::is_alphabetic)) {
            all += 1;
            if let Some(Some(owner)) = self.words.get(word) {
                votes[*owner] += 1;
            }
        }
        let share = |votes: u32| votes as f32 / all.max(1) as f32;
        self.codes.iter().zip(votes).filter(|(_, v)| *v > 0).map(|(c, v)| (c.as_str(), share(v))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_two_languages_is_no_ones() {
        let mut words = OwnWords::default();
        words.add("id", ["drone".to_owned(), "di".to_owned()].into_iter());
        words.add("en", ["drone".to_owned()].into_iter());
        assert_eq!(words.shares("drone drone drone"), []);
        assert_eq!(words.shares("di drone di tengah"), [("id", 0.5)]);
    }
}
