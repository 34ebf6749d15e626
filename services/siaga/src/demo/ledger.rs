//! Which records are on their way between the feeder and the end of the pipeline.

use std::collections::HashMap;

/// Records on their way, by key. Several records of one article share its key.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    open: HashMap<String, u64>,
    records: u64,
}

impl Ledger {
    /// Notes a record that is fed.
    pub(super) fn open(&mut self, key: String) {
        *self.open.entry(key).or_default() += 1;
        self.records += 1;
    }

    /// Notes that a record came to an end; false where none of this key is on its way, so that it ended before.
    pub(super) fn close(&mut self, key: &str) -> bool {
        let Some(count) = self.open.get_mut(key) else { return false };
        *count -= 1;
        if *count == 0 {
            self.open.remove(key);
        }
        self.records -= 1;
        true
    }

    /// Records on their way.
    pub(super) fn records(&self) -> u64 {
        self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_ends_once() {
        let mut ledger = Ledger::default();
        for key in ["a", "a", "b"] {
            ledger.open(key.to_owned());
        }
        assert!(ledger.close("a") && ledger.close("a"));
        assert!(!ledger.close("a") && !ledger.close("never fed"));
        assert_eq!(ledger.records(), 1);
        assert!(ledger.close("b"));
        assert_eq!(ledger.records(), 0);
    }
}
