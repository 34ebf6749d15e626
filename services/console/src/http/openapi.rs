//! The description of the API, OpenAPI 3.1: the paths by hand, the schemas from the types that are answered.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::access::Caller;
use super::answer::{ProblemBody, tagged};
use super::control::ControlRequest;
use super::incidents::{ArticlesBody, IncidentBody, ListBody};
use crate::model::{Coverage, FlowReport, Summary};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.contract = schemars::generate::Contract::Serialize;
        })
        .into_generator();
    generator.subschema_for::<ListBody>();
    generator.subschema_for::<IncidentBody>();
    generator.subschema_for::<ArticlesBody>();
    generator.subschema_for::<Summary>();
    generator.subschema_for::<Coverage>();
    generator.subschema_for::<FlowReport>();
    generator.subschema_for::<Caller>();
    generator.subschema_for::<ControlRequest>();
    generator.subschema_for::<siaga_schemas::Control>();
    generator.subschema_for::<ProblemBody>();
    // The file is part of the program, and a test reads it.
    let mut document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap_or_default();
    for (name, schema) in generator.take_definitions(true) {
        document["components"]["schemas"][name] = schema;
    }
    document
});

/// The description.
pub fn openapi() -> &'static Value {
    &DOCUMENT
}

pub(super) async fn document(headers: HeaderMap) -> Response {
    tagged(&headers, DOCUMENT.to_string().into_bytes(), "application/json")
}
