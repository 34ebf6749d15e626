//! Brings the model the records of all partitions of its topics, without a group.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use siaga_schemas::topics::Topic;
use siaga_stream::follower::{Followed, Follower, From};
use siaga_stream::{Error, GroupLag, Kafka, Record, Stop};

use crate::Model;
use crate::model::{Arrival, Input, StageReport};

/// Longest time until the cluster answers at the start.
const LONGEST_LOOKUP: Duration = Duration::from_secs(30);

/// Longest single wait for a record.
const WAIT: Duration = Duration::from_millis(100);

/// Time between two looks how far the stages are behind, and before topics that are gone are looked for again.
const AGAIN: Duration = Duration::from_secs(10);

/// The stages and what each of them reads.
const STAGES: [(&str, Topic); 4] = [
    ("classify", Topic::ArticlesRaw),
    ("detect", Topic::ArticlesClassified),
    ("track", Topic::EventsSecurity),
    ("alert", Topic::Incidents),
];

/// Reads the topics of a cluster into a model, each on a thread of its own.
#[derive(Debug)]
pub struct Feed {
    kafka: Kafka,
    articles_since: i64,
    followers: Vec<(Input, Follower)>,
    stages: Vec<(&'static str, Topic, GroupLag)>,
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
        let stage = |(stage, input): (&'static str, Topic)| {
            let lag = GroupLag::of_stage(kafka, stage, &input.name(&kafka.prefix))?;
            Ok((stage, input, lag))
        };
        let mut feed = Self {
            kafka: kafka.clone(),
            articles_since,
            followers: Vec::new(),
            stages: STAGES.into_iter().map(stage).collect::<Result<_, Error>>()?,
            model,
            behind: Arc::default(),
        };
        feed.begin()?;
        Ok(feed)
    }

    /// Forgets all that is known and stands at the beginnings of the topics.
    fn begin(&mut self) -> Result<(), Error> {
        self.model.begin();
        let open = |input: Input| {
            let from = match input {
                Input::Incidents | Input::Alerts | Input::Control => From::Beginning,
                Input::Articles | Input::DeadLetters(_) => From::Timestamp(self.articles_since),
            };
            let topic = input.topic(&self.kafka.prefix);
            Ok((input, Follower::open(&self.kafka, "console", &topic, from, LONGEST_LOOKUP)?))
        };
        let followers = Input::all().into_iter().map(open).collect::<Result<Vec<_>, Error>>()?;
        self.behind.store(followers.len(), Ordering::Relaxed);
        self.followers = followers;
        Ok(())
    }

    /// Topics that are not read up to where they ended at the start; shared, for a probe.
    pub fn behind(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.behind)
    }

    /// Reads until it is asked to stop, or until one topic cannot be read any more. Where a topic was deleted and made
    /// anew, all are read anew.
    ///
    /// # Errors
    /// Where that is so, or the system refuses a thread.
    pub fn run(mut self, stop: &Stop) -> Result<(), Error> {
        loop {
            match self.follow_all(stop) {
                Err(error @ Error::MadeAnew { .. }) => tracing::warn!(%error, "reading all topics anew"),
                ended => return ended,
            }
            while let Err(error) = self.begin() {
                tracing::warn!(%error, "topics cannot be read: looking again");
                rest(&|| stop.is_stopped());
                if stop.is_stopped() {
                    return Ok(());
                }
            }
        }
    }

    /// Reads until one topic ends it for all.
    fn follow_all(&mut self, stop: &Stop) -> Result<(), Error> {
        let (round, model, behind) = (Stop::default(), &*self.model, &*self.behind);
        let is_over = || stop.is_stopped() || round.is_stopped();
        let (is_over, round, stages) = (&is_over, &round, &self.stages);
        let follow = |(input, follower): (Input, Follower)| {
            let work = move || follow(input, follower, model, behind, is_over);
            (input.name(), Box::new(work) as Work<'_>)
        };
        let watching: Work<'_> = Box::new(move || watch(stages, model, is_over));
        let works = self.followers.drain(..).map(follow).chain([("lag".to_owned(), watching)]);
        thread::scope(|scope| {
            let mut threads = Vec::new();
            for (name, work) in works {
                let work = move || {
                    let ended = work();
                    round.stop();
                    ended
                };
                let thread = thread::Builder::new().name(name).spawn_scoped(scope, work);
                threads.push(thread.map_err(|error| {
                    round.stop();
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

/// What a thread does.
type Work<'a> = Box<dyn FnOnce() -> Result<(), Error> + Send + 'a>;

fn follow(
    input: Input,
    mut follower: Follower,
    model: &Model,
    behind: &AtomicUsize,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Result<(), Error> {
    let mut lag = None;
    while !is_over() {
        if let Followed::CaughtUp = follower.next(WAIT, |record| take(model, input, record))?
            && behind.fetch_sub(1, Ordering::Relaxed) == 1
        {
            model.complete();
        }
        let now = follower.lag();
        if lag != Some(now) {
            lag = Some(now);
            model.note_lag(input, now);
        }
    }
    Ok(())
}

/// Looks from time to time how far the stages are behind.
fn watch(
    stages: &[(&'static str, Topic, GroupLag)],
    model: &Model,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Result<(), Error> {
    while !is_over() {
        for (stage, input, group) in stages {
            if is_over() {
                return Ok(());
            }
            // A cluster that does not answer is told of by those who read.
            let lag = group.lag(WAIT * 10).ok().flatten();
            model.note_stage(StageReport { stage: (*stage).to_owned(), input: input.base().to_owned(), lag });
        }
        rest(is_over);
    }
    Ok(())
}

/// Waits until it is time to look again, but no longer than until all is over.
fn rest(is_over: &dyn Fn() -> bool) {
    let next = Instant::now() + AGAIN;
    while !is_over() && Instant::now() < next {
        thread::sleep(WAIT);
    }
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
