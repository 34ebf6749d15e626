//! What an operator sets: the cluster, and how a stage works on it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The Kafka cluster and who this process is on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Kafka {
    /// Bootstrap servers: `host:port`, several separated by commas.
    pub brokers: String,
    /// First part of topic names, group ids and transactional ids.
    pub prefix: String,
    /// Stable name of this instance, the same after a restart and of no other one: part of the transactional ids.
    /// On Kubernetes the pod's name is taken where it is empty; elsewhere it is required.
    pub instance: String,
    /// Settings of librdkafka by their own names: TLS, SASL and the like. Those that keep Siaga's promises are not
    /// to be set here.
    pub properties: BTreeMap<String, String>,
    /// Settings of librdkafka whose value is the content of a file: passwords and keys.
    pub property_files: BTreeMap<String, PathBuf>,
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            brokers: "127.0.0.1:9092".to_owned(),
            prefix: "siaga".to_owned(),
            instance: String::new(),
            properties: BTreeMap::new(),
            property_files: BTreeMap::new(),
        }
    }
}

impl Kafka {
    /// Name of a topic in the cluster.
    pub fn topic(&self, base: &str) -> String {
        format!("{}.{base}.v1", self.prefix)
    }

    /// The instance: as set, else the pod's name.
    ///
    /// # Errors
    /// Where neither is known.
    pub fn instance(&self) -> Result<String, Error> {
        if !self.instance.is_empty() {
            return Ok(self.instance.clone());
        }
        let on_kubernetes = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
        let pod = std::env::var("HOSTNAME").ok().filter(|name| on_kubernetes && !name.is_empty());
        pod.ok_or_else(|| Error::Setting {
            setting: "kafka.instance".to_owned(),
            reason: "must be set outside Kubernetes: it keeps a restarted process from being taken for another one"
                .to_owned(),
        })
    }
}

/// What is promised of each record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// Input offsets, outputs and dead letters commit in one transaction.
    #[default]
    ExactlyOnce,
    /// Offsets are committed when the outputs are acknowledged: after a crash some outputs come twice.
    AtLeastOnce,
}

/// What to do with a record that cannot be processed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnBadRecord {
    /// Put it on the dead-letter topic as it is, with the reason.
    #[default]
    DeadLetter,
    /// End the stage.
    Fail,
    /// Count it and go on.
    Skip,
}

/// Protocol of consumer groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupProtocol {
    /// The one that every broker has.
    #[default]
    Classic,
    /// KIP-848, of Kafka 4.
    Consumer,
}

/// How a stage works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Processing {
    /// Threads, each with a consumer and a producer of its own; more than the input topic has partitions stay idle.
    pub threads: usize,
    /// What is promised of each record.
    pub guarantee: Guarantee,
    /// What to do with a record that cannot be processed.
    pub on_bad_record: OnBadRecord,
    /// Protocol of consumer groups.
    pub group_protocol: GroupProtocol,
    /// Most records of a transaction.
    pub batch_records: usize,
    /// Most bytes of records of a transaction.
    pub batch_bytes: usize,
    /// Least time between two commits of a thread: a lone record leaves at once, a flood goes in big batches.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub commit_interval: Duration,
    /// Time after which the broker aborts a transaction of a dead instance; so long its readers wait.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub transaction_timeout: Duration,
    /// Time without a heartbeat after which the group gives a member's partitions to others.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub session_timeout: Duration,
    /// Largest record in bytes; a larger one is a bad record.
    pub max_record_bytes: usize,
    /// Memory for records read ahead, in KiB, of each thread.
    pub read_ahead_kib: usize,
    /// Memory for records on their way out, in KiB, of each thread.
    pub write_behind_kib: usize,
}

impl Default for Processing {
    fn default() -> Self {
        Self {
            threads: 2,
            guarantee: Guarantee::ExactlyOnce,
            on_bad_record: OnBadRecord::DeadLetter,
            group_protocol: GroupProtocol::Classic,
            batch_records: 2_500,
            batch_bytes: 8 * 1024 * 1024,
            commit_interval: Duration::from_millis(25),
            transaction_timeout: Duration::from_secs(15),
            session_timeout: Duration::from_secs(10),
            max_record_bytes: 2 * 1024 * 1024,
            read_ahead_kib: 8 * 1024,
            write_behind_kib: 32 * 1024,
        }
    }
}

impl Processing {
    /// Most memory, in bytes, that records take in all threads together: read ahead, in a batch, on their way out.
    pub fn memory_bytes(&self) -> usize {
        let thread = (self.read_ahead_kib + self.write_behind_kib) * 1024 + self.batch_bytes;
        self.threads * thread
    }

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// Where a setting is out of its range.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |setting: &str, reason: &str| {
            Err(Error::Setting { setting: format!("processing.{setting}"), reason: reason.to_owned() })
        };
        if self.threads == 0 {
            return wrong("threads", "must be at least 1");
        }
        if self.batch_records == 0 {
            return wrong("batch_records", "must be at least 1");
        }
        if self.batch_bytes < self.max_record_bytes {
            return wrong("batch_bytes", "must be at least `processing.max_record_bytes`");
        }
        if self.read_ahead_kib < 1024 {
            return wrong("read_ahead_kib", "must be at least 1024");
        }
        if self.write_behind_kib < 1024 {
            return wrong("write_behind_kib", "must be at least 1024");
        }
        if self.transaction_timeout < Duration::from_secs(1) {
            return wrong("transaction_timeout", "must be at least 1s");
        }
        if self.commit_interval > Duration::from_secs(10) {
            return wrong("commit_interval", "must be at most 10s");
        }
        Ok(())
    }
}
