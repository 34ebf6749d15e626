use std::path::Path;

use jiff::Timestamp;
use rstest::rstest;
use siaga_schemas::{
    Alert, AlertState, Decision as Why, DecisionKind, Incident, IncidentAuthority, IncidentNumber,
    IncidentState, Message as _, Severity,
};

use super::{Decision, Question, Silent, ToldByRoute, decide, silence};
use crate::policy::{Mute, Policies};

/// Half an hour after the last report of the example.
const NOW: &str = "2023-09-13T11:50:00Z";
/// In the quiet hours of the route `night`.
const NIGHT: &str = "2023-09-13T16:30:00Z";

const POLICIES: &str = r#"
fresh_within = "12h"
[sinks.am]
kind = "alertmanager"
url = "http://alertmanager.example"
[sinks.chat]
kind = "webhook"
url = "https://chat.example"
[routes.desk]
sinks = ["am", "chat"]
[[policies]]
name = "korea"
routes = ["desk"]
[policies.match]
countries = ["KP"]
"#;

const QUIET: &str =
    r#"quiet = { from = "23:00", to = "06:00", time_zone = "Asia/Jakarta", except_severity = "critical" }"#;

fn policies(quiet: bool) -> Policies {
    let quiet = if quiet { QUIET } else { "" };
    let text = POLICIES.replace("[[policies]]", &format!("{quiet}\n[[policies]]"));
    Policies::parse(Path::new("policies.toml"), &text).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The example, confirmed by one authority.
fn incident() -> Incident {
    let bytes = include_bytes!("../../../../schemas/examples/incident.valid.json");
    let mut incident = Incident::decode(bytes).unwrap();
    incident.revision = 1;
    incident.confirmed_by.truncate(1);
    incident
}

fn number(value: u32) -> Option<IncidentNumber> {
    Some(IncidentNumber { min: Some(value), max: None, sources: Vec::new() })
}

struct Desk {
    policies: Policies,
    told: ToldByRoute,
    merged: ToldByRoute,
    mutes: Vec<Mute>,
    now: Timestamp,
}

impl Desk {
    fn new() -> Self {
        Self {
            policies: policies(false),
            told: ToldByRoute::new(),
            merged: ToldByRoute::new(),
            mutes: Vec::new(),
            now: at(NOW),
        }
    }

    fn ask(&self, incident: &Incident, lane: &str) -> Decision {
        let question = Question {
            incident,
            lane,
            told: &self.told,
            told_of_merged: &self.merged,
            mutes: &self.mutes,
            now: self.now,
        };
        decide(&self.policies, &question).remove(0)
    }

    /// What is told of it, which then counts as told.
    fn tell(&mut self, incident: &Incident) -> Result<Alert, Silent> {
        let alert = self.ask(incident, "live").outcome?;
        self.told.insert(alert.route.clone(), alert.clone());
        Ok(alert)
    }
}

fn sinks(alert: &Alert) -> Vec<&str> {
    alert.deliveries.iter().map(|delivery| delivery.sink.as_str()).collect()
}

#[test]
fn an_incident_is_told_once() {
    let mut desk = Desk::new();
    let mut incident = incident();
    let alert = desk.tell(&incident).unwrap();
    assert_eq!(sinks(&alert), ["am", "chat"]);
    assert_eq!(alert.idempotency_key, format!("{}/desk/1", incident.incident_id));
    assert_eq!((alert.state, alert.policy.as_str()), (AlertState::Firing, "korea"));
    assert_eq!(alert.title, "missile test by KP in KP (its east coast), 2023-09-13");
    assert!(alert.changes.is_empty());
    incident.revision = 2;
    incident.report_count += 1;
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged));
}

