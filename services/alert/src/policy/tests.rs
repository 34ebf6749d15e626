use std::path::Path;

use jiff::Timestamp;
use rstest::rstest;
use siaga_schemas::{Incident, Message as _, Severity};

use super::{Policies, QuietHours};

const HEAD: &str = r#"
[sinks.chat]
kind = "webhook"
url = "https://chat.example/hook"

[routes.desk]
sinks = ["chat"]
"#;

fn policies(text: &str) -> Policies {
    Policies::parse(Path::new("policies.toml"), text).unwrap()
}

fn incident() -> Incident {
    Incident::decode(include_bytes!("../../../../schemas/examples/incident.valid.json")).unwrap()
}

/// Why an incident does not meet a policy of these conditions.
fn meets(conditions: &str, incident: &Incident) -> Result<(), String> {
    let text =
        format!("{HEAD}\n[[policies]]\nname = \"p\"\nroutes = [\"desk\"]\n[policies.match]\n{conditions}\n");
    policies(&text).policies[0].conditions.check(incident)
}

#[rstest]
#[case("types = ['missile_test', 'strike']", "types = ['strike']", "types: missile_test is not listed")]
#[case("min_severity = 'high'", "min_severity = 'critical'", "min_severity: high is below critical")]
#[case(
    "countries = ['KP']",
    "countries = ['JP', 'KR']",
    "countries: KP in the roles asked for, none of those listed"
)]
#[case(
    "countries = ['KP']\nroles = ['actor']",
    "countries = ['KP']\nroles = ['target']",
    "countries: no country in the roles asked for, none of those listed"
)]
#[case("regions = ['030']", "regions = ['035']", "regions: KP in the roles asked for, none of those listed")]
#[case(
    "regions = ['Eastern Asia']",
    "regions = ['Africa']",
    "regions: KP in the roles asked for, none of those listed"
)]
#[case("actors = ['KP']", "actors = ['Al-Shabaab']", "actors: none of those listed")]
#[case("weapons = ['ballistic_missile']", "weapons = ['drone']", "weapons: srbm is not listed")]
#[case("min_count = 2", "min_count = 3", "min_count: 2 is below 3")]
#[case("everything = true", "min_killed = 1", "min_killed: no report gives a number")]
#[case("min_injured = 0", "min_injured = 1", "min_injured: 0 is below 1")]
#[case("confirmed_by = ['JP']", "confirmed_by = ['US']", "confirmed_by: by none of those listed")]
#[case("min_confirmations = 2", "min_confirmations = 3", "min_confirmations: 2 is below 3")]
#[case("min_independent_origins = 2", "min_independent_origins = 3", "min_independent_origins: 2 is below 3")]
#[case("languages = ['id']", "languages = ['ko']", "languages: told in none of those listed")]
fn each_condition_is_met_or_says_why_not(#[case] met: &str, #[case] unmet: &str, #[case] reason: &str) {
    assert_eq!(meets(met, &incident()), Ok(()), "{met}");
    assert_eq!(meets(unmet, &incident()), Err(reason.to_owned()), "{unmet}");
}

#[test]
fn a_bloc_is_met_by_its_members() {
    let mut incident = incident();
    assert!(meets("blocs = ['ASEAN']", &incident).is_err());
    incident.location.country = Some("ID".parse().unwrap());
    assert_eq!(meets("blocs = ['ASEAN']\nroles = ['location']", &incident), Ok(()));
}

#[test]
fn a_group_is_met_by_its_name_in_any_case() {
    let mut incident = incident();
    incident.actors[0].country = None;
    incident.actors[0].group = Some("Al-Shabaab".into());
    assert_eq!(meets("actors = ['al-shabaab']", &incident), Ok(()));
}

#[test]
fn a_slot_that_is_open_meets_no_condition() {
    let mut incident = incident();
    incident.weapon = None;
    incident.actors.clear();
    incident.location.country = None;
    assert_eq!(meets("weapons = ['srbm']", &incident), Err("weapons: no report names a weapon".into()));
    assert!(meets("countries = ['KP']", &incident).is_err());
}

#[rstest]
#[case("types = ['misile_test']", 12, "policies[0].match.types[0]", "unknown variant `misile_test`")]
#[case("typs = ['strike']", 12, "policies[0].match.typs", "unknown field `typs`")]
#[case("types = []", 12, "policies[0].match.types", "lists nothing")]
#[case("countries = ['kp']", 12, "policies[0].match.countries[0]", "two capital letters")]
#[case("regions = ['Atlantis']", 12, "policies[0].match.regions", "no region of UN M49: `Atlantis`")]
#[case("blocs = ['UN']", 12, "policies[0].match.blocs", "no bloc whose members are known")]
#[case("min_severity = 'high'\nmin_killed = -1", 13, "policies[0].match.min_killed", "invalid value")]
#[case("roles = ['actor']\nmin_killed = 1", 11, "policies[0].match.roles", "needs `countries`")]
#[case("", 11, "policies[0].match", "asks for nothing")]
#[case("everything = true\nmin_killed = 1", 11, "policies[0].match.everything", "no room")]
fn a_wrong_condition_is_named_with_its_line(
    #[case] conditions: &str,
    #[case] line: usize,
    #[case] key: &str,
    #[case] reason: &str,
) {
    let text = format!("{HEAD}\n[[policies]]\nname='p'\nroutes=['desk']\n[policies.match]\n{conditions}\n");
    // HEAD begins with an empty line and has seven more; the table of conditions is in line 12.
    let mistake = Policies::parse(Path::new("policies.toml"), &text).unwrap_err();
    let at = (mistake.line, mistake.key.as_str());
    assert_eq!(at, (line + 1, key), "{mistake}");
    assert!(mistake.reason.contains(reason), "{mistake}");
    assert!(mistake.to_string().starts_with("policies.toml:"), "{mistake}");
}

