//! JSON Schema for the types that generated types use.

use crate::json::Json;
use crate::secret::Secret;
use schemars1::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::borrow::Cow;

/// A string that must not be shown: `format: password`, as in OpenAPI.
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

/// Any value.
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

/// The schema of an open list of options: the documented options, as in the request, and any other value of their type.
/// Generated code calls it.
pub fn options<T: Serialize>(description: &str, documented: &[T]) -> Schema {
    let values = serde_json::json!(documented);
    let kind = match values[0].is_i64() {
        true => "integer",
        false => "string",
    };
    json_schema!({ "description": description, "type": kind, "anyOf": [{ "enum": values }, {}] })
}
