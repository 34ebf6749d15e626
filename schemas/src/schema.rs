//! JSON Schemas 2020-12 of the messages, made from their types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::Message;

/// The schema of a message as `schemas/json/<name>.schema.json` holds it.
///
/// It says what a reader accepts: fields that may be missing are not required, and unknown fields are allowed.
pub fn json_schema<M: Message>() -> Value {
    let mut value = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<M>().to_value();
    if let Some(object) = value.as_object_mut() {
        object.insert("$id".to_owned(), format!("urn:siaga:schema:{}:v1", M::NAME).into());
    }
    value
}
