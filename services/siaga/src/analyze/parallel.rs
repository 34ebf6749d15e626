//! The same function over many things on several threads, with the results in the order of the things.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::{self, JoinHandle};

/// Things that wait for a thread, and results that wait for their turn: this bounds the memory.
const WAITING: usize = 32;

/// Results in order.
pub(super) struct InOrder<O> {
    from: Vec<Worker<O>>,
    turn: usize,
}

struct Worker<O> {
    results: Receiver<O>,
    thread: Option<JoinHandle<()>>,
}

/// Calls `work` on `threads` threads. Thing n goes to thread n modulo `threads`, so that reading the threads in turn
/// gives the order back. The threads end when the result is dropped.
pub(super) fn in_order<I, O, F>(things: I, threads: usize, work: F) -> InOrder<O>
where
    I: Iterator + Send + 'static,
    I::Item: Send + 'static,
    O: Send + 'static,
    F: Fn(I::Item) -> O + Send + Sync + 'static,
{
    let work = Arc::new(work);
    let mut to: Vec<SyncSender<I::Item>> = Vec::new();
    let mut from = Vec::new();
    for _ in 0..threads.max(1) {
        let (give, take) = sync_channel::<I::Item>(WAITING);
        let (tell, hear) = sync_channel(WAITING);
        let work = Arc::clone(&work);
        let thread = thread::spawn(move || {
            for thing in take {
                if tell.send(work(thing)).is_err() {
                    return;
                }
            }
        });
        to.push(give);
        from.push(Worker { results: hear, thread: Some(thread) });
    }
    thread::spawn(move || {
        for (number, thing) in things.enumerate() {
            if to[number % to.len()].send(thing).is_err() {
                return;
            }
        }
    });
    InOrder { from, turn: 0 }
}

impl<O> InOrder<O> {
    /// The next result; `meanwhile` is called before waiting for one that is not there yet.
    ///
    /// # Errors
    /// What `meanwhile` says.
    pub(super) fn next_or<E>(&mut self, meanwhile: impl FnOnce() -> Result<(), E>) -> Result<Option<O>, E> {
        let from = &mut self.from[self.turn];
        let result = match from.results.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Disconnected) => None,
            Err(TryRecvError::Empty) => {
                meanwhile()?;
                from.results.recv().ok()
            }
        };
        // A thread that panicked must not look like the end.
        if result.is_none()
            && let Some(thread) = from.thread.take()
            && let Err(panic) = thread.join()
        {
            std::panic::resume_unwind(panic);
        }
        self.turn = (self.turn + 1) % self.from.len();
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn all<O>(mut results: InOrder<O>) -> Vec<O> {
        std::iter::from_fn(|| results.next_or(|| Ok::<_, Infallible>(())).unwrap()).collect()
    }

    #[test]
    fn results_come_in_order_from_any_number_of_threads() {
        for threads in 1..=5 {
            for length in [0, 1, 4, 1000] {
                // Some things take longer than others.
                let slow = |n: u64| (0..(n % 7) * 1000).fold(n, |a, _| std::hint::black_box(a));
                assert_eq!(all(in_order(0..length, threads, slow)), Vec::from_iter(0..length));
            }
        }
    }

    #[test]
    #[should_panic = "seven"]
    fn a_panic_is_not_an_end() {
        let work = |n: u64| {
            assert_ne!(n, 7, "seven");
            n
        };
        all(in_order(0..100, 2, work));
    }

    #[test]
    fn a_reader_that_goes_away_ends_the_threads() {
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        let mut results = in_order(0.., 2, move |n: u64| {
            let _held = &held;
            n
        });
        assert_eq!(results.next_or(|| Ok::<_, Infallible>(())).unwrap(), Some(0));
        drop(results);
        while Arc::strong_count(&alive) > 1 {
            thread::yield_now();
        }
    }
}
