//! Folding: letters that readers take for the same become the same, and offsets lead back.
//!
//! Case, full-width forms, digits of other scripts, traditional Chinese characters, typographic quotes and dashes, Arabic vowel signs and letter
//! variants, and invisible characters are folded away. Patterns are folded by the same function as texts.

use super::simplify::simplify;

/// A folded text and the way back to the original.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// Where the difference between folded and original offsets changes, ascending.
    shifts: Vec<Shift>,
}

#[derive(Clone, Copy, Debug)]
struct Shift {
    folded: usize,
    original: usize,
}

impl Folded {
    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The original byte offset of a character boundary of the folded text.
    pub(crate) fn original(&self, folded: usize) -> usize {
        match self.shifts.partition_point(|s| s.folded <= folded).checked_sub(1) {
            None => folded,
            Some(i) => self.shifts[i].original + (folded - self.shifts[i].folded),
        }
    }

    /// Original byte range of a folded one: what was dropped at its end stays out.
    pub(crate) fn original_range(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.original(start);
        if start == end {
            return (first, first);
        }
        // The character after the range may follow invisible ones: the range ends after its own last character.
        let last = self.text[..end].char_indices().next_back().map_or(start, |(at, _)| at);
        let original_last = self.original(last);
        let next = self.original(end);
        (first, next.max(original_last))
    }
}

/// Folds a text in one pass.
pub(crate) fn fold(original: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(original.len()), shifts: Vec::new() };
    let bytes = original.as_bytes();
    let mut at = 0;
    // How far original offsets are ahead of folded ones; wraps where folding lengthens a text.
    let mut ahead = 0_usize;
    while at < bytes.len() {
        let plain = bytes[at..].iter().position(|b| !b.is_ascii()).map_or(bytes.len(), |n| at + n);
        if plain > at {
            let start = folded.text.len();
            folded.text.push_str(&original[at..plain]);
            folded.text[start..].make_ascii_lowercase();
            at = plain;
        }
        let Some(letter) = original[at..].chars().next() else { break };
        let next = at + letter.len_utf8();
        fold_letter(letter, &mut folded.text);
        let now = next.wrapping_sub(folded.text.len());
        if now != ahead {
            folded.shift(next);
            ahead = now;
        }
        at = next;
    }
    folded
}

impl Folded {
    fn shift(&mut self, original: usize) {
        let folded = self.text.len();
        match self.shifts.last_mut() {
            Some(last) if last.folded == folded => last.original = original,
            _ => self.shifts.push(Shift { folded, original }),
        }
    }
}

/// Folds one letter to the end of `out`.
pub(crate) fn fold_letter(letter: char, out: &mut String) {
    let plain = match letter {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{2032}' | '\u{00B4}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{00A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{00AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => return,
        // Arabic: tatweel and vowel signs go, variants of one letter meet.
        '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' => return,
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        '\u{0660}'..='\u{0669}' => digit(letter, 0x0660),
        '\u{06F0}'..='\u{06F9}' => digit(letter, 0x06F0),
        '\u{0966}'..='\u{096F}' => digit(letter, 0x0966),
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter).to_ascii_lowercase()
        }
        'ı' | 'İ' => 'i',
        'ё' | 'Ё' => 'е',
        // Hebrew to Burmese, Hangul: letters without case.
        '\u{0590}'..='\u{109F}'
        | '\u{1100}'..='\u{11FF}'
        | '\u{3041}'..='\u{318F}'
        | '\u{AC00}'..='\u{D7AF}' => letter,
        _ => simplify(letter).unwrap_or_else(|| letter.to_lowercase().next().unwrap_or(letter)),
    };
    out.push(plain);
}

fn digit(letter: char, zero: u32) -> char {
    char::from_u32(letter as u32 - zero + u32::from(b'0')).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_maps_to_itself() {
        let folded = fold("Korut Luncurkan RUDAL");
        assert_eq!(folded.text(), "korut luncurkan rudal");
        assert_eq!(folded.original_range(6, 15), (6, 15));
    }

    #[test]
    fn offsets_lead_back_over_letters_of_other_lengths() {
        let original = "“Kim” – ｒudal\u{200B} １２ Şah";
        let folded = fold(original);
        assert_eq!(folded.text(), "\"kim\" - rudal 12 şah");
        for word in ["kim", "rudal", "12", "şah"] {
            let start = folded.text().find(word).unwrap();
            let (a, b) = folded.original_range(start, start + word.len());
            assert_eq!(fold(&original[a..b]).text(), word);
        }
    }

    #[test]
    fn every_boundary_leads_to_a_boundary() {
        let original = "a\u{0301}İstanbul ١٢ مُحَمَّد ﬁ ẞ 한국 〜！";
        let folded = fold(original);
        for (at, _) in folded.text().char_indices() {
            assert!(original.is_char_boundary(folded.original(at)));
        }
        assert_eq!(folded.original(folded.text().len()), original.len());
    }
}
