//! What `ingest` counts.

use prometheus::{Histogram, HistogramOpts, IntCounterVec, IntGauge, Opts, Registry};

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
