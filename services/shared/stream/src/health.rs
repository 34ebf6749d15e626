//! Whether a stage beats and whether it works, for probes.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest time between two beats of a thread that lives: several times the longest call that it waits in.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);

/// Asks a stage to stop. Clones ask the same one.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks; returns at once.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Waits, but no longer than until it is asked.
    pub(crate) fn rest(&self, time: Duration) {
        let until = Instant::now() + time;
        while !self.is_stopped() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10).min(time));
        }
    }
}

/// The state of a stage's threads. Clones show the same.
#[derive(Clone, Debug)]
pub struct State {
    started: Instant,
    threads: Arc<Vec<ThreadState>>,
}

#[derive(Debug, Default)]
struct ThreadState {
    /// Milliseconds since the start.
    beat: AtomicU64,
    joined: AtomicBool,
    partitions: AtomicUsize,
    waiting_for: Mutex<String>,
    /// Why the last batch failed; empty where it did not.
    trouble: Mutex<String>,
}

impl State {
    pub(crate) fn new(threads: usize) -> Self {
        let threads = (0..threads).map(|_| ThreadState::default()).collect();
        Self { started: Instant::now(), threads: Arc::new(threads) }
    }

    pub(crate) fn beat(&self, thread: usize) {
        let millis = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.threads[thread].beat.store(millis, Ordering::Relaxed);
    }

    pub(crate) fn waits_for(&self, thread: usize, what: &str) {
        let mut waiting = self.threads[thread].waiting_for.lock().unwrap_or_else(PoisonError::into_inner);
        if *waiting != what {
            what.clone_into(&mut waiting);
        }
    }

    /// Notes why a batch failed, or that one is committed.
    pub(crate) fn trouble(&self, thread: usize, what: &str) {
        let mut trouble = self.threads[thread].trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *trouble != what {
            what.clone_into(&mut trouble);
        }
    }

    pub(crate) fn assigned(&self, thread: usize, partitions: usize) {
        self.threads[thread].partitions.store(partitions, Ordering::Relaxed);
        self.threads[thread].joined.store(true, Ordering::Relaxed);
        self.waits_for(thread, "");
    }

    /// Notes that a thread has partitions whose state it does not have yet.
    pub(crate) fn restores(&self, thread: usize, what: &str) {
        self.threads[thread].joined.store(false, Ordering::Relaxed);
        self.waits_for(thread, what);
    }

    /// Notes that a thread has the state of all its partitions.
    pub(crate) fn restored(&self, thread: usize) {
        self.threads[thread].joined.store(true, Ordering::Relaxed);
        self.waits_for(thread, "");
    }

    /// Whether every thread's loop has beaten lately.
    ///
    /// # Errors
    /// The thread that has not.
    pub fn live(&self) -> Result<(), String> {
        let now = self.started.elapsed();
        for (number, thread) in self.threads.iter().enumerate() {
            let silent = now.saturating_sub(Duration::from_millis(thread.beat.load(Ordering::Relaxed)));
            if silent > LONGEST_SILENCE {
                return Err(format!("thread {number} has not polled for {} s", silent.as_secs()));
            }
        }
        Ok(())
    }

    /// Whether every thread has a producer that is ready, takes part in its group, has the state of its partitions, and
    /// did not fail at its last batch; one without partitions is a standby and ready.
    ///
    /// # Errors
    /// What the first thread that is not ready waits for, or why its batch failed.
    pub fn ready(&self) -> Result<(), String> {
        for (number, thread) in self.threads.iter().enumerate() {
            if !thread.joined.load(Ordering::Relaxed) {
                let waiting = thread.waiting_for.lock().unwrap_or_else(PoisonError::into_inner);
                let what = if waiting.is_empty() { "its start" } else { waiting.as_str() };
                return Err(format!("thread {number} waits for {what}"));
            }
            let trouble = thread.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            if !trouble.is_empty() {
                return Err(format!("thread {number} tries a batch again: {trouble}"));
            }
        }
        Ok(())
    }

    /// Partitions that all threads have now.
    pub fn partitions(&self) -> usize {
        self.threads.iter().map(|t| t.partitions.load(Ordering::Relaxed)).sum()
    }
}
