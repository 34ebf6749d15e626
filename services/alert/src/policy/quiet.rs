//! Hours in which nobody is to be disturbed, on the clock of a place.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use siaga_schemas::Severity;

/// From one time of day to another, over midnight where the second is not later.
///
/// Where clocks are put forward over a bound, it is as much later; where they are put back over it, the first time counts.
#[derive(Clone, Debug)]
pub struct QuietHours {
    /// Begin.
    pub from: Time,
    /// End.
    pub to: Time,
    /// The place.
    pub zone: TimeZone,
    /// What is told nevertheless: this severity and above.
    pub except_severity: Option<Severity>,
}

impl QuietHours {
    /// The end of the quiet hours in which a moment lies; none where it lies in none.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        let today = now.to_zoned(self.zone.clone()).date();
        // They may have begun yesterday; and behind a change of clocks yesterday's may still last.
        [today.yesterday().ok()?, today].into_iter().find_map(|day| {
            let last = if self.to > self.from { day } else { day.tomorrow().ok()? };
            let begin = self.zone.to_timestamp(day.to_datetime(self.from)).ok()?;
            let end = self.zone.to_timestamp(last.to_datetime(self.to)).ok()?;
            (begin <= now && now < end).then_some(end)
        })
    }

    /// Until when something of a severity is held back; none where it is told at once.
    pub fn hold(&self, severity: Severity, now: Timestamp) -> Option<Timestamp> {
        let excepted = self.except_severity.is_some_and(|least| severity >= least);
        if excepted { None } else { self.end(now) }
    }
}
