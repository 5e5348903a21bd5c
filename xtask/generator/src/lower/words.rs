//! The step of lowering that removes summaries, descriptions, examples and extensions. The step changes operations,
//! schemas, parameters, headers and media types.

use serde_json::{Map, Value};

use super::answers::operations;
use super::each_schema;

pub(super) fn drop_words(document: &mut Value) -> usize {
    let mut dropped = 0;
    each_schema(document, &mut |schema| {
        dropped += schema.as_object_mut().map_or(0, drop_from);
    });
    for operation in operations(document) {
        dropped += operation.as_object_mut().map_or(0, drop_from);
    }
    for section in ["paths", "components"] {
        dropped += document.get_mut(section).map_or(0, beside_schemas);
    }
    dropped
}

/// Removes the wording of parameters, headers and media types, which are the objects with the key `schema`.
fn beside_schemas(value: &mut Value) -> usize {
    match value {
        Value::Object(map) => {
            let own = match map.contains_key("schema") {
                true => drop_from(map),
                false => 0,
            };
            let inner = map.iter_mut().filter(|(key, _)| *key != "schemas");
            own + inner.map(|(_, value)| beside_schemas(value)).sum::<usize>()
        }
        Value::Array(items) => items.iter_mut().map(beside_schemas).sum(),
        _ => 0,
    }
}

fn drop_from(map: &mut Map<String, Value>) -> usize {
    let before = map.len();
    map.retain(|key, _| !is_wording(key));
    before - map.len()
}

fn is_wording(key: &str) -> bool {
    matches!(key, "summary" | "description" | "example" | "examples") || key.starts_with("x-")
}
