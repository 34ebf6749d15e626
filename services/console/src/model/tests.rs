use super::*;
use crate::samples;

fn model() -> Model {
    Model::new(Bounds { incidents: 100, ..Bounds::default() }, "test")
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
    for text in ["x y", "test~i0", "test~q0.1", "test~i0.x"] {
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