#[rstest]
#[case("[routes.desk]\nsinks=['none']", "routes.desk.sinks", "no such sink: `none`")]
#[case("[sinks.Chat]\nkind='webhook'\nurl='https://a.example'", "sinks.Chat", "lower-case")]
#[case("[sinks.a]\nkind='webhook'\nurl='ftp://a.example'", "sinks.a.url", "http://")]
#[case(
    "[sinks.a]\nkind='alertmanager'\nurl='http://a.example'\nformat='json'",
    "sinks.a.format",
    "a webhook's"
)]
#[case(
    "[sinks.a]\nkind='webhook'\nurl='http://a.example'\nformat='template'",
    "sinks.a.template_file",
    "must be set"
)]
#[case(
    "[sinks.a]\nkind='webhook'\nurl='http://a.example'\nallow_networks=['10.0.0.0/99']",
    "sinks.a.allow_networks",
    "no network"
)]
#[case("[sinks.a]\nkind='webhook'\nurl='http://a.example'\nattempts=0", "sinks.a.attempts", "at least 1")]
#[case(
    "[sinks.a]\nkind='webhook'\nurl='http://a.example'\nsecret_file='none'",
    "sinks.a.secret_file",
    "none"
)]
#[case("[[mutes]]\nuntil='2024-01-01T00:00:00Z'", "mutes[0]", "names no")]
#[case("[[mutes]]\npolicy='none'", "mutes[0].policy", "no such policy")]
#[case("[[mutes]]\nincident='a'\nuntil='tomorrow'", "mutes[0].until", "with its offset")]
#[case("fresh_within = 'soon'", "fresh_within", "such as `24h`")]
fn a_wrong_setting_is_named(#[case] text: &str, #[case] key: &str, #[case] reason: &str) {
    let mistake = Policies::parse(Path::new("policies.toml"), text).unwrap_err();
    assert_eq!(mistake.key, key, "{mistake}");
    assert!(mistake.reason.contains(reason), "{mistake}");
}

#[test]
fn the_example_of_the_documentation_holds() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/example/policies.toml"));
    let policies = Policies::read(path).unwrap();
    assert!(policies.policies.len() >= 3 && policies.sinks.len() >= 3);
}

fn quiet(from: &str, to: &str, zone: &str) -> QuietHours {
    QuietHours {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        zone: jiff::tz::TimeZone::get(zone).unwrap(),
        except_severity: Some(Severity::Critical),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn quiet_hours_last_over_midnight_on_the_clock_of_the_place() {
    let quiet = quiet("22:00", "06:30", "Asia/Jakarta");
    assert_eq!(quiet.end(at("2024-03-01T14:59:59Z")), None);
    assert_eq!(quiet.end(at("2024-03-01T15:00:00Z")), Some(at("2024-03-01T23:30:00Z")));
    assert_eq!(quiet.end(at("2024-03-01T23:29:59Z")), Some(at("2024-03-01T23:30:00Z")));
    assert_eq!(quiet.end(at("2024-03-01T23:30:00Z")), None);
    assert_eq!(quiet.hold(Severity::High, at("2024-03-01T16:00:00Z")), Some(at("2024-03-01T23:30:00Z")));
    assert_eq!(quiet.hold(Severity::Critical, at("2024-03-01T16:00:00Z")), None);
}

#[test]
fn quiet_hours_follow_the_clocks_when_they_change() {
    let quiet_night = quiet("22:00", "06:00", "Europe/Berlin");
    // Put forward on 31 March 2024: this night has seven hours.
    assert_eq!(quiet_night.end(at("2024-03-30T21:00:00Z")), Some(at("2024-03-31T04:00:00Z")));
    assert_eq!(quiet_night.end(at("2024-03-31T04:00:00Z")), None);
    // Put back on 27 October 2024: nine hours.
    assert_eq!(quiet_night.end(at("2024-10-26T20:00:00Z")), Some(at("2024-10-27T05:00:00Z")));
    assert_eq!(quiet_night.end(at("2024-10-27T04:59:59Z")), Some(at("2024-10-27T05:00:00Z")));
}

#[test]
fn a_bound_that_the_clocks_skip_or_repeat_still_counts_once() {
    let quiet = quiet("01:00", "02:30", "Europe/Berlin");
    // 02:30 does not exist on 31 March 2024: it is 03:30.
    assert_eq!(quiet.end(at("2024-03-31T00:30:00Z")), Some(at("2024-03-31T01:30:00Z")));
    // 02:30 comes twice on 27 October 2024: the first one ends it.
    assert_eq!(quiet.end(at("2024-10-27T00:15:00Z")), Some(at("2024-10-27T00:30:00Z")));
    assert_eq!(quiet.end(at("2024-10-27T01:15:00Z")), None);
}

#[test]
fn quiet_hours_within_a_day_end_the_same_day() {
    let quiet = quiet("12:00", "13:00", "UTC");
    assert_eq!(quiet.end(at("2024-03-01T12:30:00Z")), Some(at("2024-03-01T13:00:00Z")));
    assert_eq!(quiet.end(at("2024-03-01T23:30:00Z")), None);
}
