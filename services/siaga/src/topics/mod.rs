//! `siaga topics`: the topics of a cluster beside those that `schemas/asyncapi.yaml` declares.

mod compare;

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, Command, value_parser};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::{self, Loaded};
use siaga_runtime::exit::Failure;
use siaga_schemas::topics::{Cleanup, TopicSpec, catalogue};
use siaga_stream::Kafka;
use siaga_stream::admin::{Admin, Description, Made, Wanted};

use crate::settings;
pub(crate) use compare::{Finding, Weight};

/// The settings that it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Config {
    /// The Kafka cluster.
    kafka: Kafka,
}

impl config::Config for Config {}

/// What a compacted topic is made with beside what is declared. Only whole segments are compacted, and what is not
/// compacted is read in vain when a state is restored: so they are small. They end by size alone: records keep the
/// time of their articles, marks of transactions have that of the broker, and a segment of old articles would end with
/// each mark.
const COMPACTED: [(&str, &str); 2] = [("segment.bytes", "67108864"), ("segment.ms", "9223372036854775807")];

const PARTITIONS: &str = "partitions";
const REPLICAS: &str = "replication-factor";

/// The command and its verbs.
pub(crate) fn command() -> Command {
    let verb = |name: &'static str, about: &'static str| {
        config::add_flags(Command::new(name).about(about), &Config::default())
    };
    let partitions = Arg::new(PARTITIONS)
        .long(PARTITIONS)
        .value_name("NUMBER")
        .value_parser(value_parser!(i32).range(1..=10_000))
        .help("Partitions of the article topics, instead of those declared");
    let replicas = Arg::new(REPLICAS)
        .long(REPLICAS)
        .value_name("NUMBER")
        .value_parser(value_parser!(i32).range(1..=100))
        .help("Replicas, instead of those declared; a cluster of one broker takes 1");
    Command::new("topics")
        .about("Lists, checks and makes the topics of a cluster")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb("list", "Prints the topics of the pipeline and what they are like in the cluster"))
        .subcommand(verb("check", "Compares the cluster with the declaration; exit code 1 where it is wrong"))
        .subcommand(verb("create", "Makes the topics that are missing").arg(partitions).arg(replicas))
}

/// Runs a verb.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((verb, matches)) = matches.subcommand() else {
        return Err(Failure::Failed("no such command".to_owned()));
    };
    let loaded: Loaded<Config> = settings::load(&Config::default(), matches)?;
    let kafka = &loaded.config.kafka;
    let admin = Admin::new(kafka).map_err(|error| settings::failure(&loaded, error))?;
    match verb {
        "list" => list(&admin, kafka),
        "check" => check(&admin, kafka),
        _ => create(&admin, kafka, matches.get_one(PARTITIONS).copied(), matches.get_one(REPLICAS).copied()),
    }
    .map_err(|error| settings::failure(&loaded, error))?
}

/// What differs between a cluster and the declaration, worst last.
///
/// # Errors
/// Where the cluster does not answer.
pub(crate) fn findings(admin: &Admin, kafka: &Kafka) -> Result<Vec<Finding>, siaga_stream::Error> {
    let declared = catalogue(&kafka.prefix);
    Ok(compare::compare(&declared, &describe(admin, &declared)?))
}

fn describe(
    admin: &Admin,
    declared: &[TopicSpec],
) -> Result<BTreeMap<String, Description>, siaga_stream::Error> {
    admin.describe(|name| declared.iter().any(|spec| spec.name == name))
}

type Answer = Result<Result<(), Failure>, siaga_stream::Error>;

