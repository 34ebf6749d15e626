//! What stands between two commas, brackets or the like of a dateline.

use crate::page::clock;
use crate::page::knowledge::{Knowledge, phrase};
use crate::page::words;

/// Most words of a place.
const LONGEST_PLACE: usize = 5;
/// Longest piece, in characters.
const LONGEST: usize = 60;
/// Most words of a reporter's name.
const LONGEST_NAME: usize = 4;
/// Most letters of a name in Chinese, Japanese and Korean: before the word for a reporter, and behind it.
pub(super) const MOST_LETTERS: usize = 6;
const MOST_LETTERS_BEHIND: usize = 4;
/// Most letters of a place in scripts that set no blanks.
const LONGEST_UNSPACED: usize = 10;

/// A part of a dateline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Place {
        text: String,
        /// Whether the gazetteer has it.
        known: bool,
        /// Whether it is a town or region, no country.
        town: bool,
        /// Whether capitals show that it is a name.
        cased: bool,
    },
    Date,
    /// The usual name.
    Agency(String),
    /// As printed.
    Outlet(String),
    /// Who reports; empty where only the word stands there.
    Reporters(Vec<String>),
}

impl Element {
    /// Whether no sentence begins so.
    pub(super) fn is_sure(&self) -> bool {
        matches!(self, Self::Agency(_) | Self::Outlet(_) | Self::Reporters(_))
    }

    pub(super) fn is_place(&self) -> bool {
        matches!(self, Self::Place { .. })
    }
}

/// What a piece names, in order; none where it is a part of a sentence.
pub(super) fn read(piece: &str, knowledge: &Knowledge) -> Option<Vec<Element>> {
    let piece = piece.trim_matches(|c: char| c.is_whitespace() || is_formatting(c) || c == '*');
    if piece.is_empty() || piece.chars().count() > LONGEST {
        return None;
    }
    let unquoted = piece.trim_matches(is_quote);
    if unquoted.len() < piece.len() {
        return medium(unquoted, knowledge).map(|medium| vec![medium]);
    }
    if is_date(piece, knowledge) {
        return Some(vec![Element::Date]);
    }
    let bare = without_wire(piece, knowledge);
    if let Some(element) = medium(piece, knowledge).or_else(|| medium(bare, knowledge)) {
        return Some(vec![element]);
    }
    if let Some(element) = reporters(piece, knowledge) {
        return Some(vec![element]);
    }
    if let Some(known @ Element::Place { known: true, .. }) = place(bare, knowledge) {
        return Some(vec![known]);
    }
    // `موسكو 4 نوفمبر`
    let is_day =
        |behind: &str| behind.chars().any(|c| words::digit(c).is_some()) && is_date(behind, knowledge);
    if let Some((before, _)) = splits(piece).find(|(_, behind)| is_day(behind)) {
        return read(before, knowledge).map(|elements| [elements, vec![Element::Date]].concat());
    }
    // `ワシントン時事`, `Berlin taz`
    let ended = splits(piece).find_map(|(before, behind)| Some((before, medium(behind, knowledge)?)));
    if let Some((before, medium)) = ended
        && let Some(elements) = read(before, knowledge)
    {
        return Some([elements, vec![medium]].concat());
    }
    place(bare, knowledge).map(|place| vec![place])
}

/// Ways to take a piece apart, the shortest beginning first: between words, and in scripts without blanks between
/// letters.
fn splits(piece: &str) -> impl Iterator<Item = (&str, &str)> {
    let borders = piece.char_indices().skip(1).filter(move |(at, letter)| {
        let before = piece[..*at].chars().next_back();
        before.is_some_and(char::is_whitespace)
            || (words::is_unspaced(*letter) || before.is_some_and(words::is_unspaced))
    });
    borders.map(move |(at, _)| (piece[..at].trim_end(), &piece[at..]))
}

/// An agency or outlet that is known, or a site.
pub(super) fn medium(piece: &str, knowledge: &Knowledge) -> Option<Element> {
    let form = phrase(piece)?;
    if let Some(agency) = knowledge.agencies.get(&form) {
        return Some(Element::Agency(agency.clone()));
    }
    let outlet = super::is_domain(piece) || knowledge.outlets.contains(&form);
    (outlet && !knowledge.not_places.contains(&form)).then(|| Element::Outlet(piece.to_owned()))
}

