//! The command line: which command, and how it ends.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Command, FromArgMatches};
use siaga_runtime::exit::{Exit, Failure};
use siaga_runtime::service;

use crate::{alert, analyze, check, console, demo, ingest, stages, topics, track};

const AFTER_HELP: &str = "\
Settings: defaults < TOML file (--config) < SIAGA_* < flags. Data goes to standard output, words to standard error.
Exit codes: 0 done, 1 failed, 64 wrong usage, 78 wrong configuration.";

/// Runs the command that `arguments` name.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match command().try_get_matches_from(arguments) {
        Ok(matches) => service::end(dispatch(&matches)),
        Err(error) => {
            // Whoever reads the help may have gone.
            drop(error.print());
            if error.exit_code() == 0 { Exit::Done.into() } else { Exit::Usage.into() }
        }
    }
}

fn command() -> Command {
    Command::new("siaga")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Reads the world's news from Kafka and flags the security events in it")
        .after_help(AFTER_HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(demo::Options::augment_args(Command::new("demo")))
        .subcommand(ingest::command())
        .subcommand(stages::command(
            siaga_classify::DEFINITION,
            "Reads the page, names language, topics and regions: articles.raw to articles.classified",
        ))
        .subcommand(stages::command(
            siaga_detect::DEFINITION,
            "Finds the security events: articles.classified to articles.enriched and events.security",
        ))
        .subcommand(track::command())
        .subcommand(console::command())
        .subcommand(alert::command())
        .subcommand(topics::command())
        .subcommand(check::command())
        .subcommand(analyze::Options::augment_args(Command::new("analyze")))
}

fn dispatch(matches: &clap::ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("ingest", matches)) => ingest::run(matches),
        Some(("console", matches)) => console::run(matches),
        Some(("track", matches)) => track::run(matches),
        Some(("alert", matches)) => alert::run(matches),
        Some(("topics", matches)) => topics::run(matches),
        Some(("check", matches)) => check::run(matches),
        Some(("classify", matches)) => stages::classify(matches),
        Some(("detect", matches)) => stages::detect(matches),
        Some(("demo", matches)) => demo::run(&options(matches)?),
        Some(("analyze", matches)) => analyze::run(options(matches)?),
        // clap lets only known commands through.
        _ => Err(Failure::Failed("no such command".to_owned())),
    }
}

fn options<O: FromArgMatches>(matches: &clap::ArgMatches) -> Result<O, Failure> {
    O::from_arg_matches(matches).map_err(|error| Failure::failed(&error))
}
