//! `GET /api/v1/stream`: server-sent events.
//!
//! | event | data |
//! |---|---|
//! | `incident` | the summary as it is now |
//! | `gone` | `{"incident_id"}`: it is no longer there, or the filter does not let it through |
//! | `position` | `{}`: up to its id all is told |
//! | `reset` | `{}`: what was missed is too much, or of another log: the list is to be read anew |
//!
//! Ids are positions in the log, the same in every replica and after a restart, and a stream tells the newest state
//! of each incident. So one that breaks is resumed anywhere without loss, and one that is slow falls behind without
//! costing memory.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio_util::sync::CancellationToken;

use super::Console;
use super::answer::Problem;
use super::incidents::{Asked, filter};
use crate::Model;
use crate::metrics::OpenStream;
use crate::model::{Change, Changes, Filter, Position};

/// Shortest time between two pieces: what changes in between goes out together.
const PACE: Duration = Duration::from_millis(100);

/// Longest silence; proxies close connections that are silent for longer.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);

/// Most changes that are told one by one; behind them, a list is cheaper.
const MOST_CHANGES: usize = 5000;

pub(super) async fn open(
    State(console): State<Console>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let (_, filter) = filter(asked)?;
    let inner = &console.inner;
    let permit = Arc::clone(&inner.streams).try_acquire_owned().map_err(|_| Problem::TooMany)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let now = inner.model.position();
    let (position, first) = match last.filter(|last| !last.is_empty()).map(str::parse::<Position>) {
        Some(Ok(position)) => (position, None),
        Some(_) => (now.clone(), Some("reset")),
        None => (now.clone(), Some("position")),
    };
    let follower = Follower {
        model: Arc::clone(&inner.model),
        filter,
        changes: inner.model.changes(),
        first: Some(first.map_or_else(String::new, |event| empty(event, &position))),
        position,
        stop: inner.stop.clone(),
        _permit: permit,
        _open: inner.metrics.open_stream(),
    };
    let body = Body::from_stream(follower.pieces());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, body).into_response())
}

/// One who listens.
struct Follower {
    model: Arc<Model>,
    filter: Filter,
    position: Position,
    changes: watch::Receiver<u64>,
    first: Option<String>,
    stop: CancellationToken,
    _permit: OwnedSemaphorePermit,
    _open: OpenStream,
}

impl Follower {
    fn pieces(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut follower| async move {
            let piece = follower.next_piece().await?;
            Some((Ok(piece), follower))
        })
    }

    /// The next events; none where the server ends.
    async fn next_piece(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some(format!("retry: 1000\n\n{first}").into());
        }
        loop {
            self.changes.borrow_and_update();
            let Some(found) = self.model.since(&self.position, &self.filter) else {
                self.position = self.model.position();
                return Some(empty("reset", &self.position).into());
            };
            if found.position != self.position {
                self.position = found.position.clone();
                return Some(piece(&found).into());
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = tokio::time::sleep(LONGEST_SILENCE) => return Some(Bytes::from_static(b": still here\n\n")),
                () = self.stop.cancelled() => return None,
            }
            tokio::time::sleep(PACE).await;
        }
    }
}

/// Events without an id, and at their end the id up to which all is told: whoever breaks off in between is told anew.
fn piece(found: &Changes) -> String {
    if found.changes.len() > MOST_CHANGES {
        return empty("reset", &found.position);
    }
    let mut text = String::with_capacity(found.changes.len() * 1000 + 64);
    for change in &found.changes {
        let (event, data) = match change {
            Change::Now(json) => ("incident", json.get().to_owned()),
            Change::Gone(id) => ("gone", serde_json::json!({"incident_id": &**id}).to_string()),
        };
        // JSON holds no line break.
        text.extend(["event: ", event, "\ndata: ", &data, "\n\n"]);
    }
    text.push_str(&empty("position", &found.position));
    text
}

fn empty(event: &str, position: &Position) -> String {
    format!("id: {position}\nevent: {event}\ndata: {{}}\n\n")
}
