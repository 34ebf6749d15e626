//! The broker of this process, with stages that copy.

use std::collections::BTreeMap;

use super::*;
use crate::{Outcome, Outputs, OwnedOutputHeaders, Rejection};

const PREFIX: &str = "t";

/// Copies a record, or refuses it where it says so.
struct Copy;

impl Processor for Copy {
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        match record.payload() {
            Some(b"bad") => Outcome::DeadLetter(Rejection { code: "bad", message: "is bad".to_owned() }),
            Some(b"nothing") => Outcome::Skipped { reason: "nothing" },
            Some(b"panic") => panic!("told to"),
            Some(b"grow") => {
                let value = vec![b'x'; usize::try_from(LARGEST_RECORD).unwrap()];
                out.send(0, record.key(), b"small".to_vec(), OwnedOutputHeaders::default(), None);
                out.send(0, record.key(), value, OwnedOutputHeaders::default(), None);
                Outcome::Emitted
            }
            payload => {
                let headers = OwnedOutputHeaders::default().with("made-by", b"copy");
                out.send(0, record.key(), payload.unwrap_or_default().to_vec(), headers, None);
                Outcome::Emitted
            }
        }
    }
}

/// `a` to `b` to `c`, with dead letters, each of so many partitions.
fn pipeline(partitions: i32) -> InProcess {
    let topics = ["a", "b", "c", "a.dlq", "b.dlq"].map(|name| (name.to_owned(), partitions));
    let mut broker = InProcess::start(PREFIX, &topics).unwrap();
    let topics = |input: &str, output: &str| Topics { input: input.into(), outputs: vec![output.into()] };
    broker.run("first", topics("a", "b"), Copy).unwrap();
    broker.run("second", topics("b", "c"), Copy).unwrap();
    broker
}

fn message<'a>(key: &'a [u8], payload: &'a [u8]) -> Message<'a> {
    const HEADERS: &[(&str, Option<&[u8]>)] = &[("siaga-lane", Some(b"live")), ("other", Some(b"x"))];
    Message {
        key: Some(key),
        payload: Some(payload),
        headers: HEADERS,
        timestamp: 1_700_000_000_123,
        partition: None,
    }
}

/// Reads until `count` records have come or the broker fails.
fn read<R>(
    broker: &InProcess,
    reader: &mut Reader,
    count: usize,
    mut look: impl FnMut(&Record<'_>) -> R,
) -> Result<Vec<R>, String> {
    let mut found = Vec::new();
    while found.len() < count {
        if let Some(failure) = broker.failure() {
            return Err(failure);
        }
        found.extend(reader.next(IDLE, &mut look).map_err(|error| error.to_string())?);
    }
    Ok(found)
}

#[test]
fn nothing_is_lost_or_doubled_past_what_the_broker_keeps() {
    // 24 MB through partitions that keep 5 MB each, with readers that begin late.
    const RECORDS: usize = 6_000;
    let mut broker = pipeline(1);
    let mut reader = broker.reader("test", &["c".to_owned()]).unwrap();
    let writer = broker.writer("feeder").unwrap();
    broker
        .spawn("feeder", move || {
            for number in 0..RECORDS {
                let value = format!("{number:06}{}", "x".repeat(4_000));
                let key = format!("k{}", number % 7);
                assert_eq!(writer.send("a", message(key.as_bytes(), value.as_bytes())), Sent::Written);
            }
            Ok(())
        })
        .unwrap();
    let number = |record: &Record<'_>| {
        let text = std::str::from_utf8(&record.payload().unwrap()[..6]).unwrap();
        text.parse::<usize>().unwrap()
    };
    let numbers = read(&broker, &mut reader, RECORDS, number).unwrap();
    assert_eq!(numbers, Vec::from_iter(0..RECORDS));
    assert!(broker.is_drained());
    assert!(reader.next(IDLE, |_| ()).unwrap().is_none());
}

#[test]
fn the_records_of_a_key_stay_in_order_over_partitions() {
    let broker = pipeline(3);
    let mut reader = broker.reader("test", &["c".to_owned()]).unwrap();
    let writer = broker.writer("feeder").unwrap();
    for number in 0..500_u16 {
        let key = [u8::try_from(number % 11).unwrap()];
        assert_eq!(writer.send("a", message(&key, number.to_string().as_bytes())), Sent::Written);
    }
    let of = |record: &Record<'_>| {
        let value = std::str::from_utf8(record.payload().unwrap()).unwrap();
        (record.key().unwrap()[0], value.parse::<u16>().unwrap())
    };
    let mut by_key: BTreeMap<u8, Vec<u16>> = BTreeMap::new();
    for (key, number) in read(&broker, &mut reader, 500, of).unwrap() {
        by_key.entry(key).or_default().push(number);
    }
    assert_eq!(by_key.len(), 11);
    assert!(by_key.values().all(|numbers| numbers.is_sorted()));
}

/// Text that can hardly be compressed.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b' ' + u8::try_from(state % 95).unwrap()
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

