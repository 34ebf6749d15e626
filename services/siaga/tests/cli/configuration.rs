//! Settings: files, variables, flags, and who is to blame.

use std::process::Stdio;

use crate::program::{Ended, Folder, run, siaga};

fn check(arguments: &[&str]) -> Ended {
    run(&[&["check", "classify", "--offline", "--kafka-instance", "one"], arguments].concat())
}

fn is_blamed(ended: &Ended, words: &[&str]) {
    assert_eq!((ended.code, ended.out.as_str()), (Some(78), ""), "{}", ended.err);
    for word in words {
        assert!(ended.err.contains(word), "{word}: {}", ended.err);
    }
}

#[test]
fn the_settings_that_hold_are_shown_and_can_be_read_again() {
    let folder = Folder::new();
    let file =
        folder.file("a.toml", "[processing]\nthreads = 3\n[kafka]\nprefix = \"file\"\nbrokers = \"f:1\"\n");
    let mut command =
        siaga(&["check", "classify", "--offline", "--config", &file, "--kafka-brokers", "flag:9"]);
    command.env("SIAGA_KAFKA_INSTANCE", "two").env("SIAGA_KAFKA_BROKERS", "variable:9");
    let shown: Ended = command.output().unwrap().into();
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    for line in [
        format!("processing.threads = 3  # {file}:2"),
        format!("kafka.prefix = \"file\"  # {file}:4"),
        "kafka.instance = \"two\"  # SIAGA_KAFKA_INSTANCE".to_owned(),
        "kafka.brokers = \"flag:9\"  # --kafka-brokers".to_owned(),
        "admin.address = \"127.0.0.1:9402\"  # default".to_owned(),
    ] {
        assert!(shown.out.lines().any(|l| l == line), "{line}\n{}", shown.out);
    }
    let again = run(&["check", "classify", "--offline", "--config", &folder.file("b.toml", &shown.out)]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    let without_origin = |text: &str| {
        text.lines().map(|l| l.split("  # ").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(without_origin(&again.out), without_origin(&shown.out));
}

#[test]
fn secrets_are_not_shown() {
    let shown = check(&["--kafka-properties", "sasl.password=hush,linger.ms=7"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(!shown.out.contains("hush") && !shown.err.contains("hush"));
    assert!(
        shown.out.contains("sasl.password") && shown.out.contains("\"linger.ms\" = \"7\""),
        "{}",
        shown.out
    );
}

#[test]
fn unknown_keys_are_refused_with_file_and_line() {
    let folder = Folder::new();
    let file = folder.file("a.toml", "[kafka]\nbroker = \"x\"\n");
    is_blamed(&check(&["--config", &file]), &[&format!("{file}:2"), "`kafka.broker`", "`kafka.brokers`"]);
    for service in ["ingest", "classify", "detect"] {
        is_blamed(&run(&[service, "--config", &file]), &[&format!("{file}:2"), "`kafka.broker`"]);
    }
    for verb in ["list", "check", "create"] {
        is_blamed(&run(&["topics", verb, "--config", &file]), &[&format!("{file}:2"), "`kafka.broker`"]);
    }
}

#[test]
fn unknown_variables_are_refused() {
    let mut command = siaga(&["detect", "--kafka-instance", "one"]);
    let ended = command.env("SIAGA_KAFKA_BROKER", "x").output().unwrap();
    is_blamed(&ended.into(), &["SIAGA_KAFKA_BROKER", "SIAGA_KAFKA_BROKERS"]);
}

#[test]
fn wrong_values_are_refused_with_the_settings_name() {
    let folder = Folder::new();
    let file = folder.file("a.toml", "[processing]\nthreads = \"many\"\n");
    is_blamed(&check(&["--config", &file]), &[&format!("{file}:2"), "`processing.threads`"]);
    is_blamed(&check(&["--processing-threads", "0"]), &["--processing-threads", "`processing.threads`"]);
    is_blamed(&check(&["--log-level", "loud"]), &["--log-level", "`log.level`", "`loud`"]);
    is_blamed(&check(&["--shutdown-deadline", "soon"]), &["--shutdown-deadline", "`shutdown.deadline`"]);
    is_blamed(&check(&["--lexicon-folder", "/no/such/folder"]), &["--lexicon-folder", "/no/such/folder"]);
    let ours = check(&["--kafka-properties", "enable.idempotence=false"]);
    is_blamed(&ours, &["enable.idempotence", "processing.guarantee"]);
    let unknown = check(&["--kafka-properties", "lingers.ms=7"]);
    is_blamed(&unknown, &["--kafka-properties", "`kafka.properties.lingers.ms`"]);
    is_blamed(&run(&["ingest", "--articles-lane", "fast"]), &["--articles-lane", "`articles.lane`"]);
}

#[test]
fn a_list_of_feeds_is_checked_without_asking_them() {
    let folder = Folder::new();
    let check = |list: &str| run(&["check", "ingest", "--offline", "--feeds-list", list]);
    let good = check(
        &folder.file("good.toml", "[[feed]]\nurl = \"https://kabar.example/rss\"\ninterval = \"10m\"\n"),
    );
    assert_eq!((good.code, good.err.as_str()), (Some(0), "feeds: 1\n"));
    let bad =
        folder.file("bad.toml", "[[feed]]\nurl = \"https://kabar.example/rss\"\nlanguage = \"Indonesian\"\n");
    for service in [check(&bad), run(&["ingest", "--feeds-list", &bad])] {
        is_blamed(
            &service,
            &[
                "--feeds-list",
                "`feeds.list`",
                &format!("{bad}:1"),
                "`https://kabar.example/rss`",
                "`language`",
            ],
        );
    }
    is_blamed(&check("/no/such.toml"), &["--feeds-list", "`feeds.list`", "/no/such.toml"]);
    let network = run(&["check", "ingest", "--offline", "--feeds-allow-networks", "10.0.0.0/8,intranet"]);
    is_blamed(&network, &["--feeds-allow-networks", "`intranet`"]);
}

#[test]
fn files_that_are_not_there_or_no_toml_are_named() {
    let folder = Folder::new();
    is_blamed(&check(&["--config", "/no/such.toml"]), &["/no/such.toml"]);
    let file = folder.file("a.toml", "[kafka\n");
    is_blamed(&check(&["--config", &file]), &[&format!("{file}:1"), "not TOML"]);
}

#[test]
fn a_stage_needs_a_name_of_its_own_outside_kubernetes() {
    let mut command = siaga(&["classify"]);
    let ended: Ended = command.env_remove("KUBERNETES_SERVICE_HOST").output().unwrap().into();
    is_blamed(&ended, &["`kafka.instance`"]);
}

#[test]
fn a_mistake_in_a_lexicon_is_named() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("id")).unwrap();
    folder.file("id/events.toml", "[[nonsense]]\n");
    let ended = check(&["--lexicon-folder", &folder.path().display().to_string()]);
    is_blamed(&ended, &["`lexicon.folder`", "id/events.toml"]);
}

#[test]
fn a_reader_of_the_settings_that_goes_away_is_no_failure() {
    let mut command = siaga(&["check", "classify", "--offline", "--kafka-instance", "one"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}
