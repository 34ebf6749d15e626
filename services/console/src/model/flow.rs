//! How the flow of articles is: rates, topics, regions, languages, latency, dead letters.
//!
//! Times are those of the records, not of this machine; hours without a record are not there.

use std::collections::{BTreeMap, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_schemas::{EnrichedArticle, Moment, Role};

use super::coverage::{Count, ranked};
use super::input::{DeadLetter, Input};

/// How codes of Media Topics of the first level end.
const FIRST_LEVEL: &str = "000000";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Hours that are kept, counted back from the newest record.
const HOURS: i64 = 48;

/// Minutes whose rates are kept.
const MINUTES: i64 = 120;

/// Dead letters that are kept in words; all are counted.
const LETTERS: usize = 100;

/// Latencies that are kept.
const LATENCIES: usize = 2000;

/// Kinds that a report lists of each sort.
const LISTED: usize = 40;

/// What is counted of the flow.
#[derive(Debug, Default)]
pub struct Flow {
    hours: BTreeMap<i64, Hour>,
    /// Articles since the start, by the code of the first level of Media Topics.
    by_topic: BTreeMap<String, u64>,
    /// Articles since the start, by country that they are about or where their events are.
    by_country: BTreeMap<String, u64>,
    minutes: BTreeMap<i64, [u64; 2]>,
    inputs: BTreeMap<Input, Seen>,
    stages: BTreeMap<String, StageReport>,
    letters: VecDeque<DeadLetter>,
    /// From publication to record, and from record to here, in milliseconds.
    latencies: VecDeque<(i64, i64)>,
}

#[derive(Debug, Default)]
struct Hour {
    articles: u64,
    flagged: u64,
    topics: BTreeMap<String, u64>,
    regions: BTreeMap<String, u64>,
    languages: BTreeMap<String, u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    records: u64,
    refused: u64,
    newest: Option<i64>,
    lag: u64,
}

/// How the flow of articles is.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FlowReport {
    /// Articles of the hours that are kept.
    pub articles: u64,
    /// Those with an event that is happening or has just happened.
    pub flagged: u64,
    /// Texts of articles that are kept.
    pub texts_held: u64,
    /// Bytes that they take.
    pub text_bytes: u64,
    /// Articles by topic, IPTC Media Topics code and label, the most frequent first.
    pub topics: Vec<Count>,
    /// Articles by country that they are about or where their events are.
    pub regions: Vec<Count>,
    /// Articles by language.
    pub languages: Vec<Count>,
    /// Articles a minute, empty minutes left out.
    pub minutes: Vec<Minute>,
    /// What was read from each topic.
    pub inputs: Vec<InputReport>,
    /// How far each stage is behind.
    pub stages: Vec<StageReport>,
    /// From publication to the record's time, in seconds.
    pub publication_to_intake: Option<Latency>,
    /// From the record's time until it was known here, in seconds.
    pub intake_to_console: Option<Latency>,
    /// The newest dead letters, the newest first.
    pub dead_letters: Vec<DeadLetter>,
}

/// Articles of a minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Minute {
    /// Its beginning.
    pub start: Moment,
    /// Articles.
    pub articles: u64,
    /// Flagged ones.
    pub flagged: u64,
}

/// What was read from a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputReport {
    /// The topic, without prefix and version.
    pub topic: String,
    /// Records, compacted ones left out.
    pub records: u64,
    /// Records that could not be read.
    pub refused: u64,
    /// Timestamp of the newest record.
    pub newest: Option<Moment>,
    /// Records that are yet to be read here.
    pub lag: u64,
}

/// How far a stage is behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageReport {
    /// Its name.
    pub stage: String,
    /// The topic that it reads, without prefix and version.
    pub input: String,
    /// Records that it is yet to commit; null where it never committed any, or the cluster does not say.
    pub lag: Option<u64>,
}

/// A distribution of times, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// Half are faster.
    pub p50: f64,
    /// Nine of ten are faster.
    pub p90: f64,
    /// 99 of 100 are faster.
    pub p99: f64,
}

impl Flow {
    /// Counts an article.
    pub(super) fn article(&mut self, enriched: &EnrichedArticle, timestamp: i64, now: i64) {
        self.count(Input::Articles, timestamp);
        let flagged = u64::from(enriched.flagged);
        let minute = self.minutes.entry(timestamp.div_euclid(MINUTE)).or_default();
        *minute = [minute[0] + 1, minute[1] + flagged];
        let hour = self.hours.entry(timestamp.div_euclid(HOUR)).or_default();
        hour.articles += 1;
        hour.flagged += flagged;
        *hour.languages.entry(enriched.article.language.code.clone()).or_default() += 1;
        for topic in enriched.topics.iter().filter(|topic| topic.code.ends_with(FIRST_LEVEL)) {
            *self.by_topic.entry(topic.code.clone()).or_default() += 1;
        }
        for topic in &enriched.topics {
            *hour.topics.entry(format!("{} {}", topic.code, topic.label)).or_default() += 1;
        }
        let matters = |role: &Role| matches!(role, Role::About | Role::EventLocation);
        for region in enriched.regions.iter().filter(|region| region.roles.iter().any(matters)) {
            *hour.regions.entry(region.country.to_string()).or_default() += 1;
            *self.by_country.entry(region.country.to_string()).or_default() += 1;
        }
        let published = enriched.article.published_at.timestamp().as_millisecond();
        self.latencies.push_back((timestamp - published, now - timestamp));
        if self.latencies.len() > LATENCIES {
            self.latencies.pop_front();
        }
        self.forget();
    }