/// `台北報導` without the word for a report.
fn without_wire<'a>(piece: &'a str, knowledge: &Knowledge) -> &'a str {
    let bare = knowledge.wires.iter().filter_map(|wire| piece.strip_suffix(wire.as_str()));
    bare.filter(|bare| !bare.is_empty()).min_by_key(|bare| bare.len()).unwrap_or(piece)
}

/// `김하늘 기자`, `記者王小明`, `विशेष संवाददाता`.
pub(super) fn reporters(piece: &str, knowledge: &Knowledge) -> Option<Element> {
    let reporters = &knowledge.labels.reporters;
    if let Some(rest) = reporters.strip(piece) {
        return Some(Element::Reporters(names(rest, MOST_LETTERS_BEHIND)?));
    }
    let (before, _) = splits(piece).find(|(_, behind)| reporters.strip(behind).is_some_and(str::is_empty))?;
    Some(Element::Reporters(names(before, MOST_LETTERS)?))
}

/// Names with blanks or commas between, of at most `letters` letters in scripts without capitals; none where it is
/// more than names.
pub(super) fn names(text: &str, letters: usize) -> Option<Vec<String>> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：'));
    let short = text.chars().any(|c| words::is_unspaced(c) || is_hangul(c));
    let parts = |c: char| matches!(c, '、' | ',' | '·' | '，') || (short && c.is_whitespace());
    let each: Vec<&str> = text.split(parts).map(str::trim).filter(|n| !n.is_empty()).collect();
    let fits = |name: &&str| {
        let count = name.chars().count();
        (2..=if short { letters } else { LONGEST }).contains(&count)
            && name.split_whitespace().count() <= LONGEST_NAME
            && name.chars().all(|c| words::is_letter(c) || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '・'))
    };
    (each.len() <= LONGEST_NAME && each.iter().all(fits))
        .then(|| each.into_iter().map(str::to_owned).collect())
}

fn is_hangul(letter: char) -> bool {
    ('\u{AC00}'..='\u{D7AF}').contains(&letter)
}

/// A place by its capitals, or by the gazetteer.
pub(super) fn place(piece: &str, knowledge: &Knowledge) -> Option<Element> {
    let form = phrase(piece)?;
    if knowledge.not_places.contains(&form) {
        return None;
    }
    let town = knowledge.places.get(&form).copied();
    let cased = piece.chars().any(char::is_uppercase);
    let shaped = is_shaped(piece);
    (town.is_some() || shaped).then(|| Element::Place {
        text: piece.to_owned(),
        known: town.is_some(),
        town: town == Some(true),
        cased,
    })
}

/// A few words with capitals, small ones between (`Rio de Janeiro`, `D.C.`).
fn is_shaped(piece: &str) -> bool {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let capital = |w: &&str| w.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    let allowed = |w: &&str| capital(w) || w.chars().count() <= 3;
    let plain = |w: &&str| {
        w.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '-') || !c.is_ascii())
    };
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let unspaced = piece.chars().filter(|c| words::is_unspaced(*c)).count();
    (1..=LONGEST_PLACE).contains(&words.len())
        && words.first().is_some_and(&capital)
        && words.last().is_some_and(capital)
        && words.iter().all(|w| allowed(w) && plain(w))
        && letters
        && unspaced <= LONGEST_UNSPACED
}

/// Weekday, day, month and year, some or all of them.
pub(super) fn is_date(piece: &str, knowledge: &Knowledge) -> bool {
    let tokens = clock::tokens(piece);
    let mut at = 0;
    let mut told = 0;
    while at < tokens.len() {
        at += if tokens[at].number().is_some() {
            told = at + 1;
            1
        } else if tokens[at].mark().is_some() {
            1
        } else if let Some((used, says)) = knowledge.words_of_a_day(&tokens, at) {
            told = if says { at + used } else { told };
            used
        } else {
            return false;
        };
    }
    let ends_told = tokens[told..].iter().all(|t| t.mark().is_some());
    told > 0 && ends_told
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '«' | '»' | '„' | '“' | '”' | '"' | '‘' | '’' | '\'')
}

/// Letters that only say in which direction a line runs.
pub(super) fn is_formatting(letter: char) -> bool {
    matches!(letter, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}')
}

/// `FM`, as agencies sign that are not known.
pub(super) fn is_short_capitals(name: &str) -> bool {
    (2..=6).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase())
}
