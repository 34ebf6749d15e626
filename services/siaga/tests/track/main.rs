//! `siaga track` on a real Kafka: processes that are killed and replaced leave the incidents of one that never was.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod desk;
#[path = "../../../track/examples/load/world.rs"]
mod world;

use std::collections::BTreeMap;

use jiff::Timestamp;
use siaga_schemas::{Action, Control, Incident, Message as _, Moment};
use siaga_test_kafka::Broker;

use desk::Desk;
use world::World;

/// Milliseconds.
const DAY: i64 = 86_400_000;

const MENTIONS: u64 = 3_000;

/// Mentions of a world with decisions of operators among them, the same for each desk; the id of the last event.
fn fill(desk: &Desk, beginning: i64) -> String {
    let world = World { beginning, happenings: MENTIONS / 5, days: 30, reports: 5 };
    let records: Vec<_> = (0..MENTIONS).map(|number| world.record(number)).collect();
    let id = |number: usize| {
        let value: serde_json::Value = serde_json::from_slice(&records[number].value).unwrap();
        value["id"].as_str().unwrap().to_owned()
    };
    for (number, record) in records.iter().enumerate() {
        desk.publish("events.security", &number.to_string(), &record.value, record.timestamp);
    }
    for number in (250..2_750).step_by(250) {
        let action = if number % 500 == 0 {
            Action::Split { incident_id: id(number), events: vec![id(number + 1), id(number + 2)] }
        } else {
            Action::Merge { incident_id: id(number), with: vec![id(number + 10)] }
        };
        let at = Moment::from_millis(records[number + 50].timestamp);
        let key = format!("decision-{number}");
        let control =
            Control { id: key.clone(), by: "ayu".to_owned(), at, undone: false, note: None, action };
        desk.publish("control", &key, &control.encode().unwrap(), at.timestamp().as_millisecond());
    }
    desk.flush();
    id(records.len() - 1)
}

/// The last record of each key, as compaction leaves them; its timestamp belongs to it.
fn compacted(desk: &Desk) -> BTreeMap<Vec<u8>, (i64, Option<Vec<u8>>)> {
    let records = desk.records("incidents").into_iter();
    records.map(|record| (record.key.unwrap(), (record.timestamp, record.payload))).collect()
}

#[test]
fn killed_and_replaced_processes_leave_the_incidents_of_one_that_was_left_alone() {
    let Some(broker) = Broker::shared() else { return };
    // A topic forgets records that are older than its retention.
    let today = Timestamp::now().as_millisecond() / DAY * DAY;
    let beginning = today - 30 * DAY;
    let calm = Desk::new(broker.address(), "calm");
    let last = fill(&calm, beginning);
    let steady = calm.start("a");
    calm.wait_event(&last);
    steady.stop();

    let rough = Desk::new(broker.address(), "rough");
    fill(&rough, beginning);
    let (mut first, mut second) = (rough.start("a"), rough.start("b"));
    for part in 1..=4 {
        rough.wait_revisions(part * 500);
        // Whichever of the two works: both go, one after the other, and come again.
        first.kill();
        second.kill();
        first = rough.start("a");
        second = rough.start("b");
    }
    rough.wait_event(&last);
    first.stop();
    second.stop();

    let (expected, found) = (compacted(&calm), compacted(&rough));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (key, (timestamp, value)) in &expected {
        let (other_timestamp, other) = &found[key];
        assert_eq!(timestamp, other_timestamp);
        assert!(value == other, "{} differs", String::from_utf8_lossy(key));
    }
    let incidents: Vec<Incident> =
        expected.into_values().filter_map(|(_, value)| Some(Incident::decode(&value?).unwrap())).collect();
    let reports: usize = incidents.iter().map(|incident| incident.reports.len()).sum();
    assert_eq!(reports, usize::try_from(MENTIONS).unwrap(), "each mention is in one incident");
    let by_operators = |incident: &&Incident| incident.why.iter().any(|decision| decision.by.is_some());
    assert!(incidents.iter().filter(by_operators).count() >= 5);
}
