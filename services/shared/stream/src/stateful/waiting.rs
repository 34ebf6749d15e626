//! Records that wait, of the input and of the control topic, and the one order in which they are worked on.
//!
//! The order of a partition number is: each topic's own, and between the two the smaller record timestamp first, a
//! control record first where they are equal. The next record of one topic waits until the other has one at hand or is
//! known to be at its end (as in KIP-695 of Kafka Streams), so records that are both in the topics when a stage reads
//! them come in the same order each time, after a rebalance or a crash as without one. A record that arrives after the
//! other topic's later ones were worked on comes when it comes; its place is then told by the changelog, which holds its
//! effects from there on. And a decision never comes before what its maker has seen: that was committed by then.

use std::collections::{BTreeMap, VecDeque};

/// Which of the two topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Input,
    Control,
}

/// What waits of all partitions.
#[derive(Debug)]
pub(super) struct Waiting<T> {
    partitions: BTreeMap<i32, Pair<T>>,
    has_control: bool,
    /// Records of the input that make a batch, and bytes of them.
    most: (usize, usize),
    /// Records of the input that wait, and bytes of them.
    inputs: (usize, usize),
    /// Control records that wait.
    controls: usize,
}

#[derive(Debug)]
struct Pair<T> {
    /// Whether the state of the partition is there.
    is_open: bool,
    input: Line<T>,
    control: Line<T>,
}

/// What waits of one partition of one topic.
#[derive(Debug)]
struct Line<T> {
    records: VecDeque<Entry<T>>,
    /// Whether the topic had no more behind what waits when it was last asked.
    at_end: bool,
}

#[derive(Debug)]
struct Entry<T> {
    timestamp: i64,
    bytes: usize,
    record: T,
}

impl<T> Waiting<T> {
    pub(super) fn new(has_control: bool, most_records: usize, most_bytes: usize) -> Self {
        Self {
            partitions: BTreeMap::new(),
            has_control,
            most: (most_records, most_bytes),
            inputs: (0, 0),
            controls: 0,
        }
    }

    fn pair(&mut self, partition: i32) -> &mut Pair<T> {
        let control_at_end = !self.has_control;
        self.partitions.entry(partition).or_insert_with(|| Pair {
            is_open: false,
            input: Line { records: VecDeque::new(), at_end: false },
            control: Line { records: VecDeque::new(), at_end: control_at_end },
        })
    }

    /// Lets records of a partition be worked on.
    pub(super) fn open(&mut self, partition: i32) {
        self.pair(partition).is_open = true;
    }

    /// Drops what waits of a partition.
    pub(super) fn close(&mut self, partition: i32) {
        self.partitions.remove(&partition);
        self.count();
    }

    /// Drops the control records of all partitions: they are read again.
    pub(super) fn drop_control(&mut self) {
        for pair in self.partitions.values_mut() {
            pair.control = Line { records: VecDeque::new(), at_end: !self.has_control };
        }
        self.count();
    }

    /// Counts anew.
    fn count(&mut self) {
        let inputs = || self.partitions.values().flat_map(|pair| &pair.input.records);
        self.inputs = (inputs().count(), inputs().map(|entry| entry.bytes).sum());
        self.controls = self.partitions.values().map(|pair| pair.control.records.len()).sum();
    }

    /// Takes a record that was read.
    pub(super) fn push(&mut self, source: Source, partition: i32, timestamp: i64, bytes: usize, record: T) {
        match source {
            Source::Input => self.inputs = (self.inputs.0 + 1, self.inputs.1 + bytes),
            Source::Control => self.controls += 1,
        }
        let line = self.pair(partition).line(source);
        line.at_end = false;
        line.records.push_back(Entry { timestamp, bytes, record });
    }

    /// Notes that a topic has no more records now.
    pub(super) fn end(&mut self, source: Source, partition: i32) {
        self.pair(partition).line(source).at_end = true;
    }

    /// The next record to be worked on.
    pub(super) fn next(&mut self) -> Option<T> {
        let mut pairs = self.partitions.values_mut();
        let (pair, source) = pairs.find_map(|pair| pair.next().map(|source| (pair, source)))?;
        let entry = pair.line(source).records.pop_front()?;
        match source {
            Source::Input => self.inputs = (self.inputs.0 - 1, self.inputs.1 - entry.bytes),
            Source::Control => self.controls -= 1,
        }
        Some(entry.record)
    }

    /// Whether there is one.
    pub(super) fn is_ready(&self) -> bool {
        self.partitions.values().any(|pair| pair.next().is_some())
    }

    /// Whether a record of an open partition waits for the control topic.
    pub(super) fn awaits_control(&self) -> bool {
        let awaits = |pair: &Pair<T>| pair.is_open && !pair.input.records.is_empty() && pair.next().is_none();
        self.partitions.values().any(awaits)
    }

