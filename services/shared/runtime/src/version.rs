//! Which program runs, and the metrics that say so.

use prometheus::{IntGaugeVec, Opts, Registry};
use serde::Serialize;

/// Names a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// What it does: `classify`, `detect` and so on.
    pub service: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// A registry with `siaga_build_info` and, on Linux, the `process_*` metrics.
///
/// # Errors
/// Where Prometheus refuses a metric.
pub fn registry(version: Version) -> Result<Registry, prometheus::Error> {
    let registry = Registry::new();
    let opts = Opts::new("siaga_build_info", "Which program runs; the value is always 1");
    let info = IntGaugeVec::new(opts, &["service", "version"])?;
    info.with_label_values(&[version.service, version.version]).set(1);
    registry.register(Box::new(info))?;
    #[cfg(target_os = "linux")]
    registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
    Ok(registry)
}
