//! What goes wrong inside one stage: aborts, fencing, slowness, topics that are not there.

use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use siaga_stream::reader::Isolation;
use siaga_stream::{Error, Guarantee, Outcome, Outputs, OwnedOutputHeaders, Processing, Record};

use crate::cluster::{Cluster, Count, LONGEST, Step, copy, message, processing, wait_until};

#[test]
fn an_abort_with_a_thousand_records_outstanding_is_confirmed_at_once_and_leaves_nothing() {
    let Some(cluster) = Cluster::shared("aborts") else { return };
    cluster.create_all(1);
    cluster.publish(&cluster.input(), &[message(b"k", Some(b"1"))]);
    let attempts = Count::default();
    let mut kafka = cluster.kafka("a");
    // Nothing leaves the client by itself: all of it is outstanding when the abort comes.
    kafka.properties.insert("linger.ms".to_owned(), "3000".to_owned());
    kafka.properties.insert("batch.num.messages".to_owned(), "1000000".to_owned());
    let stage = cluster.stage_with(&kafka, &processing(), || {
        let attempts = attempts.clone();
        Step(move |record: &Record<'_>, out: &mut Outputs| {
            let attempt = attempts.add();
            let mut send =
                |payload: Vec<u8>| out.send(0, record.key(), payload, OwnedOutputHeaders::default(), None);
            if attempt == 1 {
                (0..1000).for_each(|n: i32| send(n.to_string().into_bytes()));
                // The client refuses it at once.
                send(vec![b'x'; 12_000_000]);
            } else {
                send(b"done".to_vec());
            }
            Outcome::Emitted
        })
    });
    stage.wait_consumed(1);
    // An abort that is not confirmed in its first call is met again by the next attempt, and counted again.
    assert_eq!(stage.metric("siaga_transaction_aborts_total", None), 1);
    assert_eq!(attempts.get(), 2);
    stage.stop();
    let seen = cluster.read(&cluster.output());
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].payload.as_deref(), Some(b"done".as_slice()));
}

#[test]
fn an_abort_after_records_have_left_hides_them() {
    let Some(cluster) = Cluster::shared("hides") else { return };
    cluster.create_all(1);
    cluster.publish_numbers(0, 1000);
    let attempts = Count::default();
    let stage = cluster.stage("a", &processing(), || {
        let attempts = attempts.clone();
        Step(move |record: &Record<'_>, out: &mut Outputs| {
            copy(record, out);
            if record.offset() == 999 && attempts.add() == 1 {
                out.send(0, None, vec![b'x'; 12_000_000], OwnedOutputHeaders::default(), None);
            } else if record.offset() == 500 && attempts.get() == 0 {
                // Longer than records linger: those before it are in the topic when the batch fails.
                std::thread::sleep(Duration::from_millis(300));
            }
            Outcome::Emitted
        })
    });
    stage.wait_consumed(1000);
    stage.stop();
    assert!(cluster.read_as(&cluster.output(), Isolation::Everything).len() > 1000);
    cluster.assert_numbers_once_and_in_order(1000);
}

