//! One thread of a stage without state: batch after batch, and what to do when one of them fails.
//!
//! The consumer is never polled while a transaction is open, so a rebalance, which runs inside `poll`, never meets
//! half-done work.

use std::time::Duration;

use crate::batch;
use crate::step::Step;
use crate::thread::{Pace, Thread};
use crate::{Error, Processor};

/// Works until it is asked to stop.
///
/// # Errors
/// What no retry mends.
pub(crate) fn run(thread: Thread, mut processor: impl Processor) -> Result<(), Error> {
    if !thread.wait_for_topics() || !thread.join()? {
        return Ok(());
    }
    let Thread { number, inputs, outputs, processing, consumer, writer, state, metrics, stop } = thread;
    let mut pace = Pace::begin();
    let mut step = Step {
        thread: number,
        input: inputs.first().map_or("", String::as_str),
        outputs: &outputs,
        processing: &processing,
        writer,
        state: &state,
        metrics: &metrics,
        suspects: Vec::new(),
    };
    while !stop.is_stopped() {
        state.beat(number);
        let batch = batch::read(&consumer, &processing, pace.last_commit)?;
        if batch.messages.is_empty() {
            step.writer.producer.poll(Duration::ZERO);
            continue;
        }
        let noted = batch.next_offsets();
        let offsets = noted.map_err(|source| Error::Kafka { doing: "noting offsets", source })?;
        match step.process(&consumer, &batch, &offsets, &mut processor) {
            Ok(()) => pace.committed(&step),
            Err(trouble) => {
                let waits = trouble.is_repeated();
                step.recover(&consumer, &batch, trouble)?;
                drop(batch);
                if waits {
                    pace.rest(&stop);
                }
            }
        }
    }
    // Dropping the consumer leaves the group, so that others get its partitions at once.
    drop(consumer);
    Ok(())
}