#[rstest]
#[case::another_authority(|i: &mut Incident| i.confirmed_by.push(IncidentAuthority { country: Some("JP".parse().unwrap()), body: "coast guard".into(), sources: vec![] }), "confirmed by JP")]
#[case::the_doer(|i: &mut Incident| i.claimed_by.push(IncidentAuthority { country: None, body: "The Group".into(), sources: vec![] }), "claimed by the group")]
#[case::count(|i: &mut Incident| i.count = number(5), "count from 2 to 5")]
#[case::dead(|i: &mut Incident| i.killed = number(1), "killed from unknown to 1")]
#[case::wounded(|i: &mut Incident| i.injured = number(20), "injured from 0 to 20")]
#[case::severity(|i: &mut Incident| i.severity = Severity::Critical, "severity from high to critical")]
#[case::retracted(|i: &mut Incident| i.state = IncidentState::Retracted, "retracted")]
fn a_material_change_is_told_once_and_named(#[case] change: fn(&mut Incident), #[case] words: &str) {
    let mut desk = Desk::new();
    let mut incident = incident();
    desk.tell(&incident).unwrap();
    incident.revision = 2;
    change(&mut incident);
    let alert = desk.tell(&incident).unwrap();
    assert_eq!(alert.changes, [words]);
    assert_eq!(sinks(&alert), ["am", "chat"]);
    incident.revision = 3;
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged));
}

#[rstest]
#[case::same_country(|i: &mut Incident| i.confirmed_by.push(IncidentAuthority { country: Some("KR".parse().unwrap()), body: "합동참모본부".into(), sources: vec![] }))]
#[case::same_class(|i: &mut Incident| i.count = number(4))]
#[case::fewer(|i: &mut Incident| i.count = number(1))]
#[case::severity_down(|i: &mut Incident| i.severity = Severity::Low)]
#[case::nobody_hurt(|i: &mut Incident| i.killed = number(0))]
fn a_detail_is_not_told(#[case] change: fn(&mut Incident)) {
    let mut desk = Desk::new();
    let mut incident = incident();
    desk.tell(&incident).unwrap();
    incident.revision = 2;
    change(&mut incident);
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged));
}

#[test]
fn a_number_that_comes_back_is_no_news() {
    let mut desk = Desk::new();
    let mut incident = incident();
    incident.killed = number(12);
    desk.tell(&incident).unwrap();
    incident.killed = number(3);
    incident.severity = Severity::Critical;
    desk.tell(&incident).unwrap();
    incident.killed = number(13);
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged));
}

#[test]
fn a_backfill_is_never_told() {
    let desk = Desk::new();
    let mut incident = incident();
    let lane = "backfill:june";
    assert_eq!(desk.ask(&incident, lane).outcome, Err(Silent::Backfill(lane.into())));
    incident.lane = lane.into();
    assert_eq!(desk.ask(&incident, "live").outcome, Err(Silent::Backfill(lane.into())));
}

#[rstest]
#[case("2023-09-13T23:19:59Z", true)]
#[case("2023-09-13T23:20:01Z", false)]
#[case("2023-09-13T11:16:00Z", true)]
#[case("2023-09-13T11:14:00Z", false)]
fn only_what_is_fresh_is_told(#[case] now: &str, #[case] is_told: bool) {
    let mut desk = Desk::new();
    desk.now = at(now);
    assert_eq!(desk.tell(&incident()).is_ok(), is_told);
}

#[test]
fn an_article_that_is_dated_ahead_is_as_old_as_its_arrival() {
    let mut desk = Desk::new();
    let mut incident = incident();
    incident.last_report_at = "2099-01-01T00:00:00Z".parse().unwrap();
    desk.now = at("2023-09-15T00:00:00Z");
    assert!(matches!(desk.tell(&incident), Err(Silent::Stale { .. })));
}

#[test]
fn what_no_policy_asks_for_is_not_told_and_says_why() {
    let mut desk = Desk::new();
    let mut incident = incident();
    incident.actors.clear();
    incident.location.country = None;
    let Err(Silent::Unmatched(reason)) = desk.tell(&incident) else { panic!("it is told") };
    assert_eq!(reason, "korea: countries: no country in the roles asked for, none of those listed");
}

