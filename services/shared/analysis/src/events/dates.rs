//! Days that a sentence names, resolved against the day of publication.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use siaga_schemas::{DateBasis, DatePrecision};

use super::item::{FoundDate, Item, Quantity, What};
use super::sentence::{Context, gap};
use super::written_dates;
use crate::vocabulary::{Meaning, TimeWord, Word};

/// Dates in digits: 13/9/2023, 13/9, 13.09.2023, 2023-09-13.
pub(crate) fn numeric(text: &str, range: &Range<usize>, context: Context<'_>) -> Vec<Item> {
    let sentence = &text[range.clone()];
    let mut items = written_dates::find(text, range, context);
    let taken: Vec<Range<usize>> = items.iter().map(|i| i.start..i.end).collect();
    let mut at = 0;
    while let Some(found) = sentence[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let rest = &sentence[start..];
        let length =
            rest.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-' | b'.')).count();
        let token = rest[..length].trim_end_matches(['.', '-', '/']);
        at = start + length.max(1);
        let begin = range.start + start;
        if taken.iter().any(|t| t.contains(&begin)) {
            continue;
        }
        if let Some(date) = numeric_date(token, &sentence[..start], context) {
            let what = What::Date(day(date, DateBasis::Explicit));
            items.push(Item { start: begin, end: begin + token.len(), clause: 0, what });
        }
    }
    items
}

/// Whether what stands before two numbers makes them a date: a bracket or comma, a part of the day, or *ngày*.
fn announces_date(before: &str, context: Context<'_>) -> bool {
    let before = before.trim_end();
    before.ends_with(['(', ','])
        || context.language.time().day_parts.iter().any(|form| before.ends_with(form.as_str()))
}

