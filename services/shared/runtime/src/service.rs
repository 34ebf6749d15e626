//! Runs a service from its first log line to its last: admin HTTP, work, signals, drain.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use prometheus::Registry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::admin::{self, Admin};
use crate::exit::{Exit, Failure};
use crate::health::{Health, Probe};
use crate::logs;
use crate::version::{Version, registry};

/// How a service ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Shutdown {
    /// Longest time between SIGTERM or SIGINT and the end; work that is still open then is redone by others.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub deadline: Duration,
}

impl Default for Shutdown {
    fn default() -> Self {
        // Below the 30 s after which Kubernetes kills, above the 15 s of an open transaction.
        Self { deadline: Duration::from_secs(20) }
    }
}

/// What every service is set up with.
#[derive(Clone, Debug)]
pub struct Process {
    /// The program.
    pub version: Version,
    /// Logs.
    pub log: logs::Config,
    /// Probes and metrics.
    pub admin: admin::Config,
    /// The end.
    pub shutdown: Shutdown,
    /// Lines for the log at the start: the settings that somebody set.
    pub settings: Vec<String>,
}

/// What a service starts its work with.
#[derive(Debug)]
pub struct Context<'a> {
    /// Takes the service's metrics.
    pub registry: &'a Registry,
    /// Takes the service's checks.
    pub health: &'a Health,
    /// Runs what is asynchronous.
    pub handle: &'a Handle,
}

/// What a service does until it is asked to stop.
#[derive(Debug)]
pub struct Work<S, J> {
    /// Asks it to finish what it has begun; returns at once, may be called from any thread.
    pub stop: S,
    /// Waits for its end, on a thread of its own; the error is why it ended by itself.
    pub join: J,
}

/// Runs a service until it ends, fails or is told to end. Called once in a process.
///
/// SIGTERM and SIGINT ask the work to stop and give it until the deadline; a second signal ends the process at once.
///
/// # Errors
/// Where it cannot start, where its work fails, or where it does not end in time.
pub fn run<S, J, E>(
    process: &Process,
    start: impl FnOnce(&Context<'_>) -> Result<Work<S, J>, Failure>,
) -> Result<(), Failure>
where
    S: FnOnce(),
    J: FnOnce() -> Result<(), E> + Send + 'static,
    E: std::error::Error + Send + 'static,
{
    let logs = logs::start(&process.log).map_err(|error| Failure::failed(&error))?;
    let version = process.version;
    tracing::info!(service = version.service, version = version.version, "starting");
    for setting in &process.settings {
        tracing::info!(setting, "configured");
    }
    let registry = registry(version).map_err(|error| Failure::failed(&error))?;
    let health = Health::default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(&error))?;
    let admin = Admin { health: health.clone(), registry: registry.clone(), logs, version };
    let signals = runtime.block_on(async { Signals::listen() })?;
    // Probes are answered from here on, and without a check the answer would be yes.
    let started = Arc::new(AtomicBool::new(false));
    let is_started = Arc::clone(&started);
    let starting = || "starting".to_owned();
    health.add(Probe::Ready, "process", move || {
        is_started.load(Ordering::Relaxed).then_some(()).ok_or_else(starting)
    });
    runtime.block_on(serve_admin(process.admin.address, admin))?;
    let work = start(&Context { registry: &registry, health: &health, handle: runtime.handle() })?;
    started.store(true, Ordering::Relaxed);
    let ended = runtime.block_on(until_the_end(work, signals, &health, process.shutdown.deadline));
    // Connections of probes may hang; nobody waits for them.
    runtime.shutdown_background();
    ended
}

async fn serve_admin(address: std::net::SocketAddr, admin: Admin) -> Result<(), Failure> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Failed(format!("admin address {address} cannot be used: {error}")))?;
    let address = listener.local_addr().map_err(|error| Failure::failed(&error))?;
    tracing::info!(%address, "serving probes and metrics");
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, admin.router()).await {
            tracing::error!(%error, "probes and metrics are no longer served");
        }
    });
    Ok(())
}

async fn until_the_end<S, J, E>(
    work: Work<S, J>,
    mut signals: Signals,
    health: &Health,
    deadline: Duration,
) -> Result<(), Failure>
where
    S: FnOnce(),
    J: FnOnce() -> Result<(), E> + Send + 'static,
    E: std::error::Error + Send + 'static,
{
    let (tell, mut ended) = oneshot::channel();
    let join = work.join;
    thread::Builder::new()
        .name("join".to_owned())
        // Where nobody listens any more, the process is ending.
        .spawn(move || drop(tell.send(join())))
        .map_err(|error| Failure::failed(&error))?;
    tokio::select! {
        result = &mut ended => return outcome(result),
        name = signals.received() => tracing::info!(signal = name, "ending: finishing what is begun"),
    }
    health.add(Probe::Ready, "process", || Err("ending".to_owned()));
    (work.stop)();
    tokio::select! {
        result = &mut ended => outcome(result),
        name = signals.received() => Err(Failure::Failed(format!("ended at once by a second signal, {name}"))),
        () = tokio::time::sleep(deadline) => {
            Err(Failure::Failed(format!("work did not end within {} s", deadline.as_secs_f64())))
        }
    }
}

fn outcome<E: std::error::Error>(
    result: Result<Result<(), E>, oneshot::error::RecvError>,
) -> Result<(), Failure> {
    match result {
        Ok(Ok(())) => {
            tracing::info!("ended");
            Ok(())
        }
        Ok(Err(error)) => Err(Failure::failed(&error)),
        Err(_) => Err(Failure::Failed("the thread that waits for the work panicked".to_owned())),
    }
}

/// SIGTERM, as Kubernetes and systemd send it, and SIGINT, which is Ctrl-C.
#[derive(Debug)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes the signals from now on; called within a tokio runtime.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn listen() -> Result<Self, Failure> {
        let take = |kind| signal(kind).map_err(|error| Failure::failed(&error));
        Ok(Self { terminate: take(SignalKind::terminate())?, interrupt: take(SignalKind::interrupt())? })
    }

    /// Waits for the next signal and names it.
    pub async fn received(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Ends the process: says in one line why it failed, and gives the exit code.
pub fn end(result: Result<(), Failure>) -> std::process::ExitCode {
    let Err(failure) = result else { return Exit::Done.into() };
    if tracing::enabled!(tracing::Level::ERROR) {
        tracing::error!("{failure}");
    } else {
        let line = format!("siaga: {failure}\n");
        // Where stderr is gone there is nobody to tell; the code remains.
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
    }
    failure.exit().into()
}
