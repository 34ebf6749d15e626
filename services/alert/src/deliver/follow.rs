//! Reads the topic `alerts` on a thread of its own and hands its records on.

use std::time::Duration;

use siaga_schemas::{Alert, Message as _};
use siaga_stream::follower::{Followed, From};
use siaga_stream::{Error, Follower, Kafka, Record, Stop};
use tokio::sync::mpsc;

/// For a record, before it is looked whether this is to end.
const SLICE: Duration = Duration::from_millis(100);

/// For the answers of the cluster.
const LOOKUP: Duration = Duration::from_secs(5);

/// What the topic says.
#[derive(Debug)]
pub(super) enum Event {
    /// It is read from its beginning.
    Begun,
    /// A record; one without an alert forgets its key.
    Record { partition: i32, key: String, alert: Option<Box<Alert>> },
    /// All that was there at the beginning is read.
    CaughtUp,
}

/// What is followed.
pub(super) struct Follow {
    pub kafka: Kafka,
    pub topic: String,
    pub events: mpsc::Sender<Event>,
    pub stop: Stop,
}

impl Follow {
    /// Follows until it is stopped or nobody listens. What fails is begun again.
    pub(super) fn run(self) {
        while !self.stop.is_stopped() && !self.events.is_closed() {
            match self.follow() {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(%error, topic = self.topic, "alerts cannot be read: beginning again");
                    std::thread::park_timeout(Duration::from_secs(1));
                }
            }
        }
    }

    fn follow(&self) -> Result<(), Error> {
        let mut follower =
            Follower::open(&self.kafka, "alert-deliverer", &self.topic, From::Beginning, LOOKUP)?;
        let mut is_heard = self.events.blocking_send(Event::Begun).is_ok();
        while is_heard && !self.stop.is_stopped() {
            let event = match follower.next(SLICE, event)? {
                Followed::Record(Some(event)) => event,
                Followed::CaughtUp => Event::CaughtUp,
                Followed::Record(None) | Followed::Nothing => continue,
            };
            is_heard = self.events.blocking_send(event).is_ok();
        }
        Ok(())
    }
}

fn event(record: &Record<'_>) -> Option<Event> {
    let alert = match record.payload().map(Alert::decode).transpose() {
        Ok(alert) => alert.map(Box::new),
        Err(error) => {
            tracing::error!(?record, %error, "record of the topic of alerts is no alert");
            return None;
        }
    };
    let key = String::from_utf8_lossy(record.key().unwrap_or_default()).into_owned();
    Some(Event::Record { partition: record.partition(), key, alert })
}
