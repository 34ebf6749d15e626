//! The solar calendar of Iran and Afghanistan, by its arithmetic.
//!
//! A year begins at the spring equinox of Tehran. Cycles of 33 years with 8 leap years follow it for centuries; where
//! they fall behind, the cycle breaks. The breaks are those that K. M. Borkowski computed (*The Persian calendar for
//! 3000 years*, 1996).

use jiff::ToSpan;
use jiff::civil::Date;

/// Years in which a new run of cycles begins.
const BREAKS: [i32; 20] = [
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456,
    3178,
];
/// Years between the eras, as far as the beginning of the year goes.
const BEHIND: i32 = 621;

/// A year of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SolarYear {
    /// The day in March on which it begins.
    march: i32,
    leap: bool,
}

fn solar_year(year: i32) -> Option<SolarYear> {
    let next = BREAKS.iter().position(|first| year < *first).filter(|next| *next > 0)?;
    let runs = BREAKS[..next].windows(2).map(|pair| pair[1] - pair[0]);
    let days = runs.map(|run| run / 33 * 8 + run % 33 / 4).sum::<i32>() - 14;
    let (first, run) = (BREAKS[next - 1], BREAKS[next] - BREAKS[next - 1]);
    let passed = year - first;
    let last_is_short = run % 33 == 4 && run - passed == 4;
    let leaps = days + passed / 33 * 8 + (passed % 33 + 3) / 4 + i32::from(last_is_short);
    let gregorian = year + BEHIND;
    let gregorian_leaps = gregorian / 4 - (gregorian / 100 + 1) * 3 / 4 - 150;
    // The last years of a run belong to the cycle that breaks.
    let in_cycle = if run - passed < 6 { passed - run + (run + 4) / 33 * 33 } else { passed };
    let leap = ((in_cycle + 1).rem_euclid(33) - 1).rem_euclid(4) == 0;
    Some(SolarYear { march: 20 + leaps - gregorian_leaps, leap })
}

/// The day of a date of the solar calendar; none where there is no such day.
pub(crate) fn solar(year: i32, month: u32, day: u32) -> Option<Date> {
    let SolarYear { march, leap } = solar_year(year)?;
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + u32::from(leap),
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let before = if month <= 7 { (month - 1) * 31 } else { 186 + (month - 7) * 30 };
    let first = Date::new(i16::try_from(year + BEHIND).ok()?, 3, i8::try_from(march).ok()?).ok()?;
    first.checked_add(i64::from(before + day - 1).days()).ok()
}

/// Years that are told in the solar calendar today, and in no other that pages use.
pub(crate) fn is_solar_year(year: i32) -> bool {
    (1250..=1500).contains(&year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn known_days_of_four_centuries_are_met() {
        for (solar_date, expected) in [
            ((1210, 1, 1), date(1831, 3, 21)),
            ((1285, 1, 1), date(1906, 3, 22)),
            ((1300, 1, 1), date(1921, 3, 21)),
            ((1329, 12, 29), date(1951, 3, 20)),
            ((1332, 5, 28), date(1953, 8, 19)),
            ((1342, 3, 15), date(1963, 6, 5)),
            ((1357, 11, 22), date(1979, 2, 11)),
            ((1358, 8, 13), date(1979, 11, 4)),
            ((1359, 6, 31), date(1980, 9, 22)),
            ((1382, 10, 5), date(2003, 12, 26)),
            ((1399, 1, 1), date(2020, 3, 20)),
            ((1399, 12, 30), date(2021, 3, 20)),
            ((1402, 6, 22), date(2023, 9, 13)),
            ((1403, 12, 30), date(2025, 3, 20)),
            ((1404, 1, 1), date(2025, 3, 21)),
            ((1405, 8, 13), date(2026, 11, 4)),
            ((1408, 12, 30), date(2030, 3, 20)),
            ((1478, 1, 1), date(2099, 3, 20)),
            ((1479, 1, 1), date(2100, 3, 21)),
        ] {
            let (year, month, day) = solar_date;
            assert_eq!(solar(year, month, day), Some(expected), "{solar_date:?}");
        }
    }

    #[test]
    fn days_follow_each_other_without_gap_for_five_centuries() {
        let mut expected = solar(1100, 1, 1).unwrap();
        for year in 1100..1600 {
            for month in 1..=12 {
                for day in (1..=31).take_while(|day| solar(year, month, *day).is_some()) {
                    assert_eq!(solar(year, month, day), Some(expected), "{year}-{month}-{day}");
                    expected = expected.tomorrow().unwrap();
                }
            }
        }
    }

    #[test]
    fn leap_years_follow_the_cycle_of_33_years() {
        for year in 1210..1498 {
            let leap = matches!(year % 33, 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30);
            assert_eq!(solar(year, 12, 30).is_some(), leap, "{year}");
        }
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for (year, month, day) in [
            (1402, 0, 1),
            (1402, 13, 1),
            (1402, 7, 31),
            (1402, 12, 30),
            (1402, 1, 0),
            (-500, 1, 1),
            (9999, 1, 1),
        ] {
            assert_eq!(solar(year, month, day), None, "{year}-{month}-{day}");
        }
    }
}
