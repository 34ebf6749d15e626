//! Feeds articles into the pipeline as `siaga ingest` does: checked, with a key, at a pace.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use siaga_ingest::article::{Refusal, Sender, Trace};
use siaga_ingest::input::Entry;
use siaga_ingest::sink::Outgoing;
use siaga_stream::in_process::{Sent, Writer};
use siaga_stream::publisher::Message;

use super::input;

/// What the feeder tells.
#[derive(Debug)]
pub(super) enum Told {
    /// A record of this key goes into the pipeline.
    Fed(String),
    /// The record at this place is no article.
    Refused(String, Refusal),
    /// No more can be read, and why.
    Unreadable(input::Error),
    /// All is fed.
    End,
}

/// Feeds articles.
pub(super) struct Feeder<I> {
    pub(super) entries: I,
    pub(super) sender: Sender,
    pub(super) writer: Writer,
    pub(super) topic: String,
    /// Time from one article to the next; none where they go as fast as they can.
    pub(super) pace: Option<Duration>,
    /// Closed when no more is to be fed.
    pub(super) open: Receiver<()>,
    pub(super) tell: SyncSender<Told>,
}

impl<I: Iterator<Item = Result<Entry, input::Error>>> Feeder<I> {
    /// Feeds until the end, until it is told to stop, or until nobody listens.
    pub(super) fn run(mut self) {
        let mut due = Instant::now();
        while self.may_go_on(due) {
            let told = match self.entries.next() {
                None => break,
                Some(Err(error)) => {
                    drop(self.tell.send(Told::Unreadable(error)));
                    return;
                }
                Some(Ok(entry)) => self.feed(&entry),
            };
            if told.is_none() {
                return;
            }
            due += self.pace.unwrap_or_default();
        }
        drop(self.tell.send(Told::End));
    }

    /// Waits until the next article is due; false where there is to be none.
    fn may_go_on(&self, due: Instant) -> bool {
        match self.pace {
            None => self.open.try_recv() == Err(TryRecvError::Empty),
            Some(_) => {
                let wait = due.saturating_duration_since(Instant::now());
                self.open.recv_timeout(wait) == Err(RecvTimeoutError::Timeout)
            }
        }
    }

    /// None where all is to stop.
    fn feed(&self, entry: &Entry) -> Option<()> {
        let refuse = |refusal| self.tell.send(Told::Refused(entry.place(), refusal)).ok();
        match self.sender.record(entry, &Trace::default(), now()) {
            Err(refusal) => refuse(refusal),
            Ok(record) => {
                self.tell.send(Told::Fed(record.key.clone())).ok()?;
                (self.write(&record) == Sent::Written).then_some(())
            }
        }
    }

    fn write(&self, record: &Outgoing) -> Sent {
        let headers: Vec<(&str, Option<&[u8]>)> =
            record.headers.iter().map(|(name, text)| (*name, Some(text.as_bytes()))).collect();
        let message = Message {
            key: Some(record.key.as_bytes()),
            payload: Some(&record.value),
            headers: &headers,
            timestamp: record.timestamp,
            partition: None,
        };
        self.writer.send(&self.topic, message)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
