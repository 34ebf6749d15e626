//! `siaga console` as a process, on a real Kafka, beside a real `siaga alert`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

#[path = "../alert/desk.rs"]
#[allow(dead_code, reason = "the tests of alerts use all of it")]
mod desk;
#[path = "../alert/http.rs"]
mod http;
#[path = "../alert/receiver.rs"]
#[allow(dead_code, reason = "the tests of alerts use all of it")]
mod receiver;
mod viewer;

use serde_json::{Value, json};
use siaga_test_kafka::Broker;

use desk::{Desk, incident};
use http::wait_until;
use receiver::Receiver;
use viewer::Viewer;

/// The text of the example incident's first report.
fn article() -> Value {
    serde_json::from_str(include_str!("../../../../schemas/examples/enriched-article.valid.json")).unwrap()
}

fn killed(number: u32) -> impl FnOnce(&mut Value) {
    move |incident| incident["killed"] = json!({"min": number, "max": number, "sources": []})
}

#[test]
fn what_stands_in_the_topics_is_answered_and_a_stream_goes_on_behind_a_restart() {
    let Some(broker) = Broker::shared() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "shown", &receiver, None);
    let (article, id) = (article(), "a");
    let article_id = article["article"]["id"].as_str().unwrap().to_owned();
    desk.send("articles.enriched", &article_id, &article, "live");
    desk.publish("live", &incident(id, 1, |i| i["reports"][0]["article"]["id"] = article_id.as_str().into()));
    let letters = format!("{}.dlq", desk.kafka.topic("articles.raw"));
    desk.send_to(&letters, "bad", &json!("no article"), "live");
    desk.start();
    let mut viewer = Viewer::new(&desk.kafka);
    viewer.start();

    let list = viewer.get("/incidents");
    assert_eq!((&list["matched"], &list["items"][0]["incident_id"]), (&json!(1), &json!(id)));
    let shown = viewer.get("/incidents/a");
    assert_eq!(shown["incident"]["reports"][0]["article"]["id"], article_id.as_str());
    let texts = viewer.get("/incidents/a/articles");
    assert_eq!(texts["items"][0]["article"]["body"], article["article"]["body"]);
    wait_until("what was told of it", || {
        let summary = &viewer.get("/incidents/a")["summary"];
        (summary["operator"]["alerts_firing"] == 1).then_some(())
    });
    let flow = viewer.get("/flow");
    assert_eq!((&flow["articles"], &flow["dead_letters"][0]["key"]), (&json!(1), &json!("bad")));
    wait_until("the lag of a stage that runs, and that of one that never ran", || {
        let flow = viewer.get("/flow");
        let lag = |name: &str| {
            flow["stages"]
                .as_array()
                .unwrap()
                .iter()
                .find(|stage| stage["stage"] == name)
                .map(|s| s["lag"].clone())
        };
        (lag("alert")? == 0 && lag("track")? == Value::Null).then_some(())
    });

    let position = viewer.get("/incidents")["position"].as_str().unwrap().to_owned();
    viewer.kill();
    desk.publish("live", &incident("b", 1, |_| {}));
    viewer.start();
    let told = viewer.listen(&position, "event: position");
    let ids: Vec<&str> = told.lines().filter(|line| line.starts_with("data: {\"incident_id")).collect();
    assert!(ids.len() == 1 && ids[0].contains("\"incident_id\":\"b\""), "{told}");
}

