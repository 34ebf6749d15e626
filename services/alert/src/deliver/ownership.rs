//! Which partitions this process decides for: these, and no others, it tells of. Standbys stay silent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The partitions. Clones show the same.
#[derive(Clone, Debug, Default)]
pub struct Ownership(Arc<Mutex<BTreeMap<i32, usize>>>);

/// One holder of a partition; it has it until it is dropped.
#[derive(Debug)]
pub struct Lease {
    partition: i32,
    ownership: Ownership,
}

impl Ownership {
    /// Notes that a partition is ours.
    #[must_use]
    pub fn take(&self, partition: i32) -> Lease {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(partition).or_default() += 1;
        Lease { partition, ownership: self.clone() }
    }

    /// Whether a partition is ours.
    pub fn has(&self, partition: i32) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&partition).is_some_and(|held| *held > 0)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut held = self.ownership.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.partition) {
            *count -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_ours_as_long_as_anybody_holds_it() {
        let ownership = Ownership::default();
        let (old, new) = (ownership.take(3), ownership.take(3));
        drop(old);
        assert!(ownership.has(3) && !ownership.has(0));
        drop(new);
        assert!(!ownership.has(3));
    }
}
