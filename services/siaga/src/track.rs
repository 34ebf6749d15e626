//! `siaga track`: joins the reports of one happening.

use clap::{ArgMatches, Command};
use siaga_runtime::config::{self, Loaded};
use siaga_runtime::exit::Failure;
use siaga_track::{Config, service};

use crate::settings;

/// The command, with a flag for each setting.
pub(crate) fn command() -> Command {
    let command = Command::new("track").about(
        "Joins the reports of one happening into one incident: events.security and control to incidents",
    );
    config::add_flags(command, &Config::default())
}

/// Runs it.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let loaded: Loaded<Config> = settings::load(&Config::default(), matches)?;
    service::run(&loaded)
}
