//! JSON Schema for the types of this crate that generated types contain.

use crate::json::Json;
use crate::secret::Secret;
use schemars1::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::borrow::Cow;

/// The schema of a string with `format: password`, as in OpenAPI.
impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password" })
    }
}

/// The schema accepts any value.
impl JsonSchema for Json {
    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

/// Makes the schema of an enum that accepts undocumented values. The schema lists the documented values in the form
/// that requests contain, and accepts any other value of their type. Generated code calls this function.
pub fn options<T: Serialize>(description: &str, documented: &[T]) -> Schema {
    let values = serde_json::json!(documented);
    let kind = match values[0].is_i64() {
        true => "integer",
        false => "string",
    };
    json_schema!({ "description": description, "type": kind, "anyOf": [{ "enum": values }, {}] })
}
