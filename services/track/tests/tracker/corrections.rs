//! Articles that are corrected, withdrawn or told twice.

use siaga_schemas::{Correction, DecisionKind, IncidentState, Versions, Withdrawal};
use siaga_track::Arrival;

use super::telling::{Desk, Telling, tell};

fn strike(article: &str) -> Telling {
    tell(article, "strike").by("RU").hitting("UA").inside("UA").on("2023-09-13")
}

fn arrival(telling: &Telling) -> Arrival<'_> {
    Arrival { timestamp: telling.timestamp, lane: "live" }
}

#[test]
fn what_is_told_twice_counts_once() {
    let mut desk = Desk::of(&[strike("a")]);
    assert_eq!(desk.hear(&strike("a")), Err("repeated"));
    assert_eq!(desk.hear(&strike("a").hours(20).lane("backfill:1")), Err("repeated"));
    assert_eq!((desk.only().report_count, desk.only().revision), (1, 1));
}

#[test]
fn another_text_of_an_article_replaces_what_it_told_before() {
    let toll = |version, dead| strike("a").version(version).counting("killed", Some(dead), Some(dead));
    let mut desk = Desk::of(&[toll("1", 3).hours(1), strike("b").hours(2)]);
    desk.hear(&toll("2", 5).hours(3)).unwrap();
    let incident = desk.only();
    assert_eq!((incident.report_count, incident.killed.as_ref().unwrap().min), (2, Some(5)));
    assert!(incident.conflicts.is_empty(), "{:?}", incident.conflicts);
    assert!(incident.why.iter().any(|decision| decision.kind == DecisionKind::Corrected));
}

#[test]
fn an_older_text_that_comes_late_changes_nothing() {
    let mut desk = Desk::of(&[strike("a").version("2").hours(3)]);
    assert_eq!(desk.hear(&strike("a").version("1").hours(1)), Err("superseded"));
}

#[test]
fn earlier_mentions_stay_until_the_last_one_of_the_new_text_has_come() {
    let strike = |version, hours| strike("a").version(version).hours(hours);
    let clash = |version, hours| {
        tell("a", "armed_clash")
            .by("RU")
            .hitting("UA")
            .inside("UA")
            .on("2023-09-13")
            .version(version)
            .hours(hours)
    };
    let mut desk = Desk::of(&[strike("1", 1).part(1, 2), clash("1", 1).part(2, 2)]);
    desk.hear(&strike("2", 2).part(1, 2)).unwrap();
    assert_eq!(desk.states(), [IncidentState::Open; 2], "nothing was taken back");
    desk.hear(&clash("2", 2).part(2, 2)).unwrap();
    assert_eq!((desk.states(), desk.partition().len()), (vec![IncidentState::Open; 2], 2));
    // The third text tells of the strike alone, and only plans a clash.
    desk.hear(&strike("3", 3).part(1, 2)).unwrap();
    desk.hear(&clash("3", 3).status("planned").part(2, 2)).unwrap();
    assert_eq!(desk.of_event(&strike("3", 3)).state, IncidentState::Open);
    assert_eq!(desk.topic["a-armed_clash"].state, IncidentState::Retracted);
}

#[test]
fn an_article_that_is_taken_back_takes_its_report_along() {
    let (a, b) = (strike("a").hours(1), strike("b").hours(2));
    let mut desk = Desk::of(&[a.clone(), b.clone()]);
    let withdraw =
        |telling: &Telling| Withdrawal { article: telling.mention().article, versions: Versions::default() };
    let changes = desk.tracker.withdrawal(&withdraw(&a), arrival(&b)).unwrap();
    desk.note(&changes);
    let incident = desk.only();
    assert_eq!((incident.incident_id.as_str(), incident.report_count), (a.id(), 1), "its id never changes");
    let changes = desk.tracker.withdrawal(&withdraw(&b), arrival(&b)).unwrap();
    desk.note(&changes);
    let gone = &desk.topic[a.id()];
    assert_eq!((gone.state, gone.flagged, gone.report_count), (IncidentState::Retracted, false, 0));
    assert_eq!(gone.location.country.unwrap().as_str(), "UA", "what it was can still be read");
    assert!(desk.tracker.withdrawal(&withdraw(&b), arrival(&b)).is_err());
}

#[test]
fn a_text_without_events_takes_back_what_the_earlier_one_told() {
    let mut desk = Desk::of(&[strike("a").hours(1)]);
    let article = strike("a").version("2").mention().article;
    let correction = Correction { article, versions: Versions::default() };
    let changes = desk.tracker.correction(&correction, arrival(&strike("a").hours(2))).unwrap();
    desk.note(&changes);
    assert_eq!(desk.states(), [IncidentState::Retracted]);
    // The first text told of it again, by a record of its own, is news.
    desk.hear(&strike("a").version("3").hours(3)).unwrap();
    assert_eq!(desk.states(), [IncidentState::Open]);
}

#[test]
fn a_denial_by_its_own_sources_retracts_and_one_by_others_does_not() {
    let told = |article: &str, hours| strike(article).publisher("times.example").hours(hours);
    let mut desk = Desk::of(&[told("a", 1), strike("b").hours(2).status("denied")]);
    assert_eq!((desk.only().state, desk.only().flagged), (IncidentState::Open, true));
    desk.hear(&told("c", 3).status("denied")).unwrap();
    assert_eq!(desk.only().state, IncidentState::Retracted);
}
