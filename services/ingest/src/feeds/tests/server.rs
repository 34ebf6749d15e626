//! A server of feeds on this machine, whose answers a test sets, and a topic that remembers.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use siaga_outbound::Guard;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::super::client::{Client, Limits};
use super::super::list::Feed;
use super::super::poll::{Failure, Polled, Poller, State};
use super::super::sent::Everywhere;
use crate::article::Sender;
use crate::sink::{Delivered, Done, Outgoing, Sink, Undelivered};

/// Longer than any test takes.
pub(super) const NEVER: Duration = Duration::from_secs(3600);
/// For what never comes.
const SOON: Duration = Duration::from_millis(50);

/// What the server answers.
#[derive(Clone, Default)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Whether the answer never comes.
    pub silent: bool,
}

impl Answer {
    pub(super) fn of(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }
    }

    pub(super) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(super) fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.headers.push((name, text.into()));
        self
    }
}

#[derive(Default)]
struct Site {
    answers: Mutex<HashMap<String, Answer>>,
    requests: Mutex<Vec<(String, HeaderMap)>>,
}

/// The server, and a poller that may ask it.
pub(super) struct Server {
    pub address: SocketAddr,
    site: Arc<Site>,
    pub topic: Arc<Topic>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let site = Arc::new(Site::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&site));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, site, topic: Arc::default() }
    }

    pub(super) fn set(&self, path: &str, answer: Answer) {
        self.site.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Paths that were asked for, and a header of each request.
    pub(super) fn asked(&self, header: &str) -> Vec<(String, Option<String>)> {
        let requests = self.site.requests.lock().unwrap();
        let text = |headers: &HeaderMap| headers.get(header).map(|v| v.to_str().unwrap().to_owned());
        requests.iter().map(|(path, headers)| (path.clone(), text(headers))).collect()
    }

    pub(super) fn feed(&self, path: &str) -> Feed {
        feed(&format!("http://{}{path}", self.address))
    }

    /// A poller that may ask this server and no other one on this machine.
    pub(super) fn poller(&self) -> Poller {
        self.poller_allowing(&["127.0.0.1/32"], NEVER)
    }

    pub(super) fn impatient_poller(&self) -> Poller {
        self.poller_allowing(&["127.0.0.1/32"], SOON)
    }

    pub(super) fn poller_allowing(&self, networks: &[&str], timeout: Duration) -> Poller {
        let guard = Guard::new(
            networks.iter().map(|network| network.parse().unwrap()).collect(),
            "feeds.allow_networks",
        );
        let limits = Limits { timeout, largest_body: 20_000, redirects: 2 };
        Poller {
            client: Client::new(guard, limits, "siaga/test").unwrap(),
            sink: Arc::clone(&self.topic) as Arc<dyn Sink>,
            sender: Sender { largest_record: 5000, lane: "live".to_owned() },
            everywhere: Everywhere::default(),
            acknowledge_timeout: NEVER,
        }
    }
}

async fn answer(Shared(site): Shared<Arc<Site>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    site.requests.lock().unwrap().push((path.clone(), request.headers().clone()));
    let found = site.answers.lock().unwrap().get(&path).cloned();
    let answer = found.unwrap_or_else(|| Answer::status(404));
    if answer.silent {
        std::future::pending::<()>().await;
    }
    let headers: HeaderMap =
        answer.headers.iter().map(|(name, text)| (name.parse().unwrap(), text.parse().unwrap())).collect();
    (StatusCode::from_u16(answer.status).unwrap(), headers, answer.body).into_response()
}

pub(super) fn feed(url: &str) -> Feed {
    let url = url.parse().unwrap();
    Feed { url, publisher: None, publisher_country: None, language: None, interval: NEVER }
}

pub(super) async fn poll(poller: &Poller, feed: &Feed, state: &mut State) -> Result<Polled, Failure> {
    poller.poll(feed, state, &CancellationToken::new()).await
}

/// Takes records as Kafka would.
#[derive(Debug, Default)]
pub(super) struct Topic {
    records: Mutex<Vec<Outgoing>>,
    /// Keys of records that are not acknowledged.
    refused: Mutex<Vec<String>>,
}

impl Topic {
    /// Keys and articles.
    pub(super) fn records(&self) -> Vec<(String, serde_json::Value)> {
        let records = self.records.lock().unwrap();
        records.iter().map(|r| (r.key.clone(), serde_json::from_slice(&r.value).unwrap())).collect()
    }

    pub(super) fn titles(&self) -> Vec<String> {
        let title =
            |(_, article): (String, serde_json::Value)| article["title"].as_str().unwrap_or("-").to_owned();
        self.records().into_iter().map(title).collect()
    }

    pub(super) fn refuse(&self, keys: Vec<String>) {
        *self.refused.lock().unwrap() = keys;
    }
}

impl Sink for Topic {
    fn send(&self, record: Outgoing, done: Done) {
        let result = if self.refused.lock().unwrap().contains(&record.key) {
            Err(Undelivered::Unacknowledged("broker away".to_owned()))
        } else {
            self.records.lock().unwrap().push(record);
            Ok(Delivered { partition: 0, offset: 0 })
        };
        drop(done.send(result));
    }
}
