//! Sentences of a folded text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Folded;

/// A sentence: where it stands in the folded text and in which paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Bytes of the folded text.
    pub range: Range<usize>,
    /// First paragraph is 0.
    pub paragraph: usize,
}

/// Longest sentence in bytes; what is longer is cut, so that no text without full stops costs more than its length.
const LONGEST: usize = 1_500;

/// Cuts a text into sentences. `original` is the text before folding: a small letter after a full stop means that
/// the sentence goes on. `abbreviations` are folded, with their full stop.
pub(crate) fn split(original: &str, folded: &Folded, abbreviations: &BTreeSet<String>) -> Vec<Sentence> {
    let text = folded.text();
    let bytes = text.as_bytes();
    let mut sentences = Vec::new();
    let mut cut = Cutter { text, sentences: &mut sentences, start: 0, paragraph: 0 };
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => {
                cut.end(at);
                cut.paragraph += 1;
                at += 1;
            }
            b'.' if full_stop(original, folded, at, abbreviations) => at = cut.end_after(at + 1),
            b'!' | b'?' | b';' => at = cut.end_after(at + 1),
            // 。 … ؟ ।
            0xE3 if text[at..].starts_with('。') => at = cut.end_after(at + 3),
            0xD8 if text[at..].starts_with('؟') => at = cut.end_after(at + 2),
            0xE0 if text[at..].starts_with('।') => at = cut.end_after(at + 3),
            b' ' if at - cut.start > LONGEST => {
                cut.end(at);
                at += 1;
            }
            _ if at - cut.start > 2 * LONGEST && text.is_char_boundary(at) => {
                cut.end(at);
                at += 1;
            }
            _ => at += 1,
        }
    }
    cut.end(bytes.len());
    sentences
}

struct Cutter<'a> {
    text: &'a str,
    sentences: &'a mut Vec<Sentence>,
    start: usize,
    paragraph: usize,
}

impl Cutter<'_> {
    fn end(&mut self, at: usize) {
        let from = self.text[self.start..at].find(|c: char| !c.is_whitespace()).map(|n| self.start + n);
        if let Some(from) = from {
            let range = from..from + self.text[from..at].trim_end().len();
            self.sentences.push(Sentence { range, paragraph: self.paragraph });
        }
        self.start = at;
    }

    /// Ends behind closing quotes and brackets, which belong to the sentence.
    fn end_after(&mut self, at: usize) -> usize {
        let closing =
            self.text[at..].chars().take_while(|c| matches!(c, '"' | '\'' | ')' | ']' | '」' | '』' | '”'));
        let at = at + closing.map(char::len_utf8).sum::<usize>();
        self.end(at);
        at
    }
}

fn full_stop(original: &str, folded: &Folded, at: usize, abbreviations: &BTreeSet<String>) -> bool {
    let text = folded.text();
    let rest = &text[at + 1..];
    let mut after = rest.chars().skip_while(|c| matches!(c, '"' | '\'' | ')' | ']'));
    match after.next() {
        None => return true,
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    let word_start =
        text[..at].rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '"')).map_or(0, |n| n + 1);
    let word = &text[word_start..=at];
    let initial = word.chars().count() == 2 && word.starts_with(char::is_alphabetic);
    if initial || abbreviations.contains(word) {
        return false;
    }
    let skipped =
        rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').len();
    let next = original[folded.original(at + 1 + skipped)..].chars().next();
    !next.is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    fn sentences(text: &str) -> Vec<String> {
        let abbreviations = ["gen.", "letjen."].map(String::from).into();
        let folded = fold(text);
        split(text, &folded, &abbreviations).into_iter().map(|s| folded.text()[s.range].to_owned()).collect()
    }

    #[test]
    fn ends_at_full_stops_but_not_in_numbers_names_and_abbreviations() {
        assert_eq!(
            sentences("It fired 1.500 shells. Gen. John K. Doe said \"no.\" That was all. e.g. this"),
            ["it fired 1.500 shells.", "gen. john k. doe said \"no.\"", "that was all. e.g. this"]
        );
    }

    #[test]
    fn knows_the_signs_of_other_scripts_and_paragraphs() {
        assert_eq!(
            sentences("発射した。认めた\n\n그렇다. हाँ। نعم؟ لا"),
            ["発射した。", "认めた", "그렇다.", "हाँ।", "نعم؟", "لا"]
        );
    }

    #[test]
    fn cuts_what_never_ends() {
        assert!(sentences(&"a ".repeat(100_000)).iter().all(|s| s.len() <= 2 * LONGEST));
        assert!(sentences(&"火".repeat(100_000)).iter().all(|s| s.len() <= 2 * LONGEST + 4));
    }
}
