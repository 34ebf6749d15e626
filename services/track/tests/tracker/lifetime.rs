//! Closing and forgetting, on the clock of the records.

use siaga_schemas::IncidentState;
use siaga_track::Change;

use super::telling::{Desk, Telling, tell};

fn strike(article: &str, place: &str) -> Telling {
    tell(article, "strike").by("RU").hitting("UA").inside("UA").at(place, place, "place")
}

#[test]
fn an_incident_closes_when_the_records_have_gone_on_and_still_takes_reports() {
    let old = strike("a", "UA/07/706483").on("2023-09-13").hours(12);
    let mut desk = Desk::of(std::slice::from_ref(&old));
    let days_later = |days: i64| strike("z", "UA/17/698740").hours(24 * days + 12);
    desk.hear(&days_later(14).on("2023-09-27")).unwrap();
    assert_eq!(desk.topic[old.id()].state, IncidentState::Open);
    desk.hear(&strike("y", "UA/17/698740").on("2023-09-28").hours(24 * 15)).unwrap();
    assert_eq!((desk.topic[old.id()].state, desk.topic[old.id()].revision), (IncidentState::Closed, 2));
    desk.hear(&strike("b", "UA/07/706483").on("2023-09-13").hours(24 * 15 + 1)).unwrap();
    let late = &desk.topic[old.id()];
    assert_eq!((late.state, late.report_count), (IncidentState::Closed, 2));
}

#[test]
fn an_incident_is_forgotten_and_its_reports_come_too_late_then() {
    let old = strike("a", "UA/07/706483").on("2023-09-13").hours(12);
    let mut desk = Desk::of(std::slice::from_ref(&old));
    let changes = desk.hear(&strike("b", "UA/17/698740").on("2023-12-13").hours(24 * 91)).unwrap();
    assert!(changes.contains(&Change::Forget(old.id().to_owned())), "{changes:?}");
    assert_eq!((desk.tracker.incidents(), desk.tracker.reports()), (1, 1));
    assert_eq!(desk.hear(&old), Err("too_old"));
}

#[test]
fn an_event_dated_far_ahead_closes_like_any_other() {
    let mut desk = Desk::of(&[strike("a", "UA/07/706483").on("2099-01-01").hours(12)]);
    desk.hear(&strike("b", "UA/17/698740").on("2023-10-13").hours(24 * 30)).unwrap();
    assert_eq!(desk.topic["a-strike"].state, IncidentState::Closed);
}
