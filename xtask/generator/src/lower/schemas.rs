//! Steps that make single schemas plainer.

use serde_json::{Map, Value};

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

pub(super) fn plain_secrets(document: &mut Value) -> usize {
    let mut changed = 0;
    each_schema(document, &mut |schema| {
        if schema["format"] == "password" {
            changed += keep(schema, &["type", "format", "nullable"]);
        }
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

/// Keeps only these keys of a schema; 1 when others went.
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
