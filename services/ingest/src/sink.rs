//! Where accepted articles go: the seam between what an article is and how Kafka takes it.

use std::fmt::Debug;

use tokio::sync::oneshot;

pub use siaga_stream::publisher::{Delivered, Undelivered};

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

/// Tells what became of a record.
pub type Done = oneshot::Sender<Result<Delivered, Undelivered>>;

/// Takes records. Does not block: `done` hears of the acknowledgement, from any thread.
pub trait Sink: Debug + Send + Sync {
    /// Takes a record.
    fn send(&self, record: Outgoing, done: Done);
}
