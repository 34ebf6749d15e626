//! The program under test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

/// The program with these arguments, and nothing of the caller's environment that is a setting.
pub(crate) fn siaga(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siaga"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SIAGA_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).env("LC_ALL", "C.UTF-8");
    command
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str]) -> Ended {
    siaga(arguments).output().unwrap().into()
}

/// Runs it to its end with a standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &str) -> Ended {
    assert_cmd::Command::from_std(siaga(arguments)).write_stdin(input).output().unwrap().into()
}

/// Sends a signal, as in `INT`.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// A folder with files.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file and names it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path: PathBuf = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }
}
