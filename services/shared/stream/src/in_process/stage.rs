//! A stage on the in-process broker: the same processors, one record after the other.

use std::sync::Arc;

use rdkafka::message::{Headers, OwnedHeaders};

use crate::processor::{Output, TRAVELLING};
use crate::publisher::Message;
use crate::stateful::States;
use crate::{Error, Outcome, Outputs, Processor, Record, Rejection, StatefulProcessor, Topics, dead_letter};

use super::{IDLE, LARGEST_RECORD, Reader, Sent, Writer, size_of};

/// Code of a record with an output that is too large, as where a cluster refuses one.
const OUTPUT_REFUSED: &str = "output_refused";

/// A stage on its thread.
pub(super) struct Stage<P> {
    pub(super) name: String,
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) topics: Topics,
    pub(super) processor: P,
}

/// States that begin empty: this broker forgets with its process, so there is nothing to restore.
pub(super) struct Begun<P, F> {
    pub(super) states: States<P>,
    pub(super) new_state: F,
}

impl<P: StatefulProcessor, F: Fn() -> P + Send> Processor for Begun<P, F> {
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        self.states.begin(record.partition(), &self.new_state);
        self.states.process(record, out)
    }

    fn takes_tombstones(&self) -> bool {
        self.states.takes_tombstones()
    }
}

impl<P: Processor> Stage<P> {
    /// Works until all is to stop.
    pub(super) fn run(self) -> Result<(), Error> {
        let Self { name, mut reader, writer, topics, mut processor } = self;
        let flow = Arc::clone(&reader.flow);
        let mut outputs = Outputs::default();
        while !flow.is_over() {
            reader.next(IDLE, |record| {
                outputs.records.clear();
                let outcome = match record.payload() {
                    None if !processor.takes_tombstones() => Outcome::Skipped { reason: "tombstone" },
                    _ => processor.process(record, &mut outputs),
                };
                match outcome {
                    Outcome::Emitted => emit(&writer, &topics, record, &outputs.records),
                    Outcome::Skipped { .. } => flow.skip(&name),
                    Outcome::DeadLetter(rejection) => bury(&writer, record, &rejection),
                }
            })?;
        }
        Ok(())
    }
}

/// Sends all outputs, or puts the record aside where one of them is too large. Where all is to stop, nothing is sent.
fn emit(writer: &Writer, topics: &Topics, record: &Record<'_>, outputs: &[Output]) {
    let headers: Vec<Vec<_>> = outputs
        .iter()
        .map(|output| {
            let travelling = record.headers().filter(|(name, _)| TRAVELLING.contains(name));
            pairs(&output.headers).into_iter().chain(travelling).collect()
        })
        .collect();
    let messages = outputs.iter().zip(&headers).map(|(output, headers)| Message {
        key: output.key.as_deref(),
        payload: output.payload.as_deref(),
        headers,
        timestamp: record.timestamp(),
        partition: output.partition,
    });
    if let Some(size) = messages.clone().map(|message| size_of(&message)).find(|size| *size > LARGEST_RECORD)
    {
        let message = format!("output has {size} bytes, the in-process broker takes {LARGEST_RECORD}");
        return bury(writer, record, &Rejection { code: OUTPUT_REFUSED, message });
    }
    for (output, message) in outputs.iter().zip(messages) {
        if writer.send(&topics.outputs[output.topic], message) == Sent::Stopped {
            return;
        }
    }
}

fn bury(writer: &Writer, record: &Record<'_>, rejection: &Rejection) {
    let headers = dead_letter::headers(record, rejection);
    let message = Message {
        key: record.key(),
        payload: record.payload(),
        headers: &pairs(&headers),
        timestamp: record.timestamp(),
        partition: None,
    };
    let topic = dead_letter::topic_of(record.topic());
    if writer.send(&topic, message) == Sent::TooLarge {
        // It was small enough to be read: what is too much are the words of the rejection.
        writer.flow.fail(format!("{topic}: {record:?} cannot be put aside: too large"));
    }
}

fn pairs(headers: &OwnedHeaders) -> Vec<(&str, Option<&[u8]>)> {
    headers.iter().map(|header| (header.key, header.value)).collect()
}
