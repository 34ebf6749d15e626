//! A stage: so many threads, each reading the input topic and writing the outputs.

use std::time::Instant;

use prometheus::Registry;
use rdkafka::consumer::BaseConsumer;
use rdkafka::producer::BaseProducer;

use crate::client;
use crate::context::{Consuming, Producing};
use crate::health::{State, Stop};
use crate::metrics::Metrics;
use crate::settings::{Guarantee, Kafka, Processing};
use crate::stateful::{Restoring, StatefulProcessor, StatefulTopics, StatefulWorker};
use crate::thread::Thread;
use crate::transaction::Writer;
use crate::{Error, Processor, worker};

/// What a stage reads and writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics {
    /// Name of the input topic in the cluster.
    pub input: String,
    /// Names of the output topics, in the order of [`crate::Outputs::send`].
    pub outputs: Vec<String>,
}

/// Works until it is asked to stop.
type Run = Box<dyn FnOnce() -> Result<(), Error> + Send>;

/// A stage that is ready to run.
pub struct Stage {
    threads: Vec<Run>,
    state: State,
    stop: Stop,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("threads", &self.threads.len()).field("state", &self.state).finish()
    }
}

impl Stage {
    /// Sets a stage up; the cluster need not be there yet. `processor` makes the processor of each thread.
    ///
    /// # Errors
    /// Where a setting is wrong, or a metric of this stage is registered already.
    pub fn new<P: Processor + 'static>(
        name: &str,
        kafka: &Kafka,
        processing: &Processing,
        topics: &Topics,
        registry: &Registry,
        mut processor: impl FnMut() -> P,
    ) -> Result<Self, Error> {
        let inputs = vec![topics.input.clone()];
        let setup =
            Setup { name, kafka, processing, inputs, outputs: topics.outputs.clone(), has_state: false };
        setup.stage(registry, |thread, _| {
            let processor = processor();
            Box::new(move || worker::run(thread, processor))
        })
    }

    /// Sets a stage with state up; the cluster need not be there yet. `new_state` makes the empty state of a partition.
    ///
    /// # Errors
    /// Where a setting is wrong, or a metric of this stage is registered already.
    pub fn stateful<P: StatefulProcessor + 'static>(
        name: &str,
        kafka: &Kafka,
        processing: &Processing,
        topics: &StatefulTopics,
        registry: &Registry,
        new_state: impl Fn() -> P + Clone + Send + 'static,
    ) -> Result<Self, Error> {
        if processing.guarantee != Guarantee::ExactlyOnce {
            let reason = "must be exactly_once: the state is what was committed".to_owned();
            return Err(Error::Setting { setting: "processing.guarantee".to_owned(), reason });
        }
        let inputs = [Some(&topics.input), topics.control.as_ref()].into_iter().flatten().cloned().collect();
        let outputs = vec![topics.changelog.clone()];
        let setup = Setup { name, kafka, processing, inputs, outputs, has_state: true };
        let restoring = Restoring::new(registry, name)?;
        setup.stage(registry, |thread, id| {
            let worker = StatefulWorker {
                thread,
                kafka: kafka.clone(),
                client_id: id.to_owned(),
                topics: topics.clone(),
                metrics: restoring.clone(),
                new_state: new_state.clone(),
            };
            Box::new(move || worker.run())
        })
    }

    /// Asks the stage to stop.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The state of its threads, for probes.
    pub fn state(&self) -> State {
        self.state.clone()
    }

    /// Works until it is asked to stop or a thread fails; then the other threads are stopped too.
    ///
    /// # Errors
    /// Why the first thread failed.
    pub fn run(self) -> Result<(), Error> {
        let stop = self.stop;
        let mut threads = Vec::with_capacity(self.threads.len());
        for (number, work) in self.threads.into_iter().enumerate() {
            let stopping = stop.clone();
            let run = move || {
                // Dropped on every way out, a panic included: one dead thread must not leave an idle process.
                let _others = StopOthers(stopping);
                work()
            };
            let spawned = std::thread::Builder::new().name(format!("stage-{number}")).spawn(run);
            match spawned {
                Ok(thread) => threads.push((number, thread)),
                Err(error) => {
                    stop.stop();
                    return Err(Error::Thread(error));
                }
            }
        }
        let mut first = Ok(());
        for (number, thread) in threads {
            let ended = thread.join().unwrap_or(Err(Error::Panicked { thread: number }));
            first = first.and(ended);
        }
        first
    }
}

/// What a stage is made of.
struct Setup<'a> {
    name: &'a str,
    kafka: &'a Kafka,
    processing: &'a Processing,
    inputs: Vec<String>,
    outputs: Vec<String>,
    /// Whether partitions have a state.
    has_state: bool,
}

impl Setup<'_> {
    /// Makes the threads; `work` is told each one's client id.
    fn stage(self, registry: &Registry, mut work: impl FnMut(Thread, &str) -> Run) -> Result<Stage, Error> {
        let Self { name, kafka, processing, .. } = self;
        processing.check()?;
        let instance = kafka.instance()?;
        let metrics = Metrics::new(registry, name)?;
        let (state, stop) = (State::new(processing.threads), Stop::default());
        let group = format!("{}-{name}", kafka.prefix);
        let mut threads = Vec::with_capacity(processing.threads);
        for number in 0..processing.threads {
            let id = format!("{group}-{instance}-{number}");
            let thread = self.thread(number, &id, &group, &metrics, &state, &stop)?;
            threads.push(work(thread, &id));
        }
        tracing::info!(
            stage = name,
            input = self.inputs.first(),
            threads = processing.threads,
            memory_mib = processing.memory_bytes() / (1024 * 1024),
            "stage is set up; records take at most this memory"
        );
        Ok(Stage { threads, state, stop })
    }

    fn thread(
        &self,
        number: usize,
        id: &str,
        group: &str,
        metrics: &Metrics,
        state: &State,
        stop: &Stop,
    ) -> Result<Thread, Error> {
        let (kafka, processing) = (self.kafka, self.processing);
        let input = self.inputs.first().cloned().unwrap_or_default();
        let consuming = Consuming::new(number, state.clone(), metrics.clone(), input, self.has_state);
        let mut reading = client::consumer(kafka, processing, id, group)?;
        if self.has_state {
            // Which of two topics comes next is known only when neither has more.
            reading.set("enable.partition.eof", "true");
        }
        let consumer: BaseConsumer<Consuming> =
            reading.create_with_context(consuming).map_err(client::refused)?;
        let config = client::producer(kafka, processing, id, id)?;
        let producer: BaseProducer<Producing> =
            config.create_with_context(Producing::default()).map_err(client::refused)?;
        let writer = Writer {
            config,
            producer,
            begun: Instant::now(),
            renewed: 0,
            guarantee: processing.guarantee,
            transactional_id: id.to_owned(),
            timeout: processing.transaction_timeout,
            thread: number,
            state: state.clone(),
            stop: stop.clone(),
        };
        Ok(Thread {
            number,
            inputs: self.inputs.clone(),
            outputs: self.outputs.clone(),
            processing: processing.clone(),
            consumer,
            writer,
            state: state.clone(),
            metrics: metrics.clone(),
            stop: stop.clone(),
        })
    }
}

/// Asks the others to stop when its thread ends.
struct StopOthers(Stop);

impl Drop for StopOthers {
    fn drop(&mut self) {
        self.0.stop();
    }
}
