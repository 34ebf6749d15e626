//! Configurations of librdkafka: ours win, and who sets one of them is told so.

use std::time::Duration;

use rdkafka::client::{Client, ClientContext};
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;

use crate::Error;
use crate::reader::Isolation;
use crate::settings::{GroupProtocol, Guarantee, Kafka, Processing};

/// What is set by Siaga alone, since a promise rests on it, and the setting that stands for it.
const OURS: [(&str, &str); 20] = [
    ("bootstrap.servers", "kafka.brokers"),
    ("metadata.broker.list", "kafka.brokers"),
    ("client.id", "kafka.instance"),
    ("group.id", "kafka.prefix"),
    ("group.instance.id", "kafka.instance"),
    ("group.protocol", "processing.group_protocol"),
    ("transactional.id", "kafka.instance"),
    ("transaction.timeout.ms", "processing.transaction_timeout"),
    ("session.timeout.ms", "processing.session_timeout"),
    ("enable.auto.commit", "processing.guarantee"),
    ("enable.auto.offset.store", "processing.guarantee"),
    ("auto.offset.reset", "processing.guarantee"),
    ("isolation.level", "processing.guarantee"),
    ("enable.idempotence", "processing.guarantee"),
    ("acks", "processing.guarantee"),
    ("request.required.acks", "processing.guarantee"),
    ("partitioner", "kafka.prefix"),
    ("enable.partition.eof", "processing.guarantee"),
    ("queue.buffering.max.kbytes", "processing.write_behind_kib"),
    ("queued.max.messages.kbytes", "processing.read_ahead_kib"),
];

/// What every client of the cluster begins with.
///
/// # Errors
/// Where an operator's property is one of ours, or its file cannot be read.
pub(crate) fn base(kafka: &Kafka, client_id: &str) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::new();
    for (name, value) in &kafka.properties {
        refuse_ours("properties", name)?;
        config.set(name, value);
    }
    for (name, path) in &kafka.property_files {
        refuse_ours("property_files", name)?;
        let value = std::fs::read_to_string(path).map_err(|error| Error::Setting {
            setting: format!("kafka.property_files.{name}"),
            reason: format!("{}: {error}", path.display()),
        })?;
        config.set(name, value.trim_end());
    }
    if kafka.brokers.trim().is_empty() {
        return Err(Error::Setting { setting: "kafka.brokers".to_owned(), reason: "is empty".to_owned() });
    }
    config.set("bootstrap.servers", &kafka.brokers).set("client.id", client_id);
    // A broker that has just come back may tell of no brokers at all, and librdkafka then forgets all it knew; after
    // this time without metadata, five minutes by default, it begins anew with the bootstrap servers.
    ours_unless_set(kafka, &mut config, "metadata.recovery.strategy", "rebootstrap");
    ours_unless_set(kafka, &mut config, "metadata.recovery.rebootstrap.trigger.ms", "5000");
    Ok(config)
}

/// A property that the client does not take, or not beside the others, is a wrong setting.
pub(crate) fn refused(error: KafkaError) -> Error {
    match error {
        KafkaError::ClientConfig(_, reason, name, _) => {
            Error::Setting { setting: format!("kafka.properties.{name}"), reason }
        }
        KafkaError::ClientCreation(reason) => {
            Error::Setting { setting: "kafka.properties".to_owned(), reason }
        }
        source => Error::Kafka { doing: "making a client", source },
    }
}

fn refuse_ours(map: &str, name: &str) -> Result<(), Error> {
    match OURS.iter().find(|(ours, _)| *ours == name) {
        Some((_, instead)) => Err(Error::Setting {
            setting: format!("kafka.{map}.{name}"),
            reason: format!("is set by siaga itself; see `{instead}`"),
        }),
        None => Ok(()),
    }
}

/// A consumer of a stage's group.
pub(crate) fn consumer(
    kafka: &Kafka,
    processing: &Processing,
    client_id: &str,
    group: &str,
) -> Result<ClientConfig, Error> {
    let mut config = base(kafka, client_id)?;
    config
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "earliest")
        .set("isolation.level", "read_committed")
        .set("enable.partition.eof", "false")
        .set("queued.max.messages.kbytes", processing.read_ahead_kib.to_string())
        .set("fetch.message.max.bytes", (processing.max_record_bytes + 4096).to_string());
    ours_unless_set(kafka, &mut config, "statistics.interval.ms", "5000");
    ours_unless_set(kafka, &mut config, "fetch.wait.max.ms", "100");
    ours_unless_set(kafka, &mut config, "fetch.queue.backoff.ms", "20");
    ours_unless_set(kafka, &mut config, "topic.metadata.refresh.interval.ms", "10000");
    ours_unless_set(kafka, &mut config, "reconnect.backoff.max.ms", "1000");
    match processing.group_protocol {
        GroupProtocol::Classic => {
            let session = processing.session_timeout.as_millis();
            config.set("session.timeout.ms", session.to_string());
            // Two heartbeats may be lost or late before the session ends.
            let heartbeat = (session / 3).clamp(1, 3_000);
            ours_unless_set(kafka, &mut config, "heartbeat.interval.ms", &heartbeat.to_string());
        }
        GroupProtocol::Consumer => {
            config.set("group.protocol", "consumer");
        }
    }
    Ok(config)
}

