//! The stage: mentions, corrections, withdrawals and decisions in, incidents out; what was written is its state.

use siaga_schemas::{Control, Correction, DecodeError, Incident, Mention, Message, Moment, Withdrawal};
use siaga_stream::cloud_events::Attributes;
use siaga_stream::{Outcome, Outputs, OwnedOutputHeaders, Record, Rejection, StatefulProcessor};

use crate::config::Tracking;
use crate::metrics::Metrics;
use crate::tracker::{Arrival, Change, Tracker, Unchanged};

/// Source of its CloudEvents.
const SOURCE: &str = "/siaga/track";

/// The lane of records that name none.
const LIVE: &str = "live";

/// The one output.
const INCIDENTS: usize = 0;

/// The tracker of a partition.
#[derive(Debug)]
pub struct Joiner {
    tracker: Tracker,
    metrics: Metrics,
}

impl Joiner {
    /// One that holds nothing.
    pub fn new(settings: Tracking, metrics: Metrics) -> Self {
        Self { tracker: Tracker::new(settings, env!("CARGO_PKG_VERSION")), metrics }
    }

    fn emit(
        &mut self,
        record: &Record<'_>,
        done: Result<Vec<Change>, Unchanged>,
        out: &mut Outputs,
    ) -> Outcome {
        let changes = match done {
            Ok(changes) => changes,
            Err(Unchanged { reason }) => return Outcome::Skipped { reason },
        };
        let time = Moment::from_millis(record.timestamp()).to_string();
        for change in changes {
            match change {
                Change::Put(incident) => {
                    let id = &incident.incident_id;
                    let value = match incident.encode() {
                        Ok(value) => value,
                        Err(error) => return refuse("not_encodable", &error),
                    };
                    let event = format!("{id}-{}", incident.revision);
                    let attributes =
                        Attributes { id: &event, source: SOURCE, event_type: Incident::TYPE, time: &time };
                    out.send(INCIDENTS, Some(id.as_bytes()), value, attributes.headers(), None);
                }
                Change::Forget(id) => {
                    out.forget(INCIDENTS, id.as_bytes(), OwnedOutputHeaders::default(), None);
                }
            }
        }
        self.metrics.tracked(&self.tracker);
        Outcome::Emitted
    }

    fn take(
        &mut self,
        record: &Record<'_>,
        payload: &[u8],
    ) -> Result<Result<Vec<Change>, Unchanged>, DecodeError> {
        let lane = record.header("siaga-lane").map(String::from_utf8_lossy);
        let arrival = Arrival { timestamp: record.timestamp(), lane: lane.as_deref().unwrap_or(LIVE) };
        let message = record.header("ce_type").map(String::from_utf8_lossy);
        Ok(match message.as_deref() {
            Some(Correction::TYPE) => self.tracker.correction(&Correction::decode(payload)?, arrival),
            Some(Withdrawal::TYPE) => self.tracker.withdrawal(&Withdrawal::decode(payload)?, arrival),
            _ => self.tracker.mention(Mention::decode(payload)?, arrival),
        })
    }
}

impl StatefulProcessor for Joiner {
    fn restore(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        let id = String::from_utf8_lossy(record.key().unwrap_or_default()).into_owned();
        let incident =
            record.payload().map(Incident::decode).transpose().map_err(|error| rejection(&error))?;
        self.tracker.restore(&id, incident);
        Ok(())
    }

    fn restore_control(&mut self, record: &Record<'_>) -> Result<(), Rejection> {
        // What cannot be read was put aside when it was new.
        if let Some(Ok(control)) = record.payload().map(Control::decode) {
            self.tracker.restore_control(control);
        }
        Ok(())
    }

    fn process(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let Some(payload) = record.payload() else { return Outcome::Skipped { reason: "tombstone" } };
        match self.take(record, payload) {
            Ok(done) => self.emit(record, done, out),
            Err(error) => Outcome::DeadLetter(rejection(&error)),
        }
    }

    fn control(&mut self, record: &Record<'_>, out: &mut Outputs) -> Outcome {
        let lane = record.header("siaga-lane").map(String::from_utf8_lossy);
        let arrival = Arrival { timestamp: record.timestamp(), lane: lane.as_deref().unwrap_or(LIVE) };
        let done = match record.payload() {
            None => {
                let id = String::from_utf8_lossy(record.key().unwrap_or_default());
                self.tracker.forget_control(&id, arrival)
            }
            Some(payload) => match Control::decode(payload) {
                Ok(control) => self.tracker.control(control, arrival),
                Err(error) => return Outcome::DeadLetter(rejection(&error)),
            },
        };
        self.emit(record, done, out)
    }

    fn entries(&self) -> usize {
        self.tracker.incidents()
    }
}

fn rejection(error: &DecodeError) -> Rejection {
    Rejection { code: error.code(), message: error.to_string() }
}

fn refuse(code: &'static str, error: &dyn std::error::Error) -> Outcome {
    Outcome::DeadLetter(Rejection { code, message: error.to_string() })
}
