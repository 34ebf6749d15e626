//! Reads a date line token after token.

use super::fields::Fields;
use super::vocabulary::{Entry, Lexemes, Vocabulary};
use super::{Calendar, MOST_STRAYS, Meaning, Unit};
use crate::calendar;
use crate::page::clock::{self, Kind, Token};
use crate::page::words;

/// The first year of an era (`令和元年`).
const FIRST_YEAR: &str = "元";

/// A pass over the tokens of a line. Methods give the number of tokens they used, and none where two values of a
/// kind contradict each other.
pub(super) struct Scan<'a> {
    vocabulary: &'a Vocabulary,
    common: &'a Lexemes,
    tokens: &'a [Token],
    fields: Fields,
    /// What the next number counts, by the word before it.
    unit: Option<Unit>,
    /// What is added to the next year, by the word before it.
    era: Option<i32>,
    /// Whether the number before was an hour by its word, so that a number behind it is the minute.
    after_hour: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(tokens: &'a [Token], vocabulary: &'a Vocabulary, common: &'a Lexemes) -> Self {
        let fields = Fields::default();
        Self { vocabulary, common, tokens, fields, unit: None, era: None, after_hour: false }
    }

    pub(super) fn run(mut self) -> Option<Fields> {
        let mut at = 0;
        while at < self.tokens.len() {
            let used = match &self.tokens[at].kind {
                Kind::Number(value, digits) => self.number(at, *value, *digits)?,
                Kind::Word(word) => match self.word(word, at)? {
                    // The rest of the line speaks of another time.
                    0 => break,
                    used => used,
                },
                Kind::Mark(mark) => self.mark(*mark, at),
            };
            at += used;
            if self.fields.strays() > MOST_STRAYS {
                return None;
            }
        }
        Some(self.fields)
    }

    fn entry(&self, at: usize) -> Option<(&'a Entry, usize)> {
        let own = self.vocabulary.lexemes.longest(self.tokens, at);
        let common = self.common.longest(self.tokens, at);
        match (own, common) {
            (Some(own), Some(common)) if common.1 > own.1 => Some(common),
            (own, common) => own.or(common),
        }
    }

    fn number(&mut self, at: usize, value: u32, digits: usize) -> Option<usize> {
        let rest = &self.tokens[at..];
        let (unit, era) = (self.unit.take(), self.era.take());
        let after_hour = std::mem::take(&mut self.after_hour);
        self.fields.dated();
        if let Some((triple, used)) = triple(rest) {
            self.triple(triple)?;
            return Some(used);
        }
        if let Some((time, used)) = clock::time(rest) {
            self.time(time)?;
            return Some(used + self.offset(&rest[used..]));
        }
        if let Some((unit, used)) = self.unit_behind(at) {
            self.counted(unit, value, era)?;
            return Some(1 + used);
        }
        if let Some(unit) = unit {
            self.counted(unit, value, era)?;
        } else if let Some(add) = era {
            self.fields.year(i32::try_from(value).ok()?.checked_add(add)?)?;
        } else if after_hour && digits == 2 && value < 60 {
            self.counted(Unit::Minute, value, None)?;
        } else if let Some(used) = self.hour(at, value, digits)? {
            return Some(1 + used);
        } else {
            self.loose(at, value, digits)?;
        }
        Some(1)
    }

    /// `7 pm`, but not `13 오후 2시`.
    fn hour(&mut self, at: usize, value: u32, digits: usize) -> Option<Option<usize>> {
        let Some((Entry { meaning: Some(Meaning::Half(half)), .. }, used)) = self.entry(at + 1) else {
            return Some(None);
        };
        let hour_follows = self.tokens.get(at + 1 + used).is_some_and(|t| t.number().is_some());
        if digits > 2 || hour_follows {
            return Some(None);
        }
        self.time(clock::civil_time(value, 0, 0)?)?;
        self.fields.halves[1] = Some(*half);
        Some(Some(used))
    }

    fn loose(&mut self, at: usize, value: u32, digits: usize) -> Option<()> {
        let noise_follows =
            self.entry(at + 1).is_some_and(|(entry, _)| entry.meaning == Some(Meaning::Noise));
        if self.fields.has_date() && self.fields.is_closed() && noise_follows {
            // `4 Nov 2026 · 3 min read`
            return Some(());
        }
        match digits {
            1 | 2 => self.fields.day(value),
            4 => self.fields.year(i32::try_from(value).ok()?),
            _ => None,
        }
    }

    /// The word behind a number that tells what it counts.
    fn unit_behind(&self, at: usize) -> Option<(Unit, usize)> {
        let (entry, used) = self.entry(at + 1)?;
        let unit = entry.unit?;
        let of_day = matches!(unit, Unit::Year | Unit::Month | Unit::Day);
        (!(self.vocabulary.units_lead && of_day)).then_some((unit, used))
    }

    fn counted(&mut self, unit: Unit, value: u32, era: Option<i32>) -> Option<()> {
        match unit {
            Unit::Year => self.fields.year(i32::try_from(value).ok()?.checked_add(era.unwrap_or(0))?),
            Unit::Month => self.fields.month(Calendar::Gregorian, value),
            Unit::Day => self.fields.day(value),
            Unit::Hour => {
                self.after_hour = true;
                self.time(clock::civil_time(value, 0, 0)?)
            }
            Unit::Minute | Unit::Second => {
                let time = self.fields.time?;
                let (hour, minute) = (u32::try_from(time.hour()).ok()?, u32::try_from(time.minute()).ok()?);
                let parts = if unit == Unit::Minute { (hour, value, 0) } else { (hour, minute, value) };
                self.fields.time = Some(clock::civil_time(parts.0, parts.1, parts.2)?);
                Some(())
            }
        }
    }

    fn time(&mut self, time: jiff::civil::Time) -> Option<()> {
        self.fields.time.replace(time).is_none().then_some(())
    }

    fn triple(&mut self, numbers: [(u32, usize); 3]) -> Option<()> {
        let year = if numbers[0].1 == 4 { numbers[0].0 } else { numbers[2].0 };
        let year = i32::try_from(year).ok()?;
        if !calendar::is_solar_year(year) {
            return self.fields.triple(numbers);
        }
        // No Gregorian year of a page: solar where the language counts so, else lunar.
        let calendar = if self.vocabulary.solar { Calendar::Solar } else { Calendar::Lunar };
        let day = if numbers[0].1 == 4 { numbers[2].0 } else { numbers[0].0 };
        self.fields.month(calendar, numbers[1].0)?;
        self.fields.year(year)?;
        self.fields.day(day)
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
        self.fields.zone = Some(offset.to_time_zone());
        used
    }

    /// Tokens used; 0 where the rest of the line speaks of another time.
    fn word(&mut self, word: &str, at: usize) -> Option<usize> {
        let behind_number = at > 0 && self.tokens[at].glued && self.tokens[at - 1].number().is_some();
        if let Some((entry, used)) = self.entry(at) {
            return self.known(entry, at, used);
        }
        if word == FIRST_YEAR && self.era.is_some() {
            let year = self.era.take()?.checked_add(1)?;
            self.fields.year(year)?;
        } else if behind_number && word == "z" && self.fields.time.is_some() {
            self.fields.zone.get_or_insert(jiff::tz::TimeZone::UTC);
        } else if !(behind_number && word == "t" && self.fields.has_date()) {
            self.fields.stray(word.chars().next().is_some_and(words::is_unspaced));
        }
        Some(1)
    }

    fn known(&mut self, entry: &Entry, at: usize, used: usize) -> Option<usize> {
        let number_follows = self.tokens.get(at + used).is_some_and(|t| t.number().is_some());
        if let Some(unit) = entry.unit.filter(|_| self.vocabulary.units_lead && number_follows) {
            self.fields.own_words += 1;
            self.unit = Some(unit);
            return Some(used);
        }
        if let Some(meaning) = entry.meaning {
            return self.meaning(meaning, at, used);
        }
        let Some(zone) = &entry.zone else {
            self.fields.own_words += 1;
            return Some(used);
        };
        self.fields.dated();
        let own = self.vocabulary.lexemes.longest(self.tokens, at);
        self.fields.own_words += usize::from(own.is_some_and(|(own, _)| own.zone.is_some()));
        let signed = self.tokens.get(at + used..).and_then(clock::signed_offset);
        let (zone, more) =
            signed.map_or_else(|| (zone.clone(), 0), |(offset, more)| (offset.to_time_zone(), more));
        self.fields.zone.get_or_insert(zone);
        Some(used + more)
    }

    fn meaning(&mut self, meaning: Meaning, at: usize, used: usize) -> Option<usize> {
        let fields = &mut self.fields;
        match meaning {
            Meaning::Published if fields.has_date() && fields.updated => *fields = Fields::default(),
            Meaning::Published | Meaning::Updated if fields.has_date() => return Some(0),
            Meaning::Published => fields.updated = false,
            Meaning::Updated => fields.updated = true,
            Meaning::Noise => {}
            Meaning::Half(half) => fields.halves[usize::from(fields.time.is_some())] = Some(half),
            Meaning::Month(calendar, month) => fields.month(calendar, month)?,
            Meaning::Weekday(day) => fields.weekday(day),
            Meaning::Era(add) => {
                let year_before =
                    at > 0 && self.tokens[at - 1].number().is_some_and(|(_, digits)| digits == 4);
                if year_before { fields.shift_year(add) } else { self.era = Some(add) }
            }
        }
        self.fields.own_words += 1;
        Some(used)
    }

    fn mark(&mut self, mark: char, at: usize) -> usize {
        let is_dash = matches!(mark, '-' | '–' | '—');
        let stands_alone = !self.tokens[at].glued && self.tokens.get(at + 1).is_none_or(|t| !t.glued);
        if matches!(mark, '|' | '•' | '·' | '│' | '丨' | '◆' | '■' | '●') || (is_dash && stands_alone)
        {
            self.fields.part();
        } else if matches!(mark, '?' | '!' | '“' | '”' | '"' | '%' | '$' | ';' | '。' | '؟' | '।') {
            self.fields.stray(false);
        }
        1
    }
}

/// Three numbers with the same mark between them, as dates have, and the tokens they take.
fn triple(tokens: &[Token]) -> Option<([(u32, usize); 3], usize)> {
    let [first, mark, second, other, third, ..] = tokens else { return None };
    let marks = mark.mark().filter(|m| matches!(m, '/' | '-' | '.')).is_some() && mark.mark() == other.mark();
    // `2026. 11. 4.` has blanks behind its full stops.
    let apart = mark.mark() == Some('.');
    if !marks
        || [mark, other].iter().any(|t| !t.glued)
        || (!apart && [second, third].iter().any(|t| !t.glued))
    {
        return None;
    }
    let (first, second, third) = (first.number()?, second.number()?, third.number()?);
    let shape = (first.1, second.1, third.1);
    matches!(shape, (4, 1 | 2, 1 | 2) | (1 | 2, 1 | 2, 4 | 2)).then_some(([first, second, third], 5))
}
