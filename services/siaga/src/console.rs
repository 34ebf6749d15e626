//! `siaga console`: the page and the API.

use clap::{ArgMatches, Command};
use siaga_console::{Config, service};
use siaga_runtime::config::{self, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::service::{Context, Process};
use siaga_runtime::version::Version;

use crate::settings;

const VERSION: Version = Version { service: "console", version: env!("CARGO_PKG_VERSION") };

/// The command, with a flag for each setting.
pub(crate) fn command() -> Command {
    let command = Command::new("console").about("Shows incidents on a page and through an API");
    config::add_flags(command, &Config::default())
}

/// Runs it.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let loaded: Loaded<Config> = settings::load(&Config::default(), matches)?;
    let process = Process {
        version: VERSION,
        log: loaded.config.log.clone(),
        admin: loaded.config.admin.clone(),
        shutdown: loaded.config.shutdown.clone(),
        settings: loaded.effective.set(),
    };
    siaga_runtime::service::run(&process, |context: &Context<'_>| service::serve(&loaded, context))
}
