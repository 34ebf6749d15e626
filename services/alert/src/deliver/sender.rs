//! One sink: requests to it, and what its answers mean.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, StatusCode, Url, redirect};
use siaga_outbound::Guard;
use siaga_runtime::config::SecretFile;
use siaga_schemas::Alert;

use super::signature::Key;
use super::{alertmanager, webhook};
use crate::policy::{Sink, Target};

/// The setting that allows addresses which are not public.
const SETTING: &str = "allow_networks";

/// Most characters of an answer that are kept.
const LONGEST_ANSWER: usize = 200;

/// Why an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// Another attempt may do better, not before this time where the sink named one.
    Again { reason: String, not_before: Option<Duration> },
    /// No attempt will.
    ForGood { reason: String },
}

/// Sends to a sink.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    sink: Sink,
    url: Url,
    client: Client,
    guard: Guard,
    key: Option<Key>,
    /// How long an alert holds that is not told again.
    lasts: Duration,
}

impl Sender {
    /// Sets a sender up; nothing is connected.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn new(sink: &Sink, lasts: Duration) -> Result<Self, String> {
        let Target { url, allow_networks, timeout, .. } = sink.target();
        let (url, key) = match sink {
            Sink::Alertmanager(_) => (format!("{url}{}", alertmanager::PATH), None),
            Sink::Webhook(webhook) => {
                let secret = webhook.secret_file.as_ref().map(|file| SecretFile::new(file).read());
                (url.clone(), secret.transpose()?.map(|secret| Key::new(&secret)).transpose()?)
            }
        };
        let guard = Guard::new(allow_networks.clone(), SETTING);
        let client = Client::builder()
            .dns_resolver(std::sync::Arc::new(guard.clone()))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(*timeout)
            .user_agent(concat!("siaga/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| error.to_string())?;
        let url = Url::parse(&url).map_err(|error| error.to_string())?;
        Ok(Self { sink: sink.clone(), url, client, guard, key, lasts })
    }

    /// Most attempts.
    pub(super) fn attempts(&self) -> u32 {
        self.sink.target().attempts
    }

    /// Whether it is told again and again what holds.
    pub(super) fn repeats(&self) -> bool {
        self.sink.follows_state()
    }

    /// One attempt.
    pub(super) async fn send(&self, alert: &Alert, now: Timestamp) -> Result<(), Failed> {
        let (headers, bytes) = match &self.sink {
            Sink::Alertmanager(_) => return self.send_all(std::slice::from_ref(alert), now).await,
            Sink::Webhook(to) => {
                let body = webhook::body(to, alert).map_err(|reason| Failed::ForGood { reason })?;
                (webhook::headers(alert, &body, self.key.as_ref(), now.as_second()), body.bytes)
            }
        };
        self.post(headers, bytes).await
    }

    /// Tells an Alertmanager what holds.
    pub(super) async fn send_all(&self, alerts: &[Alert], now: Timestamp) -> Result<(), Failed> {
        let posted: Vec<_> =
            alerts.iter().flat_map(|alert| alertmanager::posted(alert, now, self.lasts)).collect();
        let encoded = serde_json::to_vec(&posted);
        let bytes = encoded.map_err(|error| Failed::ForGood { reason: error.to_string() })?;
        self.post(vec![("content-type", "application/json".to_owned())], bytes).await
    }

    async fn post(&self, headers: Vec<(&'static str, String)>, bytes: Vec<u8>) -> Result<(), Failed> {
        self.guard.check(&self.url).map_err(|error| Failed::ForGood { reason: error.to_string() })?;
        let request = self.client.post(self.url.clone()).body(bytes);
        let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_builder() => return Err(Failed::ForGood { reason: chain(&error) }),
            Err(error) => return Err(Failed::Again { reason: chain(&error), not_before: None }),
        };
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let not_before = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let not_before = not_before.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let answer = response.text().await.unwrap_or_default();
        let answer: String = answer.chars().filter(|c| !c.is_control()).take(LONGEST_ANSWER).collect();
        let reason = format!("{status}: {answer}");
        if is_passing(status) {
            Err(Failed::Again { reason, not_before })
        } else {
            Err(Failed::ForGood { reason })
        }
    }
}

/// Whether the same request may be taken later.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// An error with its causes: the outermost alone says nothing. The address is left out, it may hold a secret.
fn chain(error: &reqwest::Error) -> String {
    let mut words = if error.is_timeout() { "no answer in time".to_owned() } else { "not sent".to_owned() };
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    words
}
