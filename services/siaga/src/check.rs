//! `siaga check`: whether a service would run as it is set up.

use clap::{Arg, ArgAction, ArgMatches, Command};
use siaga_runtime::config::{self, Config, Loaded};
use siaga_runtime::exit::Failure;
use siaga_stage::Definition;
use siaga_stream::{Admin, Kafka};

use crate::{settings, topics};

const OFFLINE: &str = "offline";

/// The command, with each service's own flags.
pub(crate) fn command() -> Command {
    let stage = |definition: Definition| {
        config::add_flags(Command::new(definition.version.service), &definition.defaults())
    };
    let ingest = config::add_flags(Command::new("ingest"), &siaga_ingest::Config::default());
    let alert = config::add_flags(Command::new("alert"), &siaga_alert::Config::default());
    let track = config::add_flags(Command::new("track"), &siaga_track::Config::default());
    let console = config::add_flags(Command::new("console"), &siaga_console::Config::default());
    let [classify, detect] = [siaga_classify::DEFINITION, siaga_detect::DEFINITION].map(stage);
    let services = [ingest, classify, detect, track, alert, console];
    let offline = Arg::new(OFFLINE)
        .long(OFFLINE)
        .action(ArgAction::SetTrue)
        .help("Leave the cluster out: settings, lexicon, list of feeds, policies and tokens only");
    let command = Command::new("check")
        .about("Checks the settings of a service, its lexicon, feeds, policies or tokens and the topics of its cluster, and prints the settings")
        .subcommand_required(true)
        .arg_required_else_help(true);
    services.into_iter().fold(command, |command, service| {
        let about = format!("Checks what `siaga {}` would run with", service.get_name());
        command.subcommand(service.about(about).arg(offline.clone()))
    })
}

/// Runs it.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("ingest", matches)) => {
            let loaded: Loaded<siaga_ingest::Config> =
                settings::load(&siaga_ingest::Config::default(), matches)?;
            let feeds = loaded.config.feeds.read_list().map_err(|invalid| loaded.blame(invalid))?;
            eprintln!("feeds: {}", feeds.len());
            cluster(&loaded, &loaded.config.kafka, matches)
        }
        Some(("alert", matches)) => {
            let loaded: Loaded<siaga_alert::Config> =
                settings::load(&siaga_alert::Config::default(), matches)?;
            let policies = siaga_alert::policies(&loaded)?;
            let (policies, routes, sinks) =
                (policies.policies.len(), policies.routes.len(), policies.sinks.len());
            eprintln!("policies: {policies}, routes: {routes}, sinks: {sinks}");
            cluster(&loaded, &loaded.config.kafka, matches)
        }
        Some(("track", matches)) => {
            let loaded: Loaded<siaga_track::Config> =
                settings::load(&siaga_track::Config::default(), matches)?;
            cluster(&loaded, &loaded.config.kafka, matches)
        }
        Some(("console", matches)) => {
            let loaded: Loaded<siaga_console::Config> =
                settings::load(&siaga_console::Config::default(), matches)?;
            let access = siaga_console::service::access(&loaded)?;
            eprintln!("tokens: {}, everybody may read: {}", access.tokens.len(), access.anonymous);
            cluster(&loaded, &loaded.config.kafka, matches)
        }
        Some(("classify", matches)) => stage(siaga_classify::DEFINITION, matches),
        Some(("detect", matches)) => stage(siaga_detect::DEFINITION, matches),
        _ => Err(Failure::Failed("no such service".to_owned())),
    }
}

fn stage(definition: Definition, matches: &ArgMatches) -> Result<(), Failure> {
    let loaded = settings::load(&definition.defaults(), matches)?;
    let knowledge = siaga_stage::knowledge(&loaded)?;
    eprintln!(
        "lexicon {}: {}",
        knowledge.versions().lexicon,
        knowledge.languages().collect::<Vec<_>>().join(" ")
    );
    cluster(&loaded, &loaded.config.kafka, matches)
}

fn cluster<C: Config>(loaded: &Loaded<C>, kafka: &Kafka, matches: &ArgMatches) -> Result<(), Failure> {
    let admin = Admin::new(kafka).map_err(|error| settings::failure(loaded, error))?;
    settings::print(&loaded.effective.to_string())?;
    if matches.get_flag(OFFLINE) {
        return Ok(());
    }
    let findings = topics::findings(&admin, kafka).map_err(|error| settings::failure(loaded, error))?;
    findings.iter().for_each(|finding| eprintln!("{finding}"));
    match findings.iter().filter(|f| f.weight == topics::Weight::Wrong).count() {
        0 => Ok(()),
        wrong => Err(Failure::Failed(format!("{wrong} findings about topics are wrong"))),
    }
}
