//! Late, repeated and out-of-order reports give the incidents of ordered ones.

use proptest::prelude::*;
use siaga_schemas::{Incident, IncidentState};

use super::telling::{Desk, Telling, tell};

/// A world small enough for everything to meet everything.
fn telling() -> impl Strategy<Value = Telling> {
    let of = |values: &'static [&'static str]| proptest::sample::select(values);
    let day = of(&["", "2023-09-12", "2023-09-13", "2023-09-14", "night"]);
    let place = of(&["", "UA/07", "UA/07/706483", "UA/17/698740", "black-sea"]);
    let slots = (
        of(&["strike", "bomb_attack", "maritime_incident"]),
        of(&["", "RU", "UA"]),
        of(&["", "UA"]),
        day,
        place,
    );
    let more = (
        0..4_u32,
        0..60_i64,
        of(&["a.example", "b.example", "c.example"]),
        of(&["", "AFP"]),
        of(&["en", "uk"]),
    );
    (slots, more, 0..1_000_000_u32).prop_map(|((kind, actor, country, day, place), more, number)| {
        let (dead, hours, publisher, agency, language) = more;
        let mut telling =
            tell(&format!("article-{number}"), kind).hours(hours).publisher(publisher).language(language);
        if !actor.is_empty() {
            telling = telling.by(actor);
        }
        if !country.is_empty() {
            telling = telling.hitting(country).inside(country);
        }
        if !place.is_empty() {
            let precision = if place.ends_with("sea") { "waters" } else { "place" };
            telling = telling.at(place, place, precision);
        }
        if dead > 0 {
            telling = telling.counting("killed", Some(dead), (dead > 1).then_some(dead));
        }
        if !agency.is_empty() {
            telling = telling.crediting(agency);
        }
        match day {
            "" => telling,
            "night" => telling.between("2023-09-12", "2023-09-13", "day"),
            day => telling.on(day),
        }
    })
}

fn tellings() -> impl Strategy<Value = Vec<Telling>> {
    proptest::collection::vec(telling(), 1..24)
}

/// What an incident says, without its history.
fn slots(incident: &Incident) -> Incident {
    Incident {
        incident_id: String::new(),
        revision: 0,
        why: Vec::new(),
        changed: Vec::new(),
        updated_at: siaga_schemas::Moment::from_millis(0),
        ..incident.clone()
    }
}

fn all_slots(desk: &Desk) -> Vec<Incident> {
    let live = desk.topic.values().filter(|incident| incident.state != IncidentState::MergedInto);
    let mut slots: Vec<Incident> = live.map(|incident| slots(incident)).collect();
    slots.sort_by(|a, b| a.reports[0].event.id.cmp(&b.reports[0].event.id));
    slots
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn incidents_do_not_depend_on_the_order_of_their_reports(
        (told, shuffled) in tellings().prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
        repeated in proptest::collection::vec(0..24_usize, 0..8),
    ) {
        let repeats = repeated.iter().filter_map(|at| shuffled.get(*at)).cloned();
        let shuffled: Vec<Telling> = shuffled.iter().cloned().chain(repeats).collect();
        let (ordered, other) = (Desk::of(&told), Desk::of(&shuffled));
        prop_assert_eq!(ordered.partition(), other.partition());
        prop_assert_eq!(all_slots(&ordered), all_slots(&other));
    }

    #[test]
    fn each_report_is_in_one_incident_and_what_is_withdrawn_in_none(told in tellings(), gone in 0..24_usize) {
        let mut desk = Desk::of(&told);
        let mut rest = told.clone();
        if gone < told.len() {
            let gone = rest.remove(gone);
            let article = gone.mention().article;
            rest.retain(|telling| telling.id() != gone.id());
            let withdrawal = siaga_schemas::Withdrawal { article, versions: siaga_schemas::Versions::default() };
            let arrival = siaga_track::Arrival { timestamp: gone.timestamp + 100 * super::telling::HOUR, lane: "live" };
            let changes = desk.tracker.withdrawal(&withdrawal, arrival).unwrap();
            desk.note(&changes);
        }
        prop_assert_eq!(desk.partition(), Desk::of(&rest).partition(), "as if it had never come");
        let mut events: Vec<String> = desk.partition().concat();
        let all = events.len();
        events.dedup();
        prop_assert_eq!(events.len(), all);
    }
}
