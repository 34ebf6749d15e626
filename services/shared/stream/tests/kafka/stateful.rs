//! Work whose state lives in a compacted topic: the state is that of the committed offsets, whatever happens.

use siaga_stream::{
    Error, GroupProtocol, Guarantee, Kafka, Outcome, Outputs, OwnedOutputHeaders, Processing, Record,
    Rejection, Stage, StatefulProcessor,
};

use crate::cluster::{Cluster, Count, message, processing, wait_until};
use crate::tally::{Entry, Tally};

#[test]
fn a_state_is_restored_from_the_partition_of_its_number() {
    let Some(cluster) = Cluster::shared("tallies") else { return };
    cluster.create_stateful(3);
    for round in 0..3 {
        cluster.publish_numbers(round * 1000, 1000);
        let stage = cluster.tally("a", &processing());
        stage.wait_consumed(1000);
        // Every record of the rounds before is in the changelog.
        assert_eq!(stage.metric("siaga_restored_records_total", None), round * 1000);
        wait_until("the state is counted", || stage.metric("siaga_state_entries", None) == 10);
        stage.stop();
    }
    cluster.assert_tallied(3000);
}

#[test]
fn states_move_with_their_partitions() {
    come_and_go("moves", GroupProtocol::Classic);
}

#[test]
fn states_move_with_their_partitions_in_the_new_group_protocol_too() {
    come_and_go("moves-new", GroupProtocol::Consumer);
}

/// Rounds of the test, and records of each.
const ROUNDS: usize = 6;
const ROUND: usize = 2000;

fn come_and_go(prefix: &str, group_protocol: GroupProtocol) {
    let Some(cluster) = Cluster::shared(prefix) else { return };
    cluster.create_stateful(4);
    // Small batches: many of them are under way while the partitions move.
    let small = Processing { group_protocol, batch_records: 50, threads: 2, ..processing() };
    let mut running = cluster.tally("0", &small);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..ROUNDS).for_each(|round| cluster.publish_numbers(round * ROUND, ROUND)));
        for round in 1..=ROUNDS {
            let next = cluster.tally(&(round % 3).to_string(), &small);
            wait_until("the newcomer has partitions", || next.state.partitions() >= 2);
            running.assert_runs();
            next.assert_runs();
            std::mem::replace(&mut running, next).stop();
        }
    });
    cluster.assert_tallied(ROUNDS * ROUND);
    running.stop();
}

#[test]
fn a_partition_that_comes_back_untouched_is_not_restored_again() {
    let Some(cluster) = Cluster::shared("returns") else { return };
    cluster.create_stateful(1);
    cluster.publish_numbers(0, 500);
    // The group gives a lone partition to the first of its members by name.
    let owner = cluster.tally("a", &processing());
    owner.wait_consumed(500);
    let standby = cluster.tally("b", &processing());
    standby.wait_ready();
    wait_until("both take part", || owner.metric("siaga_rebalances_total", None) >= 3);
    owner.wait_ready();
    cluster.publish_numbers(500, 500);
    owner.wait_consumed(1000);
    assert_eq!(owner.metric("siaga_restored_records_total", None), 0);
    owner.stop();
    cluster.publish_numbers(1000, 500);
    standby.wait_consumed(500);
    standby.stop();
    cluster.assert_tallied(1500);
}

/// Fails once, after it has changed its state: at a record in the middle of a batch, or at a decision.
struct Failing {
    tally: Tally,
    at_decision: bool,
    failed: Count,
}

impl Failing {
    fn maker(at_decision: bool) -> impl Fn() -> Self + Clone + Send {
        let failed = Count::default();
        move || Self { tally: Tally::default(), at_decision, failed: failed.clone() }
    }

    fn fail(&self, out: &mut Outputs) {
        if self.failed.get() == 0 {
            self.failed.add();
            // The client refuses it.
            out.send(0, None, vec![b'x'; 12_000_000], OwnedOutputHeaders::default(), None);
        }
    }
}

