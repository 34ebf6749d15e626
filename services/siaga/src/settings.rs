//! The settings of a command, who is to blame for them, and its standard output.

use std::io::{self, ErrorKind, Write};

use clap::ArgMatches;
use siaga_runtime::config::{self, Config, Invalid, Loaded};
use siaga_runtime::exit::Failure;

/// Lays the layers of this process over the command's defaults.
pub(crate) fn load<C: Config>(defaults: &C, matches: &ArgMatches) -> Result<Loaded<C>, Failure> {
    Ok(config::load_over(defaults, &config::sources::<C>(matches))?)
}

/// Writes data to standard output. That nobody reads it any more is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Failed(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
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
