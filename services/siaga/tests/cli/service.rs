//! Services while their cluster cannot be reached.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Stdio};

use serde_json::Value;

use crate::program::{Folder, run, siaga, signal};

/// Nothing listens there.
const NOBODY: &str = "127.0.0.1:1";

/// A service on free ports, with a cluster that is not there.
struct Service {
    child: Child,
    err: BufReader<ChildStderr>,
    /// Where its probes are.
    admin: String,
}

impl Service {
    fn start(name: &str) -> Self {
        let mut arguments = vec![name, "--kafka-brokers", NOBODY, "--kafka-instance", "one"];
        arguments.extend(["--admin-address", "127.0.0.1:0", "--log-format", "json"]);
        if name == "ingest" {
            arguments.extend(["--http-address", "127.0.0.1:0"]);
        }
        let mut child = siaga(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let admin = loop {
            let mut line = String::new();
            assert_ne!(err.read_line(&mut line).unwrap(), 0, "{name} has ended");
            let entry: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if entry.to_string().contains("serving probes and metrics") {
                break address(&entry).unwrap_or_else(|| panic!("{line}"));
            }
        };
        Self { child, err, admin }
    }

    /// Status and body of a probe.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.admin).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: siaga\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

/// The address of a log entry, wherever the format has its fields.
fn address(entry: &Value) -> Option<String> {
    match entry {
        Value::Object(fields) => match fields.get("address") {
            Some(Value::String(address)) => Some(address.clone()),
            _ => fields.values().find_map(address),
        },
        _ => None,
    }
}

#[test]
fn without_a_cluster_a_service_lives_is_not_ready_and_ends_when_told() {
    for name in ["ingest", "classify", "detect"] {
        let mut service = Service::start(name);
        assert_eq!(service.get("/livez").0, 200, "{name}");
        let (status, body) = service.get("/readyz");
        let verdict: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &verdict["ok"]), (503, &Value::from(false)), "{name}: {body}");
        assert!(verdict["failing"][0]["reason"].as_str().is_some_and(|r| !r.is_empty()), "{name}: {body}");
        let version: Value = serde_json::from_str(&service.get("/version").1).unwrap();
        assert_eq!(version["service"], name);
        assert!(service.get("/metrics").1.contains("siaga_build_info"), "{name}");
        signal(&service.child, "TERM");
        let mut rest = String::new();
        service.err.read_to_string(&mut rest).unwrap();
        assert_eq!(service.child.wait().unwrap().code(), Some(0), "{name}: {rest}");
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let arguments =
        ["classify", "--kafka-brokers", NOBODY, "--kafka-instance", "one", "--admin-address", &address];
    let ended = run(&arguments);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    assert!(ended.err.contains(&address), "{}", ended.err);
}

#[test]
fn a_file_that_no_cluster_takes_is_named_with_its_line() {
    let folder = Folder::new();
    let file = folder.file("a.jsonl", "\n{\"id\":\"a\",\"body\":\"x\"}\n");
    let arguments = ["ingest", &file, "--kafka-brokers", NOBODY, "--http-acknowledge-timeout", "100ms"];
    let ended = run(&arguments);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{}", ended.err);
    assert!(ended.err.contains(&format!("{file}:2: ")), "{}", ended.err);
}
