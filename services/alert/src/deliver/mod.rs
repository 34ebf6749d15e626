//! Tells what was decided, at least once.
//!
//! The topic `alerts` is the list of what is to be told, and takes how each telling went; nothing else is kept. So after
//! a crash all is told whose outcome does not stand there, some of it perhaps for the second time.
//!
//! * `follow` reads the topic, `ledger` knows what of it is still to be told.
//! * `dispatch` runs the errands of the partitions that this process decides for, `sender` makes the requests.

mod alertmanager;
mod backoff;
mod dispatch;
mod follow;
mod ledger;
mod outcome;
mod ownership;
mod sender;
pub(crate) mod signature;
pub(crate) mod template;
#[cfg(test)]
mod tests;
mod webhook;

use std::sync::Arc;
use std::thread::JoinHandle;

use siaga_schemas::topics::Topic;
use siaga_stream::{Kafka, Publisher, Publishing, Stop};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config;
use crate::metrics::DeliveryMetrics;
use crate::policy::Policies;

pub use ownership::{Lease, Ownership};

/// Memory for outcomes that wait for the cluster.
const PUBLISHING: Publishing =
    Publishing { buffer_kib: 4 * 1024, acknowledge_timeout: std::time::Duration::from_secs(20) };

/// Records of the topic between reading and telling.
const QUEUE: usize = 256;

/// Why nobody can be told.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// A sink's address, secret or template.
    #[error("sink `{sink}` cannot be used: {reason}")]
    Sink {
        /// Which.
        sink: String,
        /// Why.
        reason: String,
    },
    /// Kafka's client.
    #[error(transparent)]
    Kafka(#[from] siaga_stream::Error),
    /// The system refuses a thread.
    #[error("no thread: {0}")]
    Thread(std::io::Error),
}

/// Tells until it is closed.
#[derive(Debug)]
pub struct Deliverer {
    stop: Stop,
    cancel: CancellationToken,
    follower: JoinHandle<()>,
    dispatcher: tokio::task::JoinHandle<()>,
    handle: Handle,
}

impl Deliverer {
    /// Begins to read the topic, and to tell what stands in the partitions that `ownership` names.
    ///
    /// # Errors
    /// Where a sink or the cluster's settings cannot be used.
    pub fn start(
        kafka: &Kafka,
        policies: &Arc<Policies>,
        settings: &config::Delivery,
        ownership: Ownership,
        metrics: DeliveryMetrics,
        handle: &Handle,
    ) -> Result<Self, Unusable> {
        let topic = Topic::Alerts.name(&kafka.prefix);
        let publisher = Publisher::new(kafka, "alert-outcomes", PUBLISHING, &[])?;
        let (events, incoming) = mpsc::channel(QUEUE);
        let outcomes = outcome::Outcomes::new(publisher, topic.clone(), metrics.clone());
        let dispatcher = dispatch::Dispatcher::new(policies, settings, ownership, metrics, outcomes)?;
        let (stop, cancel) = (Stop::default(), CancellationToken::new());
        let following = follow::Follow { kafka: kafka.clone(), topic, events, stop: stop.clone() };
        let follower = std::thread::Builder::new()
            .name("alerts-follower".to_owned())
            .spawn(move || following.run())
            .map_err(Unusable::Thread)?;
        let dispatcher = handle.spawn(dispatcher.run(incoming, cancel.clone()));
        Ok(Self { stop, cancel, follower, dispatcher, handle: handle.clone() })
    }

    /// Begins no more attempt, and waits for those that are under way.
    pub fn close(self) {
        self.stop.stop();
        self.cancel.cancel();
        if let Err(error) = self.handle.block_on(self.dispatcher) {
            tracing::error!(%error, "telling has ended badly");
        }
        if self.follower.join().is_err() {
            tracing::error!("following the topic of alerts has ended badly");
        }
    }
}
