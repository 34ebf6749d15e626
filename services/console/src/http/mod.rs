//! The API under `/api/v1`, as `openapi.json` describes it, and the page.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/incidents` | summaries, filtered, the latest report first, a cursor for more |
//! | `GET /api/v1/incidents/{id}` | the whole incident, what was told and decided |
//! | `GET /api/v1/incidents/{id}/articles` | the texts of its reports |
//! | `GET /api/v1/incidents/{id}/geojson`, `GET /api/v1/geojson` | GeoJSON |
//! | `GET /api/v1/stats`, `GET /api/v1/flow` | counts and a timeline; how the flow of articles is |
//! | `GET /api/v1/stream` | server-sent events, resumed by `Last-Event-ID` |
//! | `POST /api/v1/control` | an operator's decision |
//! | `GET /api/v1/session`, `GET /api/v1/openapi.json` | who asks; this description |
//! | anything else | the page |

pub mod access;
mod answer;
mod assets;
mod control;
mod headers;
mod incidents;
pub mod openapi;
mod overview;
mod stream;

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;

use crate::Model;
use crate::decisions::Decisions;
use crate::metrics::Metrics;
use access::{Access, Rate};

pub use control::ControlRequest;
pub use incidents::ReportedArticle;

/// Largest body of a request, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// What answers are made of. Clones share it.
#[derive(Clone, Debug)]
pub struct Console {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    model: Arc<Model>,
    decisions: Arc<dyn Decisions>,
    access: Access,
    rate: Rate,
    streams: Arc<Semaphore>,
    metrics: Metrics,
    stop: CancellationToken,
}

/// What requests are bounded by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests a second of one token, or of one address where none is asked for.
    pub requests_per_second: u32,
    /// Requests that may come at once.
    pub burst: u32,
    /// Streams that are open at the same time.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests_per_second: 50, burst: 200, streams: 1000 }
    }
}

impl Console {
    /// Answers from `model` whom `access` lets in, and gives decisions to `decisions`; streams end with `stop`.
    ///
    /// # Errors
    /// Where `registry` has these metrics already.
    pub fn new(
        model: Arc<Model>,
        decisions: Arc<dyn Decisions>,
        access: Access,
        limits: Limits,
        registry: &prometheus::Registry,
        stop: CancellationToken,
    ) -> Result<Self, prometheus::Error> {
        let metrics = Metrics::new(registry, &model)?;
        let streams = Arc::new(Semaphore::new(limits.streams));
        let rate = Rate::new(limits);
        Ok(Self { inner: Arc::new(Inner { model, decisions, access, rate, streams, metrics, stop }) })
    }

    /// Answers at a listener until `stop`, the one that it was made with.
    ///
    /// # Errors
    /// Where connections cannot be taken any more.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let stop = self.inner.stop.clone();
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned()).await
    }

    /// The routes.
    pub fn router(self) -> Router {
        let asked = axum::middleware::from_fn_with_state(self.clone(), access::admit);
        let api = Router::new()
            .route("/incidents", get(incidents::list))
            .route("/incidents/{id}", get(incidents::one))
            .route("/incidents/{id}/articles", get(incidents::articles))
            .route("/incidents/{id}/geojson", get(incidents::geojson))
            .route("/geojson", get(overview::geojson))
            .route("/stats", get(overview::stats))
            .route("/flow", get(overview::flow))
            .route("/stream", get(stream::open))
            .route("/control", post(control::decide))
            .route("/session", get(overview::session))
            .fallback(answer::unknown)
            .layer(asked)
            .route("/openapi.json", get(openapi::document));
        Router::new()
            .nest("/api/v1", api)
            .fallback(assets::page)
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .layer(CompressionLayer::new().gzip(true))
            .layer(axum::middleware::map_response(headers::add))
            .with_state(self)
    }
}
