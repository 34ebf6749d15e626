//! A real Kafka for tests, started by deploy/local/kafka.
//!
//! It knows no client, so that every crate's tests may use it.
#![forbid(unsafe_code)]
// Tests talk to people.
#![allow(clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The script that starts and stops brokers.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/local/kafka");

/// Longest wait for the end of a transaction.
const LONGEST: Duration = Duration::from_secs(60);

/// A broker of a test. However the test's process ends, the broker ends with it and its folder is removed.
#[derive(Debug)]
pub struct Broker {
    folder: PathBuf,
    address: String,
    /// Ends the broker as soon as its standard input ends, which this process holds.
    undertaker: Child,
}

impl Broker {
    /// Starts a broker of the caller's own; none where this machine has no JDK or Maven, which is said on stderr.
    ///
    /// # Panics
    /// Where the broker does not start, and where it cannot while `CI` is set: there no test is left out.
    #[must_use]
    pub fn start() -> Option<Self> {
        if let Some(missing) = missing() {
            assert!(std::env::var_os("CI").is_none(), "no Kafka for tests: {missing}");
            eprintln!("SKIPPED: a test needs a real Kafka, but {missing}");
            return None;
        }
        let folder = match tempfile::Builder::new().prefix("siaga-kafka-").tempdir() {
            Ok(folder) => folder.keep(),
            Err(error) => panic!("no folder for a broker: {error}"),
        };
        let undertaker = match undertaker(&folder) {
            Ok(undertaker) => undertaker,
            Err(error) => panic!("no shell: {error}"),
        };
        let address = script("start", &folder);
        Some(Self { folder, address, undertaker })
    }

    /// The broker that all tests of this process share.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Broker>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// `host:port`; it stays the same after a restart.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until no transaction is just ending; the caller sees to it that none begins to. A lone broker that goes in
    /// that instant may leave the transaction open for ever: see deploy/local/README.md.
    ///
    /// # Panics
    /// Where a transaction does not end.
    pub fn settle(&self) {
        let deadline = Instant::now() + LONGEST;
        loop {
            let mut list = Command::new(SCRIPT);
            list.args(["tool", "org.apache.kafka.tools.TransactionsCommand", "--bootstrap-server"]);
            let output = match list.args([&self.address, "list"]).stderr(Stdio::inherit()).output() {
                Ok(output) => output,
                Err(error) => panic!("{SCRIPT}: {error}"),
            };
            let states = String::from_utf8_lossy(&output.stdout).into_owned();
            // Such as `PrepareCommit`, between `Ongoing` and `CompleteCommit`.
            if output.status.success() && !states.contains("Prepare") {
                return;
            }
            assert!(Instant::now() < deadline, "transactions do not end:\n{states}");
        }
    }

    /// Deletes a topic.
    ///
    /// # Panics
    /// Where the broker refuses.
    pub fn delete_topic(&self, topic: &str) {
        let mut delete = Command::new(SCRIPT);
        delete.args(["tool", "org.apache.kafka.tools.TopicCommand", "--bootstrap-server"]);
        delete.args([&self.address, "--delete", "--topic", topic]);
        match delete.stderr(Stdio::inherit()).status() {
            Ok(status) => assert!(status.success(), "{topic} is not deleted: {status}"),
            Err(error) => panic!("{SCRIPT}: {error}"),
        }
    }

    /// Ends the broker in order; its data and address stay.
    ///
    /// # Panics
    /// Where it does not end.
    pub fn stop(&self) {
        script("stop", &self.folder);
    }

    /// Ends the broker as a crash would; its data and address stay.
    ///
    /// # Panics
    /// Where it does not end.
    pub fn kill(&self) {
        script("kill", &self.folder);
    }

    /// Starts the broker again after [`Self::stop`] or [`Self::kill`].
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start_again(&self) {
        assert_eq!(script("start", &self.folder), self.address, "the broker has moved");
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        drop(self.undertaker.stdin.take());
        drop(self.undertaker.wait());
    }
}

fn undertaker(folder: &Path) -> std::io::Result<Child> {
    Command::new("bash")
        .args(["-c", r#"trap '' INT TERM HUP; cat >/dev/null; "$0" kill "$1"; rm -rf "$1""#, SCRIPT])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Runs a verb of the script and gives its only line.
fn script(verb: &str, folder: &Path) -> String {
    let output = match Command::new(SCRIPT).arg(verb).arg(folder).stderr(Stdio::inherit()).output() {
        Ok(output) => output,
        Err(error) => panic!("{SCRIPT}: {error}"),
    };
    assert!(output.status.success(), "{SCRIPT} {verb}: {}", output.status);
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What this machine lacks for a broker.
fn missing() -> Option<&'static str> {
    let has_java = match std::env::var_os("JAVA_HOME") {
        Some(home) => Path::new(&home).join("bin/java").exists(),
        None => on_path("java"),
    };
    if !has_java {
        return Some("no java is installed (a JDK 17 is needed)");
    }
    (!on_path("mvn")).then_some("no mvn is installed (Maven fetches Kafka)")
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}
