//! Where operators' decisions go.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use siaga_schemas::{Control, Message as _};
use siaga_stream::Publisher;
use siaga_stream::publisher::Message;
use tokio::sync::oneshot;

use crate::Model;
use crate::model::{Arrival, Input};

/// Says whether a decision is kept, or why not.
pub type Published = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Takes decisions.
pub trait Decisions: Debug + Send + Sync {
    /// Takes one.
    fn publish(&self, control: &Control) -> Published;
}

/// Source of their CloudEvents.
const SOURCE: &str = "/siaga/console";

/// Writes decisions to the topic `control`, from where the console reads them like everybody else.
#[derive(Debug)]
pub struct ToTopic {
    publisher: Publisher,
    topic: String,
}

impl ToTopic {
    /// Writes to a topic.
    pub fn new(publisher: Publisher, topic: String) -> Self {
        Self { publisher, topic }
    }

    /// Whether the topic can be written to.
    ///
    /// # Errors
    /// What is missing.
    pub fn ready(&self) -> Result<(), String> {
        self.publisher.ready()
    }
}

/// Hands the record of a decision to `send`.
///
/// # Errors
/// Where the decision cannot be written as JSON.
pub fn with_message<R>(control: &Control, send: impl FnOnce(Message<'_>) -> R) -> Result<R, String> {
    let value = control.encode().map_err(|error| error.to_string())?;
    let time = control.at.to_string();
    let header = |name: &'static str, text: &'static str| (name, Some(text.as_bytes()));
    let headers = [
        header("ce_specversion", "1.0"),
        ("ce_id", Some(control.id.as_bytes())),
        header("ce_source", SOURCE),
        header("ce_type", Control::TYPE),
        ("ce_time", Some(time.as_bytes())),
        header("content-type", "application/json"),
    ];
    Ok(send(Message {
        key: Some(control.id.as_bytes()),
        payload: Some(&value),
        headers: &headers,
        timestamp: control.at.timestamp().as_millisecond(),
        partition: None,
    }))
}

impl Decisions for ToTopic {
    fn publish(&self, control: &Control) -> Published {
        let (tell, told) = oneshot::channel();
        // Whoever asked may have gone.
        let tell = move |result| drop(tell.send(result));
        let sent = with_message(control, |message| self.publisher.send(&self.topic, message, tell));
        Box::pin(async move {
            sent?;
            match told.await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("the producer has ended".to_owned()),
            }
        })
    }
}

/// Takes decisions straight into a model that is fed from memory.
#[derive(Debug)]
pub struct InMemory {
    model: Arc<Model>,
    next: AtomicI64,
}

impl InMemory {
    /// Takes decisions into a model.
    pub fn new(model: Arc<Model>) -> Self {
        Self { model, next: AtomicI64::new(0) }
    }
}

impl Decisions for InMemory {
    fn publish(&self, control: &Control) -> Published {
        let offset = self.next.fetch_add(1, Ordering::Relaxed);
        let timestamp = control.at.timestamp().as_millisecond();
        let taken = control.encode().map_err(|error| error.to_string()).and_then(|value| {
            let arrival = Arrival {
                input: Input::Control,
                partition: 0,
                offset,
                timestamp,
                key: Some(control.id.as_bytes()),
                payload: Some(&value),
                reason: None,
            };
            self.model.take(&arrival, timestamp).map_err(|error| error.to_string())
        });
        Box::pin(std::future::ready(taken))
    }
}
