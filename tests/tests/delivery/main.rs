//! Articles through `classify` and `detect` as processes on a real Kafka, while processes and broker come and go.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod articles;
mod feeds;
mod ingest;
mod services;

use std::time::Duration;

use siaga_schemas::topics::Topic;
use siaga_test_kafka::Broker;

use crate::services::{Pipeline, wait_until};

/// Numbers that look random and are the same each time (SplitMix64).
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

#[test]
fn each_article_and_event_comes_once_although_processes_are_killed_and_the_broker_restarts() {
    const ARTICLES: usize = 50_000;
    const KILLS: usize = 20;
    let Some(broker) = Broker::start() else { return };
    let pipeline = Pipeline::new(&broker, "kills");
    let mut services = [
        (pipeline.start("classify", "a"), Topic::ArticlesClassified),
        (pipeline.start("detect", "a"), Topic::ArticlesEnriched),
    ];
    let mut choices = Choices(7);
    for kill in 0..KILLS {
        let victim = usize::try_from(choices.below(2)).unwrap();
        let output = services[victim].1;
        let before = pipeline.end(output);
        pipeline.publish(ARTICLES * kill / KILLS..ARTICLES * (kill + 1) / KILLS);
        wait_until("the victim writes", || {
            services.iter_mut().for_each(|(service, _)| service.assert_runs());
            pipeline.end(output) > before
        });
        // The moment within its work is to be another one each time.
        std::thread::sleep(Duration::from_millis(choices.below(150)));
        services[victim].0.kill();
        let restart: Option<fn(&Broker)> = match kill {
            6 => Some(Broker::stop),
            13 => Some(Broker::kill),
            _ => None,
        };
        if let Some(go) = restart {
            // The other one is held in the middle of its work meanwhile.
            services[1 - victim].0.signal("STOP");
            broker.settle();
            go(&broker);
            services[1 - victim].0.signal("CONT");
            broker.start_again();
        }
        services[victim].0.start();
    }
    let [(classify, _), (detect, _)] = &mut services;
    pipeline.assert_delivered(ARTICLES, &mut [classify, detect]);
    classify.stop();
    detect.stop();
}

#[test]
fn each_article_and_event_comes_once_although_instances_come_and_go() {
    const ARTICLES: usize = 12_000;
    const ROUNDS: usize = 4;
    let Some(broker) = Broker::start() else { return };
    let pipeline = Pipeline::new(&broker, "instances");
    let mut stay = [pipeline.start("classify", "a"), pipeline.start("detect", "a")];
    for round in 0..ROUNDS {
        let before = [Topic::ArticlesClassified, Topic::ArticlesEnriched].map(|topic| pipeline.end(topic));
        let mut come = [pipeline.start("classify", "b"), pipeline.start("detect", "b")];
        come.iter().for_each(services::Instance::wait_assigned);
        pipeline.publish(ARTICLES * round / ROUNDS..ARTICLES * (round + 1) / ROUNDS);
        wait_until("both stages write", || {
            come.iter_mut().chain(&mut stay).for_each(|instance| instance.assert_runs());
            pipeline.end(Topic::ArticlesClassified) > before[0]
                && pipeline.end(Topic::ArticlesEnriched) > before[1]
        });
        come.iter_mut().for_each(services::Instance::stop);
    }
    let [classify, detect] = &mut stay;
    pipeline.assert_delivered(ARTICLES, &mut [classify, detect]);
    classify.stop();
    detect.stop();
}
