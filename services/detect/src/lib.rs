//! Finds the security events of an article: `articles.classified` to `articles.enriched` and `events.security`, in
//! one transaction.
//!
//! [`step`] is the work on one record, from bytes to bytes; [`Detector`] does it for a stage.
#![forbid(unsafe_code)]

mod step;

use std::sync::Arc;

use siaga_analysis::Knowledge;
use siaga_schemas::topics::Topic;
use siaga_schemas::{EnrichedArticle, Message, Moment};
use siaga_stage::Definition;
use siaga_stream::cloud_events::Attributes;
use siaga_stream::{Outcome, Outputs, Processor, Record, Rejection};

pub use step::{EventRecord, Refused, Step, step};

/// What the stage is.
pub const DEFINITION: Definition = Definition {
    version: siaga_stage::Version { service: "detect", version: env!("CARGO_PKG_VERSION") },
    input: Topic::ArticlesClassified,
    outputs: &[Topic::ArticlesEnriched, Topic::EventsSecurity],
    admin_port: 9403,
};

/// Source of its CloudEvents.
const SOURCE: &str = "/siaga/detect";

const ENRICHED: usize = 0;
const EVENTS: usize = 1;

/// Searches the records of a stage.
#[derive(Clone, Debug)]
pub struct Detector {
    knowledge: Arc<Knowledge>,
}

impl Detector {
    /// One that knows this much.
    pub fn new(knowledge: Arc<Knowledge>) -> Self {
        Self { knowledge }
    }
}

impl Processor for Detector {
    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let found = match step(&self.knowledge, record.payload().unwrap_or_default()) {
            Ok(found) => found,
            Err(refused) => {
                return Outcome::DeadLetter(Rejection { code: refused.code(), message: refused.to_string() });
            }
        };
        let time = Moment::from_millis(record.timestamp()).to_string();
        let key = Some(found.article_id.as_bytes());
        let headers =
            |id: &str, event_type| Attributes { id, source: SOURCE, event_type, time: &time }.headers();
        out.send(ENRICHED, key, found.enriched, headers(&found.article_id, EnrichedArticle::TYPE), None);
        for event in found.events {
            out.send(EVENTS, key, event.value, headers(&event.id, event.message_type), None);
        }
        Outcome::Emitted
    }
}
