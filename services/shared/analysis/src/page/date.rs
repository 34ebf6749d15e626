//! The line of a page that says when it was published.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime, Time, time};
use jiff::tz::Offset;
use siaga_schemas::Moment;

use super::clock::{self, Kind, Token};

/// Longest line that is looked at, in bytes.
const LONGEST_LINE: usize = 160;
/// Most words of other parts of the line (`Kompas.com - `).
const MOST_STRAYS: usize = 5;

/// What a word of a date line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// From 1.
    Month(i8),
    /// From 1, Monday.
    Weekday(i8),
    Am,
    Pm,
    /// What follows is the time of publication.
    Published,
    /// What follows is the time of a later edit.
    Updated,
    /// May stand in a date line and says nothing.
    Noise,
}

/// Order of day and month where both are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// 3/11/2026 is in November.
    Dmy,
    /// 11/3/2026 is in November.
    Mdy,
}

/// Words of dates of one language.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    pub(super) words: HashMap<String, Meaning>,
    pub(super) zones: HashMap<String, Offset>,
    pub(super) order: Option<Order>,
    /// Where the page names no zone.
    pub(super) offset: Option<Offset>,
    /// The most frequent words of the language.
    pub(super) frequent: Vec<String>,
}

/// What a date line says, as one language reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reading {
    /// None where day and month cannot be told apart.
    pub(super) moment: Option<Moment>,
    /// Whether it is the time of a later edit.
    pub(super) updated: bool,
    /// Whether it has a time of day.
    pub(super) timed: bool,
    /// Words that only this language explains.
    pub(super) own_words: usize,
}

/// Whether it is worth the while to read a line as a date.
pub(super) fn may_be_date(line: &str) -> bool {
    line.len() <= LONGEST_LINE && line.chars().any(|c| super::words::digit(c).is_some())
}

/// The reading of a whole line; none where anything of the article's own may stand in it.
pub(super) fn read(line: &str, vocabulary: &Vocabulary, zones: &HashMap<String, Offset>) -> Option<Reading> {
    let tokens = clock::tokens(line);
    let mut scan = Scan { vocabulary, zones, tokens: &tokens, fields: Fields::default() };
    scan.run()?;
    let fields = scan.fields;
    let strays: usize = fields.segments.iter().map(|s| s.strays).sum();
    let mixed = fields.segments.iter().any(|s| s.strays > 0 && s.dated);
    if mixed || strays > MOST_STRAYS || (strays > 0 && fields.time.is_none()) {
        return None;
    }
    let offset = fields.offset.or(vocabulary.offset).unwrap_or(Offset::UTC);
    let time = fields.time.unwrap_or(time(12, 0, 0, 0));
    let moment = match fields.date(vocabulary.order)? {
        Told::Day(date) => Some(moment(DateTime::from_parts(date, time), offset)?),
        Told::DayOrMonth => None,
    };
    Some(Reading {
        moment,
        updated: fields.updated,
        timed: fields.time.is_some(),
        own_words: fields.own_words,
    })
}

fn moment(civil: DateTime, offset: Offset) -> Option<Moment> {
    Some(Moment::new(offset.to_timestamp(civil).ok()?, offset))
}

/// What numbers say of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Day(Date),
    /// Two numbers, each of which can be day and month.
    DayOrMonth,
}

/// A stretch of the line between separators.
#[derive(Debug, Default)]
struct Segment {
    dated: bool,
    strays: usize,
}

#[derive(Debug, Default)]
struct Fields {
    month: Option<i8>,
    weekday: Option<i8>,
    /// Numbers beside a month's name.
    loose: Vec<(u32, usize)>,
    /// Three numbers with marks between them.
    triple: Option<[(u32, usize); 3]>,
    time: Option<Time>,
    offset: Option<Offset>,
    updated: bool,
    own_words: usize,
    segments: Vec<Segment>,
}

