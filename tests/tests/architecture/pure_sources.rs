//! What the sources of the pure crates say: no files, no clock, no environment, no runtime.

use std::path::{Path, PathBuf};

use regex::Regex;

const PURE: &[&str] = &["schemas/src", "services/shared/analysis/src"];

fn impure() -> Regex {
    Regex::new(concat!(
        r"\bstd::(?:\{[^}]*\b)?(?:fs|env|net|process|thread)\b",
        r"|\b(?:SystemTime|Instant|RandomState)\b",
        r"|\bnow\(\)",
        r"|\basync\b|\btokio\b",
    ))
    .unwrap()
}

/// The code of a source file without comments and without the tests at its end.
fn code_of(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn findings(source: &str) -> Vec<String> {
    impure().find_iter(&code_of(source)).map(|found| found.as_str().to_owned()).collect()
}

fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_tests = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() && !is_tests {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_tests {
            found.push(path);
        }
    }
}

#[test]
fn the_pure_crates_touch_no_files_no_clock_and_no_environment() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in PURE {
        let mut sources = Vec::new();
        sources_below(&root.join(folder), &mut sources);
        assert!(!sources.is_empty(), "{folder} holds no sources");
        for path in sources {
            let found = findings(&std::fs::read_to_string(&path).unwrap());
            assert!(found.is_empty(), "{} names {found:?}", path.display());
        }
    }
}

#[test]
fn every_library_of_the_workspace_forbids_unsafe_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for folder in ["schemas", "services", "tests"] {
        sources_below(&root.join(folder), &mut sources);
    }
    let roots: Vec<&PathBuf> =
        sources.iter().filter(|path| path.ends_with("src/lib.rs") || path.ends_with("src/main.rs")).collect();
    assert!(roots.len() >= 8, "{roots:?}");
    for path in roots {
        let source = std::fs::read_to_string(path).unwrap();
        assert!(source.contains("#![forbid(unsafe_code)]"), "{} does not forbid it", path.display());
    }
}

#[test]
fn what_is_impure_would_be_seen() {
    for line in [
        "use std::fs::File;",
        "use std::{fmt, fs};",
        "let t = Timestamp::now();",
        "std::time::Instant::now()",
        "async fn read() {}",
        "std::env::var(\"X\")",
    ] {
        assert!(!findings(line).is_empty(), "{line}");
    }
    for line in [
        "// std::fs is for others",
        "use std::fmt;",
        "let instant = 1;",
        "#[cfg(test)]\nmod tests { use std::fs; }",
    ] {
        assert!(findings(line).is_empty(), "{line}");
    }
}
