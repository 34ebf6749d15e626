//! What the stages cannot avoid: reading JSON, their pure function, writing JSON; on one thread, without Kafka.

use anyhow::{Context, Result};
use siaga_analysis::{Knowledge, classify, detect};
use siaga_schemas::{ClassifiedArticle, Message, RawArticle};

use crate::report::Pure;
use siaga_tests::articles::Articles;

/// Timestamp of the records, in milliseconds: any will do.
const RECEIVED: i64 = 1_780_000_000_000;
const ARTICLES: u64 = 20_000;

/// CPU time an article of both stages.
pub(crate) fn measure() -> Result<Vec<Pure>> {
    let knowledge = Knowledge::built_in()?;
    let generator = Articles::new();
    let raw: Vec<Vec<u8>> = (0..ARTICLES).map(|index| generator.article(index)).collect();
    let mut classified = Vec::new();
    let before = cpu_nanoseconds()?;
    for value in &raw {
        let article = classify(&knowledge, &RawArticle::decode(value)?, RECEIVED)?;
        classified.push(article.encode()?);
    }
    let between = cpu_nanoseconds()?;
    let mut bytes = 0;
    for value in &classified {
        let found = detect(&knowledge, ClassifiedArticle::decode(value)?);
        bytes += found.enriched.encode()?.len();
        for mention in &found.mentions {
            bytes += mention.encode()?.len();
        }
        if let Some(correction) = &found.correction {
            bytes += correction.encode()?.len();
        }
    }
    let after = cpu_nanoseconds()?;
    anyhow::ensure!(bytes > 0, "nothing was found");
    let pure = |name: &str, nanoseconds: u64| Pure {
        name: name.to_owned(),
        cpu_microseconds_per_article: nanoseconds as f64 / 1e3 / ARTICLES as f64,
    };
    Ok(vec![pure("classify, no Kafka", between - before), pure("detect, no Kafka", after - between)])
}

/// CPU time of this thread so far.
fn cpu_nanoseconds() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().context("schedstat is empty")?.parse()?)
}
