//! What is one happening and what is not (the guide, section 3.4).

use super::telling::{Desk, Telling, assert_apart, assert_one, tell};

fn launch(article: &str) -> Telling {
    tell(article, "missile_test").by("KP").with_weapon("ballistic_missile")
}

fn strike(article: &str) -> Telling {
    tell(article, "strike").by("RU").hitting("UA").inside("UA").on("2023-09-13")
}

#[test]
fn launches_of_one_actor_on_one_day_are_one_and_neighbouring_days_are_apart() {
    assert_one(&[launch("a").on("2023-09-13"), launch("b").on("2023-09-13")]);
    assert_apart(&[launch("a").on("2023-09-13"), launch("b").on("2023-09-12")]);
}

#[test]
fn another_actor_is_another_launch() {
    let iran = tell("b", "missile_test").by("IR").with_weapon("ballistic_missile").on("2023-09-13");
    assert_apart(&[launch("a").on("2023-09-13"), iran]);
}

#[test]
fn counts_and_classes_of_missiles_may_differ() {
    let one = launch("a").on("2023-09-13").counting("count", Some(1), None).with_weapon("rocket");
    let two = launch("b").on("2023-09-13").counting("count", Some(2), Some(2)).with_weapon("srbm");
    assert_one(&[one, two]);
}

#[test]
fn a_torpedo_is_no_missile() {
    let torpedo = tell("b", "weapons_test").by("KP").with_weapon("torpedo").on("2023-09-13");
    assert_apart(&[launch("a").on("2023-09-13"), torpedo]);
}

#[test]
fn a_satellite_launch_may_be_told_as_a_missile_test() {
    let satellite = tell("b", "space_launch").by("KP").with_weapon("satellite_launcher").on("2023-09-13");
    assert_one(&[launch("a").on("2023-09-13"), satellite]);
}

#[test]
fn types_of_a_family_meet_through_a_third() {
    let at_sea = tell("a", "maritime_incident").by_group("Houthis").hitting("GR").on("2023-09-13");
    let bomb = tell("b", "bomb_attack").by_group("Houthis").hitting("GR").on("2023-09-13");
    assert_one(&[at_sea, bomb]);
    assert_apart(&[
        strike("a"),
        tell("b", "armed_clash").by("RU").hitting("UA").inside("UA").on("2023-09-13"),
    ]);
}

#[test]
fn two_towns_are_two_strikes_in_whatever_language() {
    let kharkiv = strike("a").at("UA/07/706483", "Kharkiv", "place");
    let kharkiv_ru = strike("b").language("ru").at("UA/07/706483", "Харькове", "place");
    let odesa = strike("c").at("UA/17/698740", "Odesa", "place");
    assert_one(&[kharkiv.clone(), kharkiv_ru]);
    assert_apart(&[kharkiv, odesa]);
}

#[test]
fn towns_that_no_table_has_are_told_apart_inside_a_language_only() {
    let first = strike("a").at("", "Chasiv Yar", "place");
    assert_apart(&[first.clone(), strike("b").at("", "Velyka Novosilka", "place")]);
    assert_one(&[first.clone(), strike("b").at("", "Chasiv-Yar", "place")]);
    assert_one(&[first, strike("b").language("ru").at("", "Часов Яр", "place")]);
}

#[test]
fn a_town_is_in_its_division() {
    let division = strike("a").at("UA/07", "Kharkiv region", "region");
    assert_one(&[division, strike("b").at("UA/07/706483", "Kharkiv", "place")]);
}

#[test]
fn a_report_that_fits_two_places_alike_joins_neither() {
    let kharkiv = strike("a").at("UA/07/706483", "Kharkiv", "place");
    let odesa = strike("b").at("UA/17/698740", "Odesa", "place");
    assert_apart(&[kharkiv, odesa, strike("c")]);
}

#[test]
fn disputed_waters_meet_by_the_named_feature() {
    let cannon = |article| tell(article, "maritime_incident").by("CN").on("2023-09-13");
    let shoal = "south-china-sea/spratly-islands/second-thomas-shoal";
    let philippine = cannon("a").set("/location/country", "PH".into()).at(shoal, "Ayungin Shoal", "waters");
    let chinese =
        cannon("b").set("/location/country", "CN".into()).at(shoal, "仁爱礁", "waters").language("zh");
    let sea = cannon("c").at("south-china-sea", "Laut China Selatan", "waters").language("id");
    assert_one(&[philippine.clone(), chinese, sea]);
    let other = cannon("d").at("south-china-sea/scarborough-shoal", "Scarborough", "waters");
    assert_apart(&[philippine, other]);
}

