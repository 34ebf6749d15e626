//! `time.toml`: words of dates.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Form;

/// The date words of a language.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeFile {
    /// Twelve lists, January first.
    pub months: Vec<Vec<Form>>,
    /// Seven lists, Monday first.
    pub weekdays: Vec<Vec<Form>>,
    /// Days from the day of publication: `kemarin = -1`.
    pub relative_days: BTreeMap<String, i32>,
    /// Weeks from the week of publication: `"last week" = -1`.
    pub relative_weeks: BTreeMap<String, i32>,
    /// Months from the month of publication: `"bulan lalu" = -1`.
    pub relative_months: BTreeMap<String, i32>,
    /// Years from the year of publication: `"last year" = -1`.
    pub relative_years: BTreeMap<String, i32>,
    /// *days*, after a number.
    pub day_units: Vec<Form>,
    /// *weeks*.
    pub week_units: Vec<Form>,
    /// *months*.
    pub month_units: Vec<Form>,
    /// *years*, *decades* (as years it is many).
    pub year_units: Vec<Form>,
    /// *ago*, *lalu*, *silam*: beside a number and a unit.
    pub ago: Vec<Form>,
    /// *last*, *lalu*: beside a weekday or month, it is the one before.
    pub last: Vec<Form>,
    /// *next*, *depan*, *mendatang*: beside a weekday or month, it is to come.
    pub next: Vec<Form>,
    /// *in*, *tahun*: a four-digit number after it is a year.
    pub year_marker: Vec<Form>,
    /// Signs behind the numbers of a date.
    pub signs: DateSigns,
    /// Eras that years are counted in and the year before their first: `"令和" = 2018`.
    pub eras: BTreeMap<String, i32>,
    /// Twelve lists of months of the solar calendar, Farvardin first.
    pub solar_months: Vec<Vec<String>>,
    /// *night from Sunday to Monday* and the like need nothing; *dini hari*, *malam* stand here to be passed over.
    pub day_parts: Vec<Form>,
}

/// Signs behind the numbers of a date: 年, 月, 日.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DateSigns {
    /// Behind the year.
    pub year: Vec<String>,
    /// Behind the month.
    pub month: Vec<String>,
    /// Behind the day.
    pub day: Vec<String>,
    /// Behind a sign: the number is a length of time (間, 前, 째).
    pub lengths: Vec<String>,
}

impl DateSigns {
    /// Whether the language writes no such dates.
    pub fn is_empty(&self) -> bool {
        self.year.is_empty() && self.month.is_empty() && self.day.is_empty()
    }
}
