//! `schemas/asyncapi.yaml` is AsyncAPI 3.0 and says of topics and messages what the code does.

use std::collections::{BTreeMap, BTreeSet};

use enumset::EnumSet;
use roas_asyncapi::v3_0::Document;
use roas_asyncapi::validation::Validate;
use serde_json::{Value, json};
use siaga_schemas::topics::{Cleanup, DEFAULT_PREFIX, catalogue};

use super::{Contract, file, read};

fn document() -> Value {
    serde_yaml_ng::from_str(&read("asyncapi.yaml")).unwrap()
}

#[test]
fn it_is_asyncapi_3() {
    let document: Document = serde_json::from_value(document()).unwrap();
    if let Err(error) = document.validate(EnumSet::empty()) {
        panic!("{error}");
    }
}

#[test]
fn its_topics_are_those_of_the_code() {
    let document = document();
    let channels: BTreeMap<&str, &Value> = document["channels"]
        .as_object()
        .unwrap()
        .values()
        .map(|channel| (channel["address"].as_str().unwrap(), channel))
        .collect();
    let specs = catalogue(DEFAULT_PREFIX);
    let names: BTreeSet<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(channels.keys().copied().collect::<BTreeSet<_>>(), names);
    for spec in &specs {
        let kafka = &channels[spec.name.as_str()]["bindings"]["kafka"];
        let cleanup = match spec.cleanup {
            Cleanup::Delete => "delete",
            Cleanup::Compact => "compact",
        };
        let expected = json!({
            "partitions": spec.partitions,
            "replicas": spec.replicas,
            "topicConfiguration": {
                "cleanup.policy": [cleanup],
                "retention.ms": spec.retention_ms.unwrap_or(-1),
                "max.message.bytes": spec.max_message_bytes,
                "min.insync.replicas": spec.min_insync_replicas,
            },
            "bindingVersion": "0.5.0",
        });
        assert_eq!(kafka, &expected, "{}", spec.name);
    }
}

#[test]
fn the_settings_of_a_topic_are_all_declared() {
    for spec in catalogue(DEFAULT_PREFIX) {
        let settings: BTreeMap<&str, String> = spec.settings().into_iter().collect();
        let expected =
            BTreeSet::from(["cleanup.policy", "retention.ms", "max.message.bytes", "min.insync.replicas"]);
        assert_eq!(settings.keys().copied().collect::<BTreeSet<_>>(), expected, "{}", spec.name);
    }
}

#[test]
fn its_messages_are_those_of_the_types() {
    let document = document();
    let messages = document["components"]["messages"].as_object().unwrap();
    let mut left: BTreeMap<&str, &Value> =
        messages.values().map(|message| (message["name"].as_str().unwrap(), message)).collect();
    left.remove("dead-letter").unwrap();
    for contract in Contract::all() {
        let message = left.remove(contract.name).unwrap_or_else(|| panic!("{} is not there", contract.name));
        assert_eq!(message["x-ce-type"], contract.event_type, "{}", contract.name);
        let schema = message["payload"]["schema"]["$ref"].as_str().unwrap();
        assert_eq!(schema, format!("./json/{}.schema.json", contract.name));
        assert!(file(schema).exists(), "schemas/{schema}");
    }
    assert!(left.is_empty(), "not messages of the code: {:?}", left.keys());
}

#[test]
fn every_topic_is_written_and_every_dead_letter_topic_has_its_reader() {
    let document = document();
    let with_action = |action: &str| -> BTreeSet<String> {
        document["operations"]
            .as_object()
            .unwrap()
            .values()
            .filter(|operation| operation["action"] == action)
            .map(|operation| operation["channel"]["$ref"].as_str().unwrap().replace("#/channels/", ""))
            .collect()
    };
    let (sent, received) = (with_action("send"), with_action("receive"));
    for name in document["channels"].as_object().unwrap().keys() {
        match name.strip_suffix("DeadLetters") {
            Some(input) => assert_eq!(sent.contains(name), received.contains(input), "{name}"),
            None => assert!(sent.contains(name), "{name} is written by nobody"),
        }
    }
}