#[test]
fn what_operators_decide_are_records_that_alert_reads() {
    let Some(broker) = Broker::shared() else { return };
    let receiver = Receiver::start();
    let mut desk = Desk::new(broker.address(), "decided", &receiver, None);
    desk.start();
    for id in ["a", "b", "c"] {
        desk.publish("live", &incident(id, 1, |_| {}));
    }
    let mut viewer = Viewer::new(&desk.kafka);
    viewer.start();
    receiver.wait_for(&["a/desk/1", "b/desk/1", "c/desk/1"]);
    wait_until("incidents", || (viewer.get("/incidents")["matched"] == 3).then_some(()));

    let events = viewer.get("/incidents/c")["incident"]["reports"][0]["event"]["id"].clone();
    let decisions = [
        json!({"action": "mute", "incident_id": "a"}),
        json!({"action": "acknowledge", "incident_id": "b"}),
        json!({"action": "merge", "incident_id": "b", "with": ["c"], "note": "the same launch"}),
        json!({"action": "split", "incident_id": "c", "events": [events]}),
        json!({"action": "note", "incident_id": "c", "note": "call the desk in Jakarta"}),
    ];
    for decision in &decisions {
        assert_eq!(viewer.decide(decision), 202, "{decision}");
    }
    let records = desk.records("control");
    assert_eq!(records.len(), decisions.len());
    for (record, decision) in records.iter().zip(&decisions) {
        let control: Value = serde_json::from_slice(record.payload.as_deref().unwrap()).unwrap();
        assert_eq!(record.key.as_deref().unwrap(), control["id"].as_str().unwrap().as_bytes());
        assert_eq!((&control["action"], &control["by"]), (&decision["action"], &json!("ana")));
        assert_eq!(control["note"], decision["note"]);
    }

    // Alert has read them: what it tells of them stands in its topic, and the console shows it.
    let wait_silenced = |viewer: &Viewer, id: &str, silent: bool| {
        wait_until(&format!("what became of {id}"), || {
            let alerts = viewer.get(&format!("/incidents/{id}"))["alerts"].clone();
            let alert = alerts.as_array().unwrap().iter().find(|alert| alert["sink"].is_null())?.clone();
            (silent == (alert["silenced_by"] == "ana")).then_some(())
        });
    };
    for (id, silent) in [("a", true), ("b", true), ("c", false)] {
        wait_silenced(&viewer, id, silent);
    }
    // Muted is muted; acknowledged is told again once it changes materially.
    for id in ["a", "b"] {
        desk.publish("live", &incident(id, 2, killed(3)));
    }
    receiver.wait_for(&["a/desk/1", "b/desk/1", "c/desk/1", "b/desk/2"]);
    let undone = json!({"action": "mute", "incident_id": "a", "undone": true});
    assert_eq!(viewer.decide(&undone), 202);
    // What alert made of the decision behind it shows that it has read this one.
    assert_eq!(viewer.decide(&json!({"action": "acknowledge", "incident_id": "c"})), 202);
    wait_silenced(&viewer, "c", true);
    desk.publish("live", &incident("a", 3, killed(3)));
    receiver.wait_for(&["a/desk/1", "b/desk/1", "c/desk/1", "b/desk/2", "a/desk/3"]);
    assert_eq!(viewer.get("/incidents/a")["summary"]["operator"]["muted"], false);
}

#[test]
fn a_topic_that_was_deleted_and_made_anew_is_read_anew() {
    let Some(broker) = Broker::shared() else { return };
    let receiver = Receiver::start();
    let desk = Desk::new(broker.address(), "anew", &receiver, None);
    for id in ["a", "b", "c"] {
        desk.publish("live", &incident(id, 1, |_| {}));
    }
    let mut viewer = Viewer::new(&desk.kafka);
    viewer.start();
    let position = viewer.get("/incidents")["position"].as_str().unwrap().to_owned();
    assert_eq!(viewer.get("/incidents")["matched"], 3);

    broker.delete_topic(&desk.kafka.topic("incidents"));
    desk.make_topics();
    desk.publish("live", &incident("d", 1, |_| {}));
    wait_until("the new topic alone", || {
        let (status, list) = viewer.ask("/incidents");
        let ids: Vec<&Value> = list["items"].as_array()?.iter().map(|item| &item["incident_id"]).collect();
        (status == 200 && ids == ["d"]).then_some(())
    });
    // Who comes back with a position in the old topic is told to begin anew.
    viewer.listen(&position, "event: reset");
}