    /// What is older than is kept, counted back from the newest.
    fn forget(&mut self) {
        if let Some((newest, _)) = self.hours.last_key_value() {
            self.hours = self.hours.split_off(&(newest - HOURS));
        }
        if let Some((newest, _)) = self.minutes.last_key_value() {
            self.minutes = self.minutes.split_off(&(newest - MINUTES));
        }
    }

    /// Counts a record.
    pub(super) fn count(&mut self, input: Input, timestamp: i64) {
        let seen = self.inputs.entry(input).or_default();
        seen.records += 1;
        seen.newest = seen.newest.max(Some(timestamp));
    }

    /// Counts a record that could not be read.
    pub(super) fn refuse(&mut self, input: Input) {
        self.inputs.entry(input).or_default().refused += 1;
    }

    /// Articles since the start, by topic of the first level and by country.
    pub(super) fn counted(&self) -> [&BTreeMap<String, u64>; 2] {
        [&self.by_topic, &self.by_country]
    }

    /// Notes how far reading a topic is behind.
    pub(super) fn note_lag(&mut self, input: Input, lag: u64) {
        self.inputs.entry(input).or_default().lag = lag;
    }

    /// Notes how far a stage is behind.
    pub(super) fn note_stage(&mut self, report: StageReport) {
        self.stages.insert(report.stage.clone(), report);
    }

    /// How far reading each topic is behind, what was read and what could not be.
    pub(super) fn inputs(&self) -> Vec<InputReport> {
        let report = |(input, seen): (&Input, &Seen)| InputReport {
            topic: input.name(),
            records: seen.records,
            refused: seen.refused,
            newest: seen.newest.map(Moment::from_millis),
            lag: seen.lag,
        };
        self.inputs.iter().map(report).collect()
    }

    /// Takes a dead letter.
    pub(super) fn bury(&mut self, letter: DeadLetter) {
        if let Some(topic) = siaga_schemas::topics::Topic::ALL.iter().find(|t| t.base() == letter.topic) {
            self.count(Input::DeadLetters(*topic), letter.timestamp);
        }
        self.letters.push_front(letter);
        self.letters.truncate(LETTERS);
    }

    pub(super) fn report(&self, texts: usize, bytes: usize) -> FlowReport {
        let hours = || self.hours.values();
        let minute = |(minute, [articles, flagged]): (&i64, &[u64; 2])| Minute {
            start: Moment::from_millis(minute * MINUTE),
            articles: *articles,
            flagged: *flagged,
        };
        FlowReport {
            articles: hours().map(|hour| hour.articles).sum(),
            flagged: hours().map(|hour| hour.flagged).sum(),
            texts_held: texts as u64,
            text_bytes: bytes as u64,
            topics: sum(hours().map(|hour| &hour.topics)),
            regions: sum(hours().map(|hour| &hour.regions)),
            languages: sum(hours().map(|hour| &hour.languages)),
            minutes: self.minutes.iter().map(minute).collect(),
            inputs: self.inputs(),
            stages: self.stages.values().cloned().collect(),
            publication_to_intake: latency(self.latencies.iter().map(|(intake, _)| *intake)),
            intake_to_console: latency(self.latencies.iter().map(|(_, console)| *console)),
            dead_letters: self.letters.iter().cloned().collect(),
        }
    }
}

fn sum<'a>(counts: impl Iterator<Item = &'a BTreeMap<String, u64>>) -> Vec<Count> {
    let mut sums = BTreeMap::<String, u64>::new();
    for (code, count) in counts.flatten() {
        *sums.entry(code.clone()).or_default() += count;
    }
    let mut ranked = ranked(sums);
    ranked.truncate(LISTED);
    ranked
}

fn latency(millis: impl Iterator<Item = i64>) -> Option<Latency> {
    let mut millis: Vec<i64> = millis.collect();
    millis.sort_unstable();
    let at =
        |share: usize| millis.get((millis.len() * share / 100).min(millis.len().checked_sub(1)?)).copied();
    let seconds = |millis: i64| millis as f64 / 1000.0;
    Some(Latency { p50: seconds(at(50)?), p90: seconds(at(90)?), p99: seconds(at(99)?) })
}