    /// Whether enough of the input waits for a batch.
    pub(super) fn is_full(&self) -> bool {
        self.inputs.0 >= self.most.0 || self.inputs.1 >= self.most.1
    }

    /// Control records that wait.
    pub(super) fn controls(&self) -> usize {
        self.controls
    }
}

impl<T> Pair<T> {
    fn line(&mut self, source: Source) -> &mut Line<T> {
        match source {
            Source::Input => &mut self.input,
            Source::Control => &mut self.control,
        }
    }

    /// The topic whose record is next.
    fn next(&self) -> Option<Source> {
        let first = |line: &Line<T>| line.records.front().map(|entry| entry.timestamp);
        match (first(&self.input), first(&self.control)) {
            _ if !self.is_open => None,
            (Some(input), Some(control)) if control <= input => Some(Source::Control),
            (Some(_), Some(_)) => Some(Source::Input),
            (Some(_), None) if self.control.at_end => Some(Source::Input),
            (None, Some(_)) if self.input.at_end => Some(Source::Control),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source::{Control, Input};
    use super::*;

    fn waiting(has_control: bool) -> Waiting<&'static str> {
        let mut waiting = Waiting::new(has_control, 3, 1000);
        waiting.open(0);
        waiting
    }

    fn all(waiting: &mut Waiting<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| waiting.next()).collect()
    }

    #[test]
    fn two_topics_are_merged_by_timestamp_and_each_keeps_its_order() {
        let mut waiting = waiting(true);
        for (timestamp, record) in [(10, "a"), (5, "b"), (20, "c"), (30, "d")] {
            waiting.push(Input, 0, timestamp, 1, record);
        }
        for (timestamp, record) in [(10, "X"), (20, "Y"), (40, "Z")] {
            waiting.push(Control, 0, timestamp, 1, record);
        }
        // Behind the input's last record there may be one that is older than Z.
        assert_eq!(all(&mut waiting), ["X", "a", "b", "Y", "c", "d"]);
        waiting.push(Input, 0, 35, 1, "e");
        assert_eq!(all(&mut waiting), ["e"]);
        waiting.end(Input, 0);
        assert_eq!(all(&mut waiting), ["Z"]);
    }

    #[test]
    fn a_record_waits_until_the_other_topic_has_one_or_is_at_its_end() {
        let mut waiting = waiting(true);
        waiting.push(Input, 0, 1, 1, "a");
        assert!(waiting.awaits_control() && !waiting.is_ready() && waiting.next().is_none());
        waiting.end(Control, 0);
        assert!(!waiting.awaits_control() && waiting.is_ready());
        assert_eq!(all(&mut waiting), ["a"]);
        // The control topic is still at its end: a lone record goes at once.
        waiting.push(Input, 0, 2, 1, "b");
        assert_eq!(all(&mut waiting), ["b"]);
    }

    #[test]
    fn without_a_control_topic_nothing_waits() {
        let mut waiting = waiting(false);
        waiting.push(Input, 0, 1, 1, "a");
        waiting.drop_control();
        assert_eq!(all(&mut waiting), ["a"]);
    }

    #[test]
    fn a_partition_without_its_state_and_one_that_is_taken_away_give_nothing() {
        let mut waiting = waiting(false);
        waiting.push(Input, 1, 1, 1, "early");
        assert_eq!(waiting.next(), None);
        waiting.open(1);
        waiting.push(Input, 0, 2, 1, "gone");
        waiting.close(0);
        assert_eq!(all(&mut waiting), ["early"]);
        waiting.push(Input, 0, 3, 1, "not yet ours again");
        assert_eq!(waiting.next(), None);
    }

    #[test]
    fn it_is_full_by_records_or_by_bytes() {
        let mut waiting = waiting(false);
        waiting.push(Input, 0, 1, 999, "a");
        assert!(!waiting.is_full());
        waiting.push(Input, 0, 1, 1, "b");
        assert!(waiting.is_full());
        assert_eq!(waiting.next(), Some("a"));
        (0..2).for_each(|_| waiting.push(Input, 0, 1, 1, "c"));
        assert!(waiting.is_full());
        waiting.close(0);
        assert!(!waiting.is_full());
    }

    #[test]
    fn decisions_that_wait_leave_room_for_records() {
        let mut waiting = waiting(true);
        (0..10).for_each(|n| waiting.push(Control, 0, n, 999, "later"));
        assert!(!waiting.is_full());
        assert_eq!(waiting.controls(), 10);
        waiting.drop_control();
        assert_eq!(waiting.controls(), 0);
    }
}
