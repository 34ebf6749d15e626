//! Stages whose work on a record depends on the records before it.
//!
//! A partition of the input has a state of its own, as a task of Kafka Streams does. What the work writes are the
//! changes of the state, to a compacted topic, which is the state's changelog and an output for others at once. A
//! thread that is given partition `p` first restores its state from partition `p` of the changelog, and only then works;
//! so equal partition counts are checked at the start, and an output goes to the partition number of its input record.
//!
//! * Input offsets and changes commit in one transaction, so the restored state is that of the committed offsets,
//!   whoever had the partition before and however it ended: see [`restore`].
//! * After an aborted batch the state is restored again: no change that nobody can read survives in memory.
//! * A second input, the control topic, is read by the same partition number: see [`waiting`] for the order of the two.

mod control;
mod metrics;
mod partitions;
mod restore;
mod states;
mod waiting;
mod worker;

use crate::{Outcome, Outputs, Record, Rejection};

pub(crate) use metrics::Restoring;
pub(crate) use states::States;
pub(crate) use worker::StatefulWorker;

/// The state of one partition and the work that changes it.
///
/// What it sends goes to the changelog, whatever topic number and partition it names; the last record of a key, or
/// [`Outputs::forget`], must hold all that is needed of that key. The same records in the same order give the same
/// outputs: no clock, no randomness.
///
/// A record that does not end as [`Outcome::Emitted`] has no outputs, so it must leave the state as it was. A state is
/// dropped once its partition is lost or others have it; while a rebalance is under way it may still be kept.
pub trait StatefulProcessor: Send {
    /// Takes a record of the changelog, on an empty state: those of a key in order, the last one counts. One without a
    /// value forgets its key.
    ///
    /// # Errors
    /// Where the record cannot be understood: the stage ends, since it would work on a state that is not whole.
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection>;

    /// Takes a control record whose effects the changelog holds already; after all records of the changelog. The topic
    /// is compacted, so decisions that were replaced since may be missing.
    ///
    /// # Errors
    /// As [`Self::restore`], but a record that was put aside as bad when it was new is to be passed over.
    fn restore_control(&mut self, _record: &Record<'_>) -> Result<(), Rejection> {
        Ok(())
    }

    /// Does its work on one record of the input. One without a value is a tombstone of a compacted input.
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome;

    /// Does its work on one control record.
    fn control(&mut self, _record: &Record<'_>, _out: &mut Outputs) -> Outcome {
        Outcome::Skipped { reason: "control" }
    }

    /// How many things the state holds, for a metric.
    fn entries(&self) -> usize;
}

/// What a stateful stage reads and writes. All have the same number of partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatefulTopics {
    /// Name of the input topic in the cluster.
    pub input: String,
    /// Name of the control topic, where there is one.
    pub control: Option<String>,
    /// Name of the compacted topic that takes the outputs and is the changelog of the state.
    pub changelog: String,
}