fn list(admin: &Admin, kafka: &Kafka) -> Answer {
    let declared = catalogue(&kafka.prefix);
    let found = describe(admin, &declared)?;
    let width = declared.iter().map(|spec| spec.name.len()).max().unwrap_or(0);
    let line = |spec: &TopicSpec| match found.get(&spec.name) {
        None => format!("{:width$}  missing\n", spec.name),
        Some(topic) => {
            let setting = |name: &str| topic.settings.get(name).map_or("?", String::as_str);
            format!(
                "{:width$}  partitions={} replicas={} cleanup.policy={} retention.ms={}\n",
                spec.name,
                topic.partitions,
                topic.replicas,
                setting("cleanup.policy"),
                setting("retention.ms"),
            )
        }
    };
    Ok(settings::print(&declared.iter().map(line).collect::<String>()))
}

fn check(admin: &Admin, kafka: &Kafka) -> Answer {
    let findings = findings(admin, kafka)?;
    let lines: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    let wrong = findings.iter().filter(|f| f.weight == Weight::Wrong).count();
    Ok(settings::print(&lines).and_then(|()| {
        if wrong > 0 {
            return Err(Failure::Failed(format!("{wrong} findings are wrong")));
        }
        eprintln!("the topics are as declared, {} warnings", findings.len());
        Ok(())
    }))
}

fn create(admin: &Admin, kafka: &Kafka, partitions: Option<i32>, replicas: Option<i32>) -> Answer {
    let wanted: Vec<Wanted> =
        catalogue(&kafka.prefix).into_iter().map(|spec| wanted(spec, partitions, replicas)).collect();
    let made = admin.create(&wanted)?;
    let line = |(topic, made): (&Wanted, &Made)| match made {
        Made::Created => format!("{}: created\n", topic.name),
        Made::Existed => format!("{}: is there\n", topic.name),
        Made::Refused(reason) => format!("{}: refused: {reason}\n", topic.name),
    };
    let lines: String = wanted.iter().zip(&made).map(line).collect();
    let refused = made.iter().filter(|made| matches!(made, Made::Refused(_))).count();
    Ok(settings::print(&lines).and_then(|()| match refused {
        0 => Ok(()),
        refused => Err(Failure::Failed(format!("{refused} topics are not made"))),
    }))
}

fn wanted(spec: TopicSpec, partitions: Option<i32>, replicas: Option<i32>) -> Wanted {
    let replicas = replicas.unwrap_or(spec.replicas);
    // One partition is a promise of order, many are a matter of size.
    let partitions = if spec.partitions == 1 { 1 } else { partitions.unwrap_or(spec.partitions) };
    let in_sync = spec.min_insync_replicas.min((replicas - 1).max(1));
    let settings = TopicSpec { min_insync_replicas: in_sync, ..spec.clone() }.settings();
    let mut settings: Vec<(String, String)> =
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if spec.cleanup == Cleanup::Compact {
        settings.extend(COMPACTED.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    Wanted { name: spec.name, partitions, replicas, settings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_that_keeps_an_order_keeps_its_one_partition() {
        let topics: Vec<Wanted> =
            catalogue("siaga").into_iter().map(|spec| wanted(spec, Some(4), Some(1))).collect();
        let partitions = |name: &str| topics.iter().find(|t| t.name == name).map(|t| t.partitions);
        assert_eq!(partitions("siaga.articles.raw.v1"), Some(4));
        assert_eq!(partitions("siaga.events.security.v1"), Some(1));
        assert!(
            topics.iter().all(|t| t.replicas == 1
                && t.settings.contains(&("min.insync.replicas".to_owned(), "1".to_owned())))
        );
    }

    #[test]
    fn the_segments_of_compacted_topics_and_of_no_others_end_by_size_alone() {
        let compacted = ["siaga.incidents.v1", "siaga.alerts.v1", "siaga.control.v1"];
        for topic in catalogue("siaga").into_iter().map(|spec| wanted(spec, None, None)) {
            let ends_late = topic.settings.iter().any(|(name, _)| name == "segment.ms");
            assert_eq!(ends_late, compacted.contains(&topic.name.as_str()), "{}", topic.name);
        }
    }
}
