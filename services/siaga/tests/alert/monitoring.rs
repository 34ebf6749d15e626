//! Alertmanager and Prometheus of Debian's packages.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::http::{free_port, get, wait_until};

/// A program that ends with the test.
struct Program {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Starts a program; none where it is not installed, which is said on stderr.
fn start(program: &str, config: &str, arguments: impl Fn(&Path, &str) -> Vec<String>) -> Option<Program> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder.join(program).exists()) {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        eprintln!("SKIPPED: a test needs {program}, which is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.yml"), config).unwrap();
    let address = format!("127.0.0.1:{}", free_port());
    let mut command = Command::new(program);
    command.args(arguments(folder.path(), &address)).stdout(Stdio::null()).stderr(Stdio::null());
    let program = Program { child: command.spawn().unwrap(), address, _folder: folder };
    wait_until("the start of a program", || get(&program.address, "/-/ready"));
    Some(program)
}

pub(crate) struct Alertmanager(Program);

impl Alertmanager {
    pub(crate) fn start() -> Option<Self> {
        let config = "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n";
        let program = start("prometheus-alertmanager", config, |folder, address| {
            vec![
                format!("--config.file={}", folder.join("config.yml").display()),
                format!("--storage.path={}", folder.display()),
                format!("--web.listen-address={address}"),
                "--cluster.listen-address=".to_owned(),
            ]
        });
        program.map(Self)
    }

    pub(crate) fn address(&self) -> &str {
        &self.0.address
    }

    /// Annotations of the alerts that hold of an incident.
    fn annotations(&self, incident: &str) -> Vec<Value> {
        let alerts = get(&self.0.address, "/api/v2/alerts").unwrap();
        let alerts: Value = serde_json::from_str(&alerts).unwrap();
        let of_incident = |alert: &&Value| alert["labels"]["incident_id"] == incident;
        alerts
            .as_array()
            .unwrap()
            .iter()
            .filter(of_incident)
            .map(|alert| alert["annotations"].clone())
            .collect()
    }

    /// Revisions of the alerts that hold of an incident.
    pub(crate) fn alerts(&self, incident: &str) -> Vec<String> {
        let revision = |annotations: Value| annotations["revision"].as_str().unwrap().to_owned();
        self.annotations(incident).into_iter().map(revision).collect()
    }

    /// Waits until it holds one alert of an incident, and that is as it should be.
    pub(crate) fn wait_for_one(&self, incident: &str, is_right: impl Fn(&Value) -> bool) {
        wait_until(&format!("an alert of {incident}"), || match &self.annotations(incident)[..] {
            [annotations] if is_right(annotations) => Some(()),
            _ => None,
        });
    }

    /// Waits until it holds this revision of an incident, or nothing of it.
    pub(crate) fn wait_for(&self, incident: &str, revision: Option<&str>) {
        let expected: Vec<&str> = revision.into_iter().collect();
        wait_until(&format!("{incident} {revision:?}"), || (self.alerts(incident) == expected).then_some(()));
    }
}

pub(crate) struct Prometheus(Program);

impl Prometheus {
    /// One that scrapes this address.
    pub(crate) fn start(scraped: &str) -> Option<Self> {
        let config = format!(
            "global:\n  scrape_interval: 1s\nscrape_configs:\n  - job_name: siaga\n    static_configs:\n      - targets: ['{scraped}']\n"
        );
        let program = start("prometheus", &config, |folder, address| {
            vec![
                format!("--config.file={}", folder.join("config.yml").display()),
                format!("--storage.tsdb.path={}", folder.join("data").display()),
                format!("--web.listen-address={address}"),
            ]
        });
        program.map(Self)
    }

    /// Waits until a query has this one value.
    pub(crate) fn wait_for(&self, query: &str, value: &str) {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        wait_until(query, || {
            let answer = get(&self.0.address, &format!("/api/v1/query?query={encoded}"))?;
            let answer: Value = serde_json::from_str(&answer).unwrap();
            (answer["data"]["result"][0]["value"][1] == value).then_some(())
        });
    }
}
