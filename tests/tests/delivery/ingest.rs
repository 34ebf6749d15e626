//! `siaga ingest` over HTTP: what is answered is in the topic, byte for byte, and what is refused is not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use siaga_schemas::topics::Topic;
use siaga_test_kafka::Broker;

use crate::services::{Instance, Pipeline, wait_until};

const TOKEN: &str = "open-sesame";

/// An answer: status, headers in small letters, body.
struct Answer {
    status: u16,
    head: String,
    body: Value,
}

fn post(address: &str, token: Option<&str>, content_type: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let authorization = token.map(|t| format!("Authorization: Bearer {t}\r\n")).unwrap_or_default();
    let head = format!(
        "POST /v1/articles HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n{authorization}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: serde_json::from_str(body).unwrap_or(Value::Null) }
}

/// The address that the service says it listens on.
fn address(ingest: &mut Instance) -> String {
    let mut found = None;
    wait_until("articles are accepted", || {
        ingest.assert_runs();
        let words = ingest.words();
        let line = words.lines().find(|line| line.contains("accepting articles"));
        found = line.map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["address"].as_str().unwrap().to_owned()
        });
        found.is_some()
    });
    found.unwrap()
}

#[test]
fn what_ingest_answers_is_in_the_topic_and_what_it_refuses_is_not() {
    let Some(broker) = Broker::start() else { return };
    let pipeline = Pipeline::new(&broker, "ingest");
    let token = pipeline.write("token", TOKEN);
    let settings = format!(
        "[http]\naddress = \"127.0.0.1:0\"\ntoken_file = \"{}\"\nacknowledge_timeout = \"2s\"\n",
        token.display()
    );
    let mut ingest = pipeline.start_with("ingest", "a", &settings);
    let address = address(&mut ingest);
    let raw = pipeline.name(Topic::ArticlesRaw);
    let texts = || -> Vec<Vec<u8>> {
        let mut texts: Vec<Vec<u8>> = pipeline.read(&raw).into_iter().filter_map(|r| r.payload).collect();
        texts.sort();
        texts
    };

    let lines = ["{\"id\":\"1\",\"body\":\"satu\", \"x\": 1}", "{\"id\":\"2\",\"body\":\"dua\"}"];
    let body = lines.join("\n");
    let answer = post(&address, Some(TOKEN), "application/x-ndjson", &body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(texts(), lines.map(|line| line.as_bytes().to_vec()));

    assert_eq!(post(&address, None, "application/json", lines[0]).status, 401);
    assert_eq!(post(&address, Some("wrong"), "application/json", lines[0]).status, 401);
    assert_eq!(post(&address, Some(TOKEN), "text/csv", lines[0]).status, 415);
    let bad =
        post(&address, Some(TOKEN), "application/x-ndjson", "{\"id\":\"3\",\"body\":\"x\"}\n{\"body\":2}");
    assert_eq!(bad.status, 400);
    assert!(
        bad.body.to_string().contains("body") && bad.body.to_string().contains("\"line\":2"),
        "{}",
        bad.body
    );
    assert_eq!(texts().len(), 2, "a request is taken as a whole or not at all");

    broker.stop();
    let away = post(&address, Some(TOKEN), "application/json", "{\"id\":\"4\",\"body\":\"empat\"}");
    assert_eq!(away.status, 503, "{}", away.body);
    assert!(away.head.contains("retry-after:"), "{}", away.head);
    broker.start_again();
    wait_until("articles are taken again", || {
        post(&address, Some(TOKEN), "application/json", "{\"id\":\"5\",\"body\":\"lima\"}").status == 202
    });
    assert!(texts().iter().any(|text| text == b"{\"id\":\"5\",\"body\":\"lima\"}"));
    ingest.stop();
}