impl Fields {
    fn segment(&mut self) -> &mut Segment {
        if self.segments.is_empty() {
            self.segments.push(Segment::default());
        }
        let last = self.segments.len() - 1;
        &mut self.segments[last]
    }

    fn has_date(&self) -> bool {
        self.triple.is_some() || (self.month.is_some() && self.loose.len() == 2)
    }

    fn date(&self, order: Option<Order>) -> Option<Told> {
        if let Some([first, second, third]) = self.triple {
            return (self.loose.is_empty() && self.month.is_none())
                .then(|| numeric(first, second, third, self.weekday, order))?;
        }
        let [one, other] = *self.loose.as_slice() else { return None };
        let (day, year) = if other.1 == 4 { (one, other) } else { (other, one) };
        (year.1 == 4 && day.1 <= 2)
            .then(|| civil(year.0, u32::try_from(self.month?).ok()?, day.0).map(Told::Day))?
    }
}

/// `13/9/2023`, `9/13/2023`, `2023-09-13`: the year has four digits, or comes last.
fn numeric(
    first: (u32, usize),
    second: (u32, usize),
    third: (u32, usize),
    weekday: Option<i8>,
    order: Option<Order>,
) -> Option<Told> {
    if first.1 == 4 {
        return civil(first.0, second.0, third.0).map(Told::Day);
    }
    let year = if third.1 == 2 { 2000 + third.0 } else { third.0 };
    let day_first = civil(year, second.0, first.0);
    let month_first = civil(year, first.0, second.0);
    let (Some(day_first), Some(month_first)) = (day_first, month_first) else {
        return day_first.or(month_first).map(Told::Day);
    };
    let on_weekday = |date: Date| Some(date.weekday().to_monday_one_offset()) == weekday;
    Some(match (on_weekday(day_first), on_weekday(month_first), order) {
        _ if day_first == month_first => Told::Day(day_first),
        (true, false, _) => Told::Day(day_first),
        (false, true, _) => Told::Day(month_first),
        (_, _, Some(Order::Dmy)) => Told::Day(day_first),
        (_, _, Some(Order::Mdy)) => Told::Day(month_first),
        _ => Told::DayOrMonth,
    })
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    if !(1900..=2199).contains(&year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

struct Scan<'a> {
    vocabulary: &'a Vocabulary,
    zones: &'a HashMap<String, Offset>,
    tokens: &'a [Token],
    fields: Fields,
}

impl Scan<'_> {
    /// Reads token after token; none where two values of a kind contradict each other.
    fn run(&mut self) -> Option<()> {
        let mut at = 0;
        while at < self.tokens.len() {
            let used = match &self.tokens[at].kind {
                Kind::Number(..) => self.number(at)?,
                Kind::Word(word) => match self.word(word, at)? {
                    0 => break,
                    used => used,
                },
                Kind::Mark(mark) => self.mark(*mark, at),
            };
            at += used;
        }
        Some(())
    }

    fn number(&mut self, at: usize) -> Option<usize> {
        let rest = &self.tokens[at..];
        self.fields.segment().dated = true;
        if let Some(triple) = triple(rest) {
            return self.fields.triple.replace(triple).is_none().then_some(5);
        }
        if let Some((time, used)) = clock::time(rest) {
            if self.fields.time.replace(time).is_some() {
                return None;
            }
            return Some(used + self.offset(&rest[used..]));
        }
        let (value, digits) = rest[0].number()?;
        let meaning = rest.get(1).and_then(Token::word).and_then(|w| self.vocabulary.words.get(w));
        if let Some(half @ (Meaning::Am | Meaning::Pm)) = meaning {
            let time =
                clock::civil_time(value, 0, 0).and_then(|t| clock::after_noon(t, *half == Meaning::Pm));
            return self.fields.time.replace(time?).is_none().then_some(2);
        }
        self.fields.loose.push((value, digits));
        (self.fields.loose.len() <= 2).then_some(1)
    }

    /// Takes an offset behind a time: `+07:00` anywhere, `-5` only without a blank. Gives the tokens used.
    fn offset(&mut self, rest: &[Token]) -> usize {
        let Some((offset, used)) = clock::signed_offset(rest) else { return 0 };
        if !(rest[0].glued
            || rest[0].mark() == Some('+')
            || rest[1].number().is_some_and(|(_, digits)| digits == 4))
        {
            return 0;
        }
        self.fields.offset = Some(offset);
        used
    }

    /// Tokens used; 0 where the rest of the line speaks of another time.
    fn word(&mut self, word: &str, at: usize) -> Option<usize> {
        let before_is_number = at > 0 && self.tokens[at].glued && self.tokens[at - 1].number().is_some();
        if let Some(meaning) = self.vocabulary.words.get(word) {
            return self.meaning(*meaning);
        }
        if before_is_number && word == "t" && self.fields.triple.is_some() {
            return Some(1);
        }
        let zone = match word {
            "z" if before_is_number && self.fields.time.is_some() => Some(Offset::UTC),
            _ => self.vocabulary.zones.get(word).or_else(|| self.zones.get(word)).copied(),
        };
        let Some(zone) = zone else {
            self.fields.segment().strays += 1;
            return Some(1);
        };
        self.fields.segment().dated = true;
        self.fields.own_words += usize::from(self.vocabulary.zones.contains_key(word));
        let signed = self.tokens.get(at + 1).and_then(|_| clock::signed_offset(&self.tokens[at + 1..]));
        let (offset, used) = signed.map_or((zone, 1), |(offset, more)| (offset, 1 + more));
        self.fields.offset.get_or_insert(offset);
        Some(used)
    }

    fn meaning(&mut self, meaning: Meaning) -> Option<usize> {
        let fields = &mut self.fields;
        fields.own_words += 1;
        match meaning {
            Meaning::Published | Meaning::Updated if fields.has_date() => return Some(0),
            Meaning::Published => fields.updated = false,
            Meaning::Updated => fields.updated = true,
            Meaning::Noise => {}
            Meaning::Am | Meaning::Pm => {
                fields.time = Some(clock::after_noon(fields.time?, meaning == Meaning::Pm)?);
            }
            Meaning::Month(month) => {
                fields.segment().dated = true;
                if fields.month.replace(month).is_some_and(|other| other != month) {
                    return None;
                }
            }
            Meaning::Weekday(day) => {
                fields.segment().dated = true;
                fields.weekday = Some(day);
            }
        }
        Some(1)
    }

    fn mark(&mut self, mark: char, at: usize) -> usize {
        let is_dash = matches!(mark, '-' | '–' | '—');
        let stands_alone = !self.tokens[at].glued && self.tokens.get(at + 1).is_none_or(|t| !t.glued);
        if matches!(mark, '|' | '•' | '·') || (is_dash && stands_alone) {
            self.fields.segments.push(Segment::default());
        } else if matches!(mark, '?' | '!' | '“' | '”' | '"' | '%' | '$' | ';') {
            self.fields.segment().strays += 1;
        }
        1
    }
}

/// Three numbers with the same mark between them, as dates have.
fn triple(tokens: &[Token]) -> Option<[(u32, usize); 3]> {
    let [first, mark, second, other, third, ..] = tokens else { return None };
    let marks = mark.mark().filter(|m| matches!(m, '/' | '-' | '.')).is_some() && mark.mark() == other.mark();
    if !marks || [mark, second, other, third].iter().any(|t| !t.glued) {
        return None;
    }
    let (first, second, third) = (first.number()?, second.number()?, third.number()?);
    let shape = (first.1, second.1, third.1);
    matches!(shape, (4, 1 | 2, 1 | 2) | (1 | 2, 1 | 2, 4 | 2)).then_some([first, second, third])
}
