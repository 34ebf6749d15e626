//! Whether a process lives and whether it is ready: named checks that its parts give.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Whether its loops beat; where not, it is to be started anew.
    Live,
    /// Whether it does its work now; where not, it is to be waited for.
    Ready,
}

/// The checks of a process. Clones share them.
#[derive(Clone, Default)]
pub struct Health {
    checks: Arc<RwLock<Vec<Check>>>,
}

struct Check {
    probe: Probe,
    name: String,
    look: Box<dyn Fn() -> Result<(), String> + Send + Sync>,
}

/// What the checks said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// No check complained.
    pub ok: bool,
    /// The complaints.
    pub failing: Vec<Complaint>,
}

/// What is wrong with one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// The part.
    pub name: String,
    /// Why it fails.
    pub reason: String,
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").field("ready", &self.verdict(Probe::Ready)).finish()
    }
}

impl Health {
    /// Adds a check. It is called at each probe, from any thread, and must not block; its error says what is missing.
    pub fn add(
        &self,
        probe: Probe,
        name: impl Into<String>,
        look: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) {
        let check = Check { probe, name: name.into(), look: Box::new(look) };
        self.checks.write().unwrap_or_else(PoisonError::into_inner).push(check);
    }

    /// Asks the checks of a probe. A process without any is alive and ready.
    pub fn verdict(&self, probe: Probe) -> Verdict {
        let checks = self.checks.read().unwrap_or_else(PoisonError::into_inner);
        let failing: Vec<Complaint> = checks
            .iter()
            .filter(|check| check.probe == probe)
            .filter_map(|check| {
                let reason = (check.look)().err()?;
                Some(Complaint { name: check.name.clone(), reason })
            })
            .collect();
        Verdict { ok: failing.is_empty(), failing }
    }
}
