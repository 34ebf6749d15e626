//! One poll of one feed: fetch, read, send what is new, remember what Kafka has acknowledged.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use siaga_schemas::Message;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::client::{self, Client, Fetched, Validators};
use super::document::{self, Item};
use super::list::Feed;
use super::sent::{Everywhere, Sent};
use crate::article::{Refusal, Sender, Trace, now};
use crate::input::{Entry, Form};
use crate::sink::{Outcome, Sink, Undelivered, acknowledged};

/// What is known of a feed from poll to poll.
#[derive(Debug, Default)]
pub(super) struct State {
    validators: Option<Validators>,
    sent: Sent,
}

/// What became of a poll.
#[derive(Debug)]
pub(super) enum Polled {
    /// The server says that nothing is new.
    Unchanged,
    /// The feed was read.
    Read(Counts),
    /// The service ends; nothing was sent.
    Stopped,
}

/// What became of a feed's items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Sent and acknowledged.
    pub new: u64,
    /// Sent before.
    pub duplicate: u64,
    /// No articles, or larger than the topic takes.
    pub refused: u64,
}

/// Why a poll failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Fetch(#[from] client::Error),
    #[error(transparent)]
    Document(#[from] document::Error),
    /// A mistake in a library is this feed's failure, not the service's end.
    #[error("cannot be read: the reader panicked")]
    Panicked,
    #[error("{failed} items are not in the topic: {reason}")]
    Undelivered {
        /// Items in the topic all the same.
        counts: Counts,
        failed: u64,
        reason: Undelivered,
    },
}

impl Failure {
    /// A name of the reason that stays the same.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Fetch(error) => error.reason(),
            Self::Document(_) => "no_feed",
            Self::Panicked => "panic",
            Self::Undelivered { .. } => "kafka",
        }
    }

    /// How long the server asks to wait.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(client::Error::Status { retry_after, .. }) => *retry_after,
            _ => None,
        }
    }
}

/// An item on its way.
struct Waiting {
    id: String,
    words: u64,
    outcome: Outcome,
}

/// Polls feeds.
#[derive(Debug)]
pub(super) struct Poller {
    pub client: Client,
    pub sink: Arc<dyn Sink>,
    pub sender: Sender,
    pub everywhere: Everywhere,
    pub acknowledge_timeout: Duration,
}

impl Poller {
    /// Polls a feed once.
    pub(super) async fn poll(
        &self,
        feed: &Feed,
        state: &mut State,
        stop: &CancellationToken,
    ) -> Result<Polled, Failure> {
        let fetched = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(Polled::Stopped),
            fetched = self.client.fetch(&feed.url, state.validators.as_ref()) => fetched?,
        };
        let Fetched::Document(document) = fetched else { return Ok(Polled::Unchanged) };
        let client::Document { url, bytes, validators } = *document;
        let feed = feed.clone();
        let name = feed.name();
        let read = tokio::task::spawn_blocking(move || document::read(&bytes, &url, &feed));
        let items = read.await.map_err(|_| Failure::Panicked)??;
        let counts = self.send(&name, items, &mut state.sent).await?;
        // What failed must not be hidden by an answer that nothing is new.
        state.validators = validators;
        Ok(Polled::Read(counts))
    }

    async fn send(&self, feed: &str, items: Vec<Item>, sent: &mut Sent) -> Result<Counts, Failure> {
        let mut counts = Counts::default();
        let mut waiting = Vec::new();
        let mut listed = HashSet::new();
        sent.begin();
        for (number, item) in (1..).zip(items) {
            if !listed.insert(item.id.clone()) || !sent.is_new(&self.everywhere, &item.id, item.words) {
                counts.duplicate += 1;
                continue;
            }
            match self.start(feed, number, &item) {
                Ok(outcome) => waiting.push(Waiting { id: item.id, words: item.words, outcome }),
                Err(refusal) => {
                    tracing::warn!(feed, id = item.id, reason = refusal.reason, "item is refused");
                    // The same item would be refused again.
                    sent.add(&self.everywhere, &item.id, item.words);
                    counts.refused += 1;
                }
            }
        }
        self.finish(waiting, sent, counts).await
    }

    fn start(&self, feed: &str, number: usize, item: &Item) -> Result<Outcome, Refusal> {
        let not_encodable = |error: serde_json::Error| Refusal {
            line: number,
            field: None,
            code: "not_encodable",
            reason: error.to_string(),
        };
        let bytes = item.article.encode().map_err(not_encodable)?;
        let size = bytes.len() as u64;
        let entry = Entry { file: feed.into(), line: number, form: Form::JsonLines, bytes, size };
        let record = self.sender.record(&entry, &Trace::default(), now())?;
        let (done, outcome) = oneshot::channel();
        self.sink.send(record, done);
        Ok(outcome)
    }

    async fn finish(
        &self,
        waiting: Vec<Waiting>,
        sent: &mut Sent,
        mut counts: Counts,
    ) -> Result<Counts, Failure> {
        let deadline = Instant::now() + self.acknowledge_timeout;
        let (mut failed, mut reason) = (0, None);
        for Waiting { id, words, outcome } in waiting {
            match acknowledged(outcome, deadline).await {
                Ok(_) => {
                    sent.add(&self.everywhere, &id, words);
                    counts.new += 1;
                }
                Err(undelivered) => {
                    failed += 1;
                    reason = Some(undelivered);
                }
            }
        }
        match reason {
            None => Ok(counts),
            Some(reason) => Err(Failure::Undelivered { counts, failed, reason }),
        }
    }
}