impl StatefulProcessor for Failing {
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        self.tally.restore(record)
    }

    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let outcome = self.tally.process(record, out);
        if !self.at_decision && record.offset() == 777 {
            self.fail(out);
        }
        outcome
    }

    fn restore_control(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        self.tally.restore_control(record)
    }

    fn control(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let outcome = self.tally.control(record, out);
        if self.at_decision {
            self.fail(out);
        }
        outcome
    }

    fn entries(&self) -> usize {
        self.tally.entries()
    }
}

#[test]
fn an_aborted_batch_leaves_nothing_in_the_state() {
    let Some(cluster) = Cluster::shared("unchanged") else { return };
    cluster.create_stateful(1);
    cluster.publish_numbers(0, 1000);
    let small = Processing { batch_records: 200, ..processing() };
    let stage = cluster.stateful("a", &small, &cluster.stateful_topics(false), Failing::maker(false));
    stage.wait_consumed(1000);
    assert_eq!(stage.metric("siaga_transaction_aborts_total", Some("refused")), 1);
    assert!(stage.metric("siaga_restored_records_total", None) > 0);
    stage.stop();
    cluster.assert_tallied(1000);
}

#[test]
fn an_aborted_decision_is_decided_again() {
    let Some(cluster) = Cluster::shared("undecided") else { return };
    cluster.create_stateful(1);
    cluster.create_control(1);
    cluster.publish_at(&cluster.input(), "k", (1..=100).map(|n| n * 10));
    cluster.publish_at(&cluster.control(), "k", [105, 505, 905].into_iter());
    let stage = cluster.stateful("a", &processing(), &cluster.stateful_topics(true), Failing::maker(true));
    stage.wait_consumed(103);
    assert_eq!(stage.metric("siaga_transaction_aborts_total", Some("refused")), 1);
    stage.stop();
    cluster.assert_tallied_with(Some(&cluster.control()), 103);
}

/// Records of the next test, decisions included.
const MOVED: usize = 8 * (4000 + 80);

#[test]
fn decisions_keep_their_places_although_partitions_move() {
    let Some(cluster) = Cluster::shared("places") else { return };
    cluster.create_stateful(4);
    cluster.create_control(4);
    for key in 0..8 {
        let name = format!("key-{key}");
        cluster.publish_at(&cluster.input(), &name, (1..=4000).map(|n| n * 10 + key));
        cluster.publish_at(&cluster.control(), &name, (0..80).map(|n| n * 500 + 3));
    }
    let small = Processing { batch_records: 50, threads: 2, ..processing() };
    let topics = cluster.stateful_topics(true);
    let start = |instance: &str| cluster.stateful(instance, &small, &topics, Tally::default);
    let mut running = start("0");
    for round in 1..=3 {
        // On a fast machine there may be nothing left to do.
        let is_done = || cluster.read(&cluster.changelog()).len() == MOVED;
        wait_until("it is at work", || running.consumed() > 500 || is_done());
        let next = start(&(round % 2).to_string());
        wait_until("the newcomer has partitions", || next.state.partitions() >= 2);
        std::mem::replace(&mut running, next).stop();
    }
    cluster.assert_tallied_with(Some(&cluster.control()), MOVED);
    running.stop();
}

#[test]
fn a_key_that_is_forgotten_is_forgotten_by_the_restored_state_too() {
    let Some(cluster) = Cluster::shared("forgets") else { return };
    cluster.create_stateful(1);
    cluster.publish_numbers(0, 20);
    cluster.publish(&cluster.input(), &[message(b"key-3", None)]);
    let stage = cluster.tally("a", &processing());
    stage.wait_consumed(21);
    assert_eq!(stage.metric("siaga_state_entries", None), 9);
    stage.stop();
    cluster.publish_numbers(20, 1);
    let stage = cluster.tally("a", &processing());
    stage.wait_consumed(1);
    assert_eq!(stage.metric("siaga_state_entries", None), 9);
    stage.stop();
    let compacted = cluster.compacted();
    assert_eq!(compacted[&(0, b"key-3".to_vec())].payload, None);
    let last: Entry =
        serde_json::from_slice(compacted[&(0, b"key-0".to_vec())].payload.as_ref().unwrap()).unwrap();
    assert_eq!((last.count, last.total), (3, 19));
}

