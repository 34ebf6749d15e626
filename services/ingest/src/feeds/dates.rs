//! Times as feeds give them, with the offset in which they were told: "yesterday" in a text is a day of the newsroom's
//! zone, which the library that reads the feeds forgets.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use siaga_schemas::Moment;

/// Months by their first letters, in English and in the languages around the Java Sea.
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("mac", 3),
    ("apr", 4),
    ("may", 5),
    ("mei", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("agu", 8),
    ("ags", 8),
    ("ogo", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("des", 12),
    ("dis", 12),
];

/// Zones by name, in minutes; names that mean several zones stand for what mail means by them.
const ZONES: &[(&str, i32)] = &[
    ("gmt", 0),
    ("ut", 0),
    ("utc", 0),
    ("z", 0),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("myt", 480),
    ("sgt", 480),
    ("hkt", 480),
    ("jst", 540),
    ("kst", 540),
    ("ict", 420),
    ("ist", 330),
    ("pkt", 300),
    ("msk", 180),
    ("trt", 180),
    ("eet", 120),
    ("eest", 180),
    ("cet", 60),
    ("cest", 120),
    ("bst", 60),
    ("wet", 0),
    ("west", 60),
    ("brt", -180),
    ("art", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

/// Reads RFC 3339, RFC 2822 and their relatives; without a zone it is UTC, without a time noon.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    // The name of the day is redundant, and often wrong or in another language.
    let text = text
        .split_once(',')
        .map_or(text, |(day, rest)| if day.trim().chars().all(char::is_alphabetic) { rest } else { text });
    let mut pieces = text.split([' ', ',', '\t']).filter(|piece| !piece.is_empty());
    let date = date([pieces.next()?, pieces.next()?, pieces.next()?])?;
    let Some(time) = pieces.next() else { return told(date.at(12, 0, 0, 0), Offset::UTC) };
    let offset = pieces.next().map_or(Some(Offset::UTC), offset)?;
    told(date.to_datetime(clock(time)?), offset)
}

fn told(at: DateTime, offset: Offset) -> Option<Moment> {
    Some(Moment::new(offset.to_timestamp(at).ok()?, offset))
}

/// `5 Nov 2026` or `Nov 5 2026`.
fn date(pieces: [&str; 3]) -> Option<Date> {
    let [first, second, year] = pieces;
    let (day, name) =
        if first.starts_with(|c: char| c.is_ascii_digit()) { (first, second) } else { (second, first) };
    let name = name.to_lowercase();
    let month = MONTHS.iter().find(|(start, _)| name.starts_with(start))?.1;
    let year: i16 = year.parse().ok()?;
    let year = if year < 70 {
        year + 2000
    } else if year < 100 {
        year + 1900
    } else {
        year
    };
    Date::new(year, month, day.parse().ok()?).ok()
}

/// `07:15` or `7:15:30`.
fn clock(text: &str) -> Option<Time> {
    let mut numbers = text.split(':').map(|number| number.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    // Leap seconds, and midnight as the end of a day, are the last second before.
    let hour_past = hour == 24;
    let (hour, minute, second) = if hour_past { (23, 59, 59) } else { (hour, minute, second.min(59)) };
    Time::new(hour, minute, second, 0).ok()
}

/// `+0700`, `+07:00`, `WIB`.
fn offset(text: &str) -> Option<Offset> {
    let minutes = match text.strip_prefix(['+', '-']) {
        Some(digits) => {
            let digits = digits.replace(':', "");
            let (hours, minutes) = digits.split_at_checked(2)?;
            let minutes = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().unwrap_or(0);
            if text.starts_with('-') { -minutes } else { minutes }
        }
        None => {
            let name = text.trim_matches(['(', ')']).to_lowercase();
            ZONES.iter().find(|(zone, _)| *zone == name).map_or(0, |(_, minutes)| *minutes)
        }
    };
    Offset::from_seconds(minutes * 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_the_offset_in_which_they_were_told() {
        for (text, expected) in [
            ("Thu, 05 Nov 2026 09:30:00 +0700", "2026-11-05T09:30:00+07:00"),
            ("Kamis, 5 November 2026 09:30 WIB", "2026-11-05T09:30:00+07:00"),
            ("Wed, 05 Nov 2026 09:30:00 GMT", "2026-11-05T09:30:00Z"),
            ("05 Nov 26 09:30:00 -0330", "2026-11-05T09:30:00-03:30"),
            ("Nov 5, 2026 9:30", "2026-11-05T09:30:00Z"),
            ("Thu, 05 Agustus 2026 23:59:60 EST", "2026-08-05T23:59:59-05:00"),
            ("2026-11-05T09:30:00+07:00", "2026-11-05T09:30:00+07:00"),
            ("2026-11-05 09:30:00", "2026-11-05T09:30:00Z"),
            ("2026-11-05", "2026-11-05T12:00:00Z"),
            ("5 Nov 2026", "2026-11-05T12:00:00Z"),
        ] {
            assert_eq!(moment(text).map(|m| m.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "soon", "Thu, 99 Nov 2026 09:30:00 GMT", "5 Foo 2026 09:30", "5 Nov 2026 25:00", "1 1 1 1 1"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
