//! Settings of `console`.

use std::net::SocketAddr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::{Invalid, SecretFile};
use siaga_runtime::service::Shutdown;
use siaga_runtime::{admin, config, logs};
use siaga_stream::Kafka;

use crate::http;
use crate::model::Bounds;

/// Port of probes and metrics where none is set; each service has its own, so that they run side by side.
const ADMIN_PORT: u16 = 9406;

/// Settings of `console`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The Kafka cluster.
    pub kafka: Kafka,
    /// Where the page and the API are.
    pub http: Http,
    /// Who may ask.
    pub access: Access,
    /// What is kept.
    pub keep: Keep,
    /// Logs.
    pub log: logs::Config,
    /// Probes and metrics.
    pub admin: admin::Config,
    /// The end.
    pub shutdown: Shutdown,
}

/// Where the page and the API are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address of page and API; port 0 takes a free one. TLS is the matter of whoever stands in front.
    #[schemars(with = "String")]
    pub address: SocketAddr,
    /// Requests a second of one token, or of one address where none is asked for.
    pub requests_per_second: u32,
    /// Requests that may come at once.
    pub burst: u32,
    /// Live streams that are open at the same time.
    pub max_streams: usize,
}

/// Who may ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Access {
    /// TOML file of `[[token]]` tables with `name`, `role` (`viewer` or `operator`) and `token`.
    pub tokens_file: Option<SecretFile>,
    /// Whether everybody who reaches the address may read without a token; deciding always takes one.
    pub anonymous: bool,
    /// Names by which those without a token call the console, as in `siaga.example.org`; `localhost` and addresses are
    /// always right. Any other name is refused: a foreign page could have let it lead here.
    pub hosts: Vec<String>,
}

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Most incidents; those with the oldest last report go first. Each takes some 3 to 10 kB of memory.
    pub incidents: usize,
    /// Most bytes of texts of articles, packed, in MiB.
    pub article_mib: usize,
    /// How far back articles and dead letters are read at the start.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub articles: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kafka: Kafka::default(),
            http: Http::default(),
            access: Access::default(),
            keep: Keep::default(),
            log: logs::Config::default(),
            admin: admin::Config::on_port(ADMIN_PORT),
            shutdown: Shutdown::default(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        let limits = http::Limits::default();
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            requests_per_second: limits.requests_per_second,
            burst: limits.burst,
            max_streams: limits.streams,
        }
    }
}

impl Default for Keep {
    fn default() -> Self {
        let bounds = Bounds::default();
        Self {
            incidents: bounds.incidents,
            article_mib: bounds.article_bytes >> 20,
            articles: Duration::from_secs(48 * 3600),
        }
    }
}

impl Config {
    /// What requests are bounded by.
    pub fn limits(&self) -> http::Limits {
        http::Limits {
            requests_per_second: self.http.requests_per_second,
            burst: self.http.burst,
            streams: self.http.max_streams,
        }
    }

    /// What is kept at most.
    pub fn bounds(&self) -> Bounds {
        Bounds { incidents: self.keep.incidents, article_bytes: self.keep.article_mib << 20 }
    }
}

impl config::Config for Config {
    fn check(&self) -> Result<(), Invalid> {
        self.log.check("log")?;
        for (setting, value) in [
            ("http.requests_per_second", self.http.requests_per_second as usize),
            ("http.burst", self.http.burst as usize),
            ("http.max_streams", self.http.max_streams),
            ("keep.incidents", self.keep.incidents),
        ] {
            if value == 0 {
                return Err(Invalid::new(setting, "must be at least 1"));
            }
        }
        if self.access.tokens_file.is_none() && !self.access.anonymous {
            let reason = "is not set, and `access.anonymous` is false: nobody could read";
            return Err(Invalid::new("access.tokens_file", reason));
        }
        Ok(())
    }
}
