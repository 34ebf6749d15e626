//! Dates whose numbers carry signs (2023年9月13日, 2023년 9월 13일), with eras (令和5年), and days of the solar calendar
//! (۱۳ آبان ۱۴۰۵).
//!
//! The digits belong to the date and count nothing, so these are found before numbers are.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;
use siaga_schemas::DateBasis;

use super::dates;
use super::item::{FoundDate, Item, What};
use super::sentence::Context;
use crate::calendar;
use crate::lexicon::TimeFile;

/// Days by which a bare day of the month may lie ahead.
const BARE_DAY_AHEAD: i64 = 2;

/// What the signs of a date say.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    year: Option<i16>,
    month: Option<u8>,
    day: Option<u32>,
}

/// Finds the dates of a sentence.
pub(crate) fn find(text: &str, range: &Range<usize>, context: Context<'_>) -> Vec<Item> {
    let time = context.language.time();
    let mut items = Vec::new();
    if time.signs.is_empty() && time.solar_months.is_empty() {
        return items;
    }
    let mut at = range.start;
    while let Some(found) = text[at..range.end].find(|c: char| c.is_ascii_digit() || c == '元') {
        let start = at + found;
        let read = signed(text, start, range, context).or_else(|| solar(text, start, range, context));
        match read {
            Some((from, end, date)) => {
                items.push(Item { start: from, end, clause: 0, what: What::Date(date) });
                at = end;
            }
            None => {
                let number = digits(&text[start..range.end]).len();
                at = start + if number > 0 { number } else { '元'.len_utf8() };
            }
        }
    }
    items
}

fn digits(text: &str) -> &str {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    &text[..length]
}

/// The sign that stands at the beginning of a text, a blank before it allowed.
fn sign<'t>(text: &'t str, signs: &[String]) -> Option<&'t str> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    signs.iter().find_map(|s| text.strip_prefix(s.as_str()))
}

/// A date in signs that begins with the number at `start`: where it begins, with its era, where it ends, and the days.
fn signed(
    text: &str,
    start: usize,
    range: &Range<usize>,
    context: Context<'_>,
) -> Option<(usize, usize, FoundDate)> {
    let time = context.language.time();
    let before = text[range.start..start].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | ':' | '/' | '-' | '$')) {
        return None;
    }
    let mut from = start;
    let mut parts = Parts::default();
    let mut rest = &text[start..range.end];
    let mut stage = 0;
    loop {
        let first_year = rest.strip_prefix('元').filter(|_| stage == 0);
        let number = digits(rest);
        if number.is_empty() && first_year.is_none() || number.len() > 4 {
            break;
        }
        let value: i16 = if first_year.is_some() { 1 } else { number.parse().ok()? };
        let behind = first_year.unwrap_or_else(|| &rest[number.len()..]);
        let signs = &time.signs;
        if stage < 1
            && let Some(after) = sign(behind, &signs.year)
        {
            let era = time.eras.iter().find(|(name, _)| text[range.start..start].ends_with(name.as_str()));
            if let Some((name, years)) = era {
                from -= name.len();
                parts.year = value.checked_add(i16::try_from(*years).ok()?);
            } else {
                parts.year = Some(value).filter(|y| (1000..2200).contains(y) && first_year.is_none());
            }
            parts.year?;
            (stage, rest) = (1, after);
        } else if stage < 2
            && let Some(after) = sign(behind, &signs.month)
        {
            parts.month = u8::try_from(value).ok().filter(|m| (1..=12).contains(m));
            parts.month?;
            (stage, rest) = (2, after);
        } else if let Some(after) = sign(behind, &signs.day) {
            parts.day = u32::try_from(value).ok().filter(|d| (1..=31).contains(d));
            parts.day?;
            (stage, rest) = (3, after);
        } else {
            break;
        }
        let spaced = rest.strip_prefix(' ').unwrap_or(rest);
        if stage == 3 || !spaced.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        rest = spaced;
    }
    // 3日間, 2年前, 5년째: a length of time.
    let behind = rest.trim_start();
    if stage == 0 || time.signs.lengths.iter().any(|l| behind.starts_with(l.as_str())) {
        return None;
    }
    let end = range.end - rest.len();
    let (shift, from) = month_before(text, range.start, from, context);
    let date = resolve(parts, shift, context.published)?;
    Some((from, end, date))
}

/// 先月30日, 지난달 30일: the month before a bare day, as months from now, and where its word begins.
fn month_before(text: &str, begin: usize, from: usize, context: Context<'_>) -> (Option<i32>, usize) {
    let before = text[begin..from].trim_end();
    let months = &context.language.time().relative_months;
    let found = months.iter().find(|(name, _)| before.ends_with(name.as_str()));
    match found {
        Some((name, shift)) => (Some(*shift), begin + before.len() - name.len()),
        None => (None, from),
    }
}

