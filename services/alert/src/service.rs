//! `siaga alert`: decides as a stage with state, and tells beside it.

use std::sync::Arc;

use jiff::Timestamp;
use siaga_runtime::config::{Invalid, Loaded};
use siaga_runtime::exit::Failure;
use siaga_runtime::health::Probe;
use siaga_runtime::service::{Context, Process, Work, run as serve};
use siaga_schemas::topics::Topic;
use siaga_stage::{StatefulDefinition, Version};
use siaga_stream::{Error, Stage};

use crate::config::{Config, policies};
use crate::deliver::{Deliverer, Ownership};
use crate::metrics::{DecisionMetrics, DeliveryMetrics};
use crate::stage::Alerter;

/// What the stage is.
pub const DEFINITION: StatefulDefinition = StatefulDefinition {
    version: Version { service: "alert", version: env!("CARGO_PKG_VERSION") },
    input: Topic::Incidents,
    control: Some(Topic::Control),
    changelog: Topic::Alerts,
    admin_port: crate::config::ADMIN_PORT,
};

/// Runs until it fails or is told to end. Called once in a process.
///
/// # Errors
/// Where a setting or the policy file is wrong, the stage cannot start, or it fails.
pub fn run(loaded: &Loaded<Config>) -> Result<(), Failure> {
    let config = &loaded.config;
    let process = Process {
        version: DEFINITION.version,
        log: config.log.clone(),
        admin: config.admin.clone(),
        shutdown: config.shutdown.clone(),
        settings: loaded.effective.set(),
    };
    let policies = Arc::new(policies(loaded)?);
    serve(&process, |context: &Context<'_>| {
        let registry = context.registry;
        let failed = |error: prometheus::Error| Failure::failed(&error);
        let decisions = DecisionMetrics::new(registry, &config.watch.publishers).map_err(failed)?;
        let deliveries = DeliveryMetrics::new(registry).map_err(failed)?;
        let ownership = Ownership::default();
        let new_state = {
            let (policies, ownership) = (Arc::clone(&policies), ownership.clone());
            move || {
                let clock = Arc::new(Timestamp::now);
                Alerter::new(Arc::clone(&policies), clock, ownership.clone(), decisions.clone())
            }
        };
        let topics = DEFINITION.topics(&config.kafka.prefix);
        let name = DEFINITION.version.service;
        let stage = Stage::stateful(name, &config.kafka, &config.processing, &topics, registry, new_state)
            .map_err(|error| failure(loaded, error))?;
        let deliverer = Deliverer::start(
            &config.kafka,
            &policies,
            &config.delivery,
            ownership,
            deliveries,
            context.handle,
        )
        .map_err(|error| Failure::failed(&error))?;
        let (live, ready) = (stage.state(), stage.state());
        context.health.add(Probe::Live, "loop", move || live.live());
        context.health.add(Probe::Ready, "stage", move || ready.ready());
        let stop = stage.stop();
        let join = move || {
            let ended = stage.run();
            deliverer.close();
            ended
        };
        Ok(Work { stop: move || stop.stop(), join })
    })
}

/// A wrong setting ends with the exit code of wrong settings.
fn failure(loaded: &Loaded<Config>, error: Error) -> Failure {
    match error {
        Error::Setting { setting, reason } => loaded.blame(Invalid::new(setting, reason)).into(),
        other => Failure::failed(&other),
    }
}
