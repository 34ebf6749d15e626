//! `siaga alert` as a process, on a real Kafka, with a real Alertmanager and a real Prometheus.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod desk;
mod http;
mod monitoring;
mod receiver;
mod story;

use serde_json::json;

use desk::{Desk, incident};
use monitoring::{Alertmanager, Prometheus};
use receiver::{Answer, Receiver};

#[test]
fn the_seed_story_is_told_once_updated_once_and_resolved() {
    let Some(broker) = siaga_test_kafka::Broker::shared() else { return };
    let Some(alertmanager) = Alertmanager::start() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "seed", &receiver, Some(alertmanager.address()));
    desk.start();
    let Some(prometheus) = Prometheus::start(desk.admin()) else { return };

    desk.publish("live", &incident("a", 1, |_| {}));
    receiver.wait_for(&["a/desk/1"]);
    alertmanager.wait_for("a", Some("1"));

    // A backfill says the same news, and more; then it comes live.
    let confirmed = |i: &mut serde_json::Value| {
        let authority = json!({"country": "JP", "body": "the Japanese coast guard", "sources": []});
        i["confirmed_by"].as_array_mut().unwrap().push(authority);
    };
    desk.publish("backfill:june", &incident("a", 2, confirmed));
    desk.publish("live", &incident("a", 3, |i| i["report_count"] = 9.into()));
    desk.publish("live", &incident("a", 4, confirmed));
    receiver.wait_for(&["a/desk/1", "a/desk/4"]);
    alertmanager.wait_for("a", Some("4"));
    assert_eq!(alertmanager.alerts("a").len(), 1, "it is still the same alert");

    desk.publish(
        "live",
        &incident("a", 5, |i| {
            confirmed(i);
            i["state"] = "closed".into();
        }),
    );
    alertmanager.wait_for("a", None);

    // Whole incidents of a backfill, and one that is live behind them.
    for id in ["b", "c", "d"] {
        desk.publish("backfill:june", &incident(id, 1, |_| {}));
    }
    desk.publish("live", &incident("e", 1, |_| {}));
    receiver.wait_for(&["a/desk/1", "a/desk/4", "e/desk/1"]);
    alertmanager.wait_for("e", Some("1"));
    for id in ["b", "c", "d"] {
        assert_eq!(alertmanager.alerts(id), [""; 0]);
    }
    assert_eq!(receiver.repeats(), 0);
    prometheus.wait_for(r#"siaga_alert_deliveries_total{sink="hook",outcome="delivered"}"#, "3");
    prometheus.wait_for("sum(siaga_incidents_total)", "2");
}

#[test]
fn an_acknowledged_incident_is_kept_still() {
    let Some(broker) = siaga_test_kafka::Broker::shared() else { return };
    let Some(alertmanager) = Alertmanager::start() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "acknowledged", &receiver, Some(alertmanager.address()));
    desk.start();
    desk.publish("live", &incident("a", 1, |_| {}));
    alertmanager.wait_for("a", Some("1"));
    desk.decide(&json!({"id": "c1", "by": "rani", "at": "2024-01-01T00:00:00Z", "action": "acknowledge", "incident_id": "a"}));
    alertmanager.wait_for("a", None);
    desk.publish("live", &incident("a", 2, |i| i["killed"] = json!({"min": 3, "max": 3, "sources": []})));
    alertmanager.wait_for("a", Some("2"));
    receiver.wait_for(&["a/desk/1", "a/desk/2"]);
}

#[test]
fn what_comes_while_a_mute_lasts_is_told_at_its_end() {
    let Some(broker) = siaga_test_kafka::Broker::shared() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "muted", &receiver, None);
    desk.start();
    desk.publish("live", &incident("z", 1, |_| {}));
    receiver.wait_for(&["z/desk/1"]);
    let begun = jiff::Timestamp::now();
    let until = begun + jiff::SignedDuration::from_secs(3);
    desk.decide(
        &json!({"id": "c1", "by": "rani", "at": begun.to_string(), "action": "mute", "policy": "korea",
        "until": until.to_string()}),
    );
    // It keeps still what was told: then it is known.
    desk.wait_silenced("z");
    desk.publish("live", &incident("a", 1, |_| {}));
    receiver.wait_for(&["z/desk/1", "a/desk/1"]);
    assert!(jiff::Timestamp::now() >= until, "it came before the mute's end");
}

#[test]
fn a_receiver_that_fails_hangs_and_recovers_and_kills_in_between_lose_nothing() {
    const INCIDENTS: usize = 20;
    let Some(broker) = siaga_test_kafka::Broker::shared() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "faults", &receiver, None);
    let keys = |count| (0..count).map(|n| format!("i{n:02}/desk/1")).collect::<Vec<_>>();

    receiver.answer(Answer::Nothing);
    desk.start();
    for n in 0..INCIDENTS {
        desk.publish("live", &incident(&format!("i{n:02}"), 1, |_| {}));
    }
    // It is decided, and under way, and nobody has said that it arrived.
    receiver.wait_requests(1);
    desk.kill();

    receiver.answer(Answer::Unavailable);
    desk.start();
    receiver.wait_requests(10);
    receiver.answer(Answer::Nothing);
    receiver.wait_requests(2);
    desk.kill();

    receiver.answer(Answer::Taken);
    desk.start();
    let expected = keys(INCIDENTS);
    receiver.wait_for(&expected.iter().map(String::as_str).collect::<Vec<_>>());
    desk.wait_delivered(INCIDENTS);

    // After one more start nothing of it is told again.
    let (seen, repeats) = (receiver.seen(), receiver.repeats());
    desk.stop();
    desk.start();
    desk.publish("live", &incident(&format!("i{INCIDENTS:02}"), 1, |_| {}));
    let expected = keys(INCIDENTS + 1);
    receiver.wait_for(&expected.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(receiver.seen(), seen + 1);
    eprintln!(
        "{} keys, each at least once; {repeats} of {seen} requests that were read whole repeated one",
        INCIDENTS + 1
    );
}
