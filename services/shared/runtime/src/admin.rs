//! The HTTP that operators and Kubernetes use.
//!
//! | request | answer |
//! |---|---|
//! | `GET /livez` | 200 while the loops beat, else 503 with what does not |
//! | `GET /readyz` | 200 while the service does its work, else 503 with what is missing |
//! | `GET /metrics` | Prometheus text |
//! | `GET /version` | service and version |
//! | `GET /log` | how much is logged |
//! | `PUT /log` | changes it; the body is a level as in the setting `log.level` |

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use prometheus::{Encoder, Registry, TextEncoder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::health::{Health, Probe};
use crate::logs;
use crate::version::Version;

/// Longest level that is read, in bytes.
const LONGEST_LEVEL: usize = 4096;

/// Where operators ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address of probes and metrics; port 0 takes a free one. Whoever reaches it may change the log level.
    #[schemars(with = "String")]
    pub address: SocketAddr,
}

impl Config {
    /// On a port of this machine alone.
    pub fn on_port(port: u16) -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::on_port(9400)
    }
}

/// What the answers are made of.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Checks.
    pub health: Health,
    /// Metrics.
    pub registry: Registry,
    /// The log's level.
    pub logs: logs::Control,
    /// The program.
    pub version: Version,
}

impl Admin {
    /// The routes.
    pub fn router(self) -> Router {
        Router::new()
            .route("/livez", get(|State(admin): State<Self>| async move { probe(&admin, Probe::Live) }))
            .route("/readyz", get(|State(admin): State<Self>| async move { probe(&admin, Probe::Ready) }))
            .route("/metrics", get(metrics))
            .route("/version", get(|State(admin): State<Self>| async move { Json(admin.version) }))
            .route(
                "/log",
                get(|State(admin): State<Self>| async move { admin.logs.level() + "\n" }).put(set_level),
            )
            .layer(DefaultBodyLimit::max(LONGEST_LEVEL))
            .with_state(self)
    }
}

fn probe(admin: &Admin, probe: Probe) -> Response {
    let verdict = admin.health.verdict(probe);
    let status = if verdict.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(verdict)).into_response()
}

async fn metrics(State(admin): State<Admin>) -> Response {
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    match encoder.encode(&admin.registry.gather(), &mut text) {
        Ok(()) => ([(header::CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn set_level(State(admin): State<Admin>, level: String) -> Response {
    match admin.logs.set_level(&level) {
        Ok(()) => {
            tracing::info!(level = admin.logs.level(), "log level changed");
            (admin.logs.level() + "\n").into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;
    use crate::version::registry;

    fn admin() -> Admin {
        let version = Version { service: "lamp", version: "1.2.3" };
        let (logs, _layer) = logs::layer(&logs::Config::default()).unwrap();
        Admin { health: Health::default(), registry: registry(version).unwrap(), logs, version }
    }

    async fn ask(admin: &Admin, method: &str, path: &str, body: &'static str) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
        let response = admin.clone().router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn readiness_names_what_is_missing_and_may_go_back() {
        let admin = admin();
        let assigned = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&assigned);
        admin.health.add(Probe::Ready, "consumer", move || {
            if seen.load(Ordering::Relaxed) { Ok(()) } else { Err("no partition assigned".to_owned()) }
        });
        let waiting = r#"{"ok":false,"failing":[{"name":"consumer","reason":"no partition assigned"}]}"#;
        assert_eq!(ask(&admin, "GET", "/readyz", "").await, (503, waiting.to_owned()));
        assert_eq!(ask(&admin, "GET", "/livez", "").await.0, 200);
        assigned.store(true, Ordering::Relaxed);
        assert_eq!(ask(&admin, "GET", "/readyz", "").await.0, 200);
        assigned.store(false, Ordering::Relaxed);
        assert_eq!(ask(&admin, "GET", "/readyz", "").await.0, 503);
    }

    #[tokio::test]
    async fn the_program_is_named_in_version_and_metrics() {
        let admin = admin();
        let (_, version) = ask(&admin, "GET", "/version", "").await;
        assert_eq!(version, r#"{"service":"lamp","version":"1.2.3"}"#);
        let (status, metrics) = ask(&admin, "GET", "/metrics", "").await;
        assert_eq!(status, 200);
        assert!(metrics.contains("siaga_build_info{service=\"lamp\",version=\"1.2.3\"} 1"), "{metrics}");
        assert!(!cfg!(target_os = "linux") || metrics.contains("process_resident_memory_bytes"), "{metrics}");
    }
}
