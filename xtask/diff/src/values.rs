//! Decides which entries of lists and mappings belong together, which values are equal, and which value allows more.

use std::collections::{BTreeMap, BTreeSet};

use huaweicloud_openapi::grammar::ObjectKind::{self, ErrorCodes, Response, Schema};
use serde_json::{Value, json};
use transcript::Node;

use super::table::Direction::{self, *};
use super::table::{Row, Sense};
use super::usage::Usage;

/// The nodes at the same position of the older and the newer document.
pub type Sides<'a> = (Option<Node<'a>>, Option<Node<'a>>);

/// An object, and the components that the object refers to. `get` searches the object first, then the components.
pub struct Object<'a>(pub Vec<Node<'a>>);

impl<'a> Object<'a> {
    /// Creates the object without the components that it refers to.
    pub fn alone(node: Option<Node<'a>>) -> Object<'a> {
        Object(node.into_iter().collect())
    }

    /// Creates the object with the components that it refers to.
    pub fn whole(node: Node<'a>) -> Object<'a> {
        let next = |node: &Node<'a>| {
            let root = node.document().root();
            root.pointer(reference(*node)?.strip_prefix('#')?)
        };
        // The limit prevents an endless loop. The check in `dialect.rs` refuses a circle of `$ref`, but not a circle
        // through `allOf`.
        Object(std::iter::successors(Some(node), next).take(16).collect())
    }

    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        self.0.iter().find_map(|node| node.get(key))
    }
}

/// Returns the reference of an object: its `$ref`, or the `$ref` in its `allOf`.
pub fn reference(node: Node<'_>) -> Option<&str> {
    node.text("$ref")
        .or_else(|| node.get("allOf")?.items().next()?.text("$ref"))
}

/// Objects or values, by their names.
pub type Entries<'a> = BTreeMap<String, Node<'a>>;

pub fn named<'a>(row: &Row, node: Option<Node<'a>>) -> Entries<'a> {
    let entries = node.into_iter().flat_map(Node::entries);
    let name = |name: &str| match (row.0, row.1) {
        // The names of headers are not case-sensitive.
        (Response, "headers") => name.to_lowercase(),
        _ => name.to_owned(),
    };
    entries.map(|(key, node)| (name(key), node)).collect()
}

