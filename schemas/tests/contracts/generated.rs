//! `schemas/json` is what the types say.

use super::{Contract, additive::breaking_changes, file, read_json};

#[test]
fn the_json_schemas_are_up_to_date() {
    let update = std::env::var_os("UPDATE").is_some();
    for contract in Contract::all() {
        let path = format!("json/{}.schema.json", contract.name);
        let generated = (contract.schema)();
        if file(&path).exists() {
            let breaking = breaking_changes(&read_json(&path), &generated);
            assert!(breaking.is_empty(), "{path}: not inside v1: {breaking:#?}");
        }
        if update {
            let text = serde_json::to_string_pretty(&generated).unwrap() + "\n";
            std::fs::write(file(&path), text).unwrap();
        }
        assert_eq!(read_json(&path), generated, "schemas/{path} is old: run with UPDATE=1");
    }
}

#[test]
fn the_json_schemas_are_schemas_of_2020_12() {
    for contract in Contract::all() {
        let schema = (contract.schema)();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["$id"], format!("urn:siaga:schema:{}:v1", contract.name));
        jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|e| panic!("{}: {e}", contract.name));
    }
}

#[test]
fn no_file_is_left_of_a_message_that_is_gone() {
    let mut found: Vec<String> = std::fs::read_dir(file("json"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut expected: Vec<String> =
        Contract::all().iter().map(|contract| format!("{}.schema.json", contract.name)).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