#[test]
fn the_largest_records_arrive_one_after_the_other() {
    let mut broker = pipeline(1);
    let mut reader = broker.reader("test", &["c".to_owned()]).unwrap();
    let writer = broker.writer("feeder").unwrap();
    let large = usize::try_from(LARGEST_RECORD).unwrap() - 200;
    let sizes = [6, large, large, 5, large, 1_000_000, large, large];
    broker
        .spawn("feeder", move || {
            let noise = noise(large);
            for size in sizes {
                assert_eq!(writer.send("a", message(b"k", &noise[..size])), Sent::Written);
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(read(&broker, &mut reader, 8, |record| record.payload().unwrap().len()).unwrap(), sizes);
}

#[test]
fn what_is_too_large_is_refused_and_what_becomes_so_is_put_aside_whole() {
    let broker = pipeline(1);
    let mut reader = broker.reader("test", &["c".to_owned(), "a.dlq".to_owned()]).unwrap();
    let writer = broker.writer("feeder").unwrap();
    let large = vec![b'x'; usize::try_from(LARGEST_RECORD).unwrap()];
    assert_eq!(writer.send("a", message(b"k", &large)), Sent::TooLarge);
    assert_eq!(writer.send("a", message(b"k", b"grow")), Sent::Written);
    let code = |record: &Record<'_>| {
        assert_eq!((record.topic(), record.payload()), ("a.dlq", Some(b"grow".as_slice())));
        record.header("__streams.errors.exception").unwrap().to_vec()
    };
    assert_eq!(read(&broker, &mut reader, 1, code).unwrap(), [b"output_refused".to_vec()]);
}

#[test]
fn a_record_ends_copied_dead_or_skipped_with_what_belongs_to_it() {
    let broker = pipeline(1);
    let mut reader = broker.reader("test", &["c".to_owned(), "a.dlq".to_owned()]).unwrap();
    let writer = broker.writer("feeder").unwrap();
    for value in ["bad", "nothing", "good"] {
        assert_eq!(writer.send("a", message(b"k", value.as_bytes())), Sent::Written);
    }
    let seen = |record: &Record<'_>| {
        assert_eq!((record.timestamp(), record.key()), (1_700_000_000_123, Some(b"k".as_slice())));
        assert_eq!(record.header("siaga-lane"), Some(b"live".as_slice()));
        (record.topic().to_owned(), record.payload().unwrap().to_vec(), record.header("other").is_some())
    };
    let mut records = read(&broker, &mut reader, 2, seen).unwrap();
    records.sort();
    // Dead letters keep all headers, outputs those that travel.
    let expected = [("a.dlq", b"bad".as_slice(), true), ("c", b"good", false)];
    assert_eq!(records, expected.map(|(topic, value, other)| (topic.to_owned(), value.to_vec(), other)));
    assert_eq!((broker.skipped("first"), broker.skipped("second")), (1, 0));
}

#[test]
fn a_stage_that_panics_is_told() {
    let broker = pipeline(1);
    let mut reader = broker.reader("test", &["c".to_owned()]).unwrap();
    let writer = broker.writer("feeder").unwrap();
    assert_eq!(writer.send("a", message(b"k", b"panic")), Sent::Written);
    let failure = read(&broker, &mut reader, 1, |_| ()).unwrap_err();
    assert_eq!(failure, "first panicked");
    assert_eq!(writer.send("a", message(b"k", b"more")), Sent::Stopped, "nothing is written after a failure");
}

/// Counts the records of its partition, decisions by hundreds.
#[derive(Default)]
struct Count(usize);

impl Count {
    fn add(&mut self, more: usize, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.0 += more;
        out.send(0, record.key(), self.0.to_string().into_bytes(), OwnedOutputHeaders::default(), None);
        Outcome::Emitted
    }
}

impl StatefulProcessor for Count {
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        Err(Rejection { code: "restored", message: format!("{record:?}") })
    }

    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.add(1, record, out)
    }

    fn control(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.add(100, record, out)
    }

    fn entries(&self) -> usize {
        1
    }
}

#[test]
fn each_partition_has_a_state_of_its_own_and_keeps_its_number() {
    let topics = ["input", "control", "changelog"].map(|name| (name.to_owned(), 3));
    let mut broker = InProcess::start(PREFIX, &topics).unwrap();
    let mut reader = broker.reader("test", &["changelog".to_owned()]).unwrap();
    let topics = StatefulTopics {
        input: "input".into(),
        control: Some("control".into()),
        changelog: "changelog".into(),
    };
    broker.run_stateful("count", topics, Count::default).unwrap();
    let writer = broker.writer("feeder").unwrap();
    let send = |topic: &str, partition| {
        // By its key alone every record would go to one partition.
        let record = Message { partition: Some(partition), ..message(b"k", b"x") };
        assert_eq!(writer.send(topic, record), Sent::Written);
    };
    for number in 0..30 {
        send("input", number % 3);
    }
    let look = |record: &Record<'_>| {
        let count: usize = std::str::from_utf8(record.payload().unwrap()).unwrap().parse().unwrap();
        (record.partition(), count)
    };
    let counts = |found: Vec<(i32, usize)>| found.into_iter().collect::<BTreeMap<i32, usize>>();
    let found = counts(read(&broker, &mut reader, 30, look).unwrap());
    assert_eq!(found, BTreeMap::from([(0, 10), (1, 10), (2, 10)]));
    send("control", 1);
    assert_eq!(read(&broker, &mut reader, 1, look).unwrap(), [(1, 110)]);
}
