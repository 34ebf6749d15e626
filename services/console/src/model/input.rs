//! Records that the model takes.

use schemars::JsonSchema;
use serde::Serialize;
use siaga_schemas::topics::Topic;

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// `incidents`
    Incidents,
    /// `alerts`
    Alerts,
    /// `control`
    Control,
    /// `articles.enriched`
    Articles,
    /// The dead letters of a topic.
    DeadLetters(Topic),
}

impl Input {
    /// Everything that a console reads.
    pub fn all() -> Vec<Self> {
        let letters = Topic::ALL.iter().filter(|topic| topic.has_dead_letters());
        [Self::Incidents, Self::Alerts, Self::Control, Self::Articles]
            .into_iter()
            .chain(letters.map(|topic| Self::DeadLetters(*topic)))
            .collect()
    }

    /// The topic's name.
    pub fn topic(self, prefix: &str) -> String {
        match self {
            Self::Incidents => Topic::Incidents.name(prefix),
            Self::Alerts => Topic::Alerts.name(prefix),
            Self::Control => Topic::Control.name(prefix),
            Self::Articles => Topic::ArticlesEnriched.name(prefix),
            Self::DeadLetters(topic) => siaga_schemas::topics::dead_letter_topic(&topic.name(prefix)),
        }
    }

    /// A name for people and metrics.
    pub fn name(self) -> String {
        match self {
            Self::Incidents => "incidents".to_owned(),
            Self::Alerts => "alerts".to_owned(),
            Self::Control => "control".to_owned(),
            Self::Articles => "articles.enriched".to_owned(),
            Self::DeadLetters(topic) => format!("{}.dlq", topic.base()),
        }
    }
}

/// A record.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Where it comes from.
    pub input: Input,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// Key.
    pub key: Option<&'a [u8]>,
    /// Value; none where the key is deleted.
    pub payload: Option<&'a [u8]>,
    /// Code and words of a dead letter's reason.
    pub reason: Option<(&'a str, &'a str)>,
}

/// A record that no stage could use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeadLetter {
    /// The topic it was meant for.
    pub topic: String,
    /// Its key.
    pub key: String,
    /// What is wrong, as a code that stays the same.
    pub code: String,
    /// What is wrong, in words.
    pub reason: String,
    /// Timestamp of the record, milliseconds since 1970.
    pub timestamp: i64,
}

/// Longest text of a dead letter that is kept, in characters.
const LONGEST: usize = 300;

impl DeadLetter {
    pub(super) fn of(topic: Topic, arrival: &Arrival<'_>) -> Self {
        let text = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let (code, reason) = arrival.reason.unwrap_or(("unknown", ""));
        Self {
            topic: topic.base().to_owned(),
            key: text(&String::from_utf8_lossy(arrival.key.unwrap_or_default())),
            code: text(code),
            reason: text(reason),
            timestamp: arrival.timestamp,
        }
    }
}
