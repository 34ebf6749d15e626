//! What `ingest` counts.

use prometheus::{Histogram, HistogramOpts, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

/// Collectors of the service.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Requests by status code.
    pub requests: IntCounterVec,
    /// Articles by outcome: accepted, refused, failed.
    pub articles: IntCounterVec,
    /// Seconds from the first record of a request to the last acknowledgement.
    pub acknowledge_seconds: Histogram,
    /// Bytes of requests that are being read or wait for Kafka.
    pub in_flight_bytes: IntGauge,
}

impl Metrics {
    /// Registers them.
    ///
    /// # Errors
    /// Where the registry has them already.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let metrics = Self {
            requests: IntCounterVec::new(
                Opts::new("siaga_ingest_requests_total", "Requests by status code"),
                &["status"],
            )?,
            articles: IntCounterVec::new(
                Opts::new("siaga_ingest_articles_total", "Articles: accepted, refused, or failed to deliver"),
                &["outcome"],
            )?,
            acknowledge_seconds: Histogram::with_opts(
                HistogramOpts::new(
                    "siaga_ingest_acknowledge_seconds",
                    "Seconds until Kafka has acknowledged all articles of a request",
                )
                .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]),
            )?,
            in_flight_bytes: IntGauge::new(
                "siaga_ingest_in_flight_bytes",
                "Bytes of requests that are being read or wait for Kafka",
            )?,
        };
        registry.register(Box::new(metrics.requests.clone()))?;
        registry.register(Box::new(metrics.articles.clone()))?;
        registry.register(Box::new(metrics.acknowledge_seconds.clone()))?;
        registry.register(Box::new(metrics.in_flight_bytes.clone()))?;
        Ok(metrics)
    }
}

/// Collectors of the feeds.
#[derive(Clone, Debug)]
pub struct FeedMetrics {
    /// Feeds on the list.
    pub feeds: IntGauge,
    /// Polls by outcome: changed, unchanged, failed.
    pub polls: IntCounterVec,
    /// Items of feeds that were read, by outcome: new, duplicate, refused, failed.
    pub items: IntCounterVec,
    /// Polls that failed, by reason.
    pub failures: IntCounterVec,
    /// When a feed last answered as it should, in seconds since 1970.
    pub last_success: IntGaugeVec,
}

impl FeedMetrics {
    /// Registers them.
    ///
    /// # Errors
    /// Where the registry has them already.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let counter = |name, about, label| IntCounterVec::new(Opts::new(name, about), &[label]);
        let last_success = Opts::new(
            "siaga_ingest_feed_last_success_timestamp_seconds",
            "When a feed last answered as it should, in seconds since 1970",
        );
        let metrics = Self {
            feeds: IntGauge::new("siaga_ingest_feeds", "Feeds on the list")?,
            polls: counter(
                "siaga_ingest_feed_polls_total",
                "Polls of feeds: changed, unchanged, or failed",
                "outcome",
            )?,
            items: counter(
                "siaga_ingest_feed_items_total",
                "Items of feeds that were read: new, duplicate, refused, or failed to deliver",
                "outcome",
            )?,
            failures: counter("siaga_ingest_feed_failures_total", "Polls that failed, by reason", "reason")?,
            last_success: IntGaugeVec::new(last_success, &["feed"])?,
        };
        registry.register(Box::new(metrics.feeds.clone()))?;
        registry.register(Box::new(metrics.polls.clone()))?;
        registry.register(Box::new(metrics.items.clone()))?;
        registry.register(Box::new(metrics.failures.clone()))?;
        registry.register(Box::new(metrics.last_success.clone()))?;
        Ok(metrics)
    }
}
