//! What an incident says of what its reports say.

use siaga_schemas::{Incident, IncidentNumber};

use super::telling::{Desk, Telling, tell};

fn launch(article: &str) -> Telling {
    tell(article, "missile_test").by("KP").on("2023-09-13").with_weapon("ballistic_missile")
}

fn bounds(number: Option<&IncidentNumber>) -> Option<(Option<u32>, Option<u32>)> {
    number.map(|number| (number.min, number.max))
}

fn conflict<'i>(incident: &'i Incident, slot: &str) -> Vec<&'i str> {
    let conflict = incident.conflicts.iter().find(|conflict| conflict.slot == slot);
    conflict
        .map(|conflict| conflict.values.iter().map(|told| told.text.as_str()).collect())
        .unwrap_or_default()
}

#[test]
fn at_least_two_and_two_are_two_and_one_is_a_conflict() {
    let mut desk = Desk::of(&[
        launch("a").hours(1).counting("count", Some(2), None),
        launch("b").hours(2).counting("count", Some(2), Some(2)),
    ]);
    assert_eq!(bounds(desk.only().count.as_ref()), Some((Some(2), Some(2))));
    assert_eq!(desk.only().count.as_ref().unwrap().sources.len(), 2);
    assert!(desk.only().conflicts.is_empty());
    desk.hear(&launch("c").hours(3).counting("count", Some(1), Some(1))).unwrap();
    assert_eq!(bounds(desk.only().count.as_ref()), Some((Some(2), Some(2))));
    assert_eq!(conflict(desk.only(), "count"), ["2", "1", "at least 2"]);
}

#[test]
fn the_toll_is_that_of_the_last_day_on_which_one_was_told() {
    let dead = |article, hours, dead| {
        let strike = tell(article, "strike").by("RU").hitting("UA").inside("UA").on("2023-09-13");
        strike.hours(hours).counting("killed", Some(dead), Some(dead))
    };
    let desk = Desk::of(&[dead("a", 10, 20), dead("b", 11, 20), dead("c", 40, 24)]);
    assert_eq!(bounds(desk.only().killed.as_ref()), Some((Some(24), Some(24))));
    assert_eq!(conflict(desk.only(), "killed"), ["24", "20"]);
}

#[test]
fn the_weapon_is_the_most_specific_class_that_the_reports_allow() {
    let mut desk =
        Desk::of(&[launch("a").hours(1).with_weapon("rocket"), launch("b").hours(2).with_weapon("srbm")]);
    assert_eq!(desk.only().weapon.as_ref().unwrap().class.code(), "srbm");
    assert!(desk.only().conflicts.is_empty());
    desk.hear(&launch("c").hours(3).with_weapon("cruise_missile")).unwrap();
    assert_eq!(conflict(desk.only(), "weapon"), ["srbm", "cruise_missile"]);
}

#[test]
fn credited_and_copied_reports_are_one_origin() {
    let copy = |article| launch(article).set("/origin/signature", "00000000000000ff".into());
    let near = launch("d").set("/origin/signature", "00000000000000fe".into());
    let desk = Desk::of(&[
        launch("a").hours(1).crediting("Yonhap"),
        launch("b").hours(2).crediting("Yonhap").language("id"),
        copy("c").hours(3),
        near.hours(4),
        launch("e").hours(5).publisher("www.yna.co.kr"),
        launch("f").hours(6).publisher("f.example"),
        launch("g").hours(7).publisher("f.example"),
    ]);
    let incident = desk.only();
    assert_eq!((incident.report_count, incident.publishers, incident.independent_origins), (7, 6, 3));
    let named: Vec<(&str, &str, usize)> = incident
        .origins
        .iter()
        .map(|origin| (origin.name.as_str(), origin.why.as_str(), origin.articles.len()))
        .collect();
    assert_eq!(named, [("Yonhap", "credit", 3), ("c.example", "copy", 2), ("f.example", "publisher", 2)]);
}

#[test]
fn an_authority_is_one_in_whatever_words() {
    let desk = Desk::of(&[
        launch("a").hours(1).confirmed_by("KR", "Kepala Staf Gabungan"),
        launch("b").hours(2).confirmed_by("KR", "Joint Chiefs of Staff"),
        launch("c").hours(3).confirmed_by("JP", "coast guard"),
    ]);
    let named: Vec<&str> = desk.only().confirmed_by.iter().map(|authority| authority.body.as_str()).collect();
    assert_eq!(named, ["Kepala Staf Gabungan", "coast guard"]);
    assert_eq!(desk.only().confirmed_by[0].sources.len(), 2);
}

#[test]
fn ten_copies_are_one_voice() {
    let copies = (0..10).map(|number| {
        launch(&format!("copy{number}")).hours(number).crediting("AFP").counting("count", Some(3), Some(3))
    });
    let own = ["x", "y"].map(|article| launch(article).hours(11).counting("count", Some(2), Some(2)));
    let desk = Desk::of(&copies.chain(own).collect::<Vec<_>>());
    assert_eq!(bounds(desk.only().count.as_ref()), Some((Some(2), Some(2))));
}

#[test]
fn a_revision_says_what_it_changed() {
    let mut desk = Desk::of(&[launch("a").hours(1)]);
    assert_eq!(desk.only().changed, ["founded"]);
    desk.hear(&launch("b").hours(2).confirmed_by("JP", "coast guard")).unwrap();
    assert_eq!(desk.only().changed, ["confirmed_by", "independent_origins", "reports"]);
    assert_eq!(desk.only().why.len(), 2);
    assert!(desk.only().why[1].reason.contains("same actor"), "{}", desk.only().why[1].reason);
}
