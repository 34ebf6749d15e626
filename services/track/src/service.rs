//! `siaga track`: a stage with state.

use siaga_runtime::config::Loaded;
use siaga_runtime::exit::Failure;
use siaga_runtime::service::Process;
use siaga_schemas::topics::Topic;
use siaga_stage::{StatefulDefinition, Version};
use siaga_stream::{Error, Stage};

use crate::config::Config;
use crate::metrics::Metrics;
use crate::stage::Joiner;

/// What the stage is.
pub const DEFINITION: StatefulDefinition = StatefulDefinition {
    version: Version { service: "track", version: env!("CARGO_PKG_VERSION") },
    input: Topic::EventsSecurity,
    control: Some(Topic::Control),
    changelog: Topic::Incidents,
    admin_port: crate::config::ADMIN_PORT,
};

/// Runs until it fails or is told to end. Called once in a process.
///
/// # Errors
/// Where a setting is wrong, the stage cannot start, or it fails.
pub fn run(loaded: &Loaded<Config>) -> Result<(), Failure> {
    let config = &loaded.config;
    let process = Process {
        version: DEFINITION.version,
        log: config.log.clone(),
        admin: config.admin.clone(),
        shutdown: config.shutdown.clone(),
        settings: loaded.effective.set(),
    };
    siaga_stage::serve(loaded, &process, |registry| {
        let metrics = Metrics::new(registry).map_err(Error::Metric)?;
        let tracking = config.tracking.clone();
        let new_state = move || Joiner::new(tracking.clone(), metrics.clone());
        let topics = DEFINITION.topics(&config.kafka.prefix);
        let name = DEFINITION.version.service;
        Stage::stateful(name, &config.kafka, &config.processing, &topics, registry, new_state)
    })
}