fn numeric_date(token: &str, before: &str, context: Context<'_>) -> Option<Date> {
    let separator = token.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<i16> = token.split(separator).map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let order = |a: i16, b: i16| if context.language.settings.day_first { (a, b) } else { (b, a) };
    match parts[..] {
        [year, month, day] if year >= 1000 => date(year, month, day),
        [a, b, year] => {
            let (day, month) = order(a, b);
            let year = if year < 100 { 2000 + year } else { year };
            date(year, month, day).or_else(|| date(year, day, month))
        }
        // Two numbers alone may be a score or a fraction: only where newsrooms write dates.
        [a, b] if separator == '/' && announces_date(before, context) => {
            let (day, month) = order(a, b);
            nearest_year(i8::try_from(month).ok()?, i8::try_from(day).ok()?, context.published)
        }
        _ => None,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

pub(super) fn day(date: Date, basis: DateBasis) -> FoundDate {
    FoundDate { start: date, end: date, precision: DatePrecision::Day, basis, open: false }
}

/// The last day that a date without a year can stand for.
pub(super) fn latest(published: Date) -> Date {
    published.saturating_add(60.days())
}

/// The year that brings a day and month closest to publication; two months ahead is the limit of what is to come.
fn nearest_year(month: i8, day: i8, published: Date) -> Option<Date> {
    let latest = latest(published);
    [published.year() + 1, published.year(), published.year() - 1]
        .into_iter()
        .filter_map(|year| Date::new(year, month, day).ok())
        .find(|date| *date <= latest)
}

/// Puts date words together and resolves them.
pub(crate) fn join(items: &mut Vec<Item>, text: &str, context: Context<'_>) {
    let mut at = 0;
    while at < items.len() {
        if let Some((count, found)) = date_at(items, at, text, context) {
            // Other readings of the same words may stand between (*tahun* is a unit too).
            let before = items[..at].iter().rposition(|i| i.end <= items[at].start);
            let begins = before
                .filter(|b| items[*b].is_word(Word::Since) && gap(text, items[*b].end, items[at].start) <= 1);
            let end = items[at..at + count].iter().map(|i| i.end).max().unwrap_or_default();
            items[at].end = end;
            items[at].what = What::Date(FoundDate { open: begins.is_some(), ..found });
            items.drain(at + 1..at + count);
        }
        at += 1;
    }
    merge_weekdays(items, text);
    // *in 1986 the United States*: the preposition governs the year and nothing behind it.
    let dates: Vec<(usize, usize)> =
        items.iter().filter(|i| matches!(i.what, What::Date(_))).map(|i| (i.start, i.end)).collect();
    items.retain(|i| {
        let inside = |(start, end): &(usize, usize)| *start <= i.start && i.end <= *end;
        i.word().is_none() || !dates.iter().any(inside)
    });
    items.retain(|i| !matches!(i.what, What::Raw(Meaning::Time(t)) if !t.is_unit()));
}

/// *Rabu (13/9/2023)*, *on Wednesday, 13 September*: the calendar date decides.
fn merge_weekdays(items: &mut Vec<Item>, text: &str) {
    let mut at = 0;
    while at + 1 < items.len() {
        let next = items[at + 1..]
            .iter()
            .position(|i| !matches!(i.what, What::Bracket | What::Comma))
            .map(|n| at + 1 + n);
        let merged = next.and_then(|n| match (&items[at].what, &items[n].what) {
            (What::Date(a), What::Date(b)) if gap(text, items[at].end, items[n].start) == 0 => {
                let better = if b.basis == DateBasis::Explicit { *b } else { *a };
                (a.basis != b.basis || a.precision != b.precision)
                    .then_some((n, FoundDate { open: a.open, ..better }))
            }
            _ => None,
        });
        match merged {
            Some((n, date)) => {
                items[at].end = items[n].end;
                items[at].what = What::Date(date);
                items.drain(at + 1..=n);
            }
            None => at += 1,
        }
    }
}

/// The date that begins at an item, and how many items it takes.
fn date_at(items: &[Item], at: usize, text: &str, context: Context<'_>) -> Option<(usize, FoundDate)> {
    let near = |n: usize| items.get(at + n).filter(|i| gap(text, items[at + n - 1].end, i.start) == 0);
    let time = |n: usize| near(n).and_then(time_word);
    let published = context.published;
    match &items[at].what {
        What::Raw(Meaning::Time(TimeWord::Month(month))) => {
            // English: September 13, 2023. The day is swallowed by no bound: it stands right behind.
            let day_number = near(1).and_then(number).filter(|n| (1..=31).contains(n));
            let year = |n: usize| year_after(items, at + n, text);
            if let Some(number) = day_number {
                let (extra, year) = year(1).map_or((0, None), |(count, y)| (count, Some(y)));
                return Some((2 + extra, month_day(*month, number, year, published)?));
            }
            let (extra, year) = year(0).map_or((0, None), |(count, y)| (count, Some(y)));
            let last = time(1) == Some(TimeWord::Last);
            Some((1 + extra + usize::from(last && extra == 0), whole_month(*month, year, published)?))
        }
        What::Raw(Meaning::Time(TimeWord::Weekday(number))) => {
            let after = time(1);
            let before = at
                .checked_sub(1)
                .and_then(|b| time_word(&items[b]).filter(|_| gap(text, items[b].end, items[at].start) == 0));
            // *Rabu pekan lalu*: the day of that week.
            if let Some(TimeWord::Weeks(weeks)) = after.or(before) {
                let monday = whole_week(weeks, published)?.start;
                let found = monday.checked_add(i64::from(*number).days()).ok()?;
                return Some((1 + usize::from(after.is_some()), day(found, DateBasis::Relative)));
            }
            let shift =
                [after, before].into_iter().flatten().find(|t| matches!(t, TimeWord::Last | TimeWord::Next));
            // *Rabu kemarin*, *Rabu siang ini*: the weekday decides.
            let taken =
                1 + usize::from(matches!(after, Some(TimeWord::Last | TimeWord::Next | TimeWord::Days(_))));
            Some((taken, day(weekday(*number, shift, published)?, DateBasis::Relative)))
        }
        What::Raw(Meaning::Time(TimeWord::Days(days))) => {
            let date = published.checked_add(i64::from(*days).days()).ok()?;
            Some((1, day(date, DateBasis::Relative)))
        }
        What::Raw(Meaning::Time(TimeWord::Weeks(weeks))) => {
            let week = whole_week(*weeks, published)?;
            // 上周三: the weekday that shares a sign with the week.
            let overlapping = items.get(at + 1).filter(|i| i.start < items[at].end).and_then(time_word);
            let Some(TimeWord::Weekday(number)) = overlapping else { return Some((1, week)) };
            let found = week.start.checked_add(i64::from(number).days()).ok()?;
            Some((2, day(found, DateBasis::Relative)))
        }
        What::Raw(Meaning::Time(TimeWord::Months(months))) => {
            let month = published.first_of_month().checked_add(i64::from(*months).months()).ok()?;
            Some((
                1,
                FoundDate {
                    basis: DateBasis::Relative,
                    ..span(month, month.last_of_month(), DatePrecision::Month)
                },
            ))
        }
        What::Raw(Meaning::Time(TimeWord::Years(years))) => {
            let year = published.checked_add(i64::from(*years).years()).ok()?.year();
            Some((1, FoundDate { basis: DateBasis::Relative, ..whole_year(year)? }))
        }
        What::Raw(Meaning::Time(TimeWord::Ago)) => ago_before(items, at, text, published),
        What::Raw(Meaning::Number(_) | Meaning::Vague(_)) | What::Quantity(_) => {
            counted(items, at, text, published)
        }
        What::Raw(Meaning::Time(TimeWord::YearMarker))
        | What::Word(Word::At | Word::Since | Word::From | Word::Before | Word::After) => {
            let value = near(1).and_then(number).filter(is_year)?;
            let unit_follows = matches!(time(2), Some(t) if t.is_unit());
            if unit_follows && !matches!(items[at].what, What::Raw(_)) {
                return None;
            }
            if matches!(items[at].what, What::Raw(_)) {
                return Some((2, whole_year(i16::try_from(value).ok()?)?));
            }
            None
        }
        _ => None,
    }
}

/// *13 September 2023*, *three days ago*, *2006* behind a preposition.
fn counted(items: &[Item], at: usize, text: &str, published: Date) -> Option<(usize, FoundDate)> {
    let near = |n: usize| items.get(at + n).filter(|i| gap(text, items[at + n - 1].end, i.start) == 0);
    let value = number(&items[at])?;
    match near(1).and_then(time_word) {
        Some(TimeWord::Month(month)) if (1..=31).contains(&value) => {
            let (extra, year) =
                year_after(items, at + 1, text).map_or((0, None), |(count, y)| (count, Some(y)));
            Some((2 + extra, month_day(month, value, year, published)?))
        }
        Some(unit)
            if unit.is_unit()
                && near(2)
                    .and_then(time_word)
                    .is_some_and(|t| matches!(t, TimeWord::Ago | TimeWord::Last)) =>
        {
            Some((3, back(value, unit, published)?))
        }
        // *1986 bombardierten die USA*
        _ if at == 0
            && is_year(&value)
            && items[0].end - items[0].start == 4
            && near(1).is_some_and(is_verb) =>
        {
            Some((1, whole_year(i16::try_from(value).ok()?)?))
        }
        _ if is_year(&value) && items[at].end - items[at].start == 4 => {
            let before = at.checked_sub(1).map(|b| &items[b])?;
            let marked = before.word().is_some_and(|w| {
                matches!(w, Word::At | Word::Since | Word::From | Word::Before | Word::After | Word::AtMost)
            }) || before.what == What::Bracket;
            (marked && gap(text, before.end, items[at].start) == 0)
                .then(|| whole_year(i16::try_from(value).ok()?))
                .flatten()
                .map(|found| (1, found))
        }
        _ => None,
    }
}

/// So many days, weeks, months or years before publication.
fn back(value: u32, unit: TimeWord, published: Date) -> Option<FoundDate> {
    let back = -i64::from(value);
    let (step, precision): (Span, _) = match unit {
        TimeWord::DayUnit => (back.days(), DatePrecision::Day),
        TimeWord::WeekUnit => (back.weeks(), DatePrecision::Week),
        TimeWord::MonthUnit => (back.months(), DatePrecision::Month),
        _ => (back.try_years_or_zero(), DatePrecision::Year),
    };
    let date = published.checked_add(step).ok()?;
    Some(FoundDate { precision, ..day(date, DateBasis::Relative) })
}

/// *il y a trois ans*, *vor drei Jahren*, *قبل ثلاثة أيام*: the word of *ago* before number and unit.
fn ago_before(items: &[Item], at: usize, text: &str, published: Date) -> Option<(usize, FoundDate)> {
    let behind = |i: usize| {
        let next = (i + 1..items.len()).find(|n| items[*n].start >= items[i].end)?;
        (gap(text, items[i].end, items[next].start) == 0).then_some(next)
    };
    let count = behind(at)?;
    let value = number(&items[count]).filter(|n| *n > 0)?;
    let first = behind(count)?;
    // The form of a unit may have other meanings too.
    let twins = (first..items.len()).take_while(|i| items[*i].start == items[first].start);
    let unit = twins.filter_map(|i| Some((i, time_word(&items[i])?))).find(|(_, t)| t.is_unit());
    let (last, unit) = unit?;
    Some((last + 1 - at, back(value, unit, published)?))
}

trait Years {
    fn try_years_or_zero(self) -> Span;
}

impl Years for i64 {
    /// A span of years; none where the number is out of jiff's range.
    fn try_years_or_zero(self) -> Span {
        Span::new().try_years(self).unwrap_or_default()
    }
}

fn is_verb(item: &Item) -> bool {
    match item.what {
        What::Trigger(_, voice) => !voice.is_noun(),
        What::Word(word) => matches!(word, Word::SupportActive | Word::PassiveAuxiliary),
        _ => false,
    }
}

fn time_word(item: &Item) -> Option<TimeWord> {
    match item.what {
        What::Raw(Meaning::Time(word)) => Some(word),
        _ => None,
    }
}

fn number(item: &Item) -> Option<u32> {
    match item.what {
        What::Raw(Meaning::Number(n) | Meaning::Vague(n)) => Some(n),
        What::Quantity(Quantity { min, .. }) => min,
        _ => None,
    }
}

fn is_year(value: &u32) -> bool {
    (1800..2200).contains(value)
}

/// A year right behind an item, a comma or year marker between them allowed: how many items it takes, and the year.
fn year_after(items: &[Item], at: usize, text: &str) -> Option<(usize, i16)> {
    let mut taken = 0;
    loop {
        let item = items.get(at + taken + 1)?;
        if gap(text, items[at + taken].end, item.start) > 0 {
            return None;
        }
        taken += 1;
        match &item.what {
            What::Comma | What::Raw(Meaning::Time(TimeWord::YearMarker)) if taken < 3 => {}
            _ => {
                let year = number(item).filter(is_year)?;
                return (item.end - item.start == 4).then_some((taken, i16::try_from(year).ok()?));
            }
        }
    }
}

pub(super) fn month_day(month: u8, number: u32, year: Option<i16>, published: Date) -> Option<FoundDate> {
    let (month, number) = (i8::try_from(month).ok()?, i8::try_from(number).ok()?);
    let found = match year {
        Some(year) => Date::new(year, month, number).ok()?,
        None => nearest_year(month, number, published)?,
    };
    Some(day(found, DateBasis::Explicit))
}

fn span(start: Date, end: Date, precision: DatePrecision) -> FoundDate {
    FoundDate { start, end, precision, basis: DateBasis::Explicit, open: false }
}

pub(super) fn whole_month(month: u8, year: Option<i16>, published: Date) -> Option<FoundDate> {
    let month = i8::try_from(month).ok()?;
    let first = match year {
        Some(year) => Date::new(year, month, 1).ok()?,
        None => nearest_year(month, 1, published)?,
    };
    Some(span(first, first.last_of_month(), DatePrecision::Month))
}

pub(super) fn whole_year(year: i16) -> Option<FoundDate> {
    Some(span(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?, DatePrecision::Year))
}

fn whole_week(weeks: i32, published: Date) -> Option<FoundDate> {
    let monday = published.checked_sub(i64::from(published.weekday().to_monday_zero_offset()).days()).ok()?;
    let start = monday.checked_add(i64::from(weeks).weeks()).ok()?;
    let end = start.checked_add(6.days()).ok()?.min(if weeks == 0 { published } else { Date::MAX });
    Some(FoundDate { basis: DateBasis::Relative, ..span(start, end.max(start), DatePrecision::Week) })
}

/// The weekday at or before publication; *last* never means today, *next* is to come.
fn weekday(number: u8, shift: Option<TimeWord>, published: Date) -> Option<Date> {
    let weekday = Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok()?;
    match shift {
        Some(TimeWord::Next) => published.nth_weekday(1, weekday).ok(),
        _ if published.weekday() == weekday && shift.is_none() => Some(published),
        _ => published.nth_weekday(-1, weekday).ok(),
    }
}
