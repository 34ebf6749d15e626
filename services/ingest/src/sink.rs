//! Where accepted articles go: the seam between what an article is and how Kafka takes it.

use std::fmt::Debug;

use tokio::sync::oneshot;

/// A record for `articles.raw`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Article id.
    pub key: String,
    /// The article, byte for byte as it came.
    pub value: Vec<u8>,
    /// Names and texts, in order.
    pub headers: Vec<(&'static str, String)>,
    /// Milliseconds since 1970.
    pub timestamp: i64,
}

/// Where a record stands once Kafka has acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Partition of the topic.
    pub partition: i32,
    /// Offset in the partition.
    pub offset: i64,
}

/// Why a record is not, or perhaps not, in the topic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// More waits than memory is set aside for; later there is room.
    #[error("too many records wait for Kafka")]
    QueueFull,
    /// Kafka refuses this record and will always do so.
    #[error("kafka refuses the record: {0}")]
    Refused(String),
    /// Kafka did not acknowledge in time, and may do so later.
    #[error("kafka does not acknowledge: {0}")]
    Unacknowledged(String),
}

/// Tells what became of a record.
pub type Done = oneshot::Sender<Result<Delivered, Undelivered>>;

/// Takes records. Does not block: `done` hears of the acknowledgement, from any thread.
pub trait Sink: Debug + Send + Sync {
    /// Takes a record.
    fn send(&self, record: Outgoing, done: Done);
}
