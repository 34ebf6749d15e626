//! Settings of `ingest`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_outbound::network;
use siaga_runtime::config::{Invalid, SecretFile};
use siaga_runtime::service::Shutdown;
use siaga_runtime::{admin, config, logs};
use siaga_stream::Kafka;

use crate::article::Sender;
use crate::feeds::list;
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
    /// What is polled.
    pub feeds: Feeds,
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

/// Feeds that are polled: RSS, Atom, JSON Feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feeds {
    /// File that lists the feeds, one `[[feed]]` each; none is polled where it is not set.
    pub list: Option<PathBuf>,
    /// Time between two polls of a feed that sets none.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub interval: Duration,
    /// Longest time for an answer.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub timeout: Duration,
    /// Largest feed, in bytes, after decompression.
    pub max_body_bytes: usize,
    /// Most redirects from a feed's address to its answer.
    pub max_redirects: usize,
    /// Most polls at the same time.
    pub max_polls: usize,
    /// Time over which the first polls are spread.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub spread: Duration,
    /// Longest time between two polls of a feed that fails; its interval is doubled up to it.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_backoff: Duration,
    /// Networks that are polled though they are not public, as in `10.0.0.0/8`.
    pub allow_networks: Vec<String>,
    /// What servers are told who asks; publishers like to find an address in it.
    pub user_agent: String,
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
            feeds: Feeds::default(),
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

impl Default for Feeds {
    fn default() -> Self {
        Self {
            list: None,
            interval: Duration::from_secs(300),
            timeout: Duration::from_secs(30),
            max_body_bytes: 8 * 1024 * 1024,
            max_redirects: 5,
            max_polls: 16,
            spread: Duration::from_secs(30),
            max_backoff: Duration::from_secs(3600),
            allow_networks: Vec::new(),
            user_agent: concat!("siaga/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Feeds {
    /// Networks that are polled though they are not public.
    pub fn networks(&self) -> Vec<IpNet> {
        self.allow_networks.iter().filter_map(|text| network(text)).collect()
    }

    /// The feeds of the list; none where there is no list.
    ///
    /// # Errors
    /// Where the list cannot be used.
    pub fn read_list(&self) -> Result<Vec<list::Feed>, Invalid> {
        let feeds = self.list.as_deref().map(|path| list::read(path, self.interval));
        feeds
            .transpose()
            .map(Option::unwrap_or_default)
            .map_err(|error| Invalid::new("feeds.list", error.to_string()))
    }

    fn check(&self) -> Result<(), Invalid> {
        if let Some(text) = self.allow_networks.iter().find(|text| network(text).is_none()) {
            let reason = format!("`{text}` is no network such as `10.0.0.0/8` or `fd00::/8`");
            return Err(Invalid::new("feeds.allow_networks", reason));
        }
        if self.interval < list::SHORTEST_INTERVAL {
            return Err(Invalid::new("feeds.interval", "must be at least 1s"));
        }
        if self.timeout.is_zero() {
            return Err(Invalid::new("feeds.timeout", "must be longer than 0s"));
        }
        if self.max_polls == 0 {
            return Err(Invalid::new("feeds.max_polls", "must be at least 1"));
        }
        let agent = &self.user_agent;
        if agent.trim().is_empty() || !agent.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err(Invalid::new("feeds.user_agent", "expected printable ASCII"));
        }
        Ok(())
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
        self.feeds.check()?;
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
