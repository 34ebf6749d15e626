use jiff::Timestamp;
use siaga_schemas::{Alert, AlertState, Message as _, Severity};

use super::ledger::Ledger;
use super::{alertmanager, template};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2023-09-13T09:00:00Z")
}

/// The example, for the sinks `duty` and `chat`, and told at once.
fn alert(revision: u64) -> Alert {
    let bytes = include_bytes!("../../../../schemas/examples/alert.valid.json");
    let alert = Alert::decode(bytes).unwrap();
    let idempotency_key = format!("{}/{revision}", alert.alert_id);
    Alert { revision, idempotency_key, held_until: None, ..alert }
}

fn decided(ledger: &mut Ledger, alert: &Alert) {
    ledger.apply(0, &alert.key(), Some(alert.clone()));
}

fn done(ledger: &mut Ledger, alert: &Alert) {
    let outcome = Alert { sink: Some("chat".into()), ..alert.clone() };
    ledger.apply(0, &outcome.key(), Some(outcome));
}

/// Takes all that is due for the sink `chat`, and gives its revisions.
fn due(ledger: &mut Ledger, now: Timestamp) -> Vec<u64> {
    let mut revisions = Vec::new();
    while let Some((_, alert)) = ledger.start("chat", now, |partition| partition == 0) {
        ledger.stopped(&alert.alert_id, "chat");
        ledger.finish(&alert.alert_id, "chat", &alert.idempotency_key);
        revisions.push(alert.revision);
    }
    revisions
}

#[test]
fn revisions_are_told_in_order_and_one_at_a_time() {
    let mut ledger = Ledger::default();
    decided(&mut ledger, &alert(1));
    decided(&mut ledger, &alert(2));
    let first = ledger.start("chat", now(), |_| true).unwrap().1;
    assert_eq!(first.revision, 1);
    assert!(ledger.start("chat", now(), |_| true).is_none(), "the first is under way");
    ledger.stopped(&first.alert_id, "chat");
    assert_eq!(due(&mut ledger, now()), [1, 2]);
    assert_eq!(ledger.waiting("chat"), 0);
    assert_eq!(ledger.waiting("duty"), 2);
}

#[test]
fn what_stands_in_the_topic_as_told_is_not_told_again() {
    let mut ledger = Ledger::default();
    decided(&mut ledger, &alert(1));
    decided(&mut ledger, &alert(2));
    done(&mut ledger, &alert(1));
    assert_eq!(due(&mut ledger, now()), [2]);
    // Compaction has left the last of each key: the outcome of the first revision, the decision of the second.
    let mut compacted = Ledger::default();
    done(&mut compacted, &alert(1));
    decided(&mut compacted, &alert(2));
    assert_eq!(due(&mut compacted, now()), [2]);
    let mut finished = Ledger::default();
    done(&mut finished, &alert(2));
    decided(&mut finished, &alert(2));
    assert_eq!(due(&mut finished, now()), [0; 0]);
}

#[test]
fn partitions_of_others_are_left_to_them() {
    let mut ledger = Ledger::default();
    ledger.apply(7, "k", Some(alert(1)));
    assert_eq!(due(&mut ledger, now()), [0; 0]);
    assert_eq!(ledger.holding("duty", |_| false), []);
}

#[test]
fn what_quiet_hours_hold_back_is_told_behind_them_and_replaced_within() {
    let mut ledger = Ledger::default();
    let until = Some("2023-09-13T22:00:00Z".parse().unwrap());
    let held = |revision, decided_at: &str| {
        let decided_at = decided_at.parse().unwrap();
        Alert { held_until: until, decided_at, ..alert(revision) }
    };
    decided(&mut ledger, &held(1, "2023-09-13T16:00:00Z"));
    assert_eq!(due(&mut ledger, at("2023-09-13T21:59:59Z")), [0; 0]);
    decided(&mut ledger, &held(2, "2023-09-13T17:00:00Z"));
    assert_eq!(due(&mut ledger, at("2023-09-13T22:00:00Z")), [2]);
}

#[test]
fn what_holds_is_repeated_once_it_was_told_and_until_it_ends() {
    let mut ledger = Ledger::default();
    let revisions = |ledger: &Ledger| -> Vec<u64> {
        ledger.holding("duty", |_| true).iter().map(|alert| alert.revision).collect()
    };
    decided(&mut ledger, &alert(1));
    assert_eq!(revisions(&ledger), [0; 0], "not told yet");
    ledger.finish(&alert(1).alert_id, "duty", &alert(1).idempotency_key);
    assert_eq!(revisions(&ledger), [1]);
    decided(&mut ledger, &Alert { silenced_by: Some("rani".into()), deliveries: vec![], ..alert(2) });
    assert_eq!(revisions(&ledger), [0; 0]);
    decided(&mut ledger, &Alert { deliveries: alert(3).deliveries, ..alert(3) });
    ledger.finish(&alert(3).alert_id, "duty", &alert(3).idempotency_key);
    assert_eq!(revisions(&ledger), [3]);
    ledger.apply(0, &alert(3).alert_id, None);
    assert_eq!(revisions(&ledger), [0; 0], "the tracker has forgotten it");
}

#[test]
fn a_higher_severity_ends_what_alertmanager_knew_under_the_lower_one() {
    let raised = Alert { raised_from: Some(Severity::Medium), ..alert(2) };
    let lasts = std::time::Duration::from_secs(240);
    let posted = serde_json::to_value(alertmanager::posted(&raised, now(), lasts)).unwrap();
    let ends = |number: usize| (&posted[number]["labels"]["severity"], &posted[number]["endsAt"]);
    assert_eq!(ends(0), (&"high".into(), &"2023-09-13T09:04:00Z".into()));
    assert_eq!(ends(1), (&"medium".into(), &"2023-09-13T09:00:00Z".into()));
    let over = Alert { state: AlertState::Resolved, raised_from: None, ..alert(3) };
    let posted = serde_json::to_value(alertmanager::posted(&over, now(), lasts)).unwrap();
    assert_eq!((posted.as_array().unwrap().len(), &posted[0]["endsAt"]), (1, &"2023-09-13T09:00:00Z".into()));
    assert_eq!(posted[0]["labels"]["incident_id"], over.incident_id);
    assert!(posted[0]["labels"].as_object().unwrap().len() <= 5, "labels are few");
}

#[test]
fn nothing_in_a_report_mentions_anybody_in_chat() {
    let mut hostile = alert(1);
    hostile.title = "<!channel> & <https://evil.example|click>".into();
    let text = template::render(template::SLACK, &hostile, template::slack).unwrap();
    assert!(text.contains("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;"), "{text}");
    assert!(text.contains("Changed: confirmed by JP"), "{text}");
    assert!(text.contains("<https://siaga.example/incidents/"), "{text}");
}

#[test]
fn a_template_that_cannot_be_read_or_does_not_end_is_refused() {
    assert!(template::check("{{ title").is_err());
    let endless = "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}";
    assert!(template::render(endless, &alert(1), template::plain).is_err());
}
