//! Requests over a socket, with a sink that stands for Kafka.

use std::net::SocketAddr;
use std::sync::Mutex;

use prometheus::Registry;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::sink::Done;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// How the stand-in for Kafka behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Acknowledges,
    IsFull,
    RefusesTheSecond,
    IsSilent,
}

#[derive(Debug)]
struct Topic {
    mood: Mood,
    records: Mutex<Vec<Outgoing>>,
    unanswered: Mutex<Vec<Done>>,
}

impl Sink for Topic {
    fn send(&self, record: Outgoing, done: Done) {
        let mut records = self.records.lock().unwrap();
        let offset = records.len() as i64;
        let result = match self.mood {
            Mood::IsFull => Err(Undelivered::QueueFull),
            Mood::RefusesTheSecond if offset == 1 => Err(Undelivered::Unacknowledged("broker away".into())),
            Mood::IsSilent => return self.unanswered.lock().unwrap().push(done),
            Mood::Acknowledges | Mood::RefusesTheSecond => Ok(Delivered { partition: 3, offset }),
        };
        if self.mood != Mood::IsFull {
            records.push(record);
        }
        done.send(result).ok();
    }
}

struct Server {
    address: SocketAddr,
    topic: Arc<Topic>,
    metrics: Metrics,
}

struct Reply {
    status: u16,
    head: String,
    body: Value,
}

/// Longer than any test takes.
const NEVER: Duration = Duration::from_secs(3600);
/// For what never comes.
const SOON: Duration = Duration::from_millis(10);

async fn server(mood: Mood) -> Server {
    server_with(mood, NEVER, NEVER).await
}

async fn server_with(mood: Mood, read_timeout: Duration, acknowledge_timeout: Duration) -> Server {
    let limits = Limits { largest_body: 4000, in_flight: 8000, read_timeout, acknowledge_timeout };
    let topic = Arc::new(Topic { mood, records: Mutex::default(), unanswered: Mutex::default() });
    let metrics = Metrics::new(&Registry::new()).unwrap();
    let sender = Sender { largest_record: 1000, lane: "live".into() };
    let token = Some(Secret::new("open-sesame".into()));
    let api = Api::new(topic.clone(), sender, limits, token, metrics.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, api.router()).await });
    Server { address, topic, metrics }
}

