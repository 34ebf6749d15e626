//! Reads the page, names language, topics and regions of an article: `articles.raw` to `articles.classified`.
//!
//! [`step`] is the work on one record, from bytes to bytes; [`Classifier`] does it for a stage.
#![forbid(unsafe_code)]

mod step;

use std::sync::Arc;

use siaga_analysis::Knowledge;
use siaga_schemas::topics::Topic;
use siaga_schemas::{ClassifiedArticle, Message, Moment};
use siaga_stage::Definition;
use siaga_stream::cloud_events::Attributes;
use siaga_stream::{Outcome, Outputs, Processor, Record, Rejection};

pub use step::{Classified, Refused, step};

/// What the stage is.
pub const DEFINITION: Definition = Definition {
    version: siaga_stage::Version { service: "classify", version: env!("CARGO_PKG_VERSION") },
    input: Topic::ArticlesRaw,
    outputs: &[Topic::ArticlesClassified],
    admin_port: 9402,
};

/// Source of its CloudEvents.
const SOURCE: &str = "/siaga/classify";

/// Classifies the records of a stage.
#[derive(Clone, Debug)]
pub struct Classifier {
    knowledge: Arc<Knowledge>,
}

impl Classifier {
    /// One that knows this much.
    pub fn new(knowledge: Arc<Knowledge>) -> Self {
        Self { knowledge }
    }
}

impl Processor for Classifier {
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        match step(&self.knowledge, record.payload().unwrap_or_default(), record.timestamp()) {
            Err(refused) => {
                Outcome::DeadLetter(Rejection { code: refused.code(), message: refused.to_string() })
            }
            Ok(Classified { id, value }) => {
                let time = Moment::from_millis(record.timestamp()).to_string();
                let attributes =
                    Attributes { id: &id, source: SOURCE, event_type: ClassifiedArticle::TYPE, time: &time };
                out.send(0, Some(id.as_bytes()), value, attributes.headers(), None);
                Outcome::Emitted
            }
        }
    }
}
