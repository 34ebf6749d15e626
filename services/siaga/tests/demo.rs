//! `siaga demo` and its console in a real Chromium. Needs npm and Chromium.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::Path;
use std::process::Command;

/// Whether the programs are there; says so loudly where not, and fails where everything must be.
fn has(programs: &[&str]) -> bool {
    let found = |program: &&&str| Command::new(program).arg("--version").output().is_ok();
    let Some(missing) = programs.iter().find(|program| !found(program)) else { return true };
    assert!(std::env::var("CI").as_deref() != Ok("true"), "`{missing}` is missing, and CI needs it");
    eprintln!("\n*** LEFT OUT: `{missing}` is missing; the demo was not looked at ***\n");
    false
}

fn npm(arguments: &[&str]) {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/page"));
    let output = npm.env("SIAGA", env!("CARGO_BIN_EXE_siaga")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{npm:?}\n{}\n{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn an_analyst_sees_an_incident_within_two_seconds_of_its_article() {
    if !has(&["npm", "chromium"]) {
        return;
    }
    npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm(&["run", "demo"]);
}
