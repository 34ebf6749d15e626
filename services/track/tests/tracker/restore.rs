//! A tracker that was restored goes on as one that was never stopped.

use proptest::prelude::*;
use siaga_schemas::Incident;
use siaga_track::{Tracker, Tracking};

use super::telling::{DAY, Desk, Telling, tell};

/// Reports of two towns and two weeks.
fn told() -> impl Strategy<Value = Vec<Telling>> {
    let place = proptest::sample::select(&["", "UA/07/706483", "UA/17/698740"]);
    let one = (place, 0..20_i64, 0..3_i64, proptest::bool::ANY, 0..40_u32);
    proptest::collection::vec(one, 1..30).prop_map(|all| {
        let mut told = Vec::new();
        for (number, (place, day, late, dated, version)) in all.into_iter().enumerate() {
            let article = format!("article-{}", number % 17);
            let mut telling =
                tell(&article, "strike").by("RU").hitting("UA").inside("UA").version(&version.to_string());
            if !place.is_empty() {
                telling = telling.at(place, place, "place");
            }
            if dated {
                telling = telling.on(&format!("2023-09-{:02}", day + 1));
            }
            told.push(telling.hours(24 * (day + late - 12)));
        }
        told
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_restored_tracker_writes_what_the_other_writes(told in told(), stops in proptest::collection::vec(0..30_usize, 1..4)) {
        let settings = || Tracking { close_after_days: 3.try_into().unwrap(), retain_days: 6.try_into().unwrap(), max_reports: 4.try_into().unwrap() };
        let (mut steady, mut stopped) = (Desk::with(settings()), Desk::with(settings()));
        for (number, telling) in told.iter().enumerate() {
            if stops.contains(&number) {
                stopped.tracker = restored(&stopped, settings());
            }
            prop_assert_eq!(steady.hear(telling), stopped.hear(telling), "report {}", number);
        }
        prop_assert_eq!(&steady.topic, &stopped.topic);
    }
}

/// A tracker that has read the topic, through bytes.
fn restored(desk: &Desk, settings: Tracking) -> Tracker {
    let mut tracker = Tracker::new(settings, "test");
    for (id, incident) in &desk.topic {
        let bytes = serde_json::to_vec(incident.as_ref()).unwrap();
        let incident: Incident = serde_json::from_slice(&bytes).unwrap();
        tracker.restore(id, Some(incident));
    }
    tracker
}

#[test]
fn reports_beyond_those_held_in_full_are_counted_once_and_go_with_their_article() {
    let mut desk = Desk::with(Tracking { max_reports: 3.try_into().unwrap(), ..Tracking::default() });
    let report = |number: i64| {
        let strike =
            tell(&format!("a{number}"), "strike").by("RU").hitting("UA").inside("UA").on("2023-09-13");
        strike.hours(number)
    };
    (0..10).for_each(|number| drop(desk.hear(&report(number))));
    assert_eq!(desk.hear(&report(9)), Err("repeated"));
    let incident = desk.only();
    assert_eq!((incident.reports.len(), incident.further.len(), incident.report_count), (3, 7, 10));
    assert_eq!((incident.publishers, incident.independent_origins), (10, 10));
    let withdrawal = siaga_schemas::Withdrawal {
        article: report(8).mention().article,
        versions: siaga_schemas::Versions::default(),
    };
    let arrival = siaga_track::Arrival { timestamp: report(8).timestamp + DAY, lane: "live" };
    let changes = desk.tracker.withdrawal(&withdrawal, arrival).unwrap();
    desk.note(&changes);
    assert_eq!((desk.only().further.len(), desk.only().report_count), (6, 9));
}
