//! What librdkafka tells in callbacks. All of them run inside `poll`, on the thread that owns the client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryResult, ProducerContext};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::TopicPartitionList;

use crate::health::State;
use crate::metrics::Metrics;
use crate::reports::Reports;

/// What the group gives a consumer and takes from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Partitions that are ours now.
    Assigned(Vec<i32>),
    /// Partitions taken away: what was read of them is not to be processed.
    Revoked {
        partitions: Vec<i32>,
        /// Whether others may have had them for a while already.
        lost: bool,
    },
}

/// Context of a stage's consumer.
pub(crate) struct Consuming {
    thread: usize,
    state: State,
    metrics: Metrics,
    input: String,
    assigned: AtomicUsize,
    /// Whether new partitions have a state, which is to be restored.
    has_state: bool,
    /// What the group has changed since the last look.
    changes: Mutex<Vec<Change>>,
    /// Times since the last commit that the group was left because nobody polled.
    late: AtomicUsize,
    reports: Reports,
}

impl Consuming {
    pub(crate) fn new(thread: usize, state: State, metrics: Metrics, input: String, has_state: bool) -> Self {
        let (assigned, late) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self {
            thread,
            state,
            metrics,
            input,
            assigned,
            has_state,
            changes: Mutex::default(),
            late,
            reports: Reports::of("consumer"),
        }
    }

    /// Notes that the group was left because nobody polled; gives how often since the last commit.
    pub(crate) fn is_late(&self) -> usize {
        self.late.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes that a batch is committed.
    pub(crate) fn has_committed(&self) {
        self.late.store(0, Ordering::Relaxed);
    }

    /// What the group has changed since the last call, in order.
    pub(crate) fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut *self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }
}

impl ClientContext for Consuming {
    fn stats(&self, statistics: Statistics) {
        let Some(topic) = statistics.topics.get(&self.input) else { return };
        for (number, partition) in &topic.partitions {
            if *number >= 0 && partition.desired && partition.consumer_lag >= 0 {
                let gauge = self.metrics.lag.with_label_values(&[self.input.as_str(), &number.to_string()]);
                gauge.set(partition.consumer_lag);
            }
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.reports.tell(&error, reason);
    }
}

impl ConsumerContext for Consuming {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            // librdkafka reports empty lists too (rust-rdkafka #681): they change nothing.
            Rebalance::Revoke(partitions) if partitions.count() > 0 => {
                let partitions = numbers(partitions);
                for number in &partitions {
                    // A partition that others read now would show its last lag for ever.
                    drop(self.metrics.lag.remove_label_values(&[self.input.as_str(), &number.to_string()]));
                }
                self.note(Change::Revoked { partitions, lost: consumer.assignment_lost() });
            }
            _ => {}
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        self.metrics.rebalances.inc();
        let assigned = match rebalance {
            Rebalance::Assign(partitions) => {
                self.assigned.fetch_add(partitions.count(), Ordering::Relaxed) + partitions.count()
            }
            Rebalance::Revoke(partitions) => {
                let before = self.assigned.load(Ordering::Relaxed);
                let after = before.saturating_sub(partitions.count());
                self.assigned.store(after, Ordering::Relaxed);
                after
            }
            Rebalance::Error(error) => {
                tracing::warn!(%error, "rebalance failed");
                return;
            }
        };
        tracing::info!(thread = self.thread, partitions = assigned, "partitions assigned");
        self.state.assigned(self.thread, assigned);
        if let Rebalance::Assign(partitions) = rebalance {
            self.note(Change::Assigned(numbers(partitions)));
            if self.has_state && partitions.count() > 0 {
                self.state.restores(self.thread, "its state");
            }
        }
    }
}

fn numbers(partitions: &TopicPartitionList) -> Vec<i32> {
    partitions.elements().iter().map(|p| p.partition()).collect()
}

/// Context of a stage's producer: keeps the first delivery that failed.
pub(crate) struct Producing {
    failed: Mutex<Option<(KafkaError, usize)>>,
    reports: Reports,
}

impl Default for Producing {
    fn default() -> Self {
        Self { failed: Mutex::default(), reports: Reports::of("producer") }
    }
}

impl Producing {
    /// The first delivery that failed since the last call, and the number of the record of the batch that made it.
    pub(crate) fn take_failure(&self) -> Option<(KafkaError, usize)> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl ClientContext for Producing {
    fn error(&self, error: KafkaError, reason: &str) {
        self.reports.tell(&error, reason);
    }
}

impl ProducerContext for Producing {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, record: usize) {
        if let Err((error, _)) = result {
            let purged = matches!(
                error.rdkafka_error_code(),
                Some(RDKafkaErrorCode::PurgeInflight | RDKafkaErrorCode::PurgeQueue)
            );
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            if !purged && failed.is_none() {
                *failed = Some((error.clone(), record));
            }
        }
    }
}
