//! How far a log is known: what a live stream goes on from, in this replica or another, before a restart or after.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Topics whose records change what is shown of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// The offset behind the last known record of each partition. As text: `EPOCH~i0.17~a0.3`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    epoch: String,
    next: BTreeMap<(Source, i32), i64>,
}

/// A text that is no position.
#[derive(Debug, thiserror::Error)]
#[error("not a position of this stream")]
pub struct InvalidPosition;

impl Position {
    /// The beginning of a log. The name keeps ASCII letters and digits alone, as a header field may hold.
    pub fn start(epoch: &str) -> Self {
        let epoch = epoch.chars().filter(char::is_ascii_alphanumeric).collect();
        Self { epoch, next: BTreeMap::new() }
    }

    /// Whether it counts in the same log as another.
    pub fn is_of(&self, other: &Self) -> bool {
        self.epoch == other.epoch
    }

    /// The offset behind the last known record of a partition.
    pub fn next(&self, source: Source, partition: i32) -> i64 {
        self.next.get(&(source, partition)).copied().unwrap_or(0)
    }

    /// What is known to either of two, of the same log.
    pub(super) fn joined(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        for ((source, partition), next) in &other.next {
            joined.advance(*source, *partition, next - 1);
        }
        joined
    }

    pub(super) fn advance(&mut self, source: Source, partition: i32, offset: i64) {
        let next = self.next.entry((source, partition)).or_default();
        *next = (*next).max(offset + 1);
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.epoch)?;
        self.next.iter().try_for_each(|((source, partition), offset)| {
            write!(f, "~{}{partition}.{offset}", source.letter())
        })
    }
}

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let mut parts = text.split('~');
        let epoch = parts.next().filter(|epoch| epoch.chars().all(|c| c.is_ascii_alphanumeric()));
        let mut position = Self { epoch: epoch.ok_or(InvalidPosition)?.to_owned(), next: BTreeMap::new() };
        for part in parts {
            let mut letters = part.chars();
            let source = match letters.next() {
                Some('i') => Source::Incidents,
                Some('a') => Source::Alerts,
                Some('c') => Source::Control,
                _ => return Err(InvalidPosition),
            };
            let (partition, offset) = letters.as_str().split_once('.').ok_or(InvalidPosition)?;
            let partition = partition.parse().map_err(|_| InvalidPosition)?;
            let offset = offset.parse().map_err(|_| InvalidPosition)?;
            position.next.insert((source, partition), offset);
        }
        Ok(position)
    }
}
