//! `siaga ingest` without files: articles over HTTP and from feeds.

use std::io;
use std::sync::Arc;

use siaga_runtime::config::{Invalid, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::service::{Context, Work};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::feeds::Feeds;
use crate::http::Api;
use crate::metrics::{FeedMetrics, Metrics};
use crate::sink::Sink;

/// Why requests are no longer answered.
#[derive(Debug, thiserror::Error)]
#[error("requests are no longer accepted: {0}")]
pub struct Stopped(io::Error);

/// Starts to accept articles and to poll feeds. Asked to stop, it takes no new connection, polls no more, and finishes
/// what it has begun.
///
/// # Errors
/// Where the token's file, the list of feeds or the address cannot be used.
pub fn serve(
    loaded: &Loaded<Config>,
    sink: Arc<dyn Sink>,
    context: &Context<'_>,
) -> Result<Work<impl FnOnce() + use<>, impl FnOnce() -> Result<(), Stopped> + Send + use<>>, Failure> {
    let config = &loaded.config;
    let token = match &config.http.token_file {
        Some(file) => {
            let read = file.read();
            Some(read.map_err(|reason| loaded.blame(Invalid::new("http.token_file", reason)))?)
        }
        None => None,
    };
    let feeds = feeds(loaded, Arc::clone(&sink), context)?;
    let metrics = Metrics::new(context.registry).map_err(|error| Failure::failed(&error))?;
    let address = config.http.address;
    let listener = context
        .handle
        .block_on(TcpListener::bind(address))
        .map_err(|error| Failure::Failed(format!("http address {address} cannot be used: {error}")))?;
    let address = listener.local_addr().map_err(|error| Failure::failed(&error))?;
    if token.is_none() && !address.ip().is_loopback() {
        tracing::warn!(%address, "articles are accepted from everybody: `http.token_file` is not set");
    }
    tracing::info!(%address, "accepting articles");
    let router = Api::new(sink, config.sender(), config.limits(), token, metrics).router();
    let (stop, handle) = (CancellationToken::new(), context.handle.clone());
    let stopped = stop.clone().cancelled_owned();
    let polling = feeds.map(|feeds| handle.spawn(feeds.run(stop.clone())));
    let join = move || {
        let server = axum::serve(listener, router).with_graceful_shutdown(stopped);
        let ended = handle.block_on(server.into_future()).map_err(Stopped);
        if let (Ok(()), Some(polling)) = (&ended, polling) {
            // Each feed's own task says why it ended.
            drop(handle.block_on(polling));
        }
        ended
    };
    Ok(Work { stop: move || stop.cancel(), join })
}

/// The feeds of the list; none where there is no list.
fn feeds(
    loaded: &Loaded<Config>,
    sink: Arc<dyn Sink>,
    context: &Context<'_>,
) -> Result<Option<Feeds>, Failure> {
    let config = &loaded.config;
    let list = config.feeds.read_list().map_err(|invalid| loaded.blame(invalid))?;
    if list.is_empty() {
        return Ok(None);
    }
    let metrics = FeedMetrics::new(context.registry).map_err(|error| Failure::failed(&error))?;
    let timeout = config.http.acknowledge_timeout;
    let feeds = Feeds::new(&config.feeds, list, sink, config.sender(), timeout, metrics);
    feeds.map(Some).map_err(|error| Failure::failed(&error))
}
