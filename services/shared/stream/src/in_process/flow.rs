//! How far each topic is written and read, so that nobody writes what the broker would drop unread.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of a topic that may be written and not yet read by its slowest reader. The broker drops the oldest batch of a
/// partition past 5 MB; a batch has at most 1 MB, so what is unread is never in it.
pub(super) const MOST_UNREAD: u64 = 2 * 1024 * 1024;

/// The state of a broker's topics, for all who write and read them.
#[derive(Debug, Default)]
pub(super) struct Flow {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    topics: BTreeMap<String, Topic>,
    /// Nobody waits any longer.
    stopped: bool,
    /// The first thing that went wrong.
    failure: Option<String>,
    /// By the name of the stage.
    skipped: BTreeMap<String, u64>,
}

#[derive(Debug, Default)]
struct Topic {
    written: u64,
    /// Bytes that each reader has read.
    read: Vec<u64>,
}

impl Topic {
    fn unread(&self) -> u64 {
        self.read.iter().map(|read| self.written - read).max().unwrap_or(0)
    }
}

impl Flow {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add_topic(&self, topic: &str) {
        self.state().topics.entry(topic.to_owned()).or_default();
    }

    /// Notes a reader that begins at the beginning of a topic; gives its number.
    pub(super) fn add_reader(&self, topic: &str) -> usize {
        let mut state = self.state();
        let topic = state.topics.entry(topic.to_owned()).or_default();
        topic.read.push(0);
        topic.read.len() - 1
    }

    /// Waits until a record of so many bytes may be written, and notes it as written; false where all is to stop. A
    /// record that is larger than may be unread goes when nothing else is.
    pub(super) fn enter(&self, topic: &str, bytes: u64) -> bool {
        let mut state = self.state();
        loop {
            if state.stopped || state.failure.is_some() {
                return false;
            }
            let Some(found) = state.topics.get_mut(topic) else { return false };
            let unread = found.unread();
            if unread == 0 || unread + bytes <= MOST_UNREAD {
                found.written += bytes;
                return true;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes a record that a reader has read and is done with.
    pub(super) fn read(&self, topic: &str, reader: usize, bytes: u64) {
        if let Some(read) = self.state().topics.get_mut(topic).and_then(|t| t.read.get_mut(reader)) {
            *read += bytes;
        }
        self.changed.notify_all();
    }

    /// Whether all readers have read all that is written.
    pub(super) fn is_drained(&self) -> bool {
        self.state().topics.values().all(|topic| topic.unread() == 0)
    }

    /// Notes a record that needed no output of a stage.
    pub(super) fn skip(&self, stage: &str) {
        *self.state().skipped.entry(stage.to_owned()).or_default() += 1;
    }

    /// Records that needed no output of a stage.
    pub(super) fn skipped(&self, stage: &str) -> u64 {
        self.state().skipped.get(stage).copied().unwrap_or(0)
    }

    /// Ends all waiting.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    /// Ends all waiting because of what went wrong; the first word stays.
    pub(super) fn fail(&self, reason: String) {
        self.state().failure.get_or_insert(reason);
        self.changed.notify_all();
    }

    pub(super) fn is_over(&self) -> bool {
        let state = self.state();
        state.stopped || state.failure.is_some()
    }

    pub(super) fn failure(&self) -> Option<String> {
        self.state().failure.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::*;

    const HALF: u64 = MOST_UNREAD / 2;

    fn flow(readers: usize) -> Arc<Flow> {
        let flow = Arc::new(Flow::default());
        flow.add_topic("t");
        (0..readers).for_each(|number| assert_eq!(flow.add_reader("t"), number));
        flow
    }

    #[test]
    fn a_writer_waits_for_the_slowest_reader() {
        let flow = flow(2);
        assert!(flow.enter("t", HALF) && flow.enter("t", HALF));
        let (told, heard) = mpsc::channel();
        let writer = Arc::clone(&flow);
        let thread = std::thread::spawn(move || {
            assert!(writer.enter("t", 1));
            told.send(()).unwrap();
        });
        flow.read("t", 0, HALF);
        flow.read("t", 0, HALF);
        assert!(heard.try_recv().is_err(), "the other reader has read nothing");
        flow.read("t", 1, HALF);
        heard.recv().unwrap();
        thread.join().unwrap();
        flow.read("t", 0, 1);
        assert!(!flow.is_drained());
        flow.read("t", 1, HALF + 1);
        assert!(flow.is_drained());
    }

    #[test]
    fn a_record_larger_than_the_window_goes_alone() {
        let flow = flow(1);
        assert!(flow.enter("t", 10 * MOST_UNREAD));
        flow.read("t", 0, 10 * MOST_UNREAD);
        assert!(flow.enter("t", 10 * MOST_UNREAD));
    }

    #[test]
    fn a_topic_that_nobody_reads_holds_nobody_up() {
        let flow = flow(0);
        assert!(flow.enter("t", 10 * MOST_UNREAD) && flow.enter("t", 10 * MOST_UNREAD));
    }

    #[test]
    fn nobody_waits_after_the_end() {
        let (stopped, failed) = (flow(1), flow(1));
        for flow in [&stopped, &failed] {
            assert!(flow.enter("t", MOST_UNREAD));
        }
        let waiting: Vec<_> = [&stopped, &failed]
            .map(|flow| {
                let flow = Arc::clone(flow);
                std::thread::spawn(move || flow.enter("t", 1))
            })
            .into_iter()
            .collect();
        stopped.stop();
        failed.fail("first".to_owned());
        failed.fail("second".to_owned());
        assert!(waiting.into_iter().all(|thread| !thread.join().unwrap()));
        assert_eq!((stopped.failure(), failed.failure()), (None, Some("first".to_owned())));
    }
}
