//! Steps of lowering that simplify schemas.

use serde_json::{Map, Value, json};

use super::each_schema;
use crate::facts::LIMITS;

pub(super) fn drop_limits(document: &mut Value) -> usize {
    drop_keys(document, &LIMITS)
}

pub(super) fn drop_defaults(document: &mut Value) -> usize {
    drop_keys(document, &["default"])
}

fn drop_keys(document: &mut Value, keys: &[&str]) -> usize {
    let mut changed = 0;
    each_schema(document, &mut |schema| {
        if let Some(map) = schema.as_object_mut() {
            let before = map.len();
            map.retain(|key, _| !keys.contains(&key.as_str()));
            changed += before - map.len();
        }
    });
    changed
}

/// The format that lowering gives to a schema for any JSON value. typify replaces a string with this format by our
/// type `Json`. No transcript uses this format.
pub const ANY_JSON: &str = "any-json";

pub(super) fn plain_strings(document: &mut Value) -> usize {
    let mut changed = 0;
    each_schema(document, &mut |schema| match schema["type"].as_str() {
        Some("string") if schema["format"] == "password" => {
            changed += keep(schema, &["type", "format", "nullable"]);
        }
        Some("string") if schema.get("enum").is_none() => {
            changed += keep(schema, &["type", "nullable"]);
        }
        // `each_schema` visits the new schema of the map's values next. The arm below then changes this schema.
        Some("object") if schema["additionalProperties"] == true => {
            schema["additionalProperties"] = json!({"additionalProperties": true});
        }
        None if schema["additionalProperties"] == true => {
            keep(schema, &["nullable"]);
            schema["type"] = "string".into();
            schema["format"] = ANY_JSON.into();
        }
        _ => {}
    });
    changed
}

pub(super) fn plain_enumerations(document: &mut Value) -> usize {
    let mut changed = 0;
    each_schema(document, &mut |schema| {
        if schema.get("enum").is_some() {
            changed += keep(schema, &["type"]);
        }
    });
    changed
}

/// Keeps only the given keys of a schema. Returns 1 if other keys were removed.
fn keep(schema: &mut Value, keys: &[&str]) -> usize {
    let Some(map) = schema.as_object_mut() else {
        return 0;
    };
    let kept: Map<String, Value> = keys
        .iter()
        .filter_map(|key| {
            map.get(*key)
                .map(|value| ((*key).to_owned(), value.clone()))
        })
        .collect();
    let changed = usize::from(kept.len() < map.len());
    *map = kept;
    changed
}
