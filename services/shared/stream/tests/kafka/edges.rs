//! What enters and leaves the pipeline one by one: the publisher and the bounded reader.

use std::sync::mpsc;
use std::time::Duration;

use siaga_stream::follower::{Followed, From};
use siaga_stream::publisher::{Delivered, Message, Undelivered};
use siaga_stream::reader::Isolation;
use siaga_stream::{BoundedReader, Follower, Publisher, Publishing};
use siaga_test_kafka::Broker;

use crate::cluster::{Cluster, LONGEST, Step, copy, message, processing, wait_until};
use crate::tally::beginning;

fn publishing(acknowledge_timeout: Duration) -> Publishing {
    Publishing { buffer_kib: 1024, acknowledge_timeout }
}

/// What becomes of one record.
fn send(publisher: &Publisher, topic: &str, record: Message<'_>) -> Result<Delivered, Undelivered> {
    let (told, heard) = mpsc::channel();
    publisher.send(topic, record, move |result| told.send(result).unwrap());
    heard.recv_timeout(LONGEST).unwrap()
}

#[test]
fn an_acknowledged_record_stands_where_the_publisher_says() {
    let Some(cluster) = Cluster::shared("acknowledges") else { return };
    cluster.create_all(3);
    let publisher = cluster.publisher();
    let headers: [(&str, Option<&[u8]>); 2] = [("a", Some(b"\xff")), ("none", None)];
    for n in 0..20_u8 {
        let (key, value) = ([n], [n, n]);
        let record = Message { headers: &headers, ..message(&key, Some(&value)) };
        let delivered = send(&publisher, &cluster.input(), record).unwrap();
        let read = cluster.read(&cluster.input());
        let found = read.iter().find(|r| r.key.as_deref() == Some(&key)).unwrap();
        assert_eq!((found.partition, found.offset), (delivered.partition, delivered.offset));
        assert_eq!(found.payload.as_deref(), Some(value.as_slice()));
        assert_eq!(found.timestamp, record.timestamp);
        assert_eq!(found.headers, [("a".to_owned(), Some(vec![0xff])), ("none".to_owned(), None)]);
    }
    assert_eq!(publisher.close(LONGEST), 0);
}

#[test]
fn keys_go_to_the_partitions_that_java_clients_choose() {
    let Some(cluster) = Cluster::shared("murmur") else { return };
    cluster.create_all(12);
    let publisher = cluster.publisher();
    // By `Utils.toPositive(Utils.murmur2(key)) % 12` of Kafka's own client.
    for (key, partition) in [("foobar", -790_332_482), ("21", -973_932_308), ("abc", 479_470_107)] {
        let delivered = send(&publisher, &cluster.input(), message(key.as_bytes(), Some(b"1"))).unwrap();
        assert_eq!(delivered.partition, (partition & 0x7fff_ffff) % 12, "{key}");
    }
}

#[test]
fn a_record_that_is_too_large_for_the_client_or_the_topic_is_refused() {
    let Some(cluster) = Cluster::shared("refuses") else { return };
    cluster.create(&cluster.input(), 1, &[("max.message.bytes", "1500000")]);
    let publisher = cluster.publisher();
    for size in [2_000_000, 12_000_000] {
        match send(&publisher, &cluster.input(), message(b"k", Some(&vec![b'x'; size]))) {
            Err(Undelivered::Refused(_)) => {}
            other => panic!("{size}: {other:?}"),
        }
    }
    assert!(send(&publisher, &cluster.input(), message(b"k", Some(b"x"))).is_ok());
}

#[test]
fn a_publisher_says_what_is_missing_and_refuses_more_than_it_has_memory_for() {
    let Some(broker) = Broker::start() else { return };
    let cluster = Cluster::on(&broker, "full");
    let topics = [cluster.input()];
    let publisher =
        Publisher::new(&cluster.kafka("test"), "publisher", publishing(Duration::from_secs(1)), &topics)
            .unwrap();
    wait_until("it names the topic", || {
        publisher.ready() == Err(format!("topic {} is missing", cluster.input()))
    });
    cluster.create(&cluster.input(), 1, &[]);
    wait_until("it is ready", || publisher.ready() == Ok(()));
    assert!(send(&publisher, &cluster.input(), message(b"k", Some(b"x"))).is_ok());

    broker.stop();
    wait_until("it says that the cluster is away", || {
        publisher.ready().is_err_and(|words| words.starts_with("cluster cannot be reached"))
    });
    let (told, heard) = mpsc::channel();
    for _ in 0..30 {
        let told = told.clone();
        publisher.send(&cluster.input(), message(b"k", Some(&[b'x'; 100_000])), move |result| {
            told.send(result).unwrap();
        });
    }
    drop(told);
    // Each is told about, once: most at once, the others when their time is over.
    let results: Vec<Undelivered> = heard.iter().map(|result| result.unwrap_err()).collect();
    assert_eq!(results.len(), 30);
    let full = results.iter().filter(|r| **r == Undelivered::QueueFull).count();
    assert!((10..30).contains(&full), "{full} of 30 found the queue full");
    let late = |r: &&Undelivered| matches!(r, Undelivered::Unacknowledged(_));
    assert_eq!(results.iter().filter(late).count(), 30 - full);

    broker.start_again();
    wait_until("it is ready again", || publisher.ready() == Ok(()));
    assert!(send(&publisher, &cluster.input(), message(b"k", Some(b"y"))).is_ok());
    assert_eq!(publisher.live(), Ok(()));
}

