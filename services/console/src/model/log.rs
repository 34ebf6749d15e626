//! What the last records changed, so that whoever comes back with a position is told what came behind it.
//!
//! Only the newest records of each partition are known: who is further behind reads the list anew, which is cheaper. So
//! the log's memory is bounded whatever comes and goes.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::input::Arrival;
use super::position::{Place, Position, Source};

/// Records of a partition that are known.
const KNOWN: usize = 8192;

/// A record, and the incidents that it changed.
#[derive(Debug)]
struct Entry {
    place: Place,
    changed: Vec<Arc<str>>,
}

/// The newest records of each partition.
#[derive(Debug, Default)]
pub(super) struct Log {
    partitions: BTreeMap<(Source, i32), VecDeque<Entry>>,
}

impl Log {
    /// Notes a record and the incidents that it changed. Records of a partition come in order.
    pub(super) fn note(&mut self, source: Source, arrival: &Arrival<'_>, changed: Vec<Arc<str>>) {
        let entries = self.partitions.entry((source, arrival.partition)).or_default();
        let place = Place { next: arrival.offset + 1, mark: mark(arrival) };
        entries.push_back(Entry { place, changed });
        if entries.len() > KNOWN {
            entries.pop_front();
        }
    }

    /// Behind which records all is known.
    pub(super) fn position(&self) -> Position {
        let last = |(at, entries): (&(Source, i32), &VecDeque<Entry>)| Some((*at, entries.back()?.place));
        self.partitions.iter().filter_map(last).collect()
    }

    /// The incidents that changed behind a position, each once, in the order of the log; none where the position is of
    /// another log, or of records that are no longer known here, or not yet.
    pub(super) fn since(&self, position: &Position) -> Option<Vec<&Arc<str>>> {
        let (mut seen, mut changed) = (HashSet::new(), Vec::new());
        let unknown = |(at, _): &(&(Source, i32), &Place)| !self.partitions.contains_key(at);
        if position.places().any(|at| unknown(&at)) {
            return None;
        }
        for (at, entries) in &self.partitions {
            let first = match position.place(*at) {
                Some(place) => {
                    entries
                        .binary_search_by_key(&place.next, |entry| entry.place.next)
                        .ok()
                        .filter(|found| entries[*found].place == place)?
                        + 1
                }
                // A partition that nothing was known of: all of it is news, where all of it is known.
                None if entries.len() < KNOWN => 0,
                None => return None,
            };
            changed.extend(
                entries.range(first..).flat_map(|entry| &entry.changed).filter(|id| seen.insert(*id)),
            );
        }
        Some(changed)
    }
}

/// A few bits of a record: another record at the same offset, as in a topic that was made anew, has others.
fn mark(arrival: &Arrival<'_>) -> u32 {
    let hash = xxh3_64_with_seed(arrival.payload.unwrap_or_default(), arrival.timestamp.unsigned_abs());
    (hash & u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Input;

    fn note(log: &mut Log, source: Source, offset: i64, payload: &str, changed: &[&str]) {
        let arrival = Arrival {
            input: Input::Incidents,
            partition: 0,
            offset,
            timestamp: 7,
            key: None,
            payload: Some(payload.as_bytes()),
            reason: None,
        };
        log.note(source, &arrival, changed.iter().map(|id| Arc::from(*id)).collect());
    }

    fn since(log: &Log, position: &Position) -> Option<Vec<String>> {
        log.since(position).map(|ids| ids.into_iter().map(|id| id.to_string()).collect())
    }

    #[test]
    fn a_record_that_changed_several_incidents_is_news_of_each() {
        let mut log = Log::default();
        note(&mut log, Source::Incidents, 0, "a", &["a"]);
        let before = log.position();
        note(&mut log, Source::Incidents, 5, "b", &["b"]);
        note(&mut log, Source::Control, 0, "merge", &["a", "b"]);
        assert_eq!(since(&log, &before).unwrap(), ["b", "a"]);
        assert_eq!(since(&log, &log.position()).unwrap(), [""; 0]);
        assert_eq!(since(&log, &Position::default()).unwrap(), ["a", "b"]);
    }

    #[test]
    fn positions_of_a_topic_that_was_made_anew_are_not_taken_for_ours() {
        let (mut log, mut other) = (Log::default(), Log::default());
        for offset in 0..3 {
            note(&mut log, Source::Incidents, offset, &format!("old {offset}"), &["a"]);
            note(&mut other, Source::Incidents, offset, &format!("new {offset}"), &["b"]);
        }
        assert_eq!(since(&other, &log.position()), None, "as long");
        note(&mut other, Source::Incidents, 3, "new 3", &["b"]);
        assert_eq!(since(&other, &log.position()), None, "longer");
        assert_eq!(since(&log, &other.position()), None, "shorter");
        assert_eq!(since(&Log::default(), &log.position()), None, "empty");
    }

    #[test]
    fn who_is_further_behind_than_is_known_is_told_so_and_memory_is_bounded() {
        let mut log = Log::default();
        note(&mut log, Source::Incidents, 0, "first", &["a"]);
        let first = log.position();
        for offset in 1..=KNOWN as i64 {
            note(&mut log, Source::Incidents, offset, "more", &["a"]);
        }
        assert_eq!(since(&log, &first), None);
        assert_eq!(log.partitions[&(Source::Incidents, 0)].len(), KNOWN);
    }
}
