//! Converts a schema to a flat list of facts. The document (OpenAPI 3.0) and `schemars` write schemas in two dialects.
//! If two schemas have the same meaning, they have the same facts, even in different dialects.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The facts of a schema. Each key is a path, such as `devices[].id`, and a keyword. The map contains the value of the
/// keyword at this path.
pub type Facts = BTreeMap<(String, String), Value>;

/// Returns the facts of a component, or of the JSON Schema of its type. `name` is the name of the component.
pub fn facts(schema: &Value, name: &str) -> Facts {
    let mut found = Facts::new();
    collect(schema, "", &mut found);
    for (at, value) in &mut found {
        // `#` is a reference of the type to itself.
        if at.1 == "$ref" && value == "#" {
            *value = name.into();
        }
    }
    found
}

/// Returns a component in which some references are replaced by their targets. These targets are components without a
/// generated type: lists, maps, and scalars without `enum`.
pub fn written_out(document: &Value, schema: &Value) -> Value {
    let below = |value: &Value| written_out(document, value);
    let map = match schema {
        Value::Object(map) => map,
        Value::Array(items) => return items.iter().map(below).collect(),
        other => return other.clone(),
    };
    let to = map.get("$ref").and_then(Value::as_str);
    let named = to.and_then(|to| document.pointer(to.trim_start_matches('#')));
    let is_type = |schema: &Value| schema["properties"].is_object() || schema["enum"].is_array();
    match named.filter(|named| !is_type(named)) {
        Some(named) => below(named),
        None => map
            .iter()
            .map(|(key, value)| (key.clone(), below(value)))
            .collect(),
    }
}

fn collect(schema: &Value, at: &str, into: &mut Facts) {
    for (key, value) in plain(schema) {
        match (key.as_str(), &value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    let at = format!("{at}.{name}").trim_start_matches('.').to_owned();
                    into.insert((at.clone(), "property".to_owned()), true.into());
                    collect(property, &at, into);
                }
            }
            ("required", Value::Array(names)) => {
                for name in names.iter().filter_map(Value::as_str) {
                    let at = format!("{at}.{name}").trim_start_matches('.').to_owned();
                    into.insert((at, "required".to_owned()), true.into());
                }
            }
            ("items", _) => collect(&value, &format!("{at}[]"), into),
            ("additionalProperties", Value::Object(_)) => {
                collect(&value, &format!("{at}{{}}"), into)
            }
            _ => {
                into.insert((at.to_owned(), key), value);
            }
        }
    }
}

/// Converts a schema of either dialect to a common form. The dialects differ in references with sibling keys, nullable
/// values, and enums that allow unlisted values.
fn plain(schema: &Value) -> Map<String, Value> {
    let mut plain = Map::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("$schema" | "$defs" | "title", _) => {}
            // `true` is the default.
            ("additionalProperties", Value::Bool(true)) => {}
            // The format of a string is only a hint, except `password`. The client accepts any string.
            ("format", value) if schema["type"] == "string" && value != "password" => {}
            ("$ref", Value::String(to)) => {
                let name = to.rsplit('/').next().unwrap_or_default();
                plain.insert(key.clone(), name.into());
            }
            ("allOf" | "anyOf", Value::Array(parts)) => parts.iter().for_each(|part| {
                if part["type"] == "null" {
                    plain.insert("nullable".to_owned(), true.into());
                } else {
                    plain.extend(self::plain(part));
                }
            }),
            ("type", Value::Array(kinds)) => kinds.iter().for_each(|kind| {
                if kind == "null" {
                    plain.insert("nullable".to_owned(), true.into());
                } else {
                    plain.insert(key.clone(), kind.clone());
                }
            }),
            _ => {
                plain.insert(key.clone(), value.clone());
            }
        }
    }
    plain
}
