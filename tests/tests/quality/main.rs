//! Our own cases of language, topics, regions and events pass as far as the floors in `tests/quality/floors.toml` say.

use std::process::Command;

#[test]
fn no_figure_of_our_own_cases_falls_below_its_floor() {
    let run = Command::new(env!("CARGO_BIN_EXE_quality")).arg("--own").output().expect("quality runs");
    let printed = String::from_utf8_lossy(&run.stdout);
    println!("{printed}{}", String::from_utf8_lossy(&run.stderr));
    assert!(
        printed.contains("own articles") && printed.contains("own event cases id"),
        "nothing was measured"
    );
    assert!(run.status.success(), "a figure fell below its floor");
}
