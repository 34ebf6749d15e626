//! `siaga classify`, `siaga detect`: the stages between two topics.

use std::sync::Arc;

use clap::{ArgMatches, Command};
use siaga_analysis::Knowledge;
use siaga_classify::Classifier;
use siaga_detect::Detector;
use siaga_runtime::config;
use siaga_runtime::exit::Failure;
use siaga_stage::Definition;

use crate::settings;

/// The command of a stage, with a flag for each setting.
pub(crate) fn command(definition: Definition, about: &'static str) -> Command {
    let command = Command::new(definition.version.service).about(about);
    config::add_flags(command, &definition.defaults())
}

/// `siaga classify`.
pub(crate) fn classify(matches: &ArgMatches) -> Result<(), Failure> {
    run(siaga_classify::DEFINITION, matches, Classifier::new)
}

/// `siaga detect`.
pub(crate) fn detect(matches: &ArgMatches) -> Result<(), Failure> {
    run(siaga_detect::DEFINITION, matches, Detector::new)
}

fn run<P: siaga_stream::Processor + 'static>(
    definition: Definition,
    matches: &ArgMatches,
    processor: impl Fn(Arc<Knowledge>) -> P,
) -> Result<(), Failure> {
    let loaded = settings::load(&definition.defaults(), matches)?;
    siaga_stage::run(definition, &loaded, processor)
}
