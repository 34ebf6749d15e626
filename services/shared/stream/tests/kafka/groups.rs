//! Instances come and go, and the broker does: nothing is lost, nothing comes twice.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;

use siaga_stream::follower::Followed;
use siaga_stream::{Follower, GroupProtocol, Guarantee, Outputs, Processing, Record};
use siaga_test_kafka::Broker;

use crate::cluster::{Cluster, Count, LONGEST, Running, Step, copy, processing, wait_until};
use crate::tally::Tally;

fn start(cluster: &Cluster, instance: &str, processing: &Processing) -> Running {
    cluster.stage(instance, processing, || Step(copy))
}

#[test]
fn a_stopped_instance_leaves_its_group_so_that_the_next_one_need_not_wait() {
    let Some(cluster) = Cluster::shared("leaves") else { return };
    cluster.create_all(2);
    // Far longer than this test waits for anything.
    let patient = Processing { session_timeout: Duration::from_secs(300), ..processing() };
    let (first, second) = (start(&cluster, "a", &patient), start(&cluster, "b", &patient));
    wait_until("both have a partition", || first.state.partitions() == 1 && second.state.partitions() == 1);
    first.stop();
    wait_until("the other has both", || second.state.partitions() == 2);
    cluster.publish_numbers(0, 100);
    second.wait_consumed(100);
    second.stop();
    let third = start(&cluster, "c", &patient);
    wait_until("a third has both", || third.state.partitions() == 2);
    third.stop();
    cluster.assert_numbers_once_and_in_order(100);
}

#[test]
fn instances_that_come_and_go_under_load_lose_and_double_nothing() {
    come_and_go("comes", GroupProtocol::Classic);
}

#[test]
fn the_new_group_protocol_loses_and_doubles_nothing_either() {
    come_and_go("comes-new", GroupProtocol::Consumer);
}

/// Rounds of the test, and records of each.
const ROUNDS: usize = 8;
const ROUND: usize = 3000;

fn come_and_go(prefix: &str, group_protocol: GroupProtocol) {
    let Some(cluster) = Cluster::shared(prefix) else { return };
    cluster.create_all(4);
    // Small batches: many of them are under way while the partitions move.
    let small = Processing { group_protocol, batch_records: 50, threads: 2, ..processing() };
    let mut running = start(&cluster, "0", &small);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..ROUNDS).for_each(|round| cluster.publish_numbers(round * ROUND, ROUND)));
        for round in 1..=ROUNDS {
            let next = start(&cluster, &(round % 3).to_string(), &small);
            wait_until("the newcomer has partitions", || next.state.partitions() >= 2);
            running.assert_runs();
            next.assert_runs();
            std::mem::replace(&mut running, next).stop();
        }
    });
    wait_until("all is copied", || cluster.read(&cluster.output()).len() >= ROUNDS * ROUND);
    running.stop();
    cluster.assert_numbers_once_and_in_order(ROUNDS * ROUND);
}

/// Holds a stage in the middle of a batch.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<Held>, Condvar)>);

#[derive(Default)]
struct Held {
    closed: bool,
    waiting: bool,
}

impl Gate {
    fn pass(&self) {
        let (held, opened) = &*self.0;
        let mut held = held.lock().unwrap();
        while held.closed {
            held.waiting = true;
            held = opened.wait(held).unwrap();
        }
        held.waiting = false;
    }

    /// Closes and waits until the stage stands before it.
    fn close(&self) {
        self.0.0.lock().unwrap().closed = true;
        wait_until("the stage is in a batch", || self.0.0.lock().unwrap().waiting);
    }

    fn open(&self) {
        self.0.0.lock().unwrap().closed = false;
        self.0.1.notify_all();
    }
}

#[test]
fn a_broker_that_goes_and_comes_back_under_load_costs_nothing() {
    let Some(broker) = Broker::start() else { return };
    let cluster = Cluster::on(&broker, "restarts");
    cluster.create_all(2);
    // A busy machine may need its time for a start.
    let transaction_timeout = Duration::from_secs(60);
    let small = Processing { batch_records: 100, transaction_timeout, ..processing() };
    let gate = Gate::default();
    let stage = cluster.stage("a", &small, || {
        let gate = gate.clone();
        Step(move |record: &Record<'_>, out: &mut Outputs| {
            gate.pass();
            copy(record, out)
        })
    });
    std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            (0..20).for_each(|round| cluster.publish_numbers(round * 1000, 1000));
        });
        for go in [Broker::stop, Broker::kill] {
            let before = stage.consumed();
            wait_until("the stage works", || stage.consumed() > before);
            gate.close();
            broker.settle();
            go(&broker);
            gate.open();
            broker.start_again();
        }
        load.join().unwrap();
    });
    stage.wait_consumed(20_000);
    stage.stop();
    cluster.assert_numbers_once_and_in_order(20_000);
}

