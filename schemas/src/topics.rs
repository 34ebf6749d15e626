//! The topics of the pipeline, as `schemas/asyncapi.yaml` declares them.
//!
//! A topic is called `<prefix>.<name>.v1`, its dead letters `<prefix>.<name>.v1.dlq`.

/// The prefix where none is configured.
pub const DEFAULT_PREFIX: &str = "siaga";

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Largest record that a topic takes, in bytes: an enriched article is several times its raw one.
const LARGEST_ENRICHED: u32 = 8 * 1024 * 1024;
const LARGEST_RAW: u32 = 2 * 1024 * 1024;
const LARGEST_CONTROL: u32 = 1024 * 1024;

/// Room for the headers of a dead letter, in bytes.
const LARGEST_REASON: u32 = 64 * 1024;

/// Names a topic without prefix and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Articles as they came in.
    ArticlesRaw,
    /// Articles with language, topics and regions.
    ArticlesClassified,
    /// Articles with all that was found in them.
    ArticlesEnriched,
    /// Security events, one record for each event of each article, and corrections and withdrawals.
    EventsSecurity,
    /// Incidents, the last record of each the one that holds.
    Incidents,
    /// What was told of incidents, and to whom.
    Alerts,
    /// What operators decided.
    Control,
}

/// What becomes of old records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// Deleted after the retention time.
    Delete,
    /// The last one of each key stays.
    Compact,
}

/// What a topic is created with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSpec {
    /// Its name in the cluster.
    pub name: String,
    /// Partitions.
    pub partitions: i32,
    /// Replicas, on a cluster that has as many brokers.
    pub replicas: i32,
    /// What becomes of old records.
    pub cleanup: Cleanup,
    /// Milliseconds that a record stays; none where it stays for ever.
    pub retention_ms: Option<i64>,
    /// Largest batch in bytes.
    pub max_message_bytes: u32,
    /// Replicas that must have a record before it counts as written.
    pub min_insync_replicas: i32,
}

impl Topic {
    /// Every topic, in the order of the flow.
    pub const ALL: &'static [Self] = &[
        Self::ArticlesRaw,
        Self::ArticlesClassified,
        Self::ArticlesEnriched,
        Self::EventsSecurity,
        Self::Incidents,
        Self::Alerts,
        Self::Control,
    ];

    /// The name between prefix and version.
    pub const fn base(self) -> &'static str {
        match self {
            Self::ArticlesRaw => "articles.raw",
            Self::ArticlesClassified => "articles.classified",
            Self::ArticlesEnriched => "articles.enriched",
            Self::EventsSecurity => "events.security",
            Self::Incidents => "incidents",
            Self::Alerts => "alerts",
            Self::Control => "control",
        }
    }

    /// The name in the cluster.
    pub fn name(self, prefix: &str) -> String {
        format!("{prefix}.{}.v1", self.base())
    }

    /// Whether a stage reads it, so that bad records need a place to go; of alerts, those that no sink takes.
    pub const fn has_dead_letters(self) -> bool {
        !matches!(self, Self::ArticlesEnriched)
    }

    /// What it is created with.
    pub fn spec(self, prefix: &str) -> TopicSpec {
        let (partitions, retention_ms, max_message_bytes) = match self {
            Self::ArticlesRaw => (12, Some(7 * DAY_MS), LARGEST_RAW),
            Self::ArticlesClassified => (12, Some(3 * DAY_MS), LARGEST_ENRICHED),
            Self::ArticlesEnriched => (12, Some(30 * DAY_MS), LARGEST_ENRICHED),
            // Identity needs to see all reports, and no key is shared by all reports of one happening.
            Self::EventsSecurity => (1, Some(90 * DAY_MS), LARGEST_RAW),
            // As many partitions as the events: an incident and its alerts stay in the partition of their mentions.
            Self::Incidents => (1, None, LARGEST_ENRICHED),
            Self::Alerts => (1, None, LARGEST_RAW),
            Self::Control => (1, None, LARGEST_CONTROL),
        };
        let cleanup = match self {
            Self::Incidents | Self::Alerts | Self::Control => Cleanup::Compact,
            _ => Cleanup::Delete,
        };
        TopicSpec {
            name: self.name(prefix),
            partitions,
            replicas: 3,
            cleanup,
            retention_ms,
            max_message_bytes,
            min_insync_replicas: 2,
        }
    }

    /// What the topic of its dead letters is created with; none where no stage reads it.
    pub fn dead_letter_spec(self, prefix: &str) -> Option<TopicSpec> {
        self.has_dead_letters().then(|| {
            let spec = self.spec(prefix);
            TopicSpec {
                name: dead_letter_topic(&spec.name),
                partitions: 1,
                cleanup: Cleanup::Delete,
                retention_ms: Some(90 * DAY_MS),
                // The reason comes on top of a record that may be as large as its topic takes.
                max_message_bytes: spec.max_message_bytes + LARGEST_REASON,
                ..spec
            }
        })
    }
}

impl TopicSpec {
    /// Topic settings of Kafka, by name.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let cleanup = match self.cleanup {
            Cleanup::Delete => "delete",
            Cleanup::Compact => "compact",
        };
        vec![
            ("cleanup.policy", cleanup.to_owned()),
            ("max.message.bytes", self.max_message_bytes.to_string()),
            ("min.insync.replicas", self.min_insync_replicas.to_string()),
            ("retention.ms", self.retention_ms.unwrap_or(-1).to_string()),
        ]
    }
}

/// The topic that takes the records of `topic` which no stage can use.
pub fn dead_letter_topic(topic: &str) -> String {
    format!("{topic}.dlq")
}

/// Every topic of a cluster, dead letters included, in the order of the flow.
pub fn catalogue(prefix: &str) -> Vec<TopicSpec> {
    Topic::ALL
        .iter()
        .flat_map(|topic| [Some(topic.spec(prefix)), topic.dead_letter_spec(prefix)])
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_letters_stand_beside_the_topics_that_a_stage_reads() {
        let names: Vec<String> = catalogue("siaga").into_iter().map(|spec| spec.name).collect();
        assert_eq!(
            names,
            [
                "siaga.articles.raw.v1",
                "siaga.articles.raw.v1.dlq",
                "siaga.articles.classified.v1",
                "siaga.articles.classified.v1.dlq",
                "siaga.articles.enriched.v1",
                "siaga.events.security.v1",
                "siaga.events.security.v1.dlq",
                "siaga.incidents.v1",
                "siaga.incidents.v1.dlq",
                "siaga.alerts.v1",
                "siaga.alerts.v1.dlq",
                "siaga.control.v1",
                "siaga.control.v1.dlq",
            ]
        );
    }
}
