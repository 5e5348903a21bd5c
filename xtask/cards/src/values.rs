//! Writes values as text for a line of a card (a list of facts).

use serde_json::{Map, Value};

use super::keys::{is_opaque, is_wording, label};

/// Returns a value as text for a line. Writes a string without quotes if it is unambiguous, and other values as JSON.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns whether a string is unambiguous without quotes. For example, `""`, `"12"` and `" a"` need quotes.
fn is_plain(text: &str) -> bool {
    let edges = text.starts_with(['"', ' ', '[', '{']) || text.ends_with(' ');
    let is_json = || serde_json::from_str::<Value>(text).is_ok();
    !text.is_empty() && !edges && !text.contains(char::is_control) && !is_json()
}

/// Returns the members of an object, sorted by key.
pub(crate) fn sorted(value: &Value) -> Vec<(&String, &Value)> {
    let mut all: Vec<_> = value.as_object().into_iter().flatten().collect();
    all.sort_by_key(|(key, _)| *key);
    all
}

/// Returns the elements of a list. Any other value has no elements.
pub fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(crate) fn strings(value: &Value) -> Vec<&str> {
    items(value).filter_map(Value::as_str).collect()
}

/// Returns the scalars in a value, except for explanations. Each has a path such as `page.url`. An empty list or object
/// counts as a scalar. Lists of scalars are sorted, except in examples and defaults.
pub(crate) fn leaves(key: &str, value: &Value) -> Vec<(String, String)> {
    let ordered = matches!(key, "example" | "default" | "value" | "x-error-examples");
    let mut found = Vec::new();
    collect(label(key), value, ordered, is_opaque(key), &mut found);
    found
}

fn collect(
    name: &str,
    value: &Value,
    ordered: bool,
    opaque: bool,
    into: &mut Vec<(String, String)>,
) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let members = sorted(value).into_iter();
            for (key, value) in members.filter(|(key, _)| opaque || !is_wording(key)) {
                let key = if opaque { key } else { label(key) };
                collect(&format!("{name}.{key}"), value, ordered, opaque, into);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let holds = |item: &Value| item.is_object() || item.is_array();
            let is_set = !ordered && !items.iter().any(holds);
            let first = into.len();
            for (number, item) in items.iter().enumerate() {
                let name = match is_set {
                    true => format!("{name}[]"),
                    false => format!("{name}[{number}]"),
                };
                collect(&name, item, ordered, opaque, into);
            }
            if let Some(set) = into.get_mut(first..).filter(|_| is_set) {
                set.sort();
            }
        }
        scalar => into.push((name.to_owned(), shown(scalar))),
    }
}

/// The order of keys in a line. Other keys follow in alphabetical order. The example is last.
const ORDER: [&str; 16] = [
    "nullable",
    "deprecated",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "default",
];

/// Returns the members of an object as texts, such as `maxLength 36`. Omits explanations and the keys in `elsewhere`.
pub(crate) fn words(object: &Value, elsewhere: &[&str]) -> Vec<String> {
    let mut members = sorted(object);
    members.retain(|(key, _)| !is_wording(key) && !elsewhere.contains(&key.as_str()));
    members.sort_by_key(|(key, _)| {
        let rank = ORDER.iter().position(|known| known == key);
        (rank.unwrap_or(ORDER.len()), *key == "example")
    });
    let mut found = Vec::new();
    for (key, value) in members {
        match value {
            Value::Bool(true) => found.push(label(key).to_owned()),
            value => {
                let leaves = leaves(key, value).into_iter();
                found.extend(leaves.map(|(name, value)| format!("{name} {value}")));
            }
        }
    }
    found
}

/// Returns the sorted alternatives of security requirements, such as `token`, `token and key`, `login (read, write)`.
pub(crate) fn requirements(list: &Value) -> Vec<String> {
    let mut alternatives: Vec<String> = items(list).map(requirement).collect();
    if alternatives.is_empty() {
        alternatives.push("none".to_owned());
    }
    alternatives.sort();
    alternatives
}

fn requirement(requirement: &Value) -> String {
    let schemes = sorted(requirement).into_iter();
    let schemes: Vec<String> = schemes
        .map(|(name, scopes)| {
            let listed: Vec<String> = items(scopes).map(shown).collect();
            match scopes {
                Value::Array(_) if listed.is_empty() => name.clone(),
                Value::Array(_) => format!("{name} ({})", listed.join(", ")),
                other => format!("{name} ({other})"),
            }
        })
        .collect();
    match requirement {
        Value::Object(map) if map.is_empty() => "optional".to_owned(),
        Value::Object(_) => schemes.join(" and "),
        other => shown(other),
    }
}

/// Returns the type of a schema, such as `string password`, `array of Tag`, `object of string`, or `Device`.
pub(crate) fn type_of(schema: &Value) -> String {
    let inner = ["items", "additionalProperties"]
        .map(|key| schema.get(key).filter(|inner| inner.is_object()));
    let inner = inner.into_iter().flatten().map(type_of);
    let own = ["type", "format"].iter();
    let own = own.filter_map(|key| schema.get(key).map(shown));
    let mut parts: Vec<String> = own.collect();
    parts.extend(schema["$ref"].as_str().map(|to| component(to).to_owned()));
    parts.extend(items(&schema["allOf"]).map(type_of));
    if parts.is_empty() {
        parts.push("any".to_owned());
    }
    let outer = [parts.join(" ")].into_iter();
    outer.chain(inner).collect::<Vec<_>>().join(" of ")
}

/// Returns the name in a reference such as `#/components/schemas/Tag`. Returns any other text unchanged.
pub fn component(reference: &str) -> &str {
    let local = reference.strip_prefix("#/components/");
    let name = local.and_then(|local| local.split_once('/'));
    name.map_or(reference, |(_, name)| name)
}

pub(crate) fn without(value: &Value, keys: &[&str]) -> Value {
    let members = value.as_object().into_iter().flatten();
    let kept = members.filter(|(key, _)| !keys.contains(&key.as_str()));
    let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
    Value::Object(Map::from_iter(kept))
}

#[cfg(test)]
mod tests;