/// A producer of a stage, transactional where that is promised.
pub(crate) fn producer(
    kafka: &Kafka,
    processing: &Processing,
    client_id: &str,
    transactional_id: &str,
) -> Result<ClientConfig, Error> {
    let mut config = publisher(kafka, client_id, processing.write_behind_kib)?;
    if processing.guarantee == Guarantee::ExactlyOnce {
        config
            .set("transactional.id", transactional_id)
            .set("transaction.timeout.ms", processing.transaction_timeout.as_millis().to_string());
        ours_unless_set(
            kafka,
            &mut config,
            "message.timeout.ms",
            &processing.transaction_timeout.as_millis().to_string(),
        );
    }
    Ok(config)
}

/// A producer that loses nothing.
pub(crate) fn publisher(kafka: &Kafka, client_id: &str, buffer_kib: usize) -> Result<ClientConfig, Error> {
    let mut config = base(kafka, client_id)?;
    config
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("partitioner", "murmur2_random")
        .set("queue.buffering.max.kbytes", buffer_kib.to_string());
    ours_unless_set(kafka, &mut config, "queue.buffering.max.messages", "500000");
    ours_unless_set(kafka, &mut config, "message.max.bytes", "10485760");
    ours_unless_set(kafka, &mut config, "linger.ms", "1");
    ours_unless_set(kafka, &mut config, "reconnect.backoff.max.ms", "1000");
    Ok(config)
}

/// A consumer outside any group that reads to an end.
pub(crate) fn reader(kafka: &Kafka, client_id: &str, isolation: Isolation) -> Result<ClientConfig, Error> {
    let mut config = base(kafka, client_id)?;
    let level = match isolation {
        Isolation::Committed => "read_committed",
        Isolation::Everything => "read_uncommitted",
    };
    config
        // librdkafka asks for a name although partitions are assigned by hand: this group never has a member.
        .set("group.id", client_id)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .set("enable.partition.eof", "true")
        .set("isolation.level", level);
    ours_unless_set(kafka, &mut config, "queued.max.messages.kbytes", "16384");
    // A full queue is looked at again soon: by default the reader would stand still for a second each time.
    ours_unless_set(kafka, &mut config, "fetch.queue.backoff.ms", "10");
    // An end is told of when a broker has waited so long for more.
    ours_unless_set(kafka, &mut config, "fetch.wait.max.ms", "100");
    ours_unless_set(kafka, &mut config, "reconnect.backoff.max.ms", "1000");
    Ok(config)
}

/// The first of the topics that the cluster does not have, or not in a usable state.
///
/// # Errors
/// Where the cluster does not answer in time.
pub(crate) fn missing<C: ClientContext>(
    client: &Client<C>,
    topics: &[String],
    longest: Duration,
) -> Result<Option<String>, KafkaError> {
    let metadata = client.fetch_metadata(None, longest)?;
    let there = |topic: &String| {
        metadata
            .topics()
            .iter()
            .any(|t| t.name() == topic && t.error().is_none() && !t.partitions().is_empty())
    };
    Ok(topics.iter().find(|topic| !there(topic)).cloned())
}

/// How many partitions each of the topics has.
///
/// # Errors
/// Where the cluster does not answer in time.
pub(crate) fn partitions<C: ClientContext>(
    client: &Client<C>,
    topics: &[String],
    longest: Duration,
) -> Result<Vec<usize>, KafkaError> {
    let metadata = client.fetch_metadata(None, longest)?;
    let count = |topic: &String| {
        metadata.topics().iter().find(|t| t.name() == topic).map_or(0, |t| t.partitions().len())
    };
    Ok(topics.iter().map(count).collect())
}

fn ours_unless_set(kafka: &Kafka, config: &mut ClientConfig, name: &str, value: &str) {
    if !kafka.properties.contains_key(name) {
        config.set(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_that_a_promise_rests_on_is_refused_by_name() {
        let mut kafka = Kafka::default();
        kafka.properties.insert("enable.auto.commit".into(), "true".into());
        let error = base(&kafka, "c").unwrap_err().to_string();
        assert!(
            error.contains("kafka.properties.enable.auto.commit") && error.contains("processing.guarantee"),
            "{error}"
        );
    }

    #[test]
    fn other_properties_pass_through_and_win_over_our_defaults() {
        let mut kafka = Kafka::default();
        kafka.properties.insert("linger.ms".into(), "7".into());
        kafka.properties.insert("security.protocol".into(), "ssl".into());
        let config = publisher(&kafka, "c", 1024).unwrap();
        assert_eq!((config.get("linger.ms"), config.get("security.protocol")), (Some("7"), Some("ssl")));
    }

    #[test]
    fn a_secret_comes_from_its_file() {
        let mut kafka = Kafka::default();
        kafka.property_files.insert("sasl.password".into(), "/nowhere/secret".into());
        let error = base(&kafka, "c").unwrap_err().to_string();
        assert!(
            error.contains("kafka.property_files.sasl.password") && error.contains("/nowhere/secret"),
            "{error}"
        );
    }
}