#[test]
fn a_bounded_reader_ends_at_what_was_the_end_at_its_beginning() {
    let Some(cluster) = Cluster::shared("bounded") else { return };
    cluster.create_all(4);
    assert_eq!(cluster.read(&cluster.input()), []);
    cluster.publish_numbers(0, 1000);
    let reader = BoundedReader::open(&cluster.kafka(""), &cluster.input(), Isolation::Committed, LONGEST);
    let reader = reader.unwrap();
    assert_eq!(reader.ends().values().sum::<i64>(), 1000);
    cluster.publish_numbers(1000, 1000);
    assert_eq!(reader.filter(Result::is_ok).count(), 1000);
    assert_eq!(cluster.read(&cluster.input()).len(), 2000);
}

#[test]
fn a_bounded_reader_passes_the_marks_of_transactions() {
    let Some(cluster) = Cluster::shared("marks") else { return };
    cluster.create_all(2);
    // Each transaction leaves a mark behind its records: the last offset of a partition is none of a record.
    for round in 0..3 {
        cluster.publish_numbers(round * 10, 10);
        let stage = cluster.stage("a", &processing(), || Step(copy));
        stage.wait_consumed(10);
        stage.stop();
    }
    for isolation in [Isolation::Committed, Isolation::Everything] {
        assert_eq!(cluster.read_as(&cluster.output(), isolation).len(), 30);
    }
}

/// What a follower gives until it has caught up and until so many records have come.
fn follow(follower: &mut Follower, records: usize) -> Vec<i64> {
    let mut timestamps = Vec::new();
    wait_until("all has come", || {
        if let Followed::Record(timestamp) =
            follower.next(LONGEST / 1000, |r| r.timestamp() - beginning()).unwrap()
        {
            timestamps.push(timestamp);
        }
        follower.is_caught_up() && timestamps.len() >= records
    });
    timestamps
}

#[test]
fn a_follower_reads_what_is_there_says_so_once_and_goes_on() {
    let Some(cluster) = Cluster::shared("follows") else { return };
    cluster.create_all(3);
    let kafka = cluster.kafka("");
    let open = |topic: &str, from| Follower::open(&kafka, "follower", topic, from, LONGEST).unwrap();
    let mut empty = open(&cluster.output(), From::Beginning);
    assert_eq!(empty.next(LONGEST, |_| ()).unwrap(), Followed::CaughtUp);

    cluster.publish_numbers(0, 500);
    let stage = cluster.stage("a", &processing(), || Step(copy));
    stage.wait_consumed(500);
    assert_eq!(follow(&mut empty, 500).len(), 500);
    let mut later = open(&cluster.output(), From::Beginning);
    let (mut told, mut read) = (0, 0);
    wait_until("it has caught up", || {
        match later.next(LONGEST / 1000, |_| ()).unwrap() {
            Followed::Record(()) => read += 1,
            Followed::CaughtUp => told = read,
            Followed::Nothing => {}
        }
        told > 0
    });
    // Marks of transactions stand behind the records.
    assert_eq!((told, read), (500, 500));
    cluster.publish_numbers(500, 100);
    stage.wait_consumed(600);
    stage.stop();
    for follower in [&mut empty, &mut later] {
        assert_eq!(follow(follower, 100).len(), 100);
        assert_ne!(follower.next(Duration::ZERO, |_| ()).unwrap(), Followed::CaughtUp);
    }
}

#[test]
fn a_follower_may_begin_at_a_time() {
    let Some(cluster) = Cluster::shared("since") else { return };
    cluster.create_all(1);
    cluster.publish_at(&cluster.input(), "k", (1..=100).map(|n| n * 1000));
    let open = |time| {
        let from = From::Timestamp(beginning() + time);
        Follower::open(&cluster.kafka(""), "follower", &cluster.input(), from, LONGEST).unwrap()
    };
    assert_eq!(follow(&mut open(90_500), 10), (91..=100).map(|n| n * 1000).collect::<Vec<_>>());
    let mut news = open(100_001);
    assert_eq!(news.next(LONGEST, |_| ()).unwrap(), Followed::CaughtUp);
    cluster.publish_at(&cluster.input(), "k", std::iter::once(200_000));
    assert_eq!(follow(&mut news, 1), [200_000]);
}

#[test]
fn a_topic_that_is_not_there_cannot_be_read() {
    let Some(cluster) = Cluster::shared("nothing") else { return };
    let error =
        BoundedReader::open(&cluster.kafka(""), "nothing", Isolation::Committed, LONGEST).unwrap_err();
    assert!(error.to_string().contains("looking up the ends of a topic"), "{error}");
    let following = Follower::open(&cluster.kafka(""), "f", "nothing", From::Beginning, LONGEST);
    assert!(following.unwrap_err().to_string().contains("looking up the ends of a topic"));
}
