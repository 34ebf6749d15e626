//! The states of a thread's partitions.

use std::collections::BTreeMap;

use crate::{Outcome, Outputs, Processor, Record, StatefulProcessor};

/// What a group has committed of a partition number: the offsets to be read next, none where there is nothing yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Committed {
    pub(super) input: Option<i64>,
    pub(super) control: Option<i64>,
}

/// A state and what it is the state of.
#[derive(Debug)]
pub(super) struct Restored<P> {
    pub(super) state: P,
    pub(super) committed: Committed,
}

/// The states of the partitions that are ours, and of those that were until a moment ago.
#[derive(Debug)]
pub(crate) struct States<P> {
    control: Option<String>,
    open: BTreeMap<i32, Restored<P>>,
    /// Partitions that a rebalance has taken away and may give back; nobody may have worked on them in between.
    suspended: BTreeMap<i32, Restored<P>>,
}

impl<P> States<P> {
    pub(crate) fn new(control: Option<String>) -> Self {
        Self { control, open: BTreeMap::new(), suspended: BTreeMap::new() }
    }

    /// Takes the state of a partition.
    pub(super) fn open(&mut self, partition: i32, restored: Restored<P>) {
        self.open.insert(partition, restored);
    }

    /// Drops the state of a partition.
    pub(super) fn close(&mut self, partition: i32) {
        self.open.remove(&partition);
        self.suspended.remove(&partition);
    }

    /// Puts the state of a partition aside.
    pub(super) fn suspend(&mut self, partition: i32) {
        if let Some(restored) = self.open.remove(&partition) {
            self.suspended.insert(partition, restored);
        }
    }

    /// Drops what was put aside of all other partitions.
    pub(super) fn forget_suspended_but(&mut self, partitions: &[i32]) {
        self.suspended.retain(|partition, _| partitions.contains(partition));
    }

    /// The state that was put aside, where it is still that of these offsets: then nobody has worked on the partition.
    pub(super) fn resume(&mut self, partition: i32, committed: Committed) -> Option<Restored<P>> {
        self.suspended.remove(&partition).filter(|restored| restored.committed == committed)
    }

    /// What is committed of an open partition.
    pub(super) fn committed(&mut self, partition: i32) -> Option<&mut Committed> {
        self.open.get_mut(&partition).map(|restored| &mut restored.committed)
    }

    /// Open partitions.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i32, &Restored<P>)> {
        self.open.iter().map(|(partition, restored)| (*partition, restored))
    }
}

impl<P: StatefulProcessor> States<P> {
    /// Makes the state of a partition that has none, where nothing is restored.
    pub(crate) fn begin(&mut self, partition: i32, new_state: impl FnOnce() -> P) {
        let begin = || Restored { state: new_state(), committed: Committed::default() };
        self.open.entry(partition).or_insert_with(begin);
    }
}

impl<P: StatefulProcessor> Processor for States<P> {
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let Some(Restored { state, .. }) = self.open.get_mut(&record.partition()) else {
            unreachable!("{record:?} is given without the state of its partition");
        };
        let outcome = if self.control.as_deref() == Some(record.topic()) {
            state.control(record, out)
        } else {
            state.process(record, out)
        };
        for output in &mut out.records {
            // The state of a partition is restored from the same partition of the changelog, whatever the key.
            output.partition = Some(record.partition());
            output.topic = 0;
        }
        outcome
    }

    fn takes_tombstones(&self) -> bool {
        true
    }
}
