//! Equal partition counts: the state of a partition stands in the partition of the same number.

use rdkafka::client::{Client, ClientContext};

use crate::thread::LOOKUP;
use crate::{Error, client};

/// Checks that topics have equally many partitions.
///
/// # Errors
/// Where they have not; none where the cluster does not answer.
pub(super) fn check<C: ClientContext>(client: &Client<C>, topics: &[String]) -> Option<Result<(), Error>> {
    let counts = match client::partitions(client, topics, LOOKUP) {
        Ok(counts) => counts,
        Err(error) => {
            tracing::warn!(%error, "cluster cannot be reached: waiting for it");
            return None;
        }
    };
    let is_equal = counts.windows(2).all(|pair| pair[0] == pair[1]);
    if is_equal {
        return Some(Ok(()));
    }
    let words: Vec<String> =
        topics.iter().zip(&counts).map(|(topic, count)| format!("{topic} has {count}")).collect();
    Some(Err(Error::UnequalPartitions(words.join(", "))))
}
