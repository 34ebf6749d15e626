//! `siaga ingest` with a list of feeds: RSS, Atom and JSON Feed, polled for as long as the service runs.
//!
//! Each feed has a task of its own, so that one that fails or hangs keeps no other waiting. Items become raw articles,
//! `html` where they hold markup, `body` else. Their ids come from the items' own ids: whoever reads a feed again,
//! after a restart or in a second process, sends the same articles under the same ids, which changes nothing downstream.
//! An item counts as sent once Kafka has acknowledged it.

mod client;
mod dates;
mod document;
pub mod list;
mod poll;
mod schedule;
mod sent;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use siaga_outbound::Guard;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::article::{Sender, now};
use crate::config;
use crate::metrics::FeedMetrics;
use crate::sink::Sink;
use client::{Client, Limits};
use list::Feed;
use poll::{Counts, Failure, Polled, Poller, State};
use schedule::Schedule;

/// Why feeds cannot be polled at all.
#[derive(Debug, thiserror::Error)]
#[error("feeds cannot be polled: {0}")]
pub struct Unusable(#[from] reqwest::Error);

/// Polls the feeds of a list.
#[derive(Debug)]
pub struct Feeds {
    shared: Arc<Shared>,
    feeds: Vec<Feed>,
}

#[derive(Debug)]
struct Shared {
    poller: Poller,
    metrics: FeedMetrics,
    room: Semaphore,
    spread: Duration,
    longest_backoff: Duration,
}

impl Feeds {
    /// Sets the polling up; nothing is connected. Records are made with `sender` and given to `sink`, which has
    /// `acknowledge_timeout` for them.
    ///
    /// # Errors
    /// Where this machine's TLS cannot be used.
    pub fn new(
        settings: &config::Feeds,
        feeds: Vec<Feed>,
        sink: Arc<dyn Sink>,
        sender: Sender,
        acknowledge_timeout: Duration,
        metrics: FeedMetrics,
    ) -> Result<Self, Unusable> {
        let limits = Limits {
            timeout: settings.timeout,
            largest_body: settings.max_body_bytes,
            redirects: settings.max_redirects,
        };
        let client = Client::new(
            Guard::new(settings.networks(), "feeds.allow_networks"),
            limits,
            &settings.user_agent,
        )?;
        let poller =
            Poller { client, sink, sender, everywhere: sent::Everywhere::default(), acknowledge_timeout };
        let room = Semaphore::new(settings.max_polls);
        let (spread, longest_backoff) = (settings.spread, settings.max_backoff);
        Ok(Self { shared: Arc::new(Shared { poller, metrics, room, spread, longest_backoff }), feeds })
    }

    /// Polls until told to stop; what is being sent then is finished.
    pub async fn run(self, stop: CancellationToken) {
        tracing::info!(feeds = self.feeds.len(), "polling feeds");
        self.shared.metrics.feeds.set(i64::try_from(self.feeds.len()).unwrap_or(i64::MAX));
        let mut tasks = JoinSet::new();
        for feed in self.feeds {
            tasks.spawn(Arc::clone(&self.shared).follow(feed, stop.clone()));
        }
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a feed is no longer polled");
            }
        }
    }
}

impl Shared {
    /// Polls one feed again and again.
    async fn follow(self: Arc<Self>, feed: Feed, stop: CancellationToken) {
        let schedule = Schedule::new(feed.url.as_str(), feed.interval, self.longest_backoff);
        let mut state = State::default();
        let (mut failures, mut wait) = (0, schedule.first(self.spread));
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
            let room = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                room = self.room.acquire() => room,
            };
            let polled = self.poller.poll(&feed, &mut state, &stop).await;
            drop(room);
            wait = match polled {
                Ok(Polled::Stopped) => return,
                Ok(polled) => {
                    self.succeeded(&feed, &polled, failures);
                    failures = 0;
                    schedule.next(0, None)
                }
                Err(failure) => {
                    failures += 1;
                    let wait = schedule.next(failures, failure.retry_after());
                    self.failed(&feed, &failure, failures, wait);
                    wait
                }
            };
        }
    }

    fn succeeded(&self, feed: &Feed, polled: &Polled, failures: u32) {
        let feed = feed.name();
        if failures > 0 {
            tracing::info!(feed, failures, "feed answers again");
        }
        let outcome = match polled {
            Polled::Read(counts) => {
                self.count(counts);
                if counts.new > 0 {
                    tracing::info!(feed, new = counts.new, duplicate = counts.duplicate, "feed was read");
                }
                "changed"
            }
            _ => "unchanged",
        };
        self.metrics.polls.with_label_values(&[outcome]).inc();
        self.metrics.last_success.with_label_values(&[&feed]).set(now().div_euclid(1000));
    }

    fn failed(&self, feed: &Feed, failure: &Failure, failures: u32, wait: Duration) {
        let (feed, reason, next_in_s) = (feed.name(), failure.reason(), wait.as_secs());
        tracing::warn!(feed, reason, error = %failure, failures, next_in_s, "feed was not polled");
        if let Failure::Undelivered { counts, failed, .. } = failure {
            self.count(counts);
            self.metrics.items.with_label_values(&["failed"]).inc_by(*failed);
        }
        self.metrics.polls.with_label_values(&["failed"]).inc();
        self.metrics.failures.with_label_values(&[reason]).inc();
    }

    fn count(&self, counts: &Counts) {
        for (outcome, count) in
            [("new", counts.new), ("duplicate", counts.duplicate), ("refused", counts.refused)]
        {
            self.metrics.items.with_label_values(&[outcome]).inc_by(count);
        }
    }
}
