//! What a date line has said so far.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::{Calendar, Order};
use crate::calendar;
use crate::page::clock::{self, Half};

/// Letters of scripts without blanks that count as one word of another part of the line.
const LETTERS_A_WORD: usize = 3;

/// What numbers say of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Day(Date),
    /// Two numbers, each of which can be day and month.
    DayOrMonth,
}

/// A day as the line gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Named {
        calendar: Calendar,
        year: i32,
        month: u32,
        day: u32,
    },
    /// Three numbers, each with its count of digits.
    Numeric([(u32, usize); 3]),
}

/// A day of which not everything is known yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Partial {
    calendar: Calendar,
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
}

/// A stretch of the line between separators.
#[derive(Debug, Default)]
struct Segment {
    dated: bool,
    strays: usize,
    /// Letters of scripts that set no blanks.
    letters: usize,
}

impl Segment {
    fn strays(&self) -> usize {
        self.strays + self.letters.div_ceil(LETTERS_A_WORD)
    }
}

/// What a date line has said so far.
#[derive(Debug, Default)]
pub(super) struct Fields {
    dates: Vec<Written>,
    open: Partial,
    weekday: Option<i8>,
    pub(super) time: Option<Time>,
    /// As it stands before the hour, and behind it.
    pub(super) halves: [Option<Half>; 2],
    pub(super) zone: Option<TimeZone>,
    pub(super) updated: bool,
    pub(super) own_words: usize,
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

    pub(super) fn part(&mut self) {
        self.segments.push(Segment::default());
    }

    pub(super) fn dated(&mut self) {
        self.segment().dated = true;
    }

    pub(super) fn stray(&mut self, unspaced: bool) {
        let segment = self.segment();
        if unspaced {
            segment.letters += 1;
        } else {
            segment.strays += 1;
        }
    }

    pub(super) fn strays(&self) -> usize {
        self.segments.iter().map(Segment::strays).sum()
    }

    /// Whether words of unknown meaning stand beside the date.
    pub(super) fn is_mixed(&self) -> bool {
        self.segments.iter().any(|s| s.strays() > 0 && s.dated)
    }

    pub(super) fn has_date(&self) -> bool {
        self.dates.iter().any(|d| !d.is_lunar())
    }

    /// Whether no day is begun.
    pub(super) fn is_closed(&self) -> bool {
        self.open == Partial::default()
    }

    pub(super) fn weekday(&mut self, day: i8) {
        self.dated();
        self.weekday = Some(day);
    }

    /// None where the line says two different things; so with all that follow.
    pub(super) fn month(&mut self, calendar: Calendar, month: u32) -> Option<()> {
        self.dated();
        if self.open.calendar == Calendar::Lunar && self.open.month.is_some() && calendar != Calendar::Lunar {
            self.open = Partial::default();
        }
        if self.open.month.is_some() && self.open.calendar != calendar {
            return None;
        }
        self.open.calendar = calendar;
        put(&mut self.open.month, month)?;
        self.close();
        Some(())
    }

    pub(super) fn year(&mut self, year: i32) -> Option<()> {
        put(&mut self.open.year, year)?;
        self.close();
        Some(())
    }

    pub(super) fn day(&mut self, day: u32) -> Option<()> {
        // `13 ربيع الأول - 4 نوفمبر 2026`: the lunar date has no year.
        if self.open.calendar == Calendar::Lunar && self.open.day.is_some() {
            self.open = Partial::default();
        }
        put(&mut self.open.day, day)?;
        self.close();
        Some(())
    }

    fn close(&mut self) {
        if let Partial { calendar, year: Some(year), month: Some(month), day: Some(day) } = self.open {
            self.dates.push(Written::Named { calendar, year, month, day });
            self.open = Partial::default();
        }
    }

    pub(super) fn triple(&mut self, numbers: [(u32, usize); 3]) -> Option<()> {
        if self.open.calendar == Calendar::Lunar {
            self.open = Partial::default();
        }
        self.dates.push(Written::Numeric(numbers));
        self.is_closed().then_some(())
    }

    /// The year that was just read counts from another one.
    pub(super) fn shift_year(&mut self, add: i32) {
        let year = match (&mut self.open.year, self.dates.last_mut()) {
            (Some(year), _) => year,
            (None, Some(Written::Named { year, .. })) => year,
            _ => return,
        };
        *year = year.saturating_add(add);
    }

    /// The time of day; none where it contradicts itself.
    pub(super) fn time_of_day(&self) -> Option<Option<Time>> {
        let [before, behind] = self.halves;
        match (self.time, behind.or(before)) {
            (Some(time), Some(half)) => clock::on_clock(time, half).map(Some),
            (time, _) => Some(time),
        }
    }

    pub(super) fn date(&self, order: Option<Order>) -> Option<Told> {
        let is_left_open = !self.is_closed() && self.open.calendar != Calendar::Lunar;
        if is_left_open {
            return None;
        }
        let mut told: Option<Told> = None;
        for written in self.dates.iter().filter(|d| !d.is_lunar()) {
            told = Some(match (written.told(self.weekday, order)?, told) {
                (day, None | Some(Told::DayOrMonth)) => day,
                (Told::DayOrMonth, Some(day)) => day,
                (day, Some(other)) => (day == other).then_some(day)?,
            });
        }
        told
    }
}

/// Sets what is not set, or is set to the same.
fn put<T: PartialEq>(slot: &mut Option<T>, value: T) -> Option<()> {
    if slot.as_ref().is_some_and(|old| *old != value) {
        return None;
    }
    *slot = Some(value);
    Some(())
}

impl Written {
    fn is_lunar(&self) -> bool {
        match self {
            Self::Named { calendar, .. } => *calendar == Calendar::Lunar,
            Self::Numeric(_) => false,
        }
    }

    fn told(&self, weekday: Option<i8>, order: Option<Order>) -> Option<Told> {
        match *self {
            Self::Named { calendar: Calendar::Solar, year, month, day } => {
                calendar::solar(year, month, day).map(Told::Day)
            }
            Self::Named { year, month, day, .. } => civil(year, month, day).map(Told::Day),
            Self::Numeric(numbers) => numeric(numbers, weekday, order),
        }
    }
}

/// `13/9/2023`, `9/13/2023`, `2023-09-13`: the year has four digits, or comes last.
fn numeric(
    [first, second, third]: [(u32, usize); 3],
    weekday: Option<i8>,
    order: Option<Order>,
) -> Option<Told> {
    let year = |value: u32| i32::try_from(value).ok();
    if first.1 == 4 {
        return civil(year(first.0)?, second.0, third.0).map(Told::Day);
    }
    let year = year(if third.1 == 2 { 2000 + third.0 } else { third.0 })?;
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

fn civil(year: i32, month: u32, day: u32) -> Option<Date> {
    if !(1900..=2199).contains(&year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