impl Server {
    /// A request as it stands on the wire.
    async fn raw(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head: head.to_lowercase(), body: serde_json::from_str(body).unwrap_or(Value::Null) }
    }

    async fn post(&self, content_type: &str, body: &str) -> Reply {
        self.post_with("authorization: Bearer open-sesame", content_type, body).await
    }

    async fn post_with(&self, header: &str, content_type: &str, body: &str) -> Reply {
        self.raw(&format!(
            "POST /v1/articles HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{header}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    fn written(&self) -> usize {
        self.topic.records.lock().unwrap().len()
    }
}

#[tokio::test]
async fn one_article_is_answered_with_its_place_in_the_topic() {
    let server = server(Mood::Acknowledges).await;
    let reply = server.post(JSON, "{\n  \"id\": \"a\",\n  \"body\": \"words\"\n}").await;
    let result = json!({"line": 1, "id": "a", "partition": 3, "offset": 0});
    assert_eq!((reply.status, reply.body), (202, json!({"accepted": 1, "results": [result]})));
    let record = server.topic.records.lock().unwrap()[0].clone();
    assert_eq!((record.key.as_str(), record.value.len()), ("a", 34));
    assert!(record.headers.contains(&("siaga-lane", "live".to_owned())));
    assert_eq!(server.metrics.articles.with_label_values(&["accepted"]).get(), 1);
    assert_eq!(server.metrics.requests.with_label_values(&["202"]).get(), 1);
    assert_eq!(server.metrics.in_flight_bytes.get(), 0);
}

#[tokio::test]
async fn every_line_has_a_result() {
    let server = server(Mood::Acknowledges).await;
    let reply = server.post(LINES, "{\"body\":\"one\",\"id\":\"a\"}\r\n\n{\"body\":\"two\"}").await;
    assert_eq!(reply.status, 202);
    let results = reply.body["results"].as_array().unwrap();
    assert_eq!((results[0]["line"].as_u64(), results[1]["line"].as_u64()), (Some(1), Some(3)));
    assert!(results[1]["id"].as_str().unwrap().starts_with("text-"));
    assert_eq!(server.written(), 2);
}

#[tokio::test]
async fn a_request_with_one_bad_line_leaves_nothing_in_the_topic() {
    let server = server(Mood::Acknowledges).await;
    let body =
        "{\"body\":\"good\"}\n{\"body\":\"x\",\"published_at\":\"soon\"}\n{\"body\":1}\n{\n{\"id\":\"i\"}";
    let reply = server.post(LINES, body).await;
    assert_eq!((reply.status, server.written()), (400, 0));
    let refused = reply.body["refused"].as_array().unwrap();
    let found: Vec<_> = refused.iter().map(|r| (r["line"].as_u64().unwrap(), r["field"].as_str())).collect();
    assert_eq!(found, [(2, Some("published_at")), (3, Some("body")), (4, None), (5, Some("body"))]);
    assert_eq!(server.metrics.articles.with_label_values(&["refused"]).get(), 4);
    for body in ["", "\n \n"] {
        assert_eq!(server.post(LINES, body).await.status, 400, "{body:?}");
    }
    assert_eq!(server.post(JSON, "[]").await.status, 400);
}

#[tokio::test]
async fn without_the_token_nothing_is_taken() {
    let server = server(Mood::Acknowledges).await;
    for header in [
        "x: y",
        "authorization: Bearer open-sesamf",
        "authorization: Bearer open-sesame-and-more",
        "authorization: Bearer",
        "authorization: Basic open-sesame",
    ] {
        let reply = server.post_with(header, JSON, "{\"body\":\"x\"}").await;
        assert_eq!(reply.status, 401, "{header}");
        assert!(reply.head.contains("www-authenticate: bearer"), "{}", reply.head);
    }
    assert_eq!(server.written(), 0);
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = server(Mood::Acknowledges).await;
    let article = |letters: usize| format!("{{\"body\":\"{}\"}}", "x".repeat(letters));
    assert_eq!(server.post(JSON, &article(4100)).await.status, 413);
    let reply = server.post(LINES, &format!("{}\n{}", article(1), article(1000))).await;
    assert_eq!((reply.status, reply.body["refused"][0]["line"].as_u64()), (413, Some(2)));
    // A body that does not say how long it is.
    let chunk = format!("{:x}\r\n{}\r\n0\r\n\r\n", 4100, "x".repeat(4100));
    let head = "POST /v1/articles HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: bearer open-sesame\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n";
    assert_eq!(server.raw(&format!("{head}{chunk}")).await.status, 413);
    assert_eq!(server.written(), 0);
}

#[tokio::test]
async fn other_content_is_refused() {
    let server = server(Mood::Acknowledges).await;
    for content_type in ["text/plain", "application/xml", "", "application/json+ld"] {
        assert_eq!(server.post(content_type, "{\"body\":\"x\"}").await.status, 415, "{content_type}");
    }
    let compressed = "authorization: Bearer open-sesame\r\ncontent-encoding: gzip";
    assert_eq!(server.post_with(compressed, JSON, "x").await.status, 415);
    assert_eq!(server.post("application/json; charset=utf-8", "{\"body\":\"x\"}").await.status, 202);
    assert_eq!(
        server.raw("GET /v1/articles HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.status,
        405
    );
}

#[tokio::test]
async fn a_full_queue_asks_to_come_again() {
    let server = server(Mood::IsFull).await;
    let reply = server.post(JSON, "{\"body\":\"x\"}").await;
    assert_eq!((reply.status, reply.head.contains("retry-after: 1")), (429, true));
}

#[tokio::test]
async fn open_requests_are_bounded() {
    let server = server(Mood::IsSilent).await;
    // Two of them take the memory that is set aside.
    let large = "{\"body\":\"x\"}\n".repeat(300);
    let open = async { tokio::join!(server.post(LINES, &large), server.post(LINES, &large)) };
    let more = async {
        while server.topic.unanswered.lock().unwrap().len() < 600 {
            tokio::task::yield_now().await;
        }
        assert_eq!(server.metrics.in_flight_bytes.get(), 7800);
        let refused = server.post(LINES, &large).await;
        for done in server.topic.unanswered.lock().unwrap().drain(..) {
            done.send(Ok(Delivered { partition: 0, offset: 0 })).ok();
        }
        refused
    };
    let ((one, two), three) = tokio::join!(open, more);
    assert_eq!((one.status, two.status, three.status), (202, 202, 429));
    assert!(three.head.contains("retry-after: 1"), "{}", three.head);
    assert_eq!(server.metrics.in_flight_bytes.get(), 0);
}

#[tokio::test]
async fn what_kafka_does_not_acknowledge_is_never_called_accepted() {
    let silent = server_with(Mood::IsSilent, NEVER, SOON).await;
    let reply = silent.post(JSON, "{\"body\":\"x\"}").await;
    assert_eq!((reply.status, reply.head.contains("retry-after: 5")), (503, true));
    let half = server(Mood::RefusesTheSecond).await;
    let reply = half.post(LINES, "{\"body\":\"one\"}\n{\"body\":\"two\"}\n{\"body\":\"three\"}").await;
    assert_eq!((reply.status, reply.body["results"].as_array().unwrap().len()), (503, 2));
    assert_eq!(half.metrics.articles.with_label_values(&["failed"]).get(), 1);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = server_with(Mood::Acknowledges, SOON, NEVER).await;
    let head = "POST /v1/articles HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: bearer open-sesame\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{";
    assert_eq!(server.raw(head).await.status, 408);
}
