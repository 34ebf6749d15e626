//! Settings of `ingest`.

use std::net::SocketAddr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::{Invalid, SecretFile};
use siaga_runtime::service::Shutdown;
use siaga_runtime::{admin, config, logs};
use siaga_stream::Kafka;

use crate::article::Sender;
use crate::http::Limits;

/// Port of probes and metrics where none is set; each service has its own, so that they run side by side.
const ADMIN_PORT: u16 = 9401;

/// Settings of `ingest`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The Kafka cluster.
    pub kafka: Kafka,
    /// Where articles are accepted.
    pub http: Http,
    /// How articles are written.
    pub articles: Articles,
    /// Logs.
    pub log: logs::Config,
    /// Probes and metrics.
    pub admin: admin::Config,
    /// The end.
    pub shutdown: Shutdown,
}

/// Where articles are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address of `POST /v1/articles`; port 0 takes a free one.
    #[schemars(with = "String")]
    pub address: SocketAddr,
    /// File with the bearer token that requests must bring; none is asked for where it is not set.
    pub token_file: Option<SecretFile>,
    /// Largest body of a request, in bytes.
    pub max_body_bytes: usize,
    /// Most bytes of all requests that are open at the same time; more are asked to come again.
    pub max_in_flight_bytes: usize,
    /// Longest time for a body to come.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub read_timeout: Duration,
    /// Longest time until Kafka has acknowledged.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub acknowledge_timeout: Duration,
}

/// How articles are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Articles {
    /// `live`, or `backfill:` and a name: a backfill never raises an alert.
    pub lane: String,
    /// Largest article, in bytes; the topic takes 2 MiB with headers.
    pub max_bytes: usize,
    /// Memory for articles that wait for Kafka, in KiB.
    pub write_behind_kib: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kafka: Kafka::default(),
            http: Http::default(),
            articles: Articles::default(),
            log: logs::Config::default(),
            admin: admin::Config::on_port(ADMIN_PORT),
            shutdown: Shutdown::default(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            token_file: None,
            max_body_bytes: 16 * 1024 * 1024,
            max_in_flight_bytes: 48 * 1024 * 1024,
            read_timeout: Duration::from_secs(30),
            acknowledge_timeout: Duration::from_secs(20),
        }
    }
}

impl Default for Articles {
    fn default() -> Self {
        Self { lane: "live".to_owned(), max_bytes: 2_000_000, write_behind_kib: 48 * 1024 }
    }
}

impl Config {
    /// What requests are bounded by.
    pub fn limits(&self) -> Limits {
        Limits {
            largest_body: self.http.max_body_bytes,
            in_flight: self.http.max_in_flight_bytes,
            read_timeout: self.http.read_timeout,
            acknowledge_timeout: self.http.acknowledge_timeout,
        }
    }

    /// What is sent beside an article.
    pub fn sender(&self) -> Sender {
        Sender { largest_record: self.articles.max_bytes, lane: self.articles.lane.clone() }
    }
}

impl config::Config for Config {
    fn check(&self) -> Result<(), Invalid> {
        self.log.check("log")?;
        let lane = &self.articles.lane;
        let is_backfill = lane.strip_prefix("backfill:").is_some_and(|name| !name.trim().is_empty());
        if lane != "live" && !is_backfill {
            return Err(Invalid::new("articles.lane", "expected `live` or `backfill:` and a name"));
        }
        if self.http.max_in_flight_bytes < self.http.max_body_bytes {
            let reason = "must be at least `http.max_body_bytes`: the largest request could never be taken";
            return Err(Invalid::new("http.max_in_flight_bytes", reason));
        }
        if self.articles.max_bytes == 0 {
            return Err(Invalid::new("articles.max_bytes", "must be at least 1"));
        }
        if self.articles.write_behind_kib < 1024 {
            return Err(Invalid::new("articles.write_behind_kib", "must be at least 1024"));
        }
        Ok(())
    }
}