#[test]
fn sides_of_a_fight_may_change_places() {
    let fight = |article| tell(article, "armed_clash").inside("SD").on("2023-09-13");
    assert_one(&[fight("a").by("SD").hitting("TD"), fight("b").by("TD").hitting("SD")]);
    let other = tell("c", "armed_clash").by("ET").on("2023-09-13");
    assert_apart(&[fight("a").by("SD"), other]);
}

#[test]
fn a_branch_bears_the_name_of_its_group() {
    let attack = |article| tell(article, "armed_assault").inside("RU").on("2023-09-13");
    let branch = attack("b").by_group("Islamic State Khorasan Province");
    assert_one(&[attack("a").by_group("Islamic State"), branch]);
}

#[test]
fn what_is_unknown_neither_joins_nor_parts() {
    assert_apart(&[tell("a", "strike").on("2023-09-13"), tell("b", "strike").on("2023-09-13")]);
    assert_one(&[strike("a"), tell("b", "strike").hitting("UA").inside("UA").on("2023-09-13")]);
}

#[test]
fn a_report_without_a_day_joins_the_latest_that_it_can_mean() {
    let (twelfth, thirteenth) =
        (launch("a").on("2023-09-12").hours(0), launch("b").on("2023-09-13").hours(6));
    let undated = launch("c").hours(20);
    let desk = Desk::of(&[twelfth, thirteenth.clone(), undated.clone()]);
    assert_eq!(desk.of_event(&undated).incident_id, thirteenth.id());
}

#[test]
fn a_report_without_a_day_joins_nothing_older_than_news() {
    assert_apart(&[launch("a").on("2023-09-03").hours(0), launch("b").hours(20)]);
}

#[test]
fn reports_that_all_leave_the_day_open_meet_by_their_publication() {
    assert_one(&[launch("a").hours(0), launch("b").hours(30)]);
    assert_apart(&[launch("a").hours(0), launch("b").hours(96)]);
}

#[test]
fn a_night_between_two_days_is_either() {
    let night = launch("a").between("2023-09-12", "2023-09-13", "day");
    assert_one(&[night.clone(), launch("b").on("2023-09-12")]);
    assert_one(&[night.clone(), launch("b").on("2023-09-13")]);
    assert_apart(&[night, launch("b").on("2023-09-14")]);
}

#[test]
fn plans_and_undated_history_are_no_happenings() {
    let mut desk = Desk::new();
    assert_eq!(desk.hear(&launch("a").status("planned")), Err("not_happened"));
    assert_eq!(desk.hear(&launch("b").status("historical")), Err("undated_history"));
    assert!(desk.hear(&launch("c").status("historical").on("2023-08-30")).is_ok());
    assert!(!desk.only().flagged);
}

#[test]
fn a_dated_report_draws_those_to_it_that_stood_alone() {
    let undated = [launch("a").hours(10), launch("b").hours(12)];
    let mut desk = Desk::of(&undated);
    let before = desk.only().incident_id.clone();
    let dated = launch("c").on("2023-09-13").hours(14);
    desk.hear(&dated).unwrap();
    assert_eq!((desk.only().incident_id.clone(), desk.only().report_count), (before, 3));
}

#[test]
fn a_later_report_can_join_what_was_kept_apart() {
    // Only the third report says that the ship and the state are one.
    let by_group = tell("a", "maritime_incident").by_group("Houthis").on("2023-09-13").hours(1);
    let by_place =
        tell("b", "maritime_incident").at("red-sea", "Red Sea", "waters").on("2023-09-13").hours(2);
    let mut desk = Desk::of(&[by_group.clone(), by_place.clone()]);
    assert_eq!(desk.partition().len(), 2);
    let both = tell("c", "maritime_incident").by_group("Houthis").at("red-sea", "Red Sea", "waters");
    desk.hear(&both.on("2023-09-13").hours(3)).unwrap();
    assert_eq!(desk.only().incident_id, by_group.id());
    assert_eq!(desk.topic[by_place.id()].merged_into.as_deref(), Some(by_group.id()));
}

#[test]
fn a_later_report_can_part_what_was_joined_too_early() {
    let kharkiv = strike("a").at("UA/07/706483", "Kharkiv", "place").hours(1);
    let vague = strike("b").hours(2);
    let mut desk = Desk::of(&[kharkiv.clone(), vague.clone()]);
    assert_eq!(desk.partition().len(), 1);
    // Now there are two towns that the vague one can mean.
    desk.hear(&strike("c").at("UA/17/698740", "Odesa", "place").hours(3)).unwrap();
    assert_eq!(desk.partition().len(), 3);
    assert_eq!(desk.of_event(&kharkiv).incident_id, kharkiv.id());
    let parted = desk.of_event(&vague);
    assert_eq!(parted.why[0].kind, siaga_schemas::DecisionKind::Split, "{:?}", parted.why);
}
