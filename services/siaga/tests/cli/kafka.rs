//! Topics and articles on a real Kafka.

use siaga_test_kafka::Broker;

use crate::program::{Ended, Folder, run};

fn siaga(broker: &Broker, prefix: &str, arguments: &[&str]) -> Ended {
    run(&[arguments, &["--kafka-brokers", broker.address(), "--kafka-prefix", prefix]].concat())
}

/// Topics of the pipeline, dead letters included.
const TOPICS: usize = 13;

#[test]
fn topics_are_missing_then_made_then_as_declared() {
    let Some(broker) = Broker::shared() else { return };
    let siaga = |arguments: &[&str]| siaga(broker, "made", arguments);
    let missing = siaga(&["topics", "check"]);
    assert_eq!(missing.code, Some(1), "{}", missing.err);
    assert_eq!(
        missing.out.lines().filter(|line| line.contains("is missing")).count(),
        TOPICS,
        "{}",
        missing.out
    );
    assert_eq!(
        siaga(&["topics", "list"]).out.lines().filter(|line| line.ends_with("missing")).count(),
        TOPICS
    );
    let unready = siaga(&["check", "detect", "--kafka-instance", "one"]);
    assert_eq!(unready.code, Some(1), "{}", unready.err);
    assert!(unready.err.contains("made.articles.classified.v1"), "{}", unready.err);

    // One broker cannot hold three replicas.
    let refused = siaga(&["topics", "create"]);
    assert_eq!(refused.code, Some(1));
    assert_eq!(
        refused.out.lines().filter(|line| line.contains("refused")).count(),
        TOPICS,
        "{}",
        refused.out
    );

    let make = ["topics", "create", "--replication-factor", "1", "--partitions", "3"];
    let made = siaga(&make);
    assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
    assert_eq!(made.out.lines().filter(|line| line.ends_with(": created")).count(), TOPICS, "{}", made.out);
    assert_eq!(siaga(&make).out.lines().filter(|line| line.ends_with(": is there")).count(), TOPICS);

    let checked = siaga(&["topics", "check"]);
    assert_eq!(checked.code, Some(0), "{}", checked.out);
    assert!(checked.out.contains("made.articles.raw.v1: has 1 replicas, 3 are declared"), "{}", checked.out);
    assert!(!checked.out.contains("wrong"), "{}", checked.out);
    let list = siaga(&["topics", "list"]);
    let raw = list.out.lines().find(|line| line.starts_with("made.articles.raw.v1 ")).unwrap();
    assert!(raw.contains("partitions=3 replicas=1 cleanup.policy=delete retention.ms=604800000"), "{raw}");
    let incidents = list.out.lines().find(|line| line.starts_with("made.incidents.v1 ")).unwrap();
    assert!(
        incidents.contains("partitions=1 replicas=1 cleanup.policy=compact retention.ms=-1"),
        "{incidents}"
    );
    let ready = siaga(&["check", "detect", "--kafka-instance", "one"]);
    assert_eq!(ready.code, Some(0), "{}", ready.err);
}

#[test]
fn files_go_to_the_topic_and_refused_lines_to_a_file() {
    let Some(broker) = Broker::shared() else { return };
    let siaga = |arguments: &[&str]| siaga(broker, "files", arguments);
    assert_eq!(siaga(&["topics", "create", "--replication-factor", "1"]).code, Some(0));
    let folder = Folder::new();
    let lines: String = (0..300).map(|n| format!("{{\"id\":\"a-{n}\",\"body\":\"x\"}}\n")).collect();
    let file = folder.file("a.jsonl", lines + "{broken\n{\"id\":\"b\"}\n");
    let page = folder.file("page.txt", "Judul\n\nIsi.");
    let refused = folder.path().join("refused.jsonl").display().to_string();
    let ended = siaga(&["ingest", &file, &page, "--refused", &refused]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{}", ended.err);
    assert!(ended.err.contains("301 articles are in the topic"), "{}", ended.err);
    assert!(ended.err.contains("2 lines are refused") && ended.err.contains(&refused), "{}", ended.err);
    let reasons: Vec<serde_json::Value> = std::fs::read_to_string(&refused)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let places: Vec<_> = reasons.iter().map(|r| (r["file"].as_str(), r["line"].as_u64())).collect();
    assert_eq!(places, [(Some(file.as_str()), Some(301)), (Some(file.as_str()), Some(302))]);
}
