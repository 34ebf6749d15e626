//! What operators decide holds against the rules until it is undone.

use siaga_schemas::{Action, Control, DecisionKind, IncidentState, Moment};
use siaga_track::Arrival;

use super::telling::{DAY_0, Desk, HOUR, Telling, tell};

fn strike(article: &str, place: &str) -> Telling {
    let strike = tell(article, "strike").by("RU").hitting("UA").inside("UA").on("2023-09-13");
    strike.at(place, place, "place")
}

fn control(id: &str, action: Action) -> Control {
    Control {
        id: id.to_owned(),
        by: "ayu".to_owned(),
        at: Moment::from_millis(DAY_0),
        undone: false,
        note: None,
        action,
    }
}

fn decide(desk: &mut Desk, control: Control) {
    let arrival = Arrival { timestamp: DAY_0 + 20 * HOUR, lane: "live" };
    let changes = desk.tracker.control(control, arrival).unwrap();
    desk.note(&changes);
}

#[test]
fn a_merge_holds_for_later_reports_and_ends_when_it_is_undone() {
    let (kharkiv, odesa) = (strike("a", "UA/07/706483").hours(1), strike("b", "UA/17/698740").hours(2));
    let mut desk = Desk::of(&[kharkiv.clone(), odesa.clone()]);
    let merge = Action::Merge { incident_id: kharkiv.id().to_owned(), with: vec![odesa.id().to_owned()] };
    decide(&mut desk, control("m", merge.clone()));
    assert_eq!(desk.only().incident_id, kharkiv.id());
    assert_eq!(desk.topic[odesa.id()].merged_into.as_deref(), Some(kharkiv.id()));
    assert!(desk.only().why.iter().any(|decision| decision.by.as_deref() == Some("ayu")));
    desk.hear(&strike("c", "UA/17/698740").hours(3)).unwrap();
    assert_eq!(desk.only().report_count, 3);
    decide(&mut desk, Control { undone: true, ..control("m", merge) });
    assert_eq!(desk.partition().len(), 2);
    assert_eq!(desk.of_event(&odesa).incident_id, odesa.id(), "it has its own id again");
    assert_eq!(desk.of_event(&odesa).state, IncidentState::Open);
}

#[test]
fn a_split_holds_for_later_reports_and_ends_when_it_is_undone() {
    let reports = [strike("a", "UA/07/706483").hours(1), strike("b", "UA/07/706483").hours(2)];
    let mut desk = Desk::of(&reports);
    let split =
        Action::Split { incident_id: reports[0].id().to_owned(), events: vec![reports[1].id().to_owned()] };
    decide(&mut desk, control("s", split.clone()));
    assert_eq!(desk.partition().len(), 2);
    assert_eq!(desk.of_event(&reports[1]).why[0].kind, DecisionKind::Split);
    desk.hear(&strike("c", "UA/07/706483").hours(3)).unwrap();
    assert_eq!(desk.of_event(&reports[0]).report_count, 2);
    decide(&mut desk, Control { undone: true, ..control("s", split) });
    assert_eq!((desk.only().incident_id.as_str(), desk.only().report_count), (reports[0].id(), 3));
}

#[test]
fn a_decision_on_what_is_not_held_waits_for_it() {
    let (kharkiv, odesa) = (strike("a", "UA/07/706483").hours(1), strike("b", "UA/17/698740").hours(2));
    let mut desk = Desk::new();
    let merge = Action::Merge { incident_id: kharkiv.id().to_owned(), with: vec![odesa.id().to_owned()] };
    let arrival = Arrival { timestamp: DAY_0, lane: "live" };
    assert!(desk.tracker.control(control("m", merge), arrival).is_err());
    desk.hear(&kharkiv).unwrap();
    desk.hear(&odesa).unwrap();
    assert_eq!(desk.only().report_count, 2);
}

#[test]
fn decisions_on_alerts_are_none_of_its_business() {
    let mut desk = Desk::of(&[strike("a", "UA/07/706483")]);
    let note = control("n", Action::Note { incident_id: "a-strike".to_owned() });
    let arrival = Arrival { timestamp: DAY_0, lane: "live" };
    assert_eq!(desk.tracker.control(note, arrival).unwrap_err().reason, "not_for_incidents");
}
