//! A console as a process, and somebody who asks it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use siaga_stream::Kafka;
use tempfile::TempDir;

use crate::http::{LONGEST, free_port, get, wait_until};

const TOKEN: &str = "a-token-of-an-operator";

pub(crate) struct Viewer {
    kafka: Kafka,
    folder: TempDir,
    address: String,
    admin: String,
    process: Option<Child>,
}

impl Viewer {
    pub(crate) fn new(kafka: &Kafka) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = format!("[[token]]\nname = 'ana'\nrole = 'operator'\ntoken = '{TOKEN}'\n");
        std::fs::write(folder.path().join("tokens.toml"), token).unwrap();
        let [address, admin] = [(); 2].map(|()| format!("127.0.0.1:{}", free_port()));
        Self { kafka: kafka.clone(), folder, address, admin, process: None }
    }

    /// Starts the console and waits until it is ready.
    pub(crate) fn start(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siaga"));
        command
            .args(["console", "--kafka-brokers", &self.kafka.brokers, "--kafka-prefix", &self.kafka.prefix])
            .args(["--http-address", &self.address, "--admin-address", &self.admin])
            .arg("--access-tokens-file")
            .arg(self.folder.path().join("tokens.toml"))
            .stdout(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        wait_until("the console", || get(&self.admin, "/readyz"));
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    fn send(&self, method: &str, path: &str, more: &str, body: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LONGEST)).unwrap();
        let (host, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} /api/v1{path} HTTP/1.0\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n{more}\r\n{body}"
        )
        .unwrap();
        BufReader::new(stream)
    }

    fn answer(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut text = String::new();
        self.send(method, path, "", body).read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    /// Status and body.
    pub(crate) fn ask(&self, path: &str) -> (u16, Value) {
        self.answer("GET", path, "")
    }

    /// The body of an answer with status 200.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// The status of the answer to a decision.
    pub(crate) fn decide(&self, decision: &Value) -> u16 {
        self.answer("POST", "/control", &decision.to_string()).0
    }

    /// What a stream tells from behind a position up to a line.
    pub(crate) fn listen(&self, position: &str, until: &str) -> String {
        let mut reader = self.send("GET", "/stream", &format!("last-event-id: {position}\r\n"), "");
        let mut text = String::new();
        while !text.lines().any(|line| line == until) {
            assert_ne!(reader.read_line(&mut text).unwrap(), 0, "{text}");
        }
        text
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
