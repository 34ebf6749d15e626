//! Work with a state: counts the records of each key and of the partition, and chains their values. A record that is
//! lost, doubled or out of order, or an operator's decision that is, shows in the last record of a key.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use prometheus::Registry;
use serde::{Deserialize, Serialize};
use siaga_stream::publisher::Message;
use siaga_stream::reader::OwnedRecord;
use siaga_stream::{
    Outcome, Outputs, OwnedOutputHeaders, Processing, Record, Rejection, Stage, StatefulProcessor,
    StatefulTopics, dead_letter,
};

use crate::cluster::{Cluster, Running, message, wait_until};

/// Settings of a compacted topic. A segment whose records are old would end with each mark of a transaction, which is of
/// now, and be compacted under the eyes of a test that counts its records.
pub(crate) const COMPACTED: [(&str, &str); 2] =
    [("cleanup.policy", "compact"), ("segment.ms", "9223372036854775807")];

/// Zero of a test's timestamps: a topic forgets records that are older than its retention.
pub(crate) fn beginning() -> i64 {
    static BEGINNING: OnceLock<i64> = OnceLock::new();
    *BEGINNING.get_or_init(|| message(b"", None).timestamp)
}

/// What is known of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) count: u64,
    pub(crate) chain: u64,
    /// Records of the whole partition when this was written.
    pub(crate) total: u64,
    /// Decisions that were known then.
    pub(crate) decisions: u64,
}

/// The state of a partition.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    keys: BTreeMap<Vec<u8>, Entry>,
    total: u64,
    decisions: u64,
}

impl Tally {
    /// Counts a record; gives what is known of its key then.
    pub(crate) fn add(&mut self, key: &[u8], value: &[u8]) -> Entry {
        self.total += 1;
        let entry = self.keys.entry(key.to_vec()).or_default();
        entry.count += 1;
        // FNV-1a.
        for byte in value {
            entry.chain = (entry.chain ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        (entry.total, entry.decisions) = (self.total, self.decisions);
        entry.clone()
    }

    /// Counts a decision, where it is one.
    pub(crate) fn decide(&mut self, is_decision: bool) {
        self.decisions += u64::from(is_decision);
    }

    fn send(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let key = record.key().unwrap();
        let entry = self.add(key, record.payload().unwrap());
        let value = serde_json::to_vec(&entry).unwrap();
        // The partition that it names does not count.
        out.send(0, Some(key), value, OwnedOutputHeaders::default(), None);
        Outcome::Emitted
    }
}

impl StatefulProcessor for Tally {
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        let key = record.key().unwrap().to_vec();
        let Some(value) = record.payload() else {
            self.total -= self.keys.remove(&key).map_or(0, |entry| entry.count);
            return Ok(());
        };
        let entry: Entry = serde_json::from_slice(value)
            .map_err(|error| Rejection { code: "not_an_entry", message: error.to_string() })?;
        self.total += entry.count;
        self.total -= self.keys.insert(key, entry).map_or(0, |before| before.count);
        Ok(())
    }

    fn restore_control(&mut self, _: &Record<'_>) -> Result<(), Rejection> {
        self.decisions += 1;
        Ok(())
    }

    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        if record.payload().is_none() {
            let key = record.key().unwrap();
            self.total -= self.keys.remove(key).map_or(0, |entry| entry.count);
            out.forget(0, key, OwnedOutputHeaders::default(), None);
            return Outcome::Emitted;
        }
        self.send(record, out)
    }

    fn control(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.decisions += 1;
        self.send(record, out)
    }

    fn entries(&self) -> usize {
        self.keys.len()
    }
}

impl Cluster {
    pub(crate) fn changelog(&self) -> String {
        self.kafka("").topic("tally")
    }

    pub(crate) fn control(&self) -> String {
        self.kafka("").topic("control")
    }

    /// Makes input, changelog and dead letters.
    pub(crate) fn create_stateful(&self, partitions: i32) {
        self.create_all(partitions);
        self.create(&self.changelog(), partitions, &COMPACTED);
    }

    /// Makes the control topic and its dead letters.
    pub(crate) fn create_control(&self, partitions: i32) {
        self.create(&self.control(), partitions, &COMPACTED);
        self.create(&dead_letter::topic_of(&self.control()), 1, &[]);
    }

