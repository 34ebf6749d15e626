//! A stage from its first log line to its last, whatever it does.

use prometheus::Registry;
use siaga_runtime::config::{Invalid, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::health::Probe;
use siaga_runtime::service::{self, Context, Process, Work};
use siaga_runtime::version::Version;
use siaga_schemas::topics::Topic;
use siaga_stream::{Error, Stage, StatefulTopics};

/// What a stage with state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatefulDefinition {
    /// The service and its version.
    pub version: Version,
    /// What it reads.
    pub input: Topic,
    /// What operators tell it.
    pub control: Option<Topic>,
    /// What it writes, and restores its state from.
    pub changelog: Topic,
    /// Port of probes and metrics where none is set; each service has its own, so that they run side by side.
    pub admin_port: u16,
}

impl StatefulDefinition {
    /// Its topics in a cluster.
    pub fn topics(&self, prefix: &str) -> StatefulTopics {
        StatefulTopics {
            input: self.input.name(prefix),
            control: self.control.map(|topic| topic.name(prefix)),
            changelog: self.changelog.name(prefix),
        }
    }
}

/// Runs a stage, which `set_up` makes, until it fails or is told to end. Called once in a process.
///
/// # Errors
/// Where a setting is wrong, the stage cannot start, or it fails.
pub fn serve<C>(
    loaded: &Loaded<C>,
    process: &Process,
    set_up: impl FnOnce(&Registry) -> Result<Stage, Error>,
) -> Result<(), Failure> {
    service::run(process, |context: &Context<'_>| {
        let stage = set_up(context.registry).map_err(|error| failure(loaded, error))?;
        let (live, ready) = (stage.state(), stage.state());
        context.health.add(Probe::Live, "loop", move || live.live());
        context.health.add(Probe::Ready, "stage", move || ready.ready());
        let stop = stage.stop();
        Ok(Work { stop: move || stop.stop(), join: move || stage.run() })
    })
}

/// A wrong setting ends with the exit code of wrong settings.
fn failure<C>(loaded: &Loaded<C>, error: Error) -> Failure {
    match error {
        Error::Setting { setting, reason } => loaded.blame(Invalid::new(setting, reason)).into(),
        other => Failure::failed(&other),
    }
}
