//! How far the group of a stage is behind, seen from outside: nothing is joined.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::reader::{self, Isolation, Reading};
use crate::settings::Kafka;
use crate::{Error, client};

/// Looks at what the group of a stage has committed of its input.
pub struct GroupLag {
    consumer: BaseConsumer<Reading>,
    topic: String,
}

impl std::fmt::Debug for GroupLag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GroupLag").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl GroupLag {
    /// Of a stage by its name, and the topic that its group shares out.
    ///
    /// # Errors
    /// Where a client setting is wrong.
    pub fn of_stage(kafka: &Kafka, stage: &str, topic: &str) -> Result<Self, Error> {
        let group = format!("{}-{stage}", kafka.prefix);
        let mut config = client::reader(kafka, &format!("{group}-lag"), Isolation::Committed)?;
        config.set("group.id", &group);
        Ok(Self { consumer: reader::create(&config)?, topic: topic.to_owned() })
    }

    /// Records behind what is committed, from the first record on where nothing is; none where the group never
    /// committed anything. Waits at most this long for each answer.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub fn lag(&self, longest: Duration) -> Result<Option<u64>, Error> {
        let failed = |source: KafkaError| Error::Kafka { doing: "looking up the lag of a group", source };
        let bounds = reader::bounds(&self.consumer, &self.topic, longest).map_err(failed)?;
        let mut asked = TopicPartitionList::new();
        for partition in bounds.keys() {
            asked.add_partition(&self.topic, *partition);
        }
        let committed = self.consumer.committed_offsets(asked, longest).map_err(failed)?;
        let (mut lag, mut has_begun) = (0, false);
        for element in committed.elements() {
            let &(start, end) = bounds.get(&element.partition()).unwrap_or(&(0, 0));
            let next = match element.offset() {
                Offset::Offset(next) => {
                    has_begun = true;
                    next.max(start)
                }
                _ => start,
            };
            lag += u64::try_from(end - next).unwrap_or(0);
        }
        Ok(has_begun.then_some(lag))
    }
}