/// Returns the objects of a list by `url` or `name`. An entry of `x-error-codes` is in the result once for each code.
pub fn listed(kind: ObjectKind, node: Option<Node<'_>>) -> Entries<'_> {
    let items = node.into_iter().flat_map(Node::items);
    let named = items.flat_map(|item| {
        let keys = match kind {
            ErrorCodes => texts(item.get("codes")).into_iter().collect(),
            _ => Vec::from_iter(item.text("url").or(item.text("name"))),
        };
        keys.into_iter().map(move |key| (key.to_owned(), item))
    });
    named.collect()
}

pub fn texts(node: Option<Node<'_>>) -> BTreeSet<&str> {
    let items = node.into_iter().flat_map(Node::items);
    items.filter_map(|item| item.value.as_str()).collect()
}

pub fn both(sides: Sides<'_>) -> (Value, Value) {
    let value = |node: Option<Node<'_>>| node.map_or(Value::Null, |node| node.value.clone());
    (value(sides.0), value(sides.1))
}

/// Returns the normal form of a value. If a value has the same meaning as an absent value, the normal form is null.
pub fn normal(row: &Row, node: Option<Node<'_>>, object: &Object<'_>) -> Value {
    let value = node.map_or(Value::Null, |node| node.value.clone());
    let text = |key: &str| object.get(key).and_then(|node| node.value.as_str());
    let is_query = text("in") == Some("query");
    let form = text("style").map_or(is_query, |style| style == "form");
    match (row.1, &value) {
        ("explode", Value::Bool(flag)) if *flag == form => Value::Null,
        ("explode", _) => value,
        ("style", Value::String(style)) if *style == if is_query { "form" } else { "simple" } => {
            Value::Null
        }
        ("additionalProperties", Value::Bool(true)) => Value::Null,
        ("additionalProperties", _) => value,
        (_, Value::Bool(false))
            if matches!(row.2, Sense::Allows | Sense::Demands | Sense::Mark) =>
        {
            Value::Null
        }
        ("minLength" | "minItems" | "minProperties", Value::Number(number))
            if row.0 == Schema && number.as_u64() == Some(0) =>
        {
            Value::Null
        }
        (_, Value::Number(number)) if matches!(row.2, Sense::Upper | Sense::Lower) => {
            // The numbers 1.0 and 1 are equal.
            let whole = number
                .as_f64()
                .filter(|it| it.fract() == 0.0 && it.abs() < 9e15);
            match whole.map(|it| format!("{it:.0}").parse::<i64>()) {
                Some(Ok(whole)) => json!(whole),
                _ => value,
            }
        }
        ("success" | "failure" | "good", Value::Array(items)) => {
            let mut items = items.clone();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        _ => value,
    }
}

/// Returns whether `one` is larger than `other`. Compares two integers exactly, even if floats cannot represent them.
pub fn is_more(one: &Value, other: &Value) -> bool {
    let whole = |value: &Value| {
        let signed = value.as_i64().map(i128::from);
        signed.or_else(|| value.as_u64().map(i128::from))
    };
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one > other,
        _ => one.as_f64() > other.as_f64(),
    }
}

/// Returns `Widened`, `Narrowed` or `Changed`: the newer value allows more, fewer or other values. If a string without
/// format now has `format: password`, returns `Set`. For the opposite change, returns `Unset`.
pub fn range(key: &str, (before, after): &(Value, Value), usage: &Usage) -> Direction {
    let text = usage.parameter && !usage.request && !usage.answer;
    let (old, new) = (
        before.as_str().unwrap_or_default(),
        after.as_str().unwrap_or_default(),
    );
    let has_all = |one: &str, other: &str| other.chars().all(|char| one.contains(char));
    let rank = |value: &Value| match value {
        Value::Null => 2,
        Value::Object(_) => 1,
        _ => 0,
    };
    match (key, old, new) {
        ("format", "", "password") => Set,
        ("format", "password", "") => Unset,
        ("type", "integer", "number")
        | ("format", "int32", "int64")
        | ("format", "float", "double") => Widened,
        ("type", "number", "integer")
        | ("format", "int64", "int32")
        | ("format", "double", "float") => Narrowed,
        ("type", "integer" | "number" | "boolean", "string") if text => Widened,
        ("type", "string", "integer" | "number" | "boolean") if text => Narrowed,
        ("specials", ..) if !before.is_null() && !after.is_null() => {
            match (has_all(new, old), has_all(old, new)) {
                (true, _) => Widened,
                (_, true) => Narrowed,
                _ => Changed,
            }
        }
        ("additionalProperties", ..) if rank(after) > rank(before) => Widened,
        ("additionalProperties", ..) => Narrowed,
        _ if before.is_null() => Narrowed,
        _ if after.is_null() => Widened,
        _ => Changed,
    }
}

/// Returns both objects without descriptions, summaries and examples.
pub fn brief(sides: Sides<'_>) -> (Value, Value) {
    let of = |node: Option<Node<'_>>| node.map_or(Value::Null, |node| demands(node.value));
    (of(sides.0), of(sides.1))
}

pub fn demands(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            // A schema can have a property with the name `description` or `example`. The result keeps this property.
            let is_schema = |value: &Value| {
                let mut keys = ["type", "$ref", "allOf"].iter();
                keys.any(|key| value.get(key).is_some())
            };
            let is_words = |key: &str, value: &Value| match key {
                "description" | "summary" => value.is_string(),
                "example" | "examples" => !is_schema(value),
                _ => false,
            };
            let kept = map.iter().filter(|(key, value)| !is_words(key, value));
            let kept = kept.map(|(key, value)| (key.clone(), demands(value)));
            Value::Object(kept.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(demands).collect()),
        other => other.clone(),
    }
}