#[test]
fn what_is_only_planned_is_not_told() {
    let mut incident = incident();
    incident.flagged = false;
    incident.status = siaga_schemas::Status::Planned;
    assert!(matches!(Desk::new().tell(&incident), Err(Silent::NotFlagged(_))));
}

#[test]
fn the_end_is_told_to_those_who_follow_the_state_alone() {
    let mut desk = Desk::new();
    let mut incident = incident();
    assert_eq!(
        Desk::new().tell(&Incident { state: IncidentState::Closed, ..incident.clone() }),
        Err(Silent::NotOpen)
    );
    desk.tell(&incident).unwrap();
    incident.state = IncidentState::Closed;
    incident.revision = 2;
    let alert = desk.tell(&incident).unwrap();
    assert_eq!((alert.state, sinks(&alert)), (AlertState::Resolved, vec!["am"]));
    incident.revision = 3;
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged));
}

#[test]
fn a_mute_without_an_end_holds_and_what_changed_meanwhile_is_told_behind_it() {
    let mut desk = Desk::new();
    let mut incident = incident();
    desk.tell(&incident).unwrap();
    desk.mutes = vec![Mute { incident: Some(incident.incident_id.clone()), policy: None, until: None }];
    incident.killed = number(3);
    assert_eq!(desk.tell(&incident), Err(Silent::Muted));
    desk.mutes.clear();
    incident.severity = Severity::Critical;
    assert_eq!(
        desk.tell(&incident).unwrap().changes,
        ["killed from unknown to 3", "severity from high to critical"]
    );
}

fn mute_until(time: &str) -> Mute {
    Mute { incident: None, policy: Some("korea".into()), until: Some(at(time)) }
}

#[test]
fn a_mute_that_ends_holds_back_and_one_message_then_says_all() {
    let mut desk = Desk::new();
    let mut incident = incident();
    desk.mutes = vec![mute_until("2023-09-13T13:00:00Z")];
    let held = desk.tell(&incident).unwrap();
    assert_eq!(held.held_until, Some("2023-09-13T13:00:00Z".parse().unwrap()));
    incident.revision = 2;
    incident.killed = number(3);
    let still_new = desk.tell(&incident).unwrap();
    assert_eq!((still_new.held_until, still_new.changes.len()), (held.held_until, 0));
    desk.now = at("2023-09-13T13:00:00Z");
    incident.revision = 3;
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged), "what was held back is told by then");
}

#[test]
fn what_is_no_longer_fresh_when_a_mute_ends_is_not_told_then() {
    let mut desk = Desk::new();
    // Twelve hours behind the last report, and a second more.
    desk.mutes = vec![mute_until("2023-09-13T23:20:00Z")];
    assert!(desk.tell(&incident()).unwrap().held_until.is_some());
    let mut desk = Desk::new();
    desk.mutes = vec![mute_until("2023-09-13T23:20:01Z")];
    assert_eq!(desk.tell(&incident()), Err(Silent::Muted));
}

#[rstest]
#[case::longer(&["2023-09-13T14:00:00Z"], Some(Some("2023-09-13T14:00:00Z")))]
#[case::shorter(&["2023-09-13T12:00:00Z"], Some(Some("2023-09-13T12:00:00Z")))]
#[case::the_same(&["2023-09-13T13:00:00Z"], None)]
#[case::two(&["2023-09-13T13:30:00Z", "2023-09-13T12:00:00Z"], Some(Some("2023-09-13T13:30:00Z")))]
#[case::taken_back(&[], Some(None))]
#[case::beyond_freshness(&["2023-09-14T13:00:00Z"], None)]
fn what_is_held_back_moves_with_its_mute(#[case] mutes: &[&str], #[case] moved: Option<Option<&str>>) {
    let mut desk = Desk::new();
    desk.mutes = vec![mute_until("2023-09-13T13:00:00Z")];
    let held = desk.tell(&incident()).unwrap();
    let mutes: Vec<Mute> = mutes.iter().map(|time| mute_until(time)).collect();
    let found = super::move_held(&desk.policies, &held, &mutes, at(NOW));
    assert_eq!(found.map(|alert| alert.held_until), moved.map(|time| time.map(|time| time.parse().unwrap())));
}

