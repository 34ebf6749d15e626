//! From articles to Alertmanager: every stage as a process, on a real Kafka.

use std::process::{Child, Command, Stdio};

use jiff::Timestamp;
use serde_json::{Value, json};
use siaga_stream::Kafka;

use crate::desk::{Desk, SIAGA};
use crate::http::{free_port, get, wait_until};
use crate::monitoring::Alertmanager;
use crate::receiver::Receiver;

/// The stages before `alert`.
struct Stages(Vec<Child>);

impl Stages {
    fn start(kafka: &Kafka) -> Self {
        let start = |stage: &str| {
            let admin = format!("127.0.0.1:{}", free_port());
            let mut command = Command::new(SIAGA);
            command.args([stage, "--kafka-brokers", &kafka.brokers, "--kafka-prefix", &kafka.prefix]);
            command.args(["--kafka-instance", "a", "--admin-address", &admin]);
            command.args(["--processing-session-timeout", "6s"]).stdout(Stdio::null());
            (command.spawn().unwrap(), admin)
        };
        let started: Vec<(Child, String)> = ["classify", "detect", "track"].map(start).into();
        for (_, admin) in &started {
            wait_until("a stage", || get(admin, "/readyz"));
        }
        Self(started.into_iter().map(|(process, _)| process).collect())
    }
}

impl Drop for Stages {
    fn drop(&mut self) {
        for process in &mut self.0 {
            drop(process.kill());
            drop(process.wait());
        }
    }
}

/// An article of now, told of today.
fn article(id: &str, publisher: &str, title: &str, body: &str) -> Value {
    let now = Timestamp::now();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%A").to_string();
    json!({"id": id, "url": format!("https://{publisher}.example/{id}"), "publisher": publisher, "language": "en",
        "published_at": now.to_string(), "title": title, "body": body.replace("TODAY", &today)})
}

fn launch() -> Value {
    let body = "SEOUL - North Korea fired two ballistic missiles into the sea off its east coast on TODAY, South \
                Korea's military said.\n\nThe missiles flew about 400 kilometres, the Joint Chiefs of Staff said.";
    article("seoul", "hanriver", "North Korea fires two ballistic missiles off its east coast", body)
}

fn confirmation() -> Value {
    let body = "TOKYO - Japan's Defence Ministry said on TODAY that North Korea had fired two ballistic missiles \
                into the Sea of Japan.\n\nBoth fell outside the country's exclusive economic zone, the ministry said.";
    article("tokyo", "tsugaru", "Japan confirms launch of two North Korean ballistic missiles", body)
}

fn other() -> Value {
    let body = "SEOUL - North Korean artillery shelled the South Korean island of Yeonpyeong on TODAY, wounding two \
                people, South Korea's Defence Ministry said.";
    article("shells", "hanriver", "North Korea shells South Korean island, wounding two", body)
}

#[test]
fn a_launch_told_by_two_authorities_is_one_alert_and_ends_when_it_is_withdrawn() {
    let Some(broker) = siaga_test_kafka::Broker::shared() else { return };
    let Some(alertmanager) = Alertmanager::start() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "story", &receiver, Some(alertmanager.address()));
    let _stages = Stages::start(&desk.kafka);
    desk.start();
    let send = |article: &Value, lane| {
        desk.send("articles.raw", article["id"].as_str().unwrap(), article, lane);
    };

    send(&launch(), "live");
    let first = receiver.wait_next(&[]);
    let incident = first.split('/').next().unwrap().to_owned();
    alertmanager.wait_for_one(&incident, |annotations| {
        annotations["confirmed_by"].to_string().contains("South Korea")
    });

    send(&confirmation(), "live");
    let second = receiver.wait_next(&[&first]);
    assert!(second.starts_with(&format!("{incident}/")), "the same incident: {second}");
    alertmanager.wait_for_one(&incident, |annotations| {
        annotations["changes"].to_string().contains("confirmed by JP")
    });

    for id in ["seoul", "tokyo"] {
        send(&json!({"id": id, "withdrawn": true}), "live");
    }
    let third = receiver.wait_next(&[&first, &second]);
    assert!(third.starts_with(&format!("{incident}/")), "that it was taken back: {third}");
    alertmanager.wait_for(&incident, None);

    // The same articles again, as a backfill; and something else that is live behind them.
    for article in [launch(), confirmation()] {
        send(&article, "backfill:again");
    }
    send(&other(), "live");
    let fourth = receiver.wait_next(&[&first, &second, &third]);
    assert!(!fourth.starts_with(&format!("{incident}/")), "nothing of the backfill is told: {fourth}");
    alertmanager.wait_for_one(fourth.split('/').next().unwrap(), |_| true);
    assert_eq!(alertmanager.alerts(&incident), [""; 0]);
    assert_eq!(receiver.repeats(), 0);
}
