//! A receiver of webhooks that can be told to fail and to hang, and drops keys that it has.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::http::{Request, wait_until};

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Taken,
    Unavailable,
    /// It reads the request and falls silent.
    Nothing,
}

#[derive(Debug)]
struct State {
    answer: Answer,
    /// Keys of requests that it took, or read and fell silent on.
    seen: Vec<String>,
    /// Keys that it took.
    taken: BTreeSet<String>,
    /// Requests since the answer was set.
    requests: usize,
}

pub(crate) struct Receiver {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (seen, taken) = (Vec::new(), BTreeSet::new());
        let state = Arc::new(Mutex::new(State { answer: Answer::Taken, seen, taken, requests: 0 }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { address, state }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn answer(&self, answer: Answer) {
        let mut state = self.state.lock().unwrap();
        state.answer = answer;
        state.requests = 0;
    }

    /// Waits for so many requests since the answer was set.
    pub(crate) fn wait_requests(&self, count: usize) {
        wait_until(&format!("{count} requests"), || {
            (self.state.lock().unwrap().requests >= count).then_some(())
        });
    }

    /// Waits until it took these keys, and asserts that it took no others.
    pub(crate) fn wait_for(&self, keys: &[&str]) {
        let expected: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        wait_until(&format!("{keys:?}"), || {
            expected.is_subset(&self.state.lock().unwrap().taken).then_some(())
        });
        assert_eq!(self.state.lock().unwrap().taken, expected);
    }

    /// Waits until it took a key beside these, and gives it; asserts that it took one alone.
    pub(crate) fn wait_next(&self, before: &[&str]) -> String {
        wait_until("the next key", || (self.state.lock().unwrap().taken.len() > before.len()).then_some(()));
        let taken = self.state.lock().unwrap().taken.clone();
        let new: Vec<&String> = taken.iter().filter(|key| !before.contains(&key.as_str())).collect();
        assert_eq!(new.len(), 1, "{taken:?}");
        new[0].clone()
    }

    /// Requests that it read whole and did not refuse.
    pub(crate) fn seen(&self) -> usize {
        self.state.lock().unwrap().seen.len()
    }

    /// How many of them repeated a key.
    pub(crate) fn repeats(&self) -> usize {
        let state = self.state.lock().unwrap();
        state.seen.len() - state.seen.iter().collect::<BTreeSet<_>>().len()
    }
}

fn serve(mut stream: std::net::TcpStream, state: &Mutex<State>) {
    while let Some(request) = Request::read(&stream) {
        let key = request.header("webhook-id").unwrap().to_owned();
        assert_eq!(request.header("idempotency-key"), Some(format!("\"{key}\"").as_str()));
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!((&body["specversion"], &body["id"]), (&"1.0".into(), &key.as_str().into()));
        let answer = {
            let mut state = state.lock().unwrap();
            state.requests += 1;
            if state.answer != Answer::Unavailable {
                state.seen.push(key.clone());
            }
            if state.answer == Answer::Taken {
                state.taken.insert(key);
            }
            state.answer
        };
        let status = match answer {
            Answer::Taken => "204 No Content",
            Answer::Unavailable => "503 Service Unavailable",
            // Until the other side has had enough.
            Answer::Nothing => {
                drop(Request::read(&stream));
                return;
            }
        };
        if write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}
