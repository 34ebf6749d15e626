//! What can go wrong, by what can be done about it.

use rdkafka::error::{KafkaError, RDKafkaError, RDKafkaErrorCode};

/// Why a stage ended, or could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting is wrong.
    #[error("setting `{setting}`: {reason}")]
    Setting {
        /// Its name.
        setting: String,
        /// What is wrong.
        reason: String,
    },
    /// Another instance has taken over this one's transactional id.
    #[error("fenced: another instance runs as `{transactional_id}`")]
    Fenced {
        /// The id.
        transactional_id: String,
    },
    /// Kafka said what no retry mends.
    #[error("kafka: {doing}: {source}")]
    Kafka {
        /// What was being done.
        doing: &'static str,
        /// What Kafka said.
        source: KafkaError,
    },
    /// Again and again the time between two polls was longer than `max.poll.interval.ms`, and nothing was committed.
    #[error(
        "a batch takes longer than `max.poll.interval.ms` each time: the group gives its partitions away"
    )]
    PollInterval,
    /// The consumer does not go back to the beginning of a batch that failed: to go on would lose it.
    #[error("{topic} [{partition}] cannot be read again from offset {offset}: {reason}")]
    Rewind {
        /// Topic of the batch.
        topic: String,
        /// Its partition.
        partition: i32,
        /// Where to go back to.
        offset: i64,
        /// What the client says.
        reason: String,
    },
    /// A record is bad, and the settings say that a bad record ends the stage.
    #[error("bad record in {topic} [{partition}] at offset {offset}: {code}: {message}")]
    BadRecord {
        /// Topic of the record.
        topic: String,
        /// Its partition.
        partition: i32,
        /// Its offset.
        offset: i64,
        /// Why it is bad.
        code: &'static str,
        /// The same in words.
        message: String,
    },
    /// Topics that go together partition by partition differ.
    #[error("topics need equal numbers of partitions: {0}")]
    UnequalPartitions(
        /// Each topic and its number.
        String,
    ),
    /// A topic ends before what was read of it: somebody deleted it and made it anew. What is known is of another topic.
    #[error("topic `{topic}` was deleted and made anew: it is to be read from its beginning")]
    MadeAnew {
        /// The topic.
        topic: String,
    },
    /// A record of a changelog is not understood: the state would not be whole.
    #[error("state cannot be restored: {topic} [{partition}] at offset {offset}: {code}: {message}")]
    Changelog {
        /// Topic of the record.
        topic: String,
        /// Its partition.
        partition: i32,
        /// Its offset.
        offset: i64,
        /// Why it is not understood.
        code: &'static str,
        /// The same in words.
        message: String,
    },
    /// A thread panicked.
    #[error("thread {thread} panicked")]
    Panicked {
        /// Its number.
        thread: usize,
    },
    /// The system refused a thread.
    #[error("thread cannot be started: {0}")]
    Thread(std::io::Error),
    /// A metric cannot be registered.
    #[error("metric: {0}")]
    Metric(#[from] prometheus::Error),
}

/// What to do about an error inside a batch.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Abort, go back to the beginning of the batch and try it again.
    Redo { doing: &'static str, source: KafkaError },
    /// The cluster refuses an output of this record of the batch, by its number, and will always do so: abort and try
    /// the batch again with that record alone, then as a bad one.
    Refused { record: usize, source: KafkaError },
    /// The group has moved on: abort, drop the batch, take part in the next assignment.
    Rejoin { source: KafkaError },
    /// End the stage.
    Fatal(Error),
}

impl Trouble {
    /// Sorts an error by its code and by what librdkafka says of it.
    pub(crate) fn of(doing: &'static str, transactional_id: &str, source: KafkaError) -> Self {
        use RDKafkaErrorCode as Code;
        let code = source.rdkafka_error_code();
        let flags = transaction_error(&source);
        let fatal = flags.is_some_and(RDKafkaError::is_fatal);
        match code {
            Some(Code::Fenced | Code::ProducerFenced) => {
                Self::Fatal(Error::Fenced { transactional_id: transactional_id.to_owned() })
            }
            Some(Code::InvalidProducerEpoch) if fatal => {
                Self::Fatal(Error::Fenced { transactional_id: transactional_id.to_owned() })
            }
            Some(
                Code::IllegalGeneration
                | Code::UnknownMemberId
                | Code::RebalanceInProgress
                | Code::FencedInstanceId
                | Code::FencedMemberEpoch
                | Code::StaleMemberEpoch,
            ) => Self::Rejoin { source },
            Some(
                Code::UnknownPartition
                | Code::TopicAuthorizationFailed
                | Code::GroupAuthorizationFailed
                | Code::ClusterAuthorizationFailed
                | Code::TransactionalIdAuthorizationFailed
                | Code::UnsupportedVersion
                | Code::InvalidTransactionTimeout,
            ) => Self::Fatal(Error::Kafka { doing, source }),
            _ if fatal => Self::Fatal(Error::Kafka { doing, source }),
            _ => Self::Redo { doing, source },
        }
    }
}

/// Whether the cluster refuses a record for what it is.
pub(crate) fn is_refusal(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        error.rdkafka_error_code(),
        Some(
            Code::MessageSizeTooLarge
                | Code::MessageBatchTooLarge
                | Code::InvalidMessage
                | Code::InvalidMessageSize
                | Code::InvalidTimestamp
                | Code::InvalidRecord
                | Code::PolicyViolation
        )
    )
}

/// What librdkafka says of an error of a transaction.
pub(crate) fn transaction_error(error: &KafkaError) -> Option<&RDKafkaError> {
    match error {
        KafkaError::Transaction(error) => Some(error),
        _ => None,
    }
}