    pub(crate) fn stateful_topics(&self, has_control: bool) -> StatefulTopics {
        let control = has_control.then(|| self.control());
        StatefulTopics { input: self.input(), control, changelog: self.changelog() }
    }

    /// A stage that tallies.
    pub(crate) fn tally(&self, instance: &str, processing: &Processing) -> Running {
        self.stateful(instance, processing, &self.stateful_topics(false), Tally::default)
    }

    pub(crate) fn stateful<P: StatefulProcessor + 'static>(
        &self,
        instance: &str,
        processing: &Processing,
        topics: &StatefulTopics,
        new_state: impl Fn() -> P + Clone + Send + 'static,
    ) -> Running {
        let (registry, kafka) = (Registry::new(), self.kafka(instance));
        let stage = Stage::stateful("tally", &kafka, processing, topics, &registry, new_state).unwrap();
        Running::start(stage, registry)
    }

    /// The last committed record of each key of the changelog, with its partition, as compaction leaves it.
    pub(crate) fn compacted(&self) -> BTreeMap<(i32, Vec<u8>), OwnedRecord> {
        let records = self.read(&self.changelog());
        records.into_iter().map(|record| ((record.partition, record.key.clone().unwrap()), record)).collect()
    }

    /// What an undisturbed tally leaves of the input and, where it is given, the control topic.
    fn expected(&self, control: Option<&str>) -> BTreeMap<(i32, Vec<u8>), (Vec<u8>, i64)> {
        let mut tallies: BTreeMap<i32, Tally> = BTreeMap::new();
        let mut last = BTreeMap::new();
        let mut decisions = control.map(|topic| self.read(topic)).unwrap_or_default();
        for input in self.read(&self.input()) {
            let comes_first = |decision: &OwnedRecord| {
                decision.partition == input.partition && decision.timestamp <= input.timestamp
            };
            let mut now: Vec<(bool, OwnedRecord)> =
                decisions.extract_if(.., |decision| comes_first(decision)).map(|d| (true, d)).collect();
            now.push((false, input));
            for (is_decision, record) in now {
                let (key, tally) = (record.key.unwrap(), tallies.entry(record.partition).or_default());
                tally.decide(is_decision);
                let value = serde_json::to_vec(&tally.add(&key, &record.payload.unwrap())).unwrap();
                last.insert((record.partition, key), (value, record.timestamp));
            }
        }
        assert_eq!(decisions, [], "decisions behind all records are not expected");
        last
    }

    /// Waits until the changelog has as many committed records as the input, and asserts that the last ones of its keys
    /// are those of an undisturbed tally, byte by byte.
    pub(crate) fn assert_tallied(&self, count: usize) {
        self.assert_tallied_with(None, count);
    }

    /// The same, where operators decide.
    pub(crate) fn assert_tallied_with(&self, control: Option<&str>, count: usize) {
        wait_until("all is tallied", || self.read(&self.changelog()).len() >= count);
        self.assert_last_are_tallied(control);
        assert_eq!(self.read(&self.changelog()).len(), count);
    }

    /// Asserts that the last records of the changelog's keys are those of an undisturbed tally.
    pub(crate) fn assert_last_are_tallied(&self, control: Option<&str>) {
        let found = self.compacted().into_iter();
        let found: BTreeMap<_, _> =
            found.map(|(key, record)| (key, (record.payload.unwrap(), record.timestamp))).collect();
        assert_eq!(found, self.expected(control));
    }

    /// Writes records of a key, with these timestamps, in milliseconds since [`beginning`], which are their values too.
    pub(crate) fn publish_at(&self, topic: &str, key: &str, timestamps: impl Iterator<Item = i64>) {
        let records: Vec<(String, i64)> = timestamps.map(|t| (t.to_string(), t)).collect();
        let messages: Vec<Message<'_>> = records
            .iter()
            .map(|(value, timestamp)| Message {
                timestamp: beginning() + timestamp,
                ..message(key.as_bytes(), Some(value.as_bytes()))
            })
            .collect();
        self.publish(topic, &messages);
    }
}
