use super::*;
use crate::samples;

fn model() -> Model {
    Model::new(Bounds { incidents: 100, ..Bounds::default() })
}

#[test]
fn the_incidents_with_the_oldest_last_reports_make_room() {
    let model = model();
    samples::many(&model, 300);
    assert_eq!(model.held(), 100);
    let page = model.page(&Filter::default(), None, 100);
    assert_eq!((page.items.len(), page.matched, page.next), (100, 100, None));
}

#[test]
fn a_record_that_is_none_changes_nothing_and_is_counted() {
    let model = model();
    samples::story(&model);
    let before = model.position();
    let arrival = Arrival {
        input: Input::Incidents,
        partition: 0,
        offset: 99,
        timestamp: 0,
        key: None,
        payload: Some(b"{}"),
        reason: None,
    };
    assert_eq!(model.take(&arrival, 0).unwrap_err().path(), Some("incident_id"));
    assert_eq!(model.position(), before);
    let refused = |report: FlowReport| report.inputs.iter().map(|input| input.refused).sum::<u64>();
    assert_eq!(refused(model.flow()), 1);
}

#[test]
fn positions_are_read_as_they_are_written() {
    let model = model();
    samples::story(&model);
    let position = model.position();
    assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
    for text in ["", "x y", "p2~i0.1.0", "p1~i0", "p1~q0.1.0", "p1~i0.x.0", "p1~i0.1.0.0"] {
        assert!(text.parse::<Position>().is_err(), "{text}");
    }
}

#[test]
fn a_flight_is_drawn_from_the_country_of_its_launch_to_the_sea_of_its_impact() {
    let model = model();
    samples::story(&model);
    let seed = model.incident(samples::SEED).unwrap().summary;
    assert_eq!(seed.trace.launched_from.map(|country| country.to_string()).as_deref(), Some("KP"));
    assert_eq!(seed.trace.waters.unwrap().name, "Sea of Japan");
}

#[test]
fn of_what_made_room_the_alerts_go_too_and_decisions_stay() {
    let model = model();
    samples::many(&model, 100);
    let first = "incident-000000";
    samples::alert(&model, 0, first, None);
    samples::alert(&model, 1, first, Some("hook"));
    assert_eq!(model.incident(first).unwrap().summary.operator.alerts, 1, "outcomes stand beside alerts");
    assert_eq!(model.incident(first).unwrap().alerts.len(), 2);
    let before = model.position();
    samples::one(&model, 100);
    let changes = model.since(&before, &Filter::default()).unwrap().changes;
    assert!(matches!(&changes[..], [Change::Now(_), Change::Gone(gone)] if &**gone == first), "{changes:?}");
    samples::one(&model, 0);
    assert!(model.incident(first).is_none(), "it is still the oldest");
}

#[test]
fn alerts_that_come_before_their_incident_are_known_when_it_comes() {
    let model = model();
    samples::alert(&model, 0, samples::SEED, None);
    samples::story(&model);
    assert_eq!(model.incident(samples::SEED).unwrap().summary.operator.alerts_firing, 1);
}
