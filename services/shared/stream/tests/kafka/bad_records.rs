//! Records that cannot be processed, and those that need no processing: all others flow.

use siaga_stream::publisher::Message;
use siaga_stream::reader::OwnedRecord;
use siaga_stream::{Error, OnBadRecord, Outcome, Outputs, OwnedOutputHeaders, Processing, Record, Rejection};

use crate::cluster::{Cluster, Step, copy, message, processing};

const LARGEST: usize = 100_000;

/// Refuses what is no JSON, as a service does.
fn json_only(record: &Record<'_>, out: &mut Outputs) -> Outcome {
    match serde_json::from_slice::<serde_json::Value>(record.payload().unwrap()) {
        Ok(_) => copy(record, out),
        Err(error) => Outcome::DeadLetter(Rejection { code: "not_json", message: error.to_string() }),
    }
}

fn odd_payloads() -> Vec<(&'static str, Option<Vec<u8>>)> {
    vec![
        ("tombstone", None),
        ("empty", Some(Vec::new())),
        ("too large", Some(format!("\"{}\"", "x".repeat(LARGEST)).into_bytes())),
        ("truncated utf-8", Some(b"\"caf\xc3".to_vec())),
        ("no utf-8 at all", Some((0..=255).collect())),
        ("deeply nested", Some("[".repeat(50_000).into_bytes())),
    ]
}

fn header<'r>(record: &'r OwnedRecord, name: &str) -> &'r str {
    std::str::from_utf8(record.header(name).unwrap()).unwrap()
}

#[test]
fn odd_records_among_good_ones_are_put_aside_and_everything_else_flows() {
    let Some(cluster) = Cluster::shared("odd") else { return };
    cluster.create_all(2);
    let good: Vec<Vec<u8>> = (0..200).map(|n: i32| n.to_string().into_bytes()).collect();
    let odd = odd_payloads();
    let mut messages: Vec<Message<'_>> = good.iter().map(|n| message(n, Some(n))).collect();
    for (index, (key, payload)) in odd.iter().enumerate() {
        messages.insert(index * 30, message(key.as_bytes(), payload.as_deref()));
    }
    let places = cluster.publish(&cluster.input(), &messages);
    let stage =
        cluster.stage("a", &Processing { max_record_bytes: LARGEST, ..processing() }, || Step(json_only));
    stage.wait_consumed(messages.len());
    assert_eq!(stage.metric("siaga_records_skipped_total", Some("tombstone")), 1);
    assert_eq!(stage.metric("siaga_records_dead_lettered_total", Some("too_large")), 1);
    assert_eq!(stage.metric("siaga_records_dead_lettered_total", Some("not_json")), 4);
    assert_eq!(stage.metric("siaga_records_processed_total", None), 200);
    stage.stop();

    let mut flowed: Vec<Vec<u8>> =
        cluster.read(&cluster.output()).into_iter().map(|r| r.payload.unwrap()).collect();
    flowed.sort_by_key(|n| std::str::from_utf8(n).unwrap().parse::<u32>().unwrap());
    assert_eq!(flowed, good);

    let dead = cluster.read(&cluster.dead_letters());
    assert_eq!(dead.len(), 5);
    for (key, payload) in odd.iter().filter(|(_, payload)| payload.is_some()) {
        let letter = dead.iter().find(|r| r.key.as_deref() == Some(key.as_bytes())).unwrap();
        assert_eq!(&letter.payload, payload, "{key}");
        let at = messages.iter().position(|m| m.key == Some(key.as_bytes())).unwrap();
        let code = if *key == "too large" { "too_large" } else { "not_json" };
        assert_eq!(header(letter, "__streams.errors.exception"), code);
        assert_eq!(header(letter, "__streams.errors.topic"), cluster.input());
        assert_eq!(header(letter, "__streams.errors.partition"), places[at].partition.to_string());
        assert_eq!(header(letter, "__streams.errors.offset"), places[at].offset.to_string());
        assert!(!header(letter, "__streams.errors.message").is_empty());
    }
}

#[test]
fn a_dead_letter_keeps_key_bytes_headers_and_timestamp() {
    let Some(cluster) = Cluster::shared("letters") else { return };
    cluster.create_all(1);
    let headers: [(&str, Option<&[u8]>); 4] = [
        ("traceparent", Some(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
        ("twice", Some(b"1")),
        ("twice", Some(b"\xff")),
        ("nothing", None),
    ];
    let bad = Message {
        key: Some(b"\x00key\xff"),
        payload: Some(b"\xfe\x00"),
        headers: &headers,
        timestamp: 1_234_567_890_123,
        partition: None,
    };
    cluster.publish(&cluster.input(), &[bad, Message { key: None, ..bad }]);
    let stage = cluster.stage("a", &processing(), || Step(json_only));
    stage.wait_consumed(2);
    stage.stop();
    let letters = cluster.read(&cluster.dead_letters());
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0].key.as_deref(), bad.key);
    assert_eq!(letters[1].key, None);
    for letter in letters {
        assert_eq!(letter.payload.as_deref(), bad.payload);
        assert_eq!(letter.timestamp, bad.timestamp);
        let kept: Vec<(&str, Option<&[u8]>)> =
            letter.headers.iter().take(4).map(|(key, value)| (key.as_str(), value.as_deref())).collect();
        assert_eq!(kept, headers);
        assert!(letter.headers[4..].iter().all(|(key, _)| key.starts_with("__streams.errors.")));
    }
}

