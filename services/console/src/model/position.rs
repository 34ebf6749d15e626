//! How far a log is known: what a live stream goes on from, in this replica or another, before a restart or after.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What the text of a position begins with; another form would have another word.
const FORM: &str = "p1";

/// Topics whose records change what is shown of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// `incidents`
    Incidents,
    /// `alerts`
    Alerts,
    /// `control`
    Control,
}

impl Source {
    const fn letter(self) -> char {
        match self {
            Self::Incidents => 'i',
            Self::Alerts => 'a',
            Self::Control => 'c',
        }
    }
}

/// A place in a partition: behind a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The offset behind the record.
    pub next: i64,
    /// Bits of the record, so that the place is not mistaken for one in a topic that was deleted and made anew.
    pub mark: u32,
}

/// Behind which record of each partition all is known. As text: `p1~i0.17.00c0ffee~a0.3.5eed5eed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    places: BTreeMap<(Source, i32), Place>,
}

/// A text that is no position.
#[derive(Debug, thiserror::Error)]
#[error("not a position of this stream")]
pub struct InvalidPosition;

impl Position {
    /// The place in a partition.
    pub(super) fn place(&self, partition: (Source, i32)) -> Option<Place> {
        self.places.get(&partition).copied()
    }

    /// All places.
    pub(super) fn places(&self) -> impl Iterator<Item = (&(Source, i32), &Place)> {
        self.places.iter()
    }
}

impl FromIterator<((Source, i32), Place)> for Position {
    fn from_iter<I: IntoIterator<Item = ((Source, i32), Place)>>(places: I) -> Self {
        Self { places: places.into_iter().collect() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORM)?;
        self.places.iter().try_for_each(|((source, partition), Place { next, mark })| {
            write!(f, "~{}{partition}.{next}.{mark:08x}", source.letter())
        })
    }
}

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let mut parts = text.split('~');
        if parts.next() != Some(FORM) {
            return Err(InvalidPosition);
        }
        parts.map(|part| place(part).ok_or(InvalidPosition)).collect()
    }
}

fn place(text: &str) -> Option<((Source, i32), Place)> {
    let mut letters = text.chars();
    let source = match letters.next()? {
        'i' => Source::Incidents,
        'a' => Source::Alerts,
        'c' => Source::Control,
        _ => return None,
    };
    let mut numbers = letters.as_str().split('.');
    let (partition, next, mark) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let place = Place { next: next.parse().ok()?, mark: u32::from_str_radix(mark, 16).ok()? };
    numbers.next().is_none().then_some(((source, partition.parse().ok()?), place))
}
