//! What a cluster's topics should be like, and what they are like.

use std::collections::BTreeMap;
use std::fmt;

use siaga_schemas::topics::{Cleanup, TopicSpec};
use siaga_stream::admin::Description;

/// How bad a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Siaga works, with less than was meant.
    Warning,
    /// Siaga does not work, or not as promised.
    Wrong,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    pub(crate) topic: String,
    pub(crate) words: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Warning => "warning",
            Weight::Wrong => "wrong",
        };
        write!(f, "{weight}: {}: {}", self.topic, self.words)
    }
}

/// The differences between what is declared and what is there.
pub(crate) fn compare(declared: &[TopicSpec], found: &BTreeMap<String, Description>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spec in declared {
        match found.get(&spec.name) {
            Some(topic) => one(spec, topic, &mut findings),
            None => findings.push(finding(Weight::Wrong, spec, "is missing; `siaga topics create` makes it")),
        }
    }
    unequal(declared, found, &mut findings);
    findings
}

fn finding(weight: Weight, spec: &TopicSpec, words: impl Into<String>) -> Finding {
    Finding { weight, topic: spec.name.clone(), words: words.into() }
}

fn one(spec: &TopicSpec, topic: &Description, findings: &mut Vec<Finding>) {
    if topic.partitions < spec.partitions {
        let words = format!("has {} partitions, {} are declared", topic.partitions, spec.partitions);
        findings.push(finding(Weight::Warning, spec, words));
    }
    if topic.partitions > spec.partitions && spec.partitions == 1 && !spec.name.ends_with(".dlq") {
        let words = format!("has {} partitions: who joins reports needs to see all in one", topic.partitions);
        findings.push(finding(Weight::Wrong, spec, words));
    }
    if topic.replicas < spec.replicas {
        let words = format!("has {} replicas, {} are declared", topic.replicas, spec.replicas);
        findings.push(finding(Weight::Warning, spec, words));
    }
    for (name, declared) in spec.settings() {
        let Some(actual) = topic.settings.get(name) else { continue };
        if let Some((weight, why)) = setting(spec, topic, name, &declared, actual) {
            let words = format!("{name} is {actual}, {declared} is declared: {why}");
            findings.push(finding(weight, spec, words));
        }
    }
}

/// Whether a setting that differs matters, and why.
fn setting(
    spec: &TopicSpec,
    topic: &Description,
    name: &str,
    declared: &str,
    actual: &str,
) -> Option<(Weight, &'static str)> {
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    // -1 is without end.
    let time = |text: &str| u64::try_from(number(text)).unwrap_or(u64::MAX);
    match name {
        "cleanup.policy" if actual != declared => Some(match spec.cleanup {
            Cleanup::Delete => (Weight::Wrong, "records of an article would replace each other"),
            Cleanup::Compact => (Weight::Wrong, "the last record of a key would be deleted"),
        }),
        "max.message.bytes" if number(actual) < number(declared) => {
            Some((Weight::Wrong, "large records would be refused"))
        }
        "min.insync.replicas" if number(actual) > i64::from(topic.replicas) => {
            Some((Weight::Wrong, "there are not so many replicas: nothing can be written"))
        }
        "min.insync.replicas" if number(actual) < number(declared) => {
            Some((Weight::Warning, "a broker's loss may lose records"))
        }
        "retention.ms" if time(actual) < time(declared) => {
            Some((Weight::Warning, "records go earlier than was meant"))
        }
        _ => None,
    }
}

/// Topics that are declared with equal partition counts should have equal ones.
fn unequal(declared: &[TopicSpec], found: &BTreeMap<String, Description>, findings: &mut Vec<Finding>) {
    let mut groups: BTreeMap<i32, Vec<(&TopicSpec, i32)>> = BTreeMap::new();
    for spec in declared.iter().filter(|spec| spec.partitions > 1) {
        if let Some(topic) = found.get(&spec.name) {
            groups.entry(spec.partitions).or_default().push((spec, topic.partitions));
        }
    }
    for group in groups.into_values() {
        let Some((first, expected)) = group.first() else { continue };
        for (spec, partitions) in group.iter().filter(|(_, partitions)| partitions != expected) {
            let words = format!("has {partitions} partitions, {} has {expected}", first.name);
            findings.push(finding(Weight::Warning, spec, words));
        }
    }
}

#[cfg(test)]
mod tests {
    use siaga_schemas::topics::catalogue;

    use super::*;

    fn as_declared() -> BTreeMap<String, Description> {
        let topic = |spec: &TopicSpec| Description {
            partitions: spec.partitions,
            replicas: spec.replicas,
            settings: spec.settings().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        catalogue("siaga").iter().map(|spec| (spec.name.clone(), topic(spec))).collect()
    }

    fn changed(topic: &str, change: impl FnOnce(&mut Description)) -> Vec<String> {
        let mut found = as_declared();
        change(found.get_mut(topic).unwrap());
        compare(&catalogue("siaga"), &found).iter().map(Finding::to_string).collect()
    }

    fn set(topic: &str, name: &str, value: &str) -> Vec<String> {
        changed(topic, |t| drop(t.settings.insert(name.into(), value.into())))
    }

    const RAW: &str = "siaga.articles.raw.v1";
    const EVENTS: &str = "siaga.events.security.v1";

    #[test]
    fn a_cluster_as_declared_has_no_findings() {
        assert_eq!(compare(&catalogue("siaga"), &as_declared()), []);
        assert_eq!(set(RAW, "retention.ms", "-1"), [""; 0]);
        assert_eq!(set(RAW, "max.message.bytes", "99999999"), [""; 0]);
        assert_eq!(changed("siaga.articles.raw.v1.dlq", |t| t.partitions = 4), [""; 0]);
    }

    #[test]
    fn what_is_missing_is_wrong() {
        let mut found = as_declared();
        found.remove(EVENTS);
        assert_eq!(
            compare(&catalogue("siaga"), &found).iter().map(Finding::to_string).collect::<Vec<_>>(),
            ["wrong: siaga.events.security.v1: is missing; `siaga topics create` makes it"]
        );
    }

    #[test]
    fn partitions_are_compared_with_the_declaration_and_with_each_other() {
        assert_eq!(
            changed("siaga.articles.classified.v1", |t| t.partitions = 3),
            [
                "warning: siaga.articles.classified.v1: has 3 partitions, 12 are declared",
                "warning: siaga.articles.classified.v1: has 3 partitions, siaga.articles.raw.v1 has 12",
            ]
        );
        assert!(changed(EVENTS, |t| t.partitions = 2)[0].contains("needs to see all in one"));
    }

    #[test]
    fn settings_count_where_they_break_a_promise() {
        assert!(set(RAW, "cleanup.policy", "compact")[0].starts_with("wrong: "));
        assert!(set(RAW, "max.message.bytes", "1000012")[0].starts_with("wrong: "));
        assert!(set(RAW, "retention.ms", "1000")[0].starts_with("warning: "));
        assert!(set(RAW, "min.insync.replicas", "1")[0].starts_with("warning: "));
        assert!(set(RAW, "min.insync.replicas", "4")[0].contains("nothing can be written"));
    }
}
