//! Inlines the components that become no Rust type: lists, maps, scalars without enum values, and arbitrary JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use huaweicloud_openapi::reference::component;
use serde_json::{Map, Value};

/// The largest number of nested references. A deeper reference stays, because a component probably contains itself.
const DEEPEST: u32 = 16;

/// Returns the document. The content of a component without a Rust type replaces each reference to the component.
pub fn inlined(document: &Value) -> Cow<'_, Value> {
    let schemas = document.pointer("/components/schemas");
    let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
    let plain = schemas.filter(|(_, schema)| !is_type(document, schema));
    let plain: BTreeMap<&str, &Value> = plain
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    if plain.is_empty() {
        return Cow::Borrowed(document);
    }
    Cow::Owned(written(document, &plain, 0))
}

/// Returns whether a component becomes a Rust type. Such a component has properties or enum values.
fn is_type(document: &Value, schema: &Value) -> bool {
    let schema = huaweicloud_openapi::reference::target(document, schema);
    schema.get("properties").is_some() || schema.get("enum").is_some()
}

fn written(value: &Value, plain: &BTreeMap<&str, &Value>, depth: u32) -> Value {
    let below = |value: &Value| written(value, plain, depth);
    let map = match value {
        Value::Object(map) => map,
        Value::Array(items) => return items.iter().map(below).collect(),
        other => return other.clone(),
    };
    let named = component(value).and_then(|name| plain.get(name));
    let Some(named) = named.filter(|_| depth < DEEPEST) else {
        let members = map.iter();
        return Value::Object(
            members
                .map(|(key, value)| (key.clone(), below(value)))
                .collect(),
        );
    };
    // A key beside the reference replaces the same key of the component.
    let mut schema = written(named, plain, depth + 1);
    let own = map
        .iter()
        .filter(|(key, _)| *key != "$ref" && *key != "allOf");
    if let Some(schema) = schema.as_object_mut() {
        schema.extend(
            own.map(|(key, value)| (key.clone(), value.clone()))
                .collect::<Map<_, _>>(),
        );
    }
    schema
}

#[cfg(test)]
mod tests;
