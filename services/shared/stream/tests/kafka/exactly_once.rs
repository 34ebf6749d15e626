//! What is read is written once, counted once, and committed with its offsets.

use siaga_stream::{Outcome, Processing, Rejection};

use crate::cluster::{Cluster, Step, copy, processing, wait_until};

#[test]
fn every_record_is_copied_once_and_in_order() {
    let Some(cluster) = Cluster::shared("copies") else { return };
    cluster.create_all(4);
    cluster.publish_numbers(0, 20_000);
    let stage = cluster.stage("a", &Processing { threads: 2, ..processing() }, || Step(copy));
    stage.wait_consumed(20_000);
    // The second half comes while it runs.
    cluster.publish_numbers(20_000, 20_000);
    stage.wait_consumed(40_000);
    assert_eq!(stage.metric("siaga_records_emitted_total", None), 40_000);
    assert_eq!(stage.metric("siaga_transaction_aborts_total", None), 0);
    stage.stop();
    cluster.assert_numbers_once_and_in_order(40_000);
}

#[test]
fn a_stage_goes_on_where_the_one_before_has_stopped() {
    let Some(cluster) = Cluster::shared("resumes") else { return };
    cluster.create_all(2);
    for round in 0..3 {
        cluster.publish_numbers(round * 1000, 1000);
        let stage = cluster.stage("a", &processing(), || Step(copy));
        stage.wait_consumed(1000);
        stage.stop();
    }
    cluster.assert_numbers_once_and_in_order(3000);
}

#[test]
fn the_counters_add_up_to_what_was_consumed() {
    let Some(cluster) = Cluster::shared("counts") else { return };
    cluster.create_all(3);
    cluster.publish_numbers(0, 3000);
    let stage = cluster.stage("a", &processing(), || {
        Step(|record: &siaga_stream::Record<'_>, out: &mut siaga_stream::Outputs| {
            let number: usize = std::str::from_utf8(record.payload().unwrap()).unwrap().parse().unwrap();
            match number % 3 {
                0 => copy(record, out),
                1 => Outcome::Skipped { reason: "odd_one" },
                _ => Outcome::DeadLetter(Rejection { code: "bad_one", message: format!("{number} is bad") }),
            }
        })
    });
    stage.wait_consumed(3000);
    wait_until("all are counted", || stage.metric("siaga_records_processed_total", None) == 1000);
    assert_eq!(stage.metric("siaga_records_skipped_total", Some("odd_one")), 1000);
    assert_eq!(stage.metric("siaga_records_dead_lettered_total", Some("bad_one")), 1000);
    stage.stop();
    assert_eq!(cluster.read(&cluster.output()).len(), 1000);
    assert_eq!(cluster.read(&cluster.dead_letters()).len(), 1000);
}
