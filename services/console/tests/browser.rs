//! The page in a real Chromium, and whether its built files are those of its sources. Needs npm and Chromium.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("page")
}

/// Whether the programs are there; says so loudly where not, and fails where everything must be.
fn has(programs: &[&str]) -> bool {
    let found = |program: &&&str| Command::new(program).arg("--version").output().is_ok();
    let Some(missing) = programs.iter().find(|program| !found(program)) else { return true };
    assert!(std::env::var("CI").as_deref() != Ok("true"), "`{missing}` is missing, and CI needs it");
    eprintln!("\n*** LEFT OUT: `{missing}` is missing; the page was not tested ***\n");
    false
}

fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(page());
    npm
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}\n{}\n{}", text(&output.stdout), text(&output.stderr));
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn the_page_is_what_its_sources_build_and_works_in_a_browser() {
    if !has(&["npm", "chromium"]) {
        return;
    }
    run(&mut npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"]));
    run(&mut npm(&["run", "check"]));
    let kept = files(&page().join("dist"));
    run(&mut npm(&["run", "build"]));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let built = files(&page().join("dist"));
    assert_eq!(names(&kept), names(&built));
    for ((name, kept), (_, built)) in kept.iter().zip(&built) {
        assert!(kept == built, "dist/{name} is not what the sources build; it is now");
    }
    // Examples are built with the tests, beside them.
    let here = std::env::current_exe().unwrap();
    let memory = here.parent().and_then(Path::parent).unwrap().join("examples/memory");
    run(npm(&["test"]).env("SIAGA_CONSOLE_MEMORY", memory));
}