fn resolve(parts: Parts, shift: Option<i32>, published: Date) -> Option<FoundDate> {
    match (parts.year, parts.month, parts.day) {
        (year, Some(month), Some(day)) => dates::month_day(month, day, year, published),
        (year, Some(month), None) => dates::whole_month(month, year, published),
        (Some(year), None, None) => dates::whole_year(year),
        (None, None, Some(day)) => bare_day(i8::try_from(day).ok()?, shift, published).map(one_day),
        _ => None,
    }
}

/// The day of this month, or of the last one where it would lie ahead.
fn bare_day(day: i8, shift: Option<i32>, published: Date) -> Option<Date> {
    let of = |months: i32| {
        let first = published.first_of_month().checked_add(i64::from(months).months()).ok()?;
        Date::new(first.year(), first.month(), day).ok()
    };
    if let Some(shift) = shift {
        return of(shift);
    }
    let latest = published.saturating_add(BARE_DAY_AHEAD.days());
    of(0).filter(|date| *date <= latest).or_else(|| of(-1))
}

fn one_day(date: Date) -> FoundDate {
    dates::day(date, DateBasis::Explicit)
}

/// A day and month of the solar calendar, with a year or without, or three numbers with the year first.
fn solar(
    text: &str,
    start: usize,
    range: &Range<usize>,
    context: Context<'_>,
) -> Option<(usize, usize, FoundDate)> {
    let time = context.language.time();
    if time.solar_months.is_empty() {
        return None;
    }
    let rest = &text[start..range.end];
    let first = digits(rest);
    if let Some((length, date)) = solar_numbers(rest) {
        return Some((start, start + length, one_day(date)));
    }
    let day: u32 = first.parse().ok().filter(|d| (1..=31).contains(d))?;
    let behind = rest[first.len()..].trim_start();
    let (month, after) = solar_month(behind, time)?;
    let spaced = after.trim_start();
    let year = digits(spaced);
    let given: Option<i32> = year.parse().ok().filter(|y| (1300..=1450).contains(y));
    let (length, date) = match given {
        Some(y) => (rest.len() - spaced.len() + year.len(), calendar::solar(y, month, day)?),
        None => {
            let latest = dates::latest(context.published);
            let newest = i32::from(context.published.year()) - 620;
            let mut dates =
                [newest, newest - 1, newest - 2].into_iter().filter_map(|y| calendar::solar(y, month, day));
            (rest.len() - after.len(), dates.find(|date| *date <= latest)?)
        }
    };
    Some((start, start + length, one_day(date)))
}

/// 1405/08/13.
fn solar_numbers(text: &str) -> Option<(usize, Date)> {
    let length = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-')).count();
    let token = text[..length].trim_end_matches(['/', '-']);
    let mut numbers = token.split(['/', '-']).map(str::parse::<u32>);
    let (year, month, day) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    let year = i32::try_from(year).ok().filter(|y| (1300..=1450).contains(y))?;
    numbers.next().is_none().then_some(())?;
    Some((token.len(), calendar::solar(year, month, day)?))
}

/// The solar month that a text begins with, and what follows its name.
fn solar_month<'t>(text: &'t str, time: &TimeFile) -> Option<(u32, &'t str)> {
    (1u32..).zip(&time.solar_months).find_map(|(number, names)| {
        let rest = names.iter().find_map(|name| text.strip_prefix(name.as_str()))?;
        let whole = !rest.starts_with(char::is_alphanumeric);
        whole.then_some((number, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(parts: Parts, shift: Option<i32>) -> Option<(String, String)> {
        let found = resolve(parts, shift, "2026-11-05".parse().unwrap())?;
        Some((found.start.to_string(), found.end.to_string()))
    }

    #[test]
    fn what_is_left_out_is_the_nearest_that_can_be_news() {
        let day = |day| Parts { day: Some(day), ..Parts::default() };
        let one = |text: &str| Some((text.to_owned(), text.to_owned()));
        assert_eq!(days(day(4), None), one("2026-11-04"));
        assert_eq!(days(day(7), None), one("2026-11-07"));
        assert_eq!(days(day(30), None), one("2026-10-30"));
        assert_eq!(days(day(30), Some(-1)), one("2026-10-30"));
        assert_eq!(days(day(31), Some(0)), None);
        assert_eq!(days(Parts { month: Some(12), day: Some(31), year: None }, None), one("2026-12-31"));
        assert_eq!(days(Parts { month: Some(3), day: Some(1), year: None }, None), one("2026-03-01"));
        assert_eq!(
            days(Parts { month: Some(2), year: Some(2017), day: None }, None),
            Some(("2017-02-01".to_owned(), "2017-02-28".to_owned()))
        );
    }
}
