//! The settings of a command, and who is to blame for them.

use clap::ArgMatches;
use siaga_runtime::config::{self, Config, Invalid, Loaded};
use siaga_runtime::exit::Failure;

/// Lays the layers of this process over the command's defaults.
pub(crate) fn load<C: Config>(defaults: &C, matches: &ArgMatches) -> Result<Loaded<C>, Failure> {
    Ok(config::load_over(defaults, &config::sources::<C>(matches))?)
}

/// A wrong setting is blamed on its layer; everything else has failed.
pub(crate) fn failure<C>(loaded: &Loaded<C>, error: siaga_stream::Error) -> Failure {
    match error {
        siaga_stream::Error::Setting { setting, reason } => {
            Failure::Configuration(loaded.blame(Invalid { setting, reason }))
        }
        error => Failure::failed(&error),
    }
}
