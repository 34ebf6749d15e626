//! A line as words: folded, without punctuation but colons.

/// Letters of scripts that set no blanks between words: each counts as a word.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

/// The value of a decimal digit of any script that newsrooms print dates in.
pub(super) fn digit(letter: char) -> Option<u32> {
    const ZEROS: [char; 11] = [
        '0', '\u{0660}', '\u{06F0}', '\u{0966}', '\u{09E6}', '\u{0BE6}', '\u{0E50}', '\u{0ED0}', '\u{1040}',
        '\u{17E0}', '\u{FF10}',
    ];
    let code = u32::from(letter);
    ZEROS.iter().find_map(|zero| code.checked_sub(u32::from(*zero)).filter(|value| *value < 10))
}

/// Whether a letter is a letter or digit; Unicode's own tables are asked last, as they are slow.
fn is_word(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    crate::matcher::joins(letter) || letter.is_alphanumeric()
}

/// Whether a letter goes on with a word: vowel killers and dots of Indian scripts, tone marks
/// of Thai and joiners are part of it.
pub(super) fn is_letter(letter: char) -> bool {
    is_word(letter)
        || matches!(letter as u32, 0x093C | 0x0E47..=0x0E4E | 0x200C | 0x200D)
        || (matches!(letter as u32, 0x0900..=0x0D7F) && letter as u32 % 0x80 == 0x4D)
}

/// Letters that readers take for the same become the same, as in texts, and digits of every script ASCII ones.
pub(super) fn fold_into(word: &str, out: &mut String) {
    for letter in word.chars() {
        match digit(letter).and_then(|value| char::from_digit(value, 10)) {
            Some(ascii) => out.push(ascii),
            // The dot of Hindi is often left out.
            None if letter == '\u{093C}' => {}
            None => crate::text::fold::fold_letter(letter, out),
        }
    }
}

pub(super) fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// Walks the words of a line; a colon and `©` are words of their own, all other punctuation separates.
#[derive(Clone, Debug)]
pub(super) struct Walk<'a> {
    rest: &'a str,
}

/// The words of a line, as written.
pub(super) fn walk(line: &str) -> Walk<'_> {
    Walk { rest: line }
}

impl<'a> Walk<'a> {
    /// What is not yet walked.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (start, first) = self.rest.char_indices().find(|(_, c)| is_word(*c) || is_sign(*c))?;
        let word = &self.rest[start..];
        let end = if is_sign(first) || is_unspaced(first) {
            first.len_utf8()
        } else {
            word.find(|c: char| !is_letter(c) || is_unspaced(c)).unwrap_or(word.len())
        };
        self.rest = &word[end..];
        Some(&word[..end])
    }
}

pub(super) fn is_colon(letter: char) -> bool {
    matches!(letter, ':' | '\u{FF1A}')
}

/// Signs that count as words: without its sign, `© 2026 ...` would be any line that begins with a number.
pub(super) fn is_sign(letter: char) -> bool {
    is_colon(letter) || letter == '©'
}

/// The folded words of a line, colons as `:`; none where there are more than `most`.
pub(super) fn at_most(line: &str, most: usize) -> Option<Vec<String>> {
    // Most lines are long paragraphs: their words are counted, not copied.
    if walk(line).take(most + 1).count() > most {
        return None;
    }
    let mut words = Vec::new();
    for word in walk(line) {
        words.push(if word.starts_with(is_colon) { ":".to_owned() } else { folded(word) });
    }
    Some(words)
}

/// Whether a paragraph's line ends as sentences do: full stop or the like, quotes and brackets after it allowed.
pub(super) fn ends_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '”' | '’' | '»' | '」' | '』' | ')' | ']')
    });
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', '፡'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_colons_kept() {
        assert_eq!(
            at_most("» Baca Juga: KORUT, rudal!", 9).unwrap(),
            ["baca", "juga", ":", "korut", "rudal"]
        );
        assert_eq!(at_most("相关：朝鲜", 9).unwrap(), ["相", "关", ":", "朝", "鲜"]);
        assert_eq!(at_most("satu dua tiga", 2), None);
    }

    #[test]
    fn digits_of_every_script_count() {
        assert_eq!(folded("٢٠٢٣ １３ ๑๓"), "2023 13 13");
    }
}