/// The order in which a lone partition's records are worked on: by timestamp, decisions first.
#[test]
fn decisions_have_the_same_place_among_the_records_each_time() {
    let Some(cluster) = Cluster::shared("decides") else { return };
    cluster.create_stateful(1);
    cluster.create_control(1);
    cluster.publish_at(&cluster.input(), "k", 1..=1000);
    cluster.publish_at(&cluster.control(), "k", [100, 101, 500, 900].into_iter());
    let mut tally = Tally::default();
    let mut expected = Vec::new();
    for timestamp in 1..=1000_i64 {
        let decided = [100, 101, 500, 900].contains(&timestamp);
        for decides in [true, false].into_iter().filter(|decides| decided || !decides) {
            tally.decide(decides);
            expected.push(tally.add(b"k", timestamp.to_string().as_bytes()));
        }
    }
    // It is stopped and started again and again, in between decisions and records.
    let small = Processing { batch_records: 40, ..processing() };
    let mut consumed = 0;
    while consumed < expected.len() {
        let stage = cluster.stateful("a", &small, &cluster.stateful_topics(true), Tally::default);
        let enough = (consumed + 250).min(expected.len());
        wait_until("some records are consumed", || {
            stage.assert_runs();
            consumed + stage.consumed() >= enough
        });
        // Readers see the end of a transaction a moment after its writer.
        let more = stage.stop_and_count();
        consumed += more;
        wait_until("all of it is seen", || cluster.read(&cluster.changelog()).len() == consumed);
    }
    let found = cluster.read(&cluster.changelog()).into_iter();
    let found: Vec<Entry> = found.map(|r| serde_json::from_slice(&r.payload.unwrap()).unwrap()).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_decision_alone_and_a_record_alone_are_worked_on_at_once() {
    let Some(cluster) = Cluster::shared("alone") else { return };
    cluster.create_stateful(1);
    cluster.create_control(1);
    let stage = cluster.stateful("a", &processing(), &cluster.stateful_topics(true), Tally::default);
    for round in 0..3 {
        cluster.publish_at(&cluster.control(), "k", std::iter::once(9000));
        stage.wait_consumed(2 * round + 1);
        cluster.publish_at(&cluster.input(), "k", std::iter::once(1));
        stage.wait_consumed(2 * round + 2);
    }
    stage.stop();
    assert_eq!(cluster.read(&cluster.changelog()).len(), 6);
}

#[test]
fn topics_with_unequal_partitions_end_the_stage_with_their_numbers() {
    let Some(cluster) = Cluster::shared("unequal") else { return };
    cluster.create_all(2);
    cluster.create(&cluster.changelog(), 3, &[]);
    let mut stage = cluster.tally("a", &processing());
    match stage.wait_ended() {
        Err(error @ Error::UnequalPartitions(_)) => assert_eq!(
            error.to_string(),
            "topics need equal numbers of partitions: unequal.input.v1 has 2, unequal.tally.v1 has 3"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_state_asks_for_exactly_once() {
    let least = Processing { guarantee: Guarantee::AtLeastOnce, ..processing() };
    let kafka = Kafka { instance: "a".to_owned(), ..Kafka::default() };
    let topics = siaga_stream::StatefulTopics {
        input: "input".to_owned(),
        control: None,
        changelog: "changelog".to_owned(),
    };
    let registry = prometheus::Registry::new();
    let error = Stage::stateful("tally", &kafka, &least, &topics, &registry, Tally::default).unwrap_err();
    assert!(error.to_string().contains("processing.guarantee"), "{error}");
}
