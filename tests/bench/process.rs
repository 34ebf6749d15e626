//! A measured child process: CPU time and peak memory as the kernel counts them.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A process under measurement; ended when dropped.
pub(crate) struct Measured {
    name: String,
    child: Child,
    ticks_per_second: f64,
}

impl Measured {
    /// Starts `command` with its words in `log`.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let words = std::fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words)
            .spawn()
            .with_context(|| format!("cannot start {name}: {command:?}"))?;
        Ok(Self { name: name.to_owned(), child, ticks_per_second: ticks_per_second()? })
    }

    /// User and system time so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = self.proc("stat")?;
        // The name in parentheses may hold blanks; utime and stime are the 14th and 15th field of the line.
        let after_name = stat.rsplit_once(')').context("/proc stat has no name")?.1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks = |index: usize| -> Result<f64> {
            Ok(fields.get(index).context("/proc stat is short")?.parse::<u64>()? as f64)
        };
        Ok(Duration::from_secs_f64((ticks(11)? + ticks(12)?) / self.ticks_per_second))
    }

    /// Largest resident size so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    /// Fails where the process has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended by itself: {status}", self.name);
        }
        Ok(())
    }

    /// Asks the process to end and waits for it.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("{} does not end", self.name);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn proc(&self, file: &str) -> Result<String> {
        let path = format!("/proc/{}/{file}", self.child.id());
        std::fs::read_to_string(&path).with_context(|| format!("{} ended by itself: no {path}", self.name))
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        // Already ended where `stop` was called.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn ticks_per_second() -> Result<f64> {
    let output = Command::new("getconf").arg("CLK_TCK").output().context("getconf is missing")?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
