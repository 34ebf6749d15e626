//! What others leave in a changelog: transactions that are aborted, open, or committed late, and records of no sense.

use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use siaga_stream::{Error, Processing};

use crate::cluster::{Cluster, LONGEST, processing, wait_until};
use crate::tally::Entry;

/// The partition's owner before us, in the middle of a transaction.
struct Owner {
    producer: BaseProducer,
}

impl Cluster {
    /// An owner that has written entries to partition 0 of the changelog and not yet committed.
    fn owner(&self, name: &str, timeout: Duration, keys: &[&str]) -> Owner {
        let producer: BaseProducer = ClientConfig::new()
            .set("bootstrap.servers", self.kafka("").brokers)
            .set("transactional.id", format!("{}-{name}", self.kafka("").prefix))
            .set("transaction.timeout.ms", timeout.as_millis().to_string())
            .create()
            .unwrap();
        producer.init_transactions(LONGEST).unwrap();
        producer.begin_transaction().unwrap();
        let changelog = self.changelog();
        for key in keys {
            let entry = Entry { count: 5, ..Entry::default() };
            let value = serde_json::to_vec(&entry).unwrap();
            let record = BaseRecord::to(&changelog).partition(0).key(*key).payload(&value);
            assert!(producer.send(record).is_ok());
        }
        producer.flush(LONGEST).unwrap();
        Owner { producer }
    }

    /// What is known of a key in the end.
    fn last(&self, key: &str) -> Entry {
        let record = self.compacted().remove(&(0, key.as_bytes().to_vec())).unwrap();
        serde_json::from_slice(&record.payload.unwrap()).unwrap()
    }
}

impl Owner {
    fn commit(self) {
        self.producer.commit_transaction(LONGEST).unwrap();
    }

    fn abort(self) {
        self.producer.abort_transaction(LONGEST).unwrap();
    }
}

#[test]
fn aborted_transactions_at_the_end_of_the_changelog_are_passed_over() {
    let Some(cluster) = Cluster::shared("aborted") else { return };
    cluster.create_stateful(1);
    cluster.owner("first", LONGEST, &["early", "key-0"]).commit();
    cluster.owner("second", LONGEST, &["key-0", "never"]).abort();
    cluster.owner("third", LONGEST, &["never again"]).abort();
    cluster.publish_numbers(0, 1);
    let stage = cluster.tally("a", &processing());
    stage.wait_consumed(1);
    assert_eq!(stage.metric("siaga_restored_records_total", None), 2);
    stage.stop();
    let last = cluster.last("key-0");
    assert_eq!((last.count, last.total), (6, 11));
}

#[test]
fn a_transaction_that_is_open_when_the_partition_changes_hands_is_awaited() {
    let Some(cluster) = Cluster::shared("open") else { return };
    cluster.create_stateful(1);
    cluster.owner("first", LONGEST, &["early"]).commit();
    let owner = cluster.owner("second", LONGEST, &["key-0"]);
    cluster.publish_numbers(0, 1);
    let stage = cluster.tally("a", &processing());
    wait_until("the stage says what it waits for", || {
        stage.state.ready()
            == Err("thread 0 waits for the transaction at offset 2 of open.tally.v1 [0] to end".to_owned())
    });
    assert_eq!(stage.state.live(), Ok(()));
    assert_eq!(stage.consumed(), 0);
    owner.commit();
    stage.wait_consumed(1);
    stage.wait_ready();
    stage.stop();
    let last = cluster.last("key-0");
    assert_eq!((last.count, last.total), (6, 11));
}

#[test]
fn a_transaction_whose_owner_is_gone_is_awaited_until_the_broker_ends_it() {
    let Some(cluster) = Cluster::shared("gone") else { return };
    cluster.create_stateful(1);
    let owner = cluster.owner("first", Duration::from_secs(1), &["key-0"]);
    cluster.publish_numbers(0, 1);
    let stage = cluster.tally("a", &processing());
    stage.wait_consumed(1);
    stage.stop();
    drop(owner);
    let last = cluster.last("key-0");
    assert_eq!((last.count, last.total), (1, 1));
}

#[test]
fn a_partition_may_be_taken_away_while_its_state_is_awaited() {
    let Some(cluster) = Cluster::shared("moved") else { return };
    cluster.create_stateful(2);
    let owner = cluster.owner("first", LONGEST, &["key-0"]);
    let (first, second) = (cluster.tally("a", &processing()), cluster.tally("b", &processing()));
    wait_until("each has one", || first.state.partitions() == 1 && second.state.partitions() == 1);
    // The group gives partition 0 to the first by name, which still waits for its state.
    assert!(first.state.ready().is_err());
    first.stop();
    wait_until("the other has both", || second.state.partitions() == 2);
    owner.abort();
    cluster.publish_numbers(0, 100);
    second.wait_consumed(100);
    second.stop();
    cluster.assert_tallied(100);
}

#[test]
fn a_state_is_restored_from_what_compaction_has_left() {
    let Some(cluster) = Cluster::shared("compacted") else { return };
    cluster.create_all(1);
    let eager = [("cleanup.policy", "compact"), ("segment.ms", "100"), ("min.cleanable.dirty.ratio", "0.01")];
    cluster.create(&cluster.changelog(), 1, &eager);
    let stage = cluster.tally("a", &processing());
    for round in 0..3 {
        cluster.publish_numbers(round * 1000, 1000);
        stage.wait_consumed((round + 1) * 1000);
    }
    stage.stop();
    wait_until("the broker compacts", || cluster.read(&cluster.changelog()).len() < 2500);
    cluster.publish_numbers(3000, 10);
    let stage = cluster.tally("a", &processing());
    stage.wait_consumed(10);
    assert!(stage.metric("siaga_restored_records_total", None) < 2500);
    stage.stop();
    cluster.assert_last_are_tallied(None);
}

#[test]
fn a_record_that_no_state_is_made_of_ends_the_stage() {
    let Some(cluster) = Cluster::shared("senseless") else { return };
    cluster.create_stateful(1);
    cluster.publish(&cluster.changelog(), &[crate::cluster::message(b"k", Some(b"{"))]);
    let mut stage = cluster.tally("a", &Processing { threads: 1, ..processing() });
    match stage.wait_ended() {
        Err(error @ Error::Changelog { offset: 0, code: "not_an_entry", .. }) => {
            assert!(error.to_string().contains("senseless.tally.v1 [0] at offset 0"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}
