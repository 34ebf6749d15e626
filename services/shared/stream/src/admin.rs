//! Topics of a cluster: what they are like, and making them.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use futures_executor::block_on;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::settings::Kafka;
use crate::{Error, client};

/// Longest wait for an answer of the cluster.
const ANSWER: Duration = Duration::from_secs(15);

/// Time between two looks whether new topics are there.
const LOOK: Duration = Duration::from_millis(50);

/// A topic as the cluster describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Partitions.
    pub partitions: i32,
    /// Replicas of the partition that has the fewest.
    pub replicas: i32,
    /// Kafka's settings of the topic, by name.
    pub settings: BTreeMap<String, String>,
}

/// A topic to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Partitions.
    pub partitions: i32,
    /// Replicas.
    pub replicas: i32,
    /// Kafka's settings of the topic, by name.
    pub settings: Vec<(String, String)>,
}

/// What became of a wanted topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is there now.
    Created,
    /// It was there before, and is as it was.
    Existed,
    /// The cluster refuses it, and why.
    Refused(String),
}

/// A connection to the cluster for its topics.
pub struct Admin {
    client: AdminClient<DefaultClientContext>,
    brokers: String,
}

impl std::fmt::Debug for Admin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admin").field("brokers", &self.brokers).finish_non_exhaustive()
    }
}

impl Admin {
    /// Makes a client; the cluster is asked later.
    ///
    /// # Errors
    /// Where a setting is wrong.
    pub fn new(kafka: &Kafka) -> Result<Self, Error> {
        let client =
            client::base(kafka, &format!("{}-admin", kafka.prefix))?.create().map_err(client::refused)?;
        Ok(Self { client, brokers: kafka.brokers.clone() })
    }

    /// The topics of the cluster whose names `wanted` says yes to, with partitions, replicas and settings. Blocks.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub fn describe(&self, wanted: impl Fn(&str) -> bool) -> Result<BTreeMap<String, Description>, Error> {
        let metadata = self
            .client
            .inner()
            .fetch_metadata(None, ANSWER)
            .map_err(|source| Error::Kafka { doing: "asking for the topics", source })?;
        let mut topics = BTreeMap::new();
        for topic in metadata.topics().iter().filter(|t| t.error().is_none() && wanted(t.name())) {
            let replicas = topic.partitions().iter().map(|p| p.replicas().len()).min().unwrap_or(0);
            let description = Description {
                partitions: i32::try_from(topic.partitions().len()).unwrap_or(i32::MAX),
                replicas: i32::try_from(replicas).unwrap_or(i32::MAX),
                settings: BTreeMap::new(),
            };
            topics.insert(topic.name().to_owned(), description);
        }
        self.add_settings(&mut topics)?;
        Ok(topics)
    }

    fn add_settings(&self, topics: &mut BTreeMap<String, Description>) -> Result<(), Error> {
        let asked: Vec<ResourceSpecifier<'_>> = topics.keys().map(|t| ResourceSpecifier::Topic(t)).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let doing = "asking for the settings of topics";
        let answer = block_on(self.client.describe_configs(&asked, &options()))
            .map_err(|source| Error::Kafka { doing, source })?;
        let names: Vec<String> = topics.keys().cloned().collect();
        for (name, resource) in names.into_iter().zip(answer) {
            let resource =
                resource.map_err(|code| Error::Kafka { doing, source: KafkaError::AdminOp(code) })?;
            let settings = resource.entries.into_iter().filter_map(|e| Some((e.name, e.value?)));
            if let Some(topic) = topics.get_mut(&name) {
                topic.settings = settings.collect();
            }
        }
        Ok(())
    }

    /// Makes topics; those that exist stay as they are. Blocks. What became of each, in the order of `wanted`.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub fn create(&self, wanted: &[Wanted]) -> Result<Vec<Made>, Error> {
        let new: Vec<NewTopic<'_>> = wanted
            .iter()
            .map(|w| {
                let topic = NewTopic::new(&w.name, w.partitions, TopicReplication::Fixed(w.replicas));
                w.settings.iter().fold(topic, |topic, (name, value)| topic.set(name, value))
            })
            .collect();
        let answers = block_on(self.client.create_topics(&new, &options()))
            .map_err(|source| Error::Kafka { doing: "making topics", source })?;
        let made: Vec<Made> = answers
            .into_iter()
            .map(|answer| match answer {
                Ok(_) => Made::Created,
                Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => Made::Existed,
                Err((_, code)) => Made::Refused(code.to_string()),
            })
            .collect();
        let created = wanted.iter().zip(&made).filter(|(_, made)| **made == Made::Created);
        self.wait_for(&created.map(|(wanted, _)| wanted.name.clone()).collect::<Vec<_>>())?;
        Ok(made)
    }

    /// Waits until the brokers know what the controller has made: who asks next should find it.
    fn wait_for(&self, topics: &[String]) -> Result<(), Error> {
        let doing = "waiting for new topics";
        let deadline = Instant::now() + ANSWER;
        loop {
            let missing = client::missing(self.client.inner(), topics, ANSWER);
            match missing.map_err(|source| Error::Kafka { doing, source })? {
                None => return Ok(()),
                Some(_) if Instant::now() < deadline => thread::sleep(LOOK),
                Some(_) => {
                    let source = KafkaError::AdminOp(RDKafkaErrorCode::OperationTimedOut);
                    return Err(Error::Kafka { doing, source });
                }
            }
        }
    }
}

fn options() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(ANSWER)).operation_timeout(Some(ANSWER))
}
