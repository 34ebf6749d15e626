//! The line of a page that says when it was published.

mod fields;
mod scan;
mod vocabulary;

use jiff::civil::{DateTime, time};
use jiff::tz::{Offset, TimeZone};
use siaga_schemas::Moment;

use super::clock::{self, Token};
use fields::Told;
use scan::Scan;

pub(super) use vocabulary::{DateWords, Lexemes, Vocabulary, Zone};

/// Longest line that is looked at, in bytes; letters of three bytes are words by the half.
const LONGEST_LINE: usize = 240;
/// Most words of other parts of the line (`Kompas.com - `).
const MOST_STRAYS: usize = 5;

/// What a word of a date line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A month of a calendar, from 1.
    Month(Calendar, u32),
    /// From 1, Monday.
    Weekday(i8),
    /// The half of the day.
    Half(clock::Half),
    /// The year beside it counts from another one: how many to add.
    Era(i32),
    /// What follows is the time of publication.
    Published,
    /// What follows is the time of a later edit.
    Updated,
    /// May stand in a date line and says nothing.
    Noise,
}

/// How months are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Calendar {
    #[default]
    Gregorian,
    /// That of Iran and Afghanistan.
    Solar,
    /// That of Mecca, which stands beside another and is not resolved: it goes by the sight of the moon.
    Lunar,
}

/// What a number beside a word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
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
pub(super) fn read(tokens: &[Token], vocabulary: &Vocabulary, common: &Lexemes) -> Option<Reading> {
    let fields = Scan::new(tokens, vocabulary, common).run()?;
    let strays = fields.strays();
    if fields.is_mixed() || strays > MOST_STRAYS || (strays > 0 && fields.time.is_none()) {
        return None;
    }
    let zone = fields.zone.as_ref().or(vocabulary.offset.as_ref());
    let time = fields.time_of_day()?.unwrap_or(time(12, 0, 0, 0));
    let moment = match fields.date(vocabulary.order)? {
        Told::Day(date) => Some(moment(DateTime::from_parts(date, time), zone)?),
        Told::DayOrMonth => None,
    };
    Some(Reading {
        moment,
        updated: fields.updated,
        timed: fields.time.is_some(),
        own_words: fields.own_words,
    })
}

fn moment(civil: DateTime, zone: Option<&TimeZone>) -> Option<Moment> {
    let Some(zone) = zone else {
        return Some(Moment::new(Offset::UTC.to_timestamp(civil).ok()?, Offset::UTC));
    };
    let timestamp = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(Moment::new(timestamp, zone.to_offset(timestamp)))
}