#[test]
fn states_decisions_and_followers_outlive_their_broker() {
    let Some(broker) = Broker::start() else { return };
    let cluster = Cluster::on(&broker, "outlives");
    cluster.create_stateful(1);
    cluster.create_control(1);
    let from = siaga_stream::follower::From::Beginning;
    let mut follower =
        Follower::open(&cluster.kafka(""), "follower", &cluster.changelog(), from, LONGEST).unwrap();
    let mut followed = 0;
    let transaction_timeout = Duration::from_secs(60);
    let patient = Processing { transaction_timeout, ..processing() };
    let stage = cluster.stateful("a", &patient, &cluster.stateful_topics(true), Tally::default);
    for round in 0..3_i64 {
        if round > 0 {
            broker.settle();
            if round == 1 {
                broker.stop()
            } else {
                broker.kill()
            }
            broker.start_again();
        }
        let first = round * 1000;
        cluster.publish_at(&cluster.input(), "k", (first..first + 1000).map(|n| n * 10));
        cluster.publish_at(&cluster.control(), "k", (first..first + 10).map(|n| n * 10 + 3));
        let so_far = usize::try_from(1010 * (round + 1)).unwrap();
        stage.wait_consumed(so_far);
        wait_until("all of it is followed", || {
            let next = follower.next(Duration::from_millis(10), |_| ()).unwrap();
            followed += usize::from(next == Followed::Record(()));
            followed == so_far
        });
    }
    stage.stop();
    assert_eq!(cluster.read(&cluster.changelog()).len(), 3030);
}

#[test]
fn a_broker_that_is_away_for_longer_than_a_transaction_may_take_costs_nothing() {
    let Some(broker) = Broker::start() else { return };
    let cluster = Cluster::on(&broker, "outage");
    cluster.create_all(2);
    cluster.publish_numbers(0, 5000);
    let hasty =
        Processing { batch_records: 100, transaction_timeout: Duration::from_secs(1), ..processing() };
    let (seen, (go_on, held)) = (Count::default(), mpsc::channel::<()>());
    let held = Arc::new(Mutex::new(held));
    let stage = cluster.stage("a", &hasty, || {
        let (seen, held) = (seen.clone(), Arc::clone(&held));
        Step(move |record: &Record<'_>, out: &mut Outputs| {
            // In the middle of a batch, the broker goes.
            if seen.add() == 1050 {
                held.lock().unwrap().recv().unwrap();
            }
            copy(record, out)
        })
    });
    wait_until("the stage is in a batch", || seen.get() == 1050);
    let redone = || stage.metric("siaga_transaction_aborts_total", Some("redo"));
    // A busy machine is late by itself.
    let before = redone();
    broker.settle();
    broker.stop();
    go_on.send(()).unwrap();
    wait_until("the batch has waited for too long", || redone() > before);
    assert!(stage.state.ready().is_err());
    assert_eq!(stage.state.live(), Ok(()));
    broker.start_again();
    stage.wait_consumed(5000);
    stage.wait_ready();
    stage.stop();
    cluster.assert_numbers_once_and_in_order(5000);
}

#[test]
fn at_least_once_loses_nothing_when_broker_and_instances_go() {
    let Some(broker) = Broker::start() else { return };
    let cluster = Cluster::on(&broker, "least-restarts");
    cluster.create_all(2);
    let small = Processing { guarantee: Guarantee::AtLeastOnce, batch_records: 100, ..processing() };
    let stage = start(&cluster, "a", &small);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..10).for_each(|round| cluster.publish_numbers(round * 1000, 1000)));
        wait_until("the stage works", || stage.consumed() > 500);
        broker.stop();
        broker.start_again();
        let other = start(&cluster, "b", &small);
        wait_until("the other works", || other.consumed() > 100);
        other.stop();
    });
    let all = || {
        let numbers = cluster.read(&cluster.output()).into_iter().map(|r| r.payload.unwrap());
        numbers.collect::<BTreeSet<Vec<u8>>>().len()
    };
    wait_until("all is copied", || all() == 10_000);
    stage.stop();
}

#[test]
fn a_stage_may_start_before_its_broker() {
    let Some(broker) = Broker::start() else { return };
    let cluster = Cluster::on(&broker, "early");
    cluster.create_all(1);
    broker.stop();
    let stage = start(&cluster, "a", &processing());
    wait_until("it says what it waits for", || {
        stage.state.ready() == Err("thread 0 waits for the cluster".to_owned())
    });
    assert_eq!(stage.state.live(), Ok(()));
    broker.start_again();
    cluster.publish_numbers(0, 10);
    stage.wait_consumed(10);
    stage.stop();
    cluster.assert_numbers_once_and_in_order(10);
}
