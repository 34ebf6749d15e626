//! A stage: so many threads, each reading the input topic and writing the outputs.

use std::time::Instant;

use prometheus::Registry;
use rdkafka::consumer::BaseConsumer;
use rdkafka::producer::BaseProducer;

use crate::client;
use crate::context::{Consuming, Producing};
use crate::health::{State, Stop};
use crate::metrics::Metrics;
use crate::settings::{Kafka, Processing};
use crate::transaction::Writer;
use crate::worker::Worker;
use crate::{Error, Processor};

/// What a stage reads and writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics {
    /// Name of the input topic in the cluster.
    pub input: String,
    /// Names of the output topics, in the order of [`crate::Outputs::send`].
    pub outputs: Vec<String>,
}

/// A stage that is ready to run.
pub struct Stage<P> {
    workers: Vec<Worker<P>>,
    state: State,
    stop: Stop,
}

impl<P> std::fmt::Debug for Stage<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("threads", &self.workers.len()).field("state", &self.state).finish()
    }
}

impl<P: Processor + 'static> Stage<P> {
    /// Sets a stage up; the cluster need not be there yet. `processor` makes the processor of each thread.
    ///
    /// # Errors
    /// Where a setting is wrong, or a metric of this stage is registered already.
    pub fn new(
        name: &str,
        kafka: &Kafka,
        processing: &Processing,
        topics: &Topics,
        registry: &Registry,
        mut processor: impl FnMut() -> P,
    ) -> Result<Self, Error> {
        processing.check()?;
        let instance = kafka.instance()?;
        let metrics = Metrics::new(registry, name)?;
        let (state, stop) = (State::new(processing.threads), Stop::default());
        let group = format!("{}-{name}", kafka.prefix);
        let mut workers = Vec::with_capacity(processing.threads);
        for thread in 0..processing.threads {
            let id = format!("{group}-{instance}-{thread}");
            let consuming = Consuming::new(thread, state.clone(), metrics.clone(), topics.input.clone());
            let consumer: BaseConsumer<Consuming> = client::consumer(kafka, processing, &id, &group)?
                .create_with_context(consuming)
                .map_err(client::refused)?;
            let config = client::producer(kafka, processing, &id, &id)?;
            let producer: BaseProducer<Producing> =
                config.create_with_context(Producing::default()).map_err(client::refused)?;
            workers.push(Worker {
                thread,
                input: topics.input.clone(),
                outputs: topics.outputs.clone(),
                processing: processing.clone(),
                consumer,
                writer: Writer {
                    config,
                    producer,
                    begun: Instant::now(),
                    renewed: 0,
                    guarantee: processing.guarantee,
                    transactional_id: id,
                    timeout: processing.transaction_timeout,
                    thread,
                    state: state.clone(),
                    stop: stop.clone(),
                },
                processor: processor(),
                state: state.clone(),
                metrics: metrics.clone(),
                stop: stop.clone(),
            });
        }
        tracing::info!(
            stage = name,
            input = topics.input,
            threads = processing.threads,
            memory_mib = processing.memory_bytes() / (1024 * 1024),
            "stage is set up; records take at most this memory"
        );
        Ok(Self { workers, state, stop })
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
        let mut threads = Vec::with_capacity(self.workers.len());
        for worker in self.workers {
            let (number, stopping) = (worker.thread, stop.clone());
            let run = move || {
                // Dropped on every way out, a panic included: one dead thread must not leave an idle process.
                let _others = StopOthers(stopping);
                worker.run()
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

/// Asks the others to stop when its thread ends.
struct StopOthers(Stop);

impl Drop for StopOthers {
    fn drop(&mut self) {
        self.0.stop();
    }
}
