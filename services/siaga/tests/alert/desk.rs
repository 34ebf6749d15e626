//! The service, its topics and its policies.

use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use siaga_schemas::{Alert, DeliveryOutcome, Message as _};
use siaga_stream::publisher::Message;
use siaga_stream::reader::{Isolation, OwnedRecord};
use siaga_stream::{BoundedReader, Kafka, Publisher, Publishing};
use tempfile::TempDir;

use crate::http::{LONGEST, free_port, get, wait_until};
use crate::receiver::Receiver;

pub(crate) const SIAGA: &str = env!("CARGO_BIN_EXE_siaga");

/// The example as it would be reported now, confirmed by one authority; `change` makes it another revision.
pub(crate) fn incident(id: &str, revision: u64, change: impl FnOnce(&mut Value)) -> Value {
    let example = include_str!("../../../../schemas/examples/incident.valid.json");
    let mut incident: Value = serde_json::from_str(example).unwrap();
    let now = Timestamp::now().to_string();
    for field in ["first_report_at", "last_report_at", "updated_at"] {
        incident[field] = now.clone().into();
    }
    incident["incident_id"] = id.into();
    incident["revision"] = revision.into();
    incident["confirmed_by"].as_array_mut().unwrap().truncate(1);
    change(&mut incident);
    incident
}

pub(crate) struct Desk {
    pub(crate) kafka: Kafka,
    publisher: Publisher,
    folder: TempDir,
    admin: String,
    process: Option<Child>,
}

impl Desk {
    pub(crate) fn new(brokers: &str, prefix: &str, receiver: &Receiver, alertmanager: Option<&str>) -> Self {
        let kafka = Kafka {
            brokers: brokers.into(),
            prefix: prefix.into(),
            instance: "test".into(),
            ..Kafka::default()
        };
        let folder = tempfile::tempdir().unwrap();
        let mut sinks = vec!["'hook'"];
        let mut text = format!(
            "[sinks.hook]\nkind = 'webhook'\nurl = 'http://{}/'\nformat = 'cloudevents'\n\
             timeout = '2s'\nattempts = 1000\nallow_networks = ['127.0.0.1']\n",
            receiver.address()
        );
        if let Some(address) = alertmanager {
            sinks.push("'am'");
            let am = "kind = 'alertmanager'\nallow_networks = ['127.0.0.1']";
            text.push_str(&format!("[sinks.am]\n{am}\nurl = 'http://{address}'\n"));
        }
        text.push_str(&format!("[routes.desk]\nsinks = [{}]\n", sinks.join(", ")));
        text.push_str("[[policies]]\nname = 'korea'\nroutes = ['desk']\nmatch = { countries = ['KP'] }\n");
        std::fs::write(folder.path().join("policies.toml"), text).unwrap();
        let publishing = Publishing { buffer_kib: 8192, acknowledge_timeout: LONGEST };
        let publisher = Publisher::new(&kafka, "test", publishing, &[]).unwrap();
        let admin = format!("127.0.0.1:{}", free_port());
        let desk = Self { kafka, publisher, folder, admin, process: None };
        desk.make_topics();
        desk
    }

    /// Makes the topics that are missing.
    pub(crate) fn make_topics(&self) {
        let Kafka { brokers, prefix, .. } = &self.kafka;
        let made = Command::new(SIAGA)
            .args(["topics", "create", "--replication-factor", "1"])
            .args(["--kafka-brokers", brokers, "--kafka-prefix", prefix])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Address of its metrics.
    pub(crate) fn admin(&self) -> &str {
        &self.admin
    }

    /// Starts the service and waits until it is ready.
    pub(crate) fn start(&mut self) {
        let policies = self.folder.path().join("policies.toml");
        let mut command = Command::new(SIAGA);
        command
            .args(["alert", "--kafka-brokers", &self.kafka.brokers, "--kafka-prefix", &self.kafka.prefix])
            .args(["--kafka-instance", "a", "--admin-address", &self.admin])
            .args(["--processing-session-timeout", "6s", "--delivery-resend-interval", "1s"])
            .args(["--delivery-first-backoff", "50ms", "--delivery-longest-backoff", "200ms"])
            .arg("--policies-file")
            .arg(&policies)
            .stdout(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        wait_until("the service", || get(&self.admin, "/readyz"));
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// SIGTERM; it ends in order.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().unwrap();
        let id = process.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        assert!(process.wait().unwrap().success());
    }

    /// Writes an incident.
    pub(crate) fn publish(&self, lane: &str, incident: &Value) {
        let incident = Value::Object(
            incident.as_object().unwrap().clone().into_iter().chain([("lane".into(), lane.into())]).collect(),
        );
        self.send("incidents", incident["incident_id"].as_str().unwrap(), &incident, lane);
    }

    /// Writes a decision of an operator.
    pub(crate) fn decide(&self, control: &Value) {
        self.send("control", control["id"].as_str().unwrap(), control, "live");
    }

    /// The records of a topic.
    pub(crate) fn records(&self, base: &str) -> Vec<OwnedRecord> {
        let topic = self.kafka.topic(base);
        let reader = BoundedReader::open(&self.kafka, &topic, Isolation::Committed, Duration::from_secs(20));
        reader.unwrap().map(Result::unwrap).collect()
    }

    pub(crate) fn send(&self, base: &str, key: &str, value: &Value, lane: &str) {
        self.send_to(&self.kafka.topic(base), key, value, lane);
    }

    /// Writes a record to a topic by its whole name.
    pub(crate) fn send_to(&self, topic: &str, key: &str, value: &Value, lane: &str) {
        let payload = serde_json::to_vec(value).unwrap();
        let message = Message {
            key: Some(key.as_bytes()),
            payload: Some(&payload),
            headers: &[("siaga-lane", Some(lane.as_bytes()))],
            timestamp: Timestamp::now().as_millisecond(),
            partition: Some(0),
        };
        let (sender, written) = mpsc::channel();
        self.publisher.send(topic, message, move |result| sender.send(result).unwrap());
        written.recv_timeout(LONGEST).unwrap().unwrap();
    }

    /// Waits until the topic says that an operator has silenced what was told of an incident.
    pub(crate) fn wait_silenced(&self, incident: &str) {
        wait_until(&format!("{incident} to be still"), || {
            let silenced = |alert: Alert| alert.incident_id == incident && alert.silenced_by.is_some();
            let alerts = self.records("alerts").into_iter().filter_map(|record| record.payload);
            alerts.map(|bytes| Alert::decode(&bytes).unwrap()).any(silenced).then_some(())
        });
    }

    /// Waits until the topic says of so many alerts that they were delivered.
    pub(crate) fn wait_delivered(&self, count: usize) {
        wait_until("outcomes", || {
            let mut delivered = std::collections::BTreeSet::new();
            for record in self.records("alerts") {
                let alert = Alert::decode(&record.payload.unwrap()).unwrap();
                let is_done = alert.deliveries.iter().any(|d| d.outcome == DeliveryOutcome::Delivered);
                if alert.sink.is_some() && is_done {
                    delivered.insert(alert.idempotency_key);
                }
            }
            (delivered.len() == count).then_some(())
        });
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
