//! Where accepted articles go: the seam between what an article is and how Kafka takes it.

use std::fmt::Debug;

use tokio::sync::oneshot;
use tokio::time::Instant;

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

/// Hears of the acknowledgement.
pub(crate) type Outcome = oneshot::Receiver<Result<Delivered, Undelivered>>;

/// Waits for the acknowledgement, until the deadline.
pub(crate) async fn acknowledged(outcome: Outcome, deadline: Instant) -> Result<Delivered, Undelivered> {
    match tokio::time::timeout_at(deadline, outcome).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Undelivered::Unacknowledged("the producer has ended".to_owned())),
        Err(_) => Err(Undelivered::Unacknowledged("no answer in time".to_owned())),
    }
}
