//! A date line taken into numbers, words and marks, and times of day in it.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::words;

/// A piece of a date line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether no blank stands before it.
    pub(super) glued: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Value and number of digits.
    Number(u32, usize),
    /// Folded letters; `p.m.` is `pm`.
    Word(String),
    Mark(char),
}

impl Token {
    pub(super) fn mark(&self) -> Option<char> {
        match self.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<(u32, usize)> {
        match self.kind {
            Kind::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Takes a line apart.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace()
            || matches!(first, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}')
        {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let glued = rest.len() < line.len()
            && line[..line.len() - rest.len()].chars().next_back().is_some_and(|c| !c.is_whitespace());
        let (kind, length) = next(rest, first);
        tokens.push(Token { kind, glued });
        rest = &rest[length..];
    }
    tokens
}

fn next(rest: &str, first: char) -> (Kind, usize) {
    if words::digit(first).is_some() {
        let end = rest.find(|c| words::digit(c).is_none()).unwrap_or(rest.len());
        let digits = rest[..end].chars().count();
        let value = rest[..end]
            .chars()
            .filter_map(words::digit)
            .fold(0u32, |value, digit| value.saturating_mul(10).saturating_add(digit));
        return (Kind::Number(value, digits), end);
    }
    if words::is_letter(first) {
        let dotted = dotted_letters(rest);
        // `Jum'at` is one word.
        let goes_on = |c: char| words::is_letter(c) && !words::is_unspaced(c) && words::digit(c).is_none();
        let end = match rest.find(|c: char| !goes_on(c) && !is_apostrophe(c)) {
            _ if words::is_unspaced(first) => first.len_utf8(),
            found => found.unwrap_or(rest.len()),
        };
        let end = dotted.max(rest[..end].trim_end_matches(is_apostrophe).len());
        return (Kind::Word(word(&rest[..end])), end);
    }
    let mut mark = String::new();
    words::fold_into(rest.get(..first.len_utf8()).unwrap_or_default(), &mut mark);
    let mark =
        mark.chars().next().filter(|c| c.is_ascii() && !first.is_ascii() && *c != '-').unwrap_or(first);
    (Kind::Mark(mark), first.len_utf8())
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’')
}

/// A word as [`tokens`] gives it.
pub(super) fn word(text: &str) -> String {
    words::folded(text).replace(['.', '\'', '’'], "")
}

/// Bytes of `p.m.` and the like at the start, 0 where there is nothing of the kind.
fn dotted_letters(rest: &str) -> usize {
    let mut end = 0;
    let mut letters = 0;
    let mut chars = rest.chars();
    while let (Some(letter), Some('.')) = (chars.next(), chars.next()) {
        if !letter.is_alphabetic() {
            break;
        }
        letters += 1;
        end += letter.len_utf8() + 1;
    }
    if letters < 2 { 0 } else { end }
}

/// A time of day at the start of `tokens` and how many tokens it takes: `14:50`, `14.50`, `14h50`, `14:50:30`.
pub(super) fn time(tokens: &[Token]) -> Option<(Time, usize)> {
    let (hour, digits) = tokens.first()?.number()?;
    let between = tokens.get(1).filter(|t| t.glued)?;
    if digits > 2 || !(matches!(between.mark(), Some(':' | '.' | '：')) || between.word() == Some("h")) {
        return None;
    }
    let (minute, 2) = tokens.get(2).filter(|t| t.glued)?.number()? else { return None };
    let second = match tokens.get(3..5) {
        Some([mark, second]) if mark.glued && second.glued && mark.mark() == between.mark() => {
            second.number()
        }
        _ => None,
    };
    // Fractions of a second say nothing here.
    let used = match (second, tokens.get(5..7)) {
        (Some(_), Some([dot, part]))
            if dot.glued && part.glued && dot.mark() == Some('.') && part.number().is_some() =>
        {
            7
        }
        (Some(_), _) => 5,
        (None, _) => 3,
    };
    let second = second.map_or(0, |(value, _)| value);
    Some((civil_time(hour, minute, second)?, used))
}

/// `7`, `07:00`, `0700` after a sign that starts `tokens`, and how many tokens it takes.
pub(super) fn signed_offset(tokens: &[Token]) -> Option<(Offset, usize)> {
    let sign = match tokens.first()?.mark()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let (value, digits) = tokens.get(1).filter(|t| t.glued)?.number()?;
    let minutes = match tokens.get(2..4) {
        Some([colon, minutes]) if colon.glued && colon.mark() == Some(':') => minutes.number(),
        _ => None,
    };
    let (hours, minutes, used) = match (digits, minutes) {
        (1 | 2, Some((minutes, 2))) => (value, minutes, 4),
        (1 | 2, _) => (value, 0, 2),
        (4, _) => (value / 100, value % 100, 2),
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = sign * i32::try_from(hours * 3600 + minutes * 60).ok()?;
    Some((Offset::from_seconds(seconds).ok()?, used))
}

/// A half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
    /// From dusk to dawn: eight is evening, two is before dawn.
    Night,
}

/// The time of a twelve-hour clock; none where the hour is not of that half.
pub(super) fn on_clock(time: Time, half: Half) -> Option<Time> {
    let hour = match (half, time.hour()) {
        (Half::Am | Half::Night, 12) => 0,
        (Half::Am, 13..) => return None,
        // Japan counts noon as the hour 0 of the second half.
        (Half::Pm, hour @ 0..12) | (Half::Night, hour @ 6..12) => hour + 12,
        (_, hour) => hour,
    };
    Time::new(hour, time.minute(), time.second(), 0).ok()
}

pub(super) fn civil_time(hour: u32, minute: u32, second: u32) -> Option<Time> {
    let [hour, minute, second] = [hour, minute, second].map(|n| i8::try_from(n).ok());
    Time::new(hour?, minute?, second?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time as civil;

    fn read(line: &str) -> Option<(Time, usize)> {
        time(&tokens(line))
    }

    #[test]
    fn times_of_day_are_read_in_their_forms() {
        assert_eq!(read("14:50"), Some((civil(14, 50, 0, 0), 3)));
        assert_eq!(read("14.50 WIB"), Some((civil(14, 50, 0, 0), 3)));
        assert_eq!(read("14h50"), Some((civil(14, 50, 0, 0), 3)));
        assert_eq!(read("٠٤:٠٥:٠٦"), Some((civil(4, 5, 6, 0), 5)));
        assert_eq!(read("14:50:00.123"), Some((civil(14, 50, 0, 0), 7)));
        for none in ["25:00", "14 : 50", "14:5", "2023:10", "1450"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn offsets_are_read_in_their_forms() {
        let read = |line: &str| signed_offset(&tokens(line)).map(|(offset, _)| offset.seconds());
        assert_eq!(read("+7"), Some(7 * 3600));
        assert_eq!(read("+05:30"), Some(5 * 3600 + 1800));
        assert_eq!(read("-0400"), Some(-4 * 3600));
        assert_eq!(read("+99"), None);
    }

    #[test]
    fn dotted_letters_are_one_word() {
        let words: Vec<String> =
            tokens("2 p.m. E.T.").iter().filter_map(|t| t.word().map(str::to_owned)).collect();
        assert_eq!(words, ["pm", "et"]);
    }
}
