//! Reads the control topic of the partitions that the group has given us, outside the group.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::reader::{self, Reading};
use crate::settings::Kafka;
use crate::{Error, client};

/// A reader of the control topic.
pub(super) struct Control<'c> {
    pub(super) topic: &'c str,
    pub(super) consumer: &'c BaseConsumer<Reading>,
}

/// Its consumer.
pub(super) fn consumer(kafka: &Kafka, client_id: &str) -> Result<BaseConsumer<Reading>, Error> {
    let mut config = client::reader(kafka, &format!("{client_id}-control"), reader::Isolation::Committed)?;
    // A topic that was made anew begins at its beginning.
    config.set("auto.offset.reset", "earliest");
    reader::create(&config)
}

impl Control<'_> {
    /// Reads these partitions from these offsets on, from the beginning where there is none.
    pub(super) fn assign(&self, partitions: impl Iterator<Item = (i32, Option<i64>)>) -> Result<(), Error> {
        let failed = |source| Error::Kafka { doing: "choosing partitions of the control topic", source };
        let mut assignment = TopicPartitionList::new();
        for (partition, next) in partitions {
            let offset = next.map_or(Offset::Beginning, Offset::Offset);
            assignment.add_partition_offset(self.topic, partition, offset).map_err(failed)?;
        }
        self.consumer.assign(&assignment).map_err(failed)
    }
}
