//! `POST /v1/articles`.
//!
//! The body is one article (`application/json`) or one a line (`application/x-ndjson`, `application/jsonl`). All are
//! checked before the first is sent, so that a refused request leaves nothing in the topic.
//!
//! | status | meaning |
//! |---|---|
//! | 202 | Kafka has acknowledged every article; the answer holds id, partition and offset of each |
//! | 400 | an article is none; the answer holds line, field and reason of each that is wrong |
//! | 401 | the bearer token is missing or wrong |
//! | 408 | the body did not come in time |
//! | 413 | the body, or an article in it, is too large |
//! | 415 | another content type, or a compressed body |
//! | 429 | more requests are open than memory is set aside for; `Retry-After` |
//! | 503 | Kafka does not acknowledge; `Retry-After`. Articles may be in the topic: sent again they keep their ids |

mod answer;
mod body;
mod token;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use siaga_runtime::config::Secret;
use tokio::sync::{Semaphore, oneshot};

use crate::article::{Refusal, Sender, TOO_LARGE, Trace, now};
use crate::metrics::Metrics;
use crate::sink::{Delivered, Outgoing, Sink, Undelivered, acknowledged};
use answer::{Answer, Problem, Written};

/// Bytes that one permit stands for.
const PERMIT: usize = 1024;

/// What requests are bounded by.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest body, in bytes.
    pub largest_body: usize,
    /// Bytes of all requests that are open at the same time.
    pub in_flight: usize,
    /// Longest time for a body to come.
    pub read_timeout: Duration,
    /// Longest time until Kafka has acknowledged.
    pub acknowledge_timeout: Duration,
}

/// Accepts articles over HTTP.
#[derive(Clone, Debug)]
pub struct Api {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    sink: Arc<dyn Sink>,
    sender: Sender,
    limits: Limits,
    token: Option<Secret>,
    metrics: Metrics,
    room: Arc<Semaphore>,
}

impl Api {
    /// Makes records with `sender` and gives them to `sink`; asks for `token` where there is one.
    pub fn new(
        sink: Arc<dyn Sink>,
        sender: Sender,
        limits: Limits,
        token: Option<Secret>,
        metrics: Metrics,
    ) -> Self {
        let room = Arc::new(Semaphore::new(permits(limits.in_flight) as usize));
        Self { inner: Arc::new(Inner { sink, sender, limits, token, metrics, room }) }
    }

    /// The routes.
    pub fn router(self) -> Router {
        let limit = DefaultBodyLimit::max(self.inner.limits.largest_body);
        Router::new().route("/v1/articles", post(take)).layer(limit).with_state(self)
    }
}

async fn take(State(api): State<Api>, request: Request) -> Response {
    let answer = match api.inner.take(request).await {
        Ok(written) => Answer::Accepted(written),
        Err(problem) => Answer::Problem(problem),
    };
    api.inner.metrics.requests.with_label_values(&[answer.status().as_str()]).inc();
    answer.into_response()
}

impl Inner {
    async fn take(&self, request: Request) -> Result<Vec<Written>, Problem> {
        if let Some(token) = &self.token {
            token::check(request.headers(), token)?;
        }
        let form = body::form(request.headers())?;
        let expected = body::expected_size(request.headers(), self.limits.largest_body)?;
        let wanted = permits(expected);
        let _room = Arc::clone(&self.room).try_acquire_many_owned(wanted).map_err(|_| Problem::Busy)?;
        let _counted = InFlight::new(&self.metrics, expected);
        let trace = trace(request.headers());
        let bytes = body::read(request, self.limits.read_timeout).await?;
        let records = self.records(&bytes, form, &trace)?;
        drop(bytes);
        self.deliver(records).await
    }

    /// All records, or all refusals.
    fn records(
        &self,
        bytes: &[u8],
        form: body::Form,
        trace: &Trace,
    ) -> Result<Vec<(usize, Outgoing)>, Problem> {
        let now = now();
        let (mut records, mut refusals) = (Vec::new(), Vec::<Refusal>::new());
        for entry in body::entries(bytes, form) {
            match self.sender.record(&entry, trace, now) {
                Ok(record) => records.push((entry.line, record)),
                Err(refusal) => refusals.push(refusal),
            }
        }
        self.metrics.articles.with_label_values(&["refused"]).inc_by(refusals.len() as u64);
        match refusals.is_empty() {
            true if records.is_empty() => Err(Problem::Empty),
            true => Ok(records),
            false if refusals.iter().all(|r| r.code == TOO_LARGE) => Err(Problem::TooLarge(refusals)),
            false => Err(Problem::Refused(refusals)),
        }
    }

    async fn deliver(&self, records: Vec<(usize, Outgoing)>) -> Result<Vec<Written>, Problem> {
        let started = Instant::now();
        let deadline = tokio::time::Instant::now() + self.limits.acknowledge_timeout;
        let waiting: Vec<_> = records
            .into_iter()
            .map(|(line, record)| {
                let id = record.key.clone();
                let (done, outcome) = oneshot::channel();
                self.sink.send(record, done);
                (line, id, outcome)
            })
            .collect();
        let (mut written, mut failed) = (Vec::with_capacity(waiting.len()), Vec::new());
        for (line, id, outcome) in waiting {
            match acknowledged(outcome, deadline).await {
                Ok(Delivered { partition, offset }) => written.push(Written { line, id, partition, offset }),
                Err(undelivered) => failed.push(undelivered),
            }
        }
        self.metrics.articles.with_label_values(&["accepted"]).inc_by(written.len() as u64);
        self.metrics.articles.with_label_values(&["failed"]).inc_by(failed.len() as u64);
        self.metrics.acknowledge_seconds.observe(started.elapsed().as_secs_f64());
        match failed.into_iter().next() {
            None => Ok(written),
            Some(Undelivered::QueueFull) if written.is_empty() => Err(Problem::Busy),
            Some(reason) => {
                tracing::warn!(%reason, "articles were not acknowledged");
                Err(Problem::Unacknowledged { reason: reason.to_string(), written })
            }
        }
    }
}

fn trace(headers: &HeaderMap) -> Trace {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    Trace { parent: text("traceparent"), state: text("tracestate") }
}

fn permits(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(PERMIT).max(1)).unwrap_or(u32::MAX).min(Semaphore::MAX_PERMITS as u32)
}

/// Counts bytes for as long as it lives.
struct InFlight<'a> {
    metrics: &'a Metrics,
    bytes: i64,
}

impl<'a> InFlight<'a> {
    fn new(metrics: &'a Metrics, bytes: usize) -> Self {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        metrics.in_flight_bytes.add(bytes);
        Self { metrics, bytes }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.metrics.in_flight_bytes.sub(self.bytes);
    }
}
