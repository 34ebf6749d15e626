//! Metrics of the console.

use std::sync::Arc;
use std::time::Duration;

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, exponential_buckets,
};

use crate::Model;

#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    requests: IntCounterVec,
    seconds: HistogramVec,
    streams: IntGauge,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry, model: &Arc<Model>) -> Result<Self, prometheus::Error> {
        let requests = Opts::new("siaga_console_requests_total", "Requests to the API, by status");
        let seconds = HistogramOpts::new(
            "siaga_console_request_seconds",
            "Time until an answer begins, by path of the description",
        );
        let metrics = Self {
            requests: IntCounterVec::new(requests, &["status"])?,
            seconds: HistogramVec::new(seconds.buckets(exponential_buckets(0.001, 4.0, 8)?), &["path"])?,
            streams: IntGauge::new("siaga_console_streams", "Live streams that are open")?,
        };
        registry.register(Box::new(metrics.requests.clone()))?;
        registry.register(Box::new(metrics.seconds.clone()))?;
        registry.register(Box::new(metrics.streams.clone()))?;
        registry.register(Box::new(Known::new(Arc::clone(model))?))?;
        Ok(metrics)
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, path: &str, status: &str, taken: Duration) {
        self.requests.with_label_values(&[status]).inc();
        self.seconds.with_label_values(&[path]).observe(taken.as_secs_f64());
    }

    /// Counts a stream for as long as it is open.
    pub(crate) fn open_stream(&self) -> OpenStream {
        self.streams.inc();
        OpenStream(self.streams.clone())
    }
}

/// A stream that is open.
#[derive(Debug)]
pub(crate) struct OpenStream(IntGauge);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What is known, looked up when somebody asks for the metrics.
struct Known {
    model: Arc<Model>,
    incidents: IntGauge,
    texts: IntGauge,
    text_bytes: IntGauge,
    records: IntCounterVec,
    refused: IntCounterVec,
    lag: IntGaugeVec,
    topics: IntCounterVec,
    countries: IntCounterVec,
}

impl Known {
    fn new(model: Arc<Model>) -> Result<Self, prometheus::Error> {
        let counter = |name: &str, help: &str| IntCounterVec::new(Opts::new(name, help), &["topic"]);
        let lag = Opts::new("siaga_console_lag", "Records that the console is yet to read");
        Ok(Self {
            model,
            incidents: IntGauge::new("siaga_console_incidents", "Incidents held")?,
            texts: IntGauge::new("siaga_console_articles", "Texts of articles held")?,
            text_bytes: IntGauge::new("siaga_console_article_bytes", "Bytes that these texts take, packed")?,
            records: counter("siaga_console_records_total", "Records read")?,
            refused: counter("siaga_console_records_refused_total", "Records that could not be shown")?,
            lag: IntGaugeVec::new(lag, &["topic"])?,
            topics: counter("siaga_articles_total", "Articles read, by Media Topic of the first level")?,
            countries: IntCounterVec::new(
                Opts::new("siaga_articles_by_country_total", "Articles read, by country that they are about"),
                &["country"],
            )?,
        })
    }

    fn collectors(&self) -> [&dyn Collector; 8] {
        [
            &self.incidents,
            &self.texts,
            &self.text_bytes,
            &self.records,
            &self.refused,
            &self.lag,
            &self.topics,
            &self.countries,
        ]
    }
}

impl Collector for Known {
    fn desc(&self) -> Vec<&Desc> {
        self.collectors().into_iter().flat_map(|collector| collector.desc()).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let signed = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (inputs, texts, text_bytes) = self.model.inputs();
        self.incidents.set(signed(self.model.held()));
        self.texts.set(signed(texts));
        self.text_bytes.set(signed(text_bytes));
        self.records.reset();
        self.refused.reset();
        for input in inputs {
            let topic = [input.topic.as_str()];
            self.records.with_label_values(&topic).inc_by(input.records);
            self.refused.with_label_values(&topic).inc_by(input.refused);
            self.lag.with_label_values(&topic).set(i64::try_from(input.lag).unwrap_or(i64::MAX));
        }
        for (counts, vector) in self.model.articles_counted().iter().zip([&self.topics, &self.countries]) {
            vector.reset();
            counts.iter().for_each(|(code, count)| vector.with_label_values(&[code.as_str()]).inc_by(*count));
        }
        self.collectors().into_iter().flat_map(|collector| collector.collect()).collect()
    }
}
