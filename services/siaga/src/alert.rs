//! `siaga alert`: who is told of which incident; `siaga alert test` says what would be told of one.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use jiff::Timestamp;
use siaga_alert::decide::{Decision, Question, ToldByRoute, decide};
use siaga_alert::policy::Policies;
use siaga_alert::{Config, service};
use siaga_runtime::config::{self, Loaded};
use siaga_runtime::exit::Failure;
use siaga_schemas::{Incident, Message as _, Moment};

use crate::settings;

const TEST: &str = "test";
const INCIDENT: &str = "incident";
const POLICIES: &str = "policies";
const NOW: &str = "now";

/// The command, with a flag for each setting.
pub(crate) fn command() -> Command {
    let incident = Arg::new(INCIDENT)
        .value_name("INCIDENT.json")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .help("An incident as it stands in the topic");
    let policies = Arg::new(POLICIES)
        .long("policies-file")
        .value_name("FILE")
        .env("SIAGA_POLICIES_FILE")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .help("The policy file");
    let now =
        Arg::new(NOW).long("now").value_name("TIME").value_parser(value_parser!(Moment)).help(
            "The time at which it is decided, as in 2024-05-01T06:00:00+07:00; now where it is not given",
        );
    let test = Command::new(TEST)
        .about(
            "Says which policy would tell whom of an incident that nobody was told of yet, and why no other",
        )
        .args([incident, policies, now]);
    let command = Command::new("alert")
        .about("Decides by policy who is told of an incident, and tells: incidents to alerts, Alertmanager and webhooks");
    config::add_flags(command, &Config::default()).subcommand(test)
}

/// Runs it.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    if let Some((TEST, matches)) = matches.subcommand() {
        return test(matches);
    }
    let loaded: Loaded<Config> = settings::load(&Config::default(), matches)?;
    service::run(&loaded)
}

fn test(matches: &ArgMatches) -> Result<(), Failure> {
    let path = |name| matches.get_one::<PathBuf>(name).cloned().unwrap_or_default();
    let (file, incident) = (path(POLICIES), path(INCIDENT));
    let policies = Policies::read(&file).map_err(|mistake| Failure::failed(&mistake))?;
    let bytes = std::fs::read(&incident)
        .map_err(|error| Failure::Failed(format!("{}: {error}", incident.display())))?;
    let incident = Incident::decode(&bytes)
        .map_err(|error| Failure::Failed(format!("{}: {error}", incident.display())))?;
    let now = matches.get_one::<Moment>(NOW).map_or_else(Timestamp::now, Moment::timestamp);
    let none = ToldByRoute::new();
    let question = Question {
        incident: &incident,
        lane: &incident.lane,
        told: &none,
        told_of_merged: &none,
        mutes: &[],
        now,
    };
    let lines: String = decide(&policies, &question).iter().map(line).collect();
    settings::print(&lines)
}

fn line(decision: &Decision) -> String {
    let route = &decision.route;
    match &decision.outcome {
        Err(silent) => format!("{route}: silent: {silent}\n"),
        Ok(alert) => {
            let sinks: Vec<&str> = alert.deliveries.iter().map(|delivery| delivery.sink.as_str()).collect();
            let held =
                alert.held_until.map(|until| format!(" at {until}, when quiet hours and mutes are over"));
            format!(
                "{route}: policy `{}` tells {}{}: {}\n",
                alert.policy,
                sinks.join(", "),
                held.unwrap_or_default(),
                alert.title
            )
        }
    }
}
