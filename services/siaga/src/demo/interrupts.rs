//! Ctrl-C and SIGTERM while the demo runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use siaga_runtime::exit::Failure;
use siaga_runtime::service::Signals;

/// Counts signals.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupts(Arc<AtomicUsize>);

impl Interrupts {
    /// Takes the signals from now on.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn listen() -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::failed(&error);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let mut signals = runtime.block_on(async { Signals::listen() })?;
        let interrupts = Self::default();
        let counted = interrupts.clone();
        let count = move || loop {
            runtime.block_on(signals.received());
            counted.0.fetch_add(1, Ordering::Relaxed);
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(count).map_err(failed)?;
        Ok(interrupts)
    }

    /// Signals so far.
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}