#[test]
fn a_backfill_that_closes_what_was_told_tells_nobody() {
    let mut desk = Desk::new();
    let mut incident = incident();
    desk.tell(&incident).unwrap();
    incident.revision = 2;
    incident.state = IncidentState::Closed;
    incident.lane = "backfill:june".to_owned();
    assert!(matches!(desk.ask(&incident, &incident.lane).outcome, Err(Silent::Backfill(_))));
    // The next live revision says that it is over, to those who follow the state.
    incident.revision = 3;
    incident.lane = "live".to_owned();
    assert_eq!(sinks(&desk.tell(&incident).unwrap()), ["am"]);
}

#[test]
fn quiet_hours_hold_back_and_one_message_says_all() {
    let mut desk = Desk { policies: policies(true), now: at(NIGHT), ..Desk::new() };
    let mut incident = incident();
    let end = Some("2023-09-13T23:00:00Z".parse().unwrap());
    assert_eq!(desk.tell(&incident).unwrap().held_until, end);
    incident.revision = 2;
    incident.killed = number(2);
    let still_new = desk.tell(&incident).unwrap();
    assert_eq!((still_new.held_until, still_new.changes.len()), (end, 0));
    incident.revision = 3;
    incident.severity = Severity::Critical;
    assert_eq!(desk.tell(&incident).unwrap().held_until, None);
}

#[test]
fn what_ends_in_quiet_hours_before_anybody_heard_of_it_is_not_told() {
    let mut desk = Desk { policies: policies(true), now: at(NIGHT), ..Desk::new() };
    let mut incident = incident();
    desk.tell(&incident).unwrap();
    incident.state = IncidentState::Retracted;
    incident.revision = 2;
    assert_eq!(sinks(&desk.tell(&incident).unwrap()), [""; 0]);
}

#[test]
fn an_acknowledged_alert_is_still_and_comes_back_with_a_change() {
    let mut desk = Desk::new();
    let mut incident = incident();
    let alert = desk.tell(&incident).unwrap();
    let silenced = silence(&desk.policies, &alert, "c1", "rani", at(NOW)).unwrap();
    assert_eq!((silenced.silenced_by.as_deref(), sinks(&silenced)), (Some("rani"), vec!["am"]));
    assert_ne!(silenced.idempotency_key, alert.idempotency_key);
    assert_eq!(silence(&desk.policies, &silenced, "c2", "budi", at(NOW)), None);
    desk.told.insert("desk".into(), silenced);
    assert_eq!(desk.tell(&incident), Err(Silent::Unchanged));
    incident.killed = number(1);
    assert_eq!(desk.tell(&incident).unwrap().silenced_by, None);
}

#[test]
fn who_was_told_of_a_merged_incident_is_not_told_again() {
    let mut desk = Desk::new();
    let mut incident = incident();
    let told = Desk::new().tell(&incident).unwrap();
    desk.merged.insert("desk".into(), told);
    incident.incident_id = "other".into();
    let at = incident.updated_at;
    let (subject, reason) = ("0c52b1f3a4d5e6f708192a3b4c5d6e7f".to_owned(), String::new());
    incident.why.push(Why { kind: DecisionKind::Merged, subject, by: None, reason, at });
    assert_eq!(super::merged_into(&incident).collect::<Vec<_>>(), ["0c52b1f3a4d5e6f708192a3b4c5d6e7f"]);
    assert_eq!(sinks(&desk.tell(&incident).unwrap()), ["am"], "the state moves, nobody is told");
    incident.killed = number(1);
    assert_eq!(sinks(&desk.tell(&incident).unwrap()), ["am", "chat"]);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let desk = Desk::new();
    let incident = incident();
    let bytes = |decision: Decision| decision.outcome.unwrap().encode().unwrap();
    assert_eq!(bytes(desk.ask(&incident, "live")), bytes(desk.ask(&incident, "live")));
}
