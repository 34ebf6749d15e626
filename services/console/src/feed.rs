//! Brings the model the records of all partitions of its topics, without a group.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use siaga_stream::follower::{Followed, Follower, From};
use siaga_stream::{Error, Kafka, Record, Stop};

use crate::Model;
use crate::model::{Arrival, Input};

/// Longest time until the cluster answers at the start.
const LONGEST_LOOKUP: Duration = Duration::from_secs(30);

/// Longest single wait for a record.
const WAIT: Duration = Duration::from_millis(100);

/// Reads the topics of a cluster into a model, each on a thread of its own.
#[derive(Debug)]
pub struct Feed {
    followers: Vec<(Input, Follower)>,
    model: Arc<Model>,
    behind: Arc<AtomicUsize>,
}

impl Feed {
    /// Finds the partitions. Articles and dead letters are read from `articles_since`, milliseconds since 1970, on;
    /// the compacted topics are read whole.
    ///
    /// # Errors
    /// Where a topic is missing or the cluster does not answer.
    pub fn open(kafka: &Kafka, model: Arc<Model>, articles_since: i64) -> Result<Self, Error> {
        let open = |input: Input| {
            let from = match input {
                Input::Incidents | Input::Alerts | Input::Control => From::Beginning,
                Input::Articles | Input::DeadLetters(_) => From::Timestamp(articles_since),
            };
            let topic = input.topic(&kafka.prefix);
            Ok((input, Follower::open(kafka, "console", &topic, from, LONGEST_LOOKUP)?))
        };
        let followers = Input::all().into_iter().map(open).collect::<Result<Vec<_>, Error>>()?;
        let behind = Arc::new(AtomicUsize::new(followers.len()));
        Ok(Self { followers, model, behind })
    }

    /// Topics that are not read up to where they ended at the start; shared, for a probe.
    pub fn behind(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.behind)
    }

    /// Reads until it is asked to stop, or until one topic cannot be read any more.
    ///
    /// # Errors
    /// Where that is so, or the system refuses a thread.
    pub fn run(self, stop: &Stop) -> Result<(), Error> {
        let Self { followers, model, behind } = self;
        thread::scope(|scope| {
            let mut threads = Vec::with_capacity(followers.len());
            for (input, follower) in followers {
                let (model, behind) = (&*model, &*behind);
                let follow = move || {
                    let ended = follow(input, follower, model, behind, stop);
                    stop.stop();
                    ended
                };
                let thread = thread::Builder::new().name(input.name()).spawn_scoped(scope, follow);
                threads.push(thread.map_err(|error| {
                    stop.stop();
                    Error::Thread(error)
                })?);
            }
            threads.into_iter().try_for_each(|thread| match thread.join() {
                Ok(ended) => ended,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })
    }
}

fn follow(
    input: Input,
    mut follower: Follower,
    model: &Model,
    behind: &AtomicUsize,
    stop: &Stop,
) -> Result<(), Error> {
    while !stop.is_stopped() {
        if let Followed::CaughtUp = follower.next(WAIT, |record| take(model, input, record))? {
            behind.fetch_sub(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// Takes a record of an input; one that is none is counted and logged.
pub fn take(model: &Model, input: Input, record: &Record<'_>) {
    let text = |name| record.header(name).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    let reason = matches!(input, Input::DeadLetters(_))
        .then(|| (text("__streams.errors.exception"), text("__streams.errors.message")));
    let arrival = Arrival {
        input,
        partition: record.partition(),
        offset: record.offset(),
        timestamp: record.timestamp(),
        key: record.key(),
        payload: record.payload(),
        reason,
    };
    if let Err(error) = model.take(&arrival, now()) {
        let (partition, offset) = (arrival.partition, arrival.offset);
        tracing::warn!(%error, topic = input.name(), partition, offset, "record cannot be shown");
    }
}

/// The wall clock, in milliseconds since 1970: how long a record took to get here.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
