//! Runs a stage as a service: settings, lexicon, Kafka, probes, drain.
//!
//! A step of the analysis says what it is called, what it reads and writes ([`Definition`]) and how to make its processor
//! of the knowledge; the rest is the same for all. A stage with state brings settings of its own to [`serve`].
#![forbid(unsafe_code)]

mod config;
mod lexicon;
mod serve;

use std::sync::Arc;

use siaga_analysis::Knowledge;
use siaga_runtime::config::{Invalid, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::service::Process;
use siaga_schemas::topics::Topic;
use siaga_stream::{Processor, Stage, Topics};

pub use config::{Config, Lexicon, check};
pub use lexicon::Unusable;
pub use serve::{StatefulDefinition, serve};
pub use siaga_runtime::version::Version;

/// What a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The service and its version.
    pub version: Version,
    /// What it reads.
    pub input: Topic,
    /// What it writes, in the order in which its processor numbers them.
    pub outputs: &'static [Topic],
    /// Port of probes and metrics where none is set; each service has its own, so that they run side by side.
    pub admin_port: u16,
}

impl Definition {
    /// Its settings where nothing is set.
    pub fn defaults(&self) -> Config {
        Config { admin: siaga_runtime::admin::Config::on_port(self.admin_port), ..Config::default() }
    }

    /// Its topics in a cluster.
    pub fn topics(&self, prefix: &str) -> Topics {
        Topics {
            input: self.input.name(prefix),
            outputs: self.outputs.iter().map(|t| t.name(prefix)).collect(),
        }
    }
}

/// Runs a stage until it fails or is told to end. Called once in a process.
///
/// # Errors
/// Where a setting is wrong, the stage cannot start, or it fails.
pub fn run<P: Processor + 'static>(
    definition: Definition,
    loaded: &Loaded<Config>,
    processor: impl Fn(Arc<Knowledge>) -> P,
) -> Result<(), Failure> {
    let config = &loaded.config;
    let knowledge = Arc::new(knowledge(loaded)?);
    let process = Process {
        version: definition.version,
        log: config.log.clone(),
        admin: config.admin.clone(),
        shutdown: config.shutdown.clone(),
        settings: loaded.effective.set(),
    };
    serve(loaded, &process, |registry| {
        let versions = knowledge.versions();
        tracing::info!(
            lexicon = versions.lexicon,
            languages = knowledge.languages().count(),
            "lexicon is loaded"
        );
        let topics = definition.topics(&config.kafka.prefix);
        let processor = || processor(Arc::clone(&knowledge));
        let name = definition.version.service;
        Stage::new(name, &config.kafka, &config.processing, &topics, registry, processor)
    })
}

/// Loads the lexicon that the settings name.
///
/// # Errors
/// Where it cannot be read or a file of it is wrong: the setting is to blame.
pub fn knowledge(loaded: &Loaded<Config>) -> Result<Knowledge, Failure> {
    let loading = lexicon::load(&loaded.config.lexicon);
    Ok(loading.map_err(|unusable| loaded.blame(Invalid::new("lexicon.folder", unusable.to_string())))?)
}
