//! `siaga console`: feed, page and API.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use siaga_runtime::config::{Invalid, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::health::Probe;
use siaga_runtime::service::{Context, Work};
use siaga_schemas::topics::Topic;
use siaga_stream::{Publisher, Publishing, Stop};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::decisions::ToTopic;
use crate::feed::{Feed, now};
use crate::http::Console;
use crate::http::access::Access;
use crate::model::Model;

/// Memory for decisions that wait for Kafka, in KiB.
const BUFFER_KIB: usize = 1024;

/// Longest time until Kafka has acknowledged a decision.
const ACKNOWLEDGE: Duration = Duration::from_secs(10);

/// Why the console ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The cluster cannot be read from.
    #[error(transparent)]
    Feed(#[from] siaga_stream::Error),
    /// Connections cannot be taken.
    #[error("requests are no longer answered: {0}")]
    Server(#[from] io::Error),
    /// The thread that reads is gone.
    #[error("the thread that reads topics panicked")]
    Thread,
}

/// Begins to read and to answer. Ready once all is read that was there at the start.
///
/// # Errors
/// Where tokens, address or cluster cannot be used.
pub fn serve(
    loaded: &Loaded<Config>,
    context: &Context<'_>,
) -> Result<Work<impl FnOnce() + use<>, impl FnOnce() -> Result<(), Stopped> + Send + use<>>, Failure> {
    let config = &loaded.config;
    let access = access(loaded)?;
    let model = Arc::new(Model::new(config.bounds()));
    let topic = Topic::Control.name(&config.kafka.prefix);
    let publishing = Publishing { buffer_kib: BUFFER_KIB, acknowledge_timeout: ACKNOWLEDGE };
    let stream_failure = |error: siaga_stream::Error| match error {
        siaga_stream::Error::Setting { setting, reason } => {
            Failure::Configuration(loaded.blame(Invalid { setting, reason }))
        }
        error => Failure::failed(&error),
    };
    let publisher = Publisher::new(&config.kafka, "console", publishing, std::slice::from_ref(&topic))
        .map_err(stream_failure)?;
    let decisions = Arc::new(ToTopic::new(publisher, topic));
    let since = now() - i64::try_from(config.keep.articles.as_millis()).unwrap_or(i64::MAX);
    let feed = Feed::open(&config.kafka, Arc::clone(&model), since).map_err(stream_failure)?;
    let (behind, writes) = (feed.behind(), Arc::clone(&decisions));
    context.health.add(Probe::Ready, "topics", move || match behind.load(Ordering::Relaxed) {
        0 => Ok(()),
        left => Err(format!("{left} topics are yet to be read to their ends")),
    });
    context.health.add(Probe::Ready, "control", move || writes.ready());
    let stop = CancellationToken::new();
    let console = Console::new(model, decisions, access, config.limits(), context.registry, stop.clone())
        .map_err(|error| Failure::failed(&error))?;
    let listener = listen(config.http.address, context)?;
    let (stop_feed, handle) = (Stop::default(), context.handle.clone());
    let (feed_stop, ending) = (stop_feed.clone(), stop.clone());
    let join = move || {
        let reading = std::thread::Builder::new().name("feed".to_owned()).spawn(move || {
            let ended = feed.run(&feed_stop);
            // Without news there is nothing to serve.
            ending.cancel();
            ended
        })?;
        let served = handle.block_on(console.serve(listener));
        reading.join().map_err(|_| Stopped::Thread)??;
        Ok(served?)
    };
    let stop_all = move || {
        stop_feed.stop();
        stop.cancel();
    };
    Ok(Work { stop: stop_all, join })
}

fn listen(address: SocketAddr, context: &Context<'_>) -> Result<TcpListener, Failure> {
    let listener = context
        .handle
        .block_on(TcpListener::bind(address))
        .map_err(|error| Failure::Failed(format!("http address {address} cannot be used: {error}")))?;
    let address = listener.local_addr().map_err(|error| Failure::failed(&error))?;
    tracing::info!(%address, "serving page and api");
    Ok(listener)
}

/// Reads who may ask.
///
/// # Errors
/// Where the file of tokens cannot be read or holds anything else.
pub fn access(loaded: &Loaded<Config>) -> Result<Access, Failure> {
    let config = &loaded.config.access;
    let blame = |reason: String| loaded.blame(Invalid::new("access.tokens_file", reason));
    let text = match &config.tokens_file {
        Some(file) => file.read().map_err(blame)?.expose().to_owned(),
        None => String::new(),
    };
    let mut access = Access::read(&text, config.anonymous).map_err(|error| blame(error.to_string()))?;
    access.hosts.clone_from(&config.hosts);
    if access.anonymous && !loaded.config.http.address.ip().is_loopback() {
        tracing::warn!("everybody may read: `access.anonymous` is set");
    }
    Ok(access)
}