#[test]
fn outputs_inherit_timestamp_traces_and_lane() {
    let Some(cluster) = Cluster::shared("inherits") else { return };
    cluster.create_all(1);
    let headers: [(&str, Option<&[u8]>); 3] =
        [("traceparent", Some(b"00-1-2-01")), ("siaga-lane", Some(b"backfill:x")), ("other", Some(b"stays"))];
    let record = Message { headers: &headers, timestamp: 1_234_567_890_123, ..message(b"k", Some(b"1")) };
    cluster.publish(&cluster.input(), &[record]);
    let stage = cluster.stage("a", &processing(), || Step(copy));
    stage.wait_consumed(1);
    stage.stop();
    let copies = cluster.read(&cluster.output());
    assert_eq!(copies[0].timestamp, record.timestamp);
    let travelled: Vec<&str> = copies[0].headers.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(travelled, ["traceparent", "siaga-lane"]);
}

/// Makes an output of as many bytes as the record says.
fn inflate(record: &Record<'_>, out: &mut Outputs) -> Outcome {
    let size: usize = std::str::from_utf8(record.payload().unwrap()).unwrap().parse().unwrap();
    out.send(0, record.key(), vec![b'x'; size], OwnedOutputHeaders::default(), None);
    Outcome::Emitted
}

#[test]
fn a_record_whose_output_is_too_large_becomes_a_dead_letter_and_the_others_of_its_batch_flow() {
    let Some(cluster) = Cluster::shared("inflates") else { return };
    cluster.create(&cluster.input(), 1, &[]);
    cluster.create(&cluster.output(), 1, &[("max.message.bytes", "1500000")]);
    cluster.create(&cluster.dead_letters(), 1, &[]);
    // One is too large for the topic, one for the client.
    let sizes: Vec<String> = (0..300)
        .map(|n| {
            if n == 100 {
                2_000_000
            } else if n == 200 {
                12_000_000
            } else {
                n
            }
            .to_string()
        })
        .collect();
    let messages: Vec<Message<'_>> =
        sizes.iter().map(|s| message(s.as_bytes(), Some(s.as_bytes()))).collect();
    cluster.publish(&cluster.input(), &messages);
    let stage = cluster.stage("a", &processing(), || Step(inflate));
    stage.wait_consumed(300);
    assert_eq!(stage.metric("siaga_records_dead_lettered_total", Some("output_refused")), 2);
    stage.stop();
    assert_eq!(cluster.read(&cluster.output()).len(), 298);
    let dead: Vec<Vec<u8>> =
        cluster.read(&cluster.dead_letters()).into_iter().map(|r| r.payload.unwrap()).collect();
    assert_eq!(dead, [b"2000000".to_vec(), b"12000000".to_vec()]);
}

#[test]
fn a_bad_record_ends_the_stage_where_the_settings_say_so() {
    let Some(cluster) = Cluster::shared("fails") else { return };
    cluster.create_all(1);
    cluster.publish(&cluster.input(), &[message(b"k", Some(b"1")), message(b"k", Some(b"{"))]);
    let failing = Processing { on_bad_record: OnBadRecord::Fail, ..processing() };
    let mut stage = cluster.stage("a", &failing, || Step(json_only));
    match stage.wait_ended() {
        Err(Error::BadRecord { offset: 1, code: "not_json", .. }) => {}
        other => panic!("{other:?}"),
    }
    assert!(cluster.read(&cluster.dead_letters()).is_empty());
}

#[test]
fn a_bad_record_is_only_counted_where_the_settings_say_so() {
    let Some(cluster) = Cluster::shared("skips") else { return };
    cluster.create_all(1);
    cluster.publish(&cluster.input(), &[message(b"k", Some(b"{")), message(b"k", Some(b"1"))]);
    let skipping = Processing { on_bad_record: OnBadRecord::Skip, ..processing() };
    let stage = cluster.stage("a", &skipping, || Step(json_only));
    stage.wait_consumed(2);
    assert_eq!(stage.metric("siaga_records_dead_lettered_total", Some("not_json")), 1);
    stage.stop();
    assert_eq!(cluster.read(&cluster.output()).len(), 1);
    assert!(cluster.read(&cluster.dead_letters()).is_empty());
}
