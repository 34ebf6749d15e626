//! Days as numbers, for windows and neighbours.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) i32);

const EPOCH: Date = date(1970, 1, 1);

impl From<Date> for Day {
    fn from(day: Date) -> Self {
        Self(EPOCH.until(day).map_or(0, |span| span.get_days()))
    }
}

impl Day {
    /// The day this many days later, or earlier.
    pub(crate) fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day in the calendar; the nearest one that the calendar has.
    pub(crate) fn date(self) -> Date {
        EPOCH.saturating_add(self.0.days())
    }

    /// Each day from this one to `last`.
    pub(crate) fn to(self, last: Self) -> impl Iterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }
}
