//! Instances that are processes of their own, so that they can be stopped and killed as a whole, in the middle of a
//! transaction.

use std::io::{BufRead, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use siaga_stream::publisher::Message;
use siaga_stream::reader::Isolation;
use siaga_stream::{Outcome, Outputs, Processing, Record, Rejection, StatefulProcessor};

use crate::cluster::{Cluster, message, processing, wait_until};
use crate::tally::Tally;

/// Environment of an instance: the broker, the prefix of its topics, its name.
const ENVIRONMENT: [&str; 3] = ["TALLY_BROKERS", "TALLY_PREFIX", "TALLY_INSTANCE"];

/// A record at which the first instance holds until it is told to go on.
const HOLD: &[u8] = b"hold";

fn settings() -> Processing {
    Processing { transaction_timeout: Duration::from_secs(4), batch_records: 100, ..processing() }
}

#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn pass(&self) {
        let (open, opened) = &*self.0;
        drop(opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

/// Tallies, and holds before a gate.
struct Held {
    tally: Tally,
    gate: Gate,
}

impl StatefulProcessor for Held {
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        self.tally.restore(record)
    }

    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        if record.payload() == Some(HOLD) {
            self.gate.pass();
        }
        self.tally.process(record, out)
    }

    fn entries(&self) -> usize {
        self.tally.entries()
    }
}

#[test]
#[ignore = "the process of an instance, which other tests start"]
fn instance() {
    let [address, prefix, name] = ENVIRONMENT.map(|name| std::env::var(name).unwrap());
    let cluster = Cluster::at(&address, &prefix);
    let gate = Gate::default();
    if name != "a" {
        gate.open();
    }
    let held = gate.clone();
    let new_state = move || Held { tally: Tally::default(), gate: held.clone() };
    let stage = cluster.stateful(&name, &settings(), &cluster.stateful_topics(false), new_state);
    // A line opens the gate, the end of the input ends the instance.
    for _ in std::io::stdin().lock().lines() {
        gate.open();
    }
    stage.stop();
}

/// An instance; killed when dropped.
struct Instance(Child);

impl Instance {
    fn start(cluster: &Cluster, name: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let kafka = cluster.kafka(name);
        command.args(["processes::instance", "--exact", "--ignored", "--nocapture"]);
        command.envs(ENVIRONMENT.into_iter().zip([&kafka.brokers, &kafka.prefix, &kafka.instance]));
        Self(command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, signal: &str) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
    }

    fn open_gate(&mut self) {
        self.0.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Asks it to end; it has done nothing wrong until then.
    fn stop(mut self) {
        drop(self.0.stdin.take());
        let mut ended = None;
        wait_until("the instance has ended", || {
            ended = self.0.try_wait().unwrap();
            ended.is_some()
        });
        assert!(ended.unwrap().success(), "{ended:?}");
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn an_owner_that_is_stopped_through_two_takeovers_changes_nothing_when_it_goes_on() {
    let Some(cluster) = Cluster::shared("zombie") else { return };
    cluster.create_stateful(1);
    cluster.publish_numbers(0, 500);
    let mut zombie = Instance::start(&cluster, "a");
    wait_until("the first has tallied", || cluster.read(&cluster.changelog()).len() == 500);
    let mut records: Vec<Message<'_>> = vec![message(b"key-0", Some(b"x")); 60];
    records.push(message(b"key-0", Some(HOLD)));
    cluster.publish(&cluster.input(), &records);
    // It holds in a transaction, some changes of which are in the changelog.
    wait_until("the first is in a transaction", || {
        cluster.read_as(&cluster.changelog(), Isolation::Everything).len() > 500
    });
    assert_eq!(cluster.read(&cluster.changelog()).len(), 500);
    zombie.signal("STOP");

    let second = Instance::start(&cluster, "b");
    wait_until("the second has taken over", || cluster.read(&cluster.changelog()).len() == 561);
    cluster.publish_numbers(500, 3000);
    wait_until("the second is at work", || cluster.read(&cluster.changelog()).len() > 561);
    drop(second);
    let third = cluster.tally("c", &settings());
    cluster.assert_tallied(3561);

    zombie.signal("CONT");
    zombie.open_gate();
    // The group gives a lone partition to the first of its members by name.
    wait_until("the first has the partition again", || third.state.partitions() == 0);
    cluster.publish_numbers(3500, 500);
    cluster.assert_tallied(4061);
    third.assert_runs();
    zombie.stop();
    third.stop();
    cluster.assert_tallied(4061);
}

#[test]
fn owners_that_are_killed_again_and_again_leave_the_state_of_one_that_is_not() {
    let Some(cluster) = Cluster::shared("killed") else { return };
    cluster.create_stateful(1);
    for round in 0..5 {
        let before = cluster.read(&cluster.changelog()).len();
        let instance = Instance::start(&cluster, if round % 2 == 0 { "b" } else { "c" });
        cluster.publish_numbers(round * 4000, 4000);
        wait_until("it is at work", || cluster.read(&cluster.changelog()).len() > before);
        drop(instance);
    }
    let last = cluster.tally("d", &settings());
    cluster.assert_tallied(20_000);
    last.stop();
}