#[test]
fn an_instance_whose_name_is_taken_over_ends_with_a_word() {
    let Some(cluster) = Cluster::shared("fences") else { return };
    cluster.create_all(2);
    let mut zombie = cluster.stage("same", &processing(), || Step(copy));
    zombie.wait_ready();
    let successor = cluster.stage("same", &processing(), || Step(copy));
    // Each of them gets one of the two partitions, and the name belongs to the successor by then.
    wait_until("both have a partition", || {
        zombie.state.partitions() == 1 && successor.state.partitions() == 1
    });
    cluster.publish_numbers(0, 100);
    match zombie.wait_ended() {
        Err(error @ Error::Fenced { .. }) => {
            assert!(error.to_string().contains("`fences-copy-same-0`"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    successor.wait_consumed(100);
    successor.stop();
    cluster.assert_numbers_once_and_in_order(100);
}

#[test]
fn a_batch_that_takes_longer_than_the_poll_interval_is_dropped_and_done_again() {
    let Some(cluster) = Cluster::shared("slow") else { return };
    cluster.create_all(2);
    cluster.publish_numbers(0, 200);
    let mut kafka = cluster.kafka("a");
    kafka.properties.insert("max.poll.interval.ms".to_owned(), "3000".to_owned());
    let (slow, quick) = (Count::default(), Count::default());
    let (go_on, held) = mpsc::channel::<()>();
    let held = std::sync::Arc::new(Mutex::new(held));
    let stage = cluster.stage_with(&kafka, &processing(), || {
        let (slow, held) = (slow.clone(), held.clone());
        Step(move |record: &Record<'_>, out: &mut Outputs| {
            if slow.get() == 0 {
                slow.add();
                held.lock().unwrap().recv_timeout(LONGEST).unwrap();
            }
            copy(record, out)
        })
    });
    wait_until("the stage is in a batch", || slow.get() == 1);
    // Another instance gets the partitions only when the group has given the slow one up.
    let other = cluster.stage("b", &processing(), || {
        let quick = quick.clone();
        Step(move |record: &Record<'_>, out: &mut Outputs| {
            quick.add();
            copy(record, out)
        })
    });
    wait_until("the other instance has done all of it", || other.consumed() == 200);
    go_on.send(()).unwrap();
    wait_until("the slow batch is dropped", || {
        stage.metric("siaga_transaction_aborts_total", Some("rejoin")) == 1
    });
    other.stop();
    cluster.publish_numbers(200, 100);
    stage.wait_consumed(100);
    stage.stop();
    cluster.assert_numbers_once_and_in_order(300);
}

#[test]
fn a_batch_that_is_too_slow_each_time_ends_the_stage() {
    let Some(cluster) = Cluster::shared("slower") else { return };
    cluster.create_all(1);
    cluster.publish_numbers(0, 1);
    let mut kafka = cluster.kafka("a");
    kafka.properties.insert("max.poll.interval.ms".to_owned(), "3000".to_owned());
    let mut stage = cluster.stage_with(&kafka, &processing(), || {
        Step(|record: &Record<'_>, out: &mut Outputs| {
            std::thread::sleep(Duration::from_millis(4500));
            copy(record, out)
        })
    });
    match stage.wait_ended() {
        Err(Error::PollInterval) => {}
        other => panic!("{other:?}"),
    }
    assert!(cluster.read(&cluster.output()).is_empty());
}

#[test]
fn a_stage_waits_for_each_of_its_topics_and_says_so() {
    let Some(cluster) = Cluster::shared("waits") else { return };
    let stage = cluster.stage("a", &processing(), || Step(copy));
    for topic in [cluster.input(), cluster.output(), cluster.dead_letters()] {
        wait_until("the stage names the topic", || {
            stage.state.ready() == Err(format!("thread 0 waits for topic {topic}"))
        });
        assert_eq!(stage.state.live(), Ok(()));
        cluster.create(&topic, 1, &[]);
    }
    stage.wait_ready();
    cluster.publish_numbers(0, 10);
    stage.wait_consumed(10);
    stage.stop();
    cluster.assert_numbers_once_and_in_order(10);
}

#[test]
fn an_output_for_a_partition_that_is_not_there_ends_the_stage() {
    let Some(cluster) = Cluster::shared("partitions") else { return };
    cluster.create_all(2);
    cluster.publish_numbers(0, 1);
    let mut stage = cluster.stage("a", &processing(), || {
        Step(|record: &Record<'_>, out: &mut Outputs| {
            out.send(0, record.key(), b"1".to_vec(), OwnedOutputHeaders::default(), Some(7));
            Outcome::Emitted
        })
    });
    match stage.wait_ended() {
        Err(Error::Kafka { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_panic_in_one_thread_ends_all_of_them() {
    let Some(cluster) = Cluster::shared("panics") else { return };
    cluster.create_all(2);
    let mut stage = cluster.stage("a", &Processing { threads: 2, ..processing() }, || {
        Step(|record: &Record<'_>, out: &mut Outputs| {
            assert_ne!(record.payload(), Some(b"13".as_slice()), "as the test wants it");
            copy(record, out)
        })
    });
    stage.wait_ready();
    cluster.publish_numbers(0, 20);
    match stage.wait_ended() {
        Err(Error::Panicked { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn at_least_once_copies_all_and_goes_on_behind_what_it_committed() {
    let Some(cluster) = Cluster::shared("least") else { return };
    cluster.create_all(2);
    let least = Processing { guarantee: Guarantee::AtLeastOnce, ..processing() };
    for round in 0..2 {
        cluster.publish_numbers(round * 2000, 2000);
        let stage = cluster.stage("a", &least, || Step(copy));
        stage.wait_consumed(2000);
        stage.stop();
    }
    // Nothing went wrong, so nothing came twice.
    cluster.assert_numbers_once_and_in_order(4000);
}
