//! A point in time together with the offset in which it was told.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An RFC 3339 date and time that keeps its offset: "yesterday" in a text is a day of the newsroom's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    timestamp: Timestamp,
    offset: Offset,
}

/// A text that is no date and time.
#[derive(Debug, thiserror::Error)]
#[error("not an RFC 3339 date and time: `{0}`")]
pub struct InvalidMoment(String);

impl Moment {
    /// A point in time told in the given offset.
    pub fn new(timestamp: Timestamp, offset: Offset) -> Self {
        Self { timestamp, offset }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, told in UTC; the nearest representable moment where out of range.
    pub fn from_millis(millis: i64) -> Self {
        let bound = if millis < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self::new(Timestamp::from_millisecond(millis).unwrap_or(bound), Offset::UTC)
    }

    /// The point in time.
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// The offset from UTC in which it was told.
    pub fn offset(&self) -> Offset {
        self.offset
    }

    /// Date and time on the clock of the place where it was told.
    pub fn civil(&self) -> DateTime {
        self.offset.to_datetime(self.timestamp)
    }

    /// The day in the place where it was told.
    pub fn date(&self) -> Date {
        self.civil().date()
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;

    /// Reads RFC 3339; a time without an offset counts as UTC, a date without a time as noon UTC.
    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let invalid = || InvalidMoment(text.chars().take(64).collect());
        let pieces = Pieces::parse(text.trim()).map_err(|_| invalid())?;
        let offset = match pieces.offset() {
            None | Some(PiecesOffset::Zulu) => Offset::UTC,
            Some(PiecesOffset::Numeric(numeric)) => numeric.offset(),
            Some(_) => return Err(invalid()),
        };
        let civil = pieces.date().to_datetime(pieces.time().unwrap_or(time(12, 0, 0, 0)));
        let timestamp = offset.to_timestamp(civil).map_err(|_| invalid())?;
        Ok(Self { timestamp, offset })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == Offset::UTC {
            return write!(f, "{}", self.timestamp);
        }
        write!(f, "{}", self.timestamp.display_with_offset(self.offset))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "RFC 3339 date and time; without an offset it counts as UTC, without a time as noon UTC"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_offset_in_which_it_was_told() {
        let moment: Moment = "2023-09-13T00:30:00+07:00".parse().unwrap();
        assert_eq!(moment.date().to_string(), "2023-09-13");
        assert_eq!(moment.to_string(), "2023-09-13T00:30:00+07:00");
        assert_eq!("2023-09-12T17:30:00Z".parse::<Moment>().unwrap().to_string(), "2023-09-12T17:30:00Z");
    }

    #[test]
    fn a_date_alone_is_noon() {
        assert_eq!("2023-09-13".parse::<Moment>().unwrap().to_string(), "2023-09-13T12:00:00Z");
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in ["", "yesterday", "13/9/2023", "2023-13-01T00:00:00Z", "9999999-01-01"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
