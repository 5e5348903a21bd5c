//! Rules about schemas. If a schema follows these rules, the generator can make a useful Rust type.

use std::collections::HashSet;

use serde_json::Value;

use huaweicloud_openapi::grammar::{ObjectKind, TYPES};
use huaweicloud_openapi::nodes::Node;
use huaweicloud_openapi::reference::component;

use super::index::Index;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "schema-type",
        summary: "a schema has a type: string, integer, number, boolean, array or object; `additionalProperties: true` without a type means any JSON value",
        reason: "without a type, the generated field accepts any JSON value, and this must not happen by mistake",
    },
    Rule {
        name: "inline-object",
        summary: "every object with properties is a named component, except for a form",
        reason: "an inline object gets an invented name, and later changes of the document can change this name",
    },
    Rule {
        name: "open-object",
        summary: "an object has either properties or, if it is a map, additionalProperties; additionalProperties is the type of the values, or true",
        reason: "if an object has properties, the client silently drops all other fields; an object with neither key can be a mistake",
    },
    Rule {
        name: "all-of",
        summary: "allOf has one $ref; only description, deprecated, default, limits, example and extensions are beside allOf",
        reason: "allOf adds a description to a reference; if it is used for inheritance, the generated types decode wrongly",
    },
    Rule {
        name: "array-items",
        summary: "an array has `items`",
        reason: "without `items`, the generator makes a list of any JSON values",
    },
    Rule {
        name: "scalar-component",
        summary: "a named list or map does not contain itself, except through an object with properties",
        reason: "the generator replaces each reference to a list or map by its schema, which is impossible if the schema contains itself",
    },
    Rule {
        name: "required-property",
        summary: "`required` names properties of the object, each once",
        reason: "with a misspelt name, even correct values are invalid",
    },
];

/// The keys that a schema with `allOf` can have, in addition to extensions (`x-...`). `nullable` is not allowed,
/// because it has no effect beside `allOf`: the referenced schema still refuses null.
const BESIDE: [&str; 13] = [
    "allOf",
    "description",
    "deprecated",
    "default",
    "example",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Schema) {
        if node.has("allOf") {
            check_all_of(node, findings);
            continue;
        }
        check_type(node, findings);
        check_object(index, node, findings);
        check_required(node, findings);
        if node.text("type") == Some("array") && !node.has("items") {
            let message = "the array has no `items`";
            findings.add("array-items", &node.pointer, message, "add `items:`");
        }
        if node.is_component() && holds_itself(index, node) {
            let message = format!("`{}` is a list or map that contains itself", node.name);
            let help = "make an object with properties";
            findings.add("scalar-component", &node.pointer, message, help);
        }
    }
}

/// Returns whether a named list or map contains itself through lists and maps only.
fn holds_itself(index: &Index<'_>, node: &Node<'_>) -> bool {
    if node.has("properties") {
        return false;
    }
    let own = ["items", "additionalProperties"];
    let mut inner = own.iter().find_map(|key| node.value.get(*key));
    // Real documents do not nest 32 lists or maps, so a longer chain counts as an endless loop.
    for _ in 0..32 {
        let Some(schema) = inner else { return false };
        if component(schema) == Some(node.name) {
            return true;
        }
        let schema = index.schema(schema);
        if schema.get("properties").is_some() {
            return false;
        }
        inner = own.iter().find_map(|key| schema.get(*key));
    }
    true
}

/// Returns whether a schema allows any JSON value.
fn is_any(node: &Node<'_>) -> bool {
    let is_free = node.value.get("additionalProperties") == Some(&Value::Bool(true));
    is_free && !node.has("type") && !node.has("properties")
}

fn check_type(node: &Node<'_>, findings: &mut Findings<'_>) {
    match node.text("type") {
        None if node.has("type") || is_any(node) => {}
        None => {
            let types = TYPES.join(", ");
            let help = format!(
                "add `type:` with one of {types}, or `additionalProperties: true` for any JSON value"
            );
            findings.add("schema-type", &node.pointer, "the schema has no type", help);
        }
        Some(name) if !TYPES.contains(&name) => {
            let message = format!("`{name}` is not a type of OpenAPI 3.0");
            let help = format!("write one of {}", TYPES.join(", "));
            findings.add("schema-type", &node.at("type"), message, help);
        }
        Some(_) => {}
    }
}

fn check_object(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    let (fields, map) = (node.has("properties"), node.has("additionalProperties"));
    let further = node.at("additionalProperties");
    if fields && !node.is_component() && !index.is_form(node) {
        let help = "make it a component with a singular noun as its name, and refer to it";
        let message = "this object has no name";
        findings.add("inline-object", &node.pointer, message, help);
    }
    if fields && map {
        let help = "remove additionalProperties; unknown fields of an answer are skipped";
        let message = "the object has properties and is a map as well";
        findings.add("open-object", &further, message, help);
    }
    if node.text("type") == Some("object") && !fields && !map {
        let help = "add `properties:`, or `additionalProperties:` with the type of the values, or with `true` for any values";
        let message = "the object has neither properties nor a type of its values";
        findings.add("open-object", &node.pointer, message, help);
    }
    let properties = node.value.get("properties").and_then(Value::as_object);
    if properties.is_some_and(serde_json::Map::is_empty) {
        let message = "the object has no properties";
        let help = "describe its properties, or write the operation by hand in ext.rs";
        findings.add("open-object", &node.at("properties"), message, help);
    }
    if node.value.get("additionalProperties") == Some(&Value::Bool(false)) {
        let help = "remove it; a server can add fields at any time, and lint refuses unknown fields in examples anyway";
        findings.add("open-object", &further, "extra fields are forbidden", help);
    }
}

fn check_all_of(node: &Node<'_>, findings: &mut Findings<'_>) {
    if !matches!(node.list("allOf"), [one] if one.get("$ref").is_some()) {
        let help = "write one $ref in it; if two schemas share fields, write the fields in both";
        let message = "allOf must be exactly one reference";
        findings.add("all-of", &node.at("allOf"), message, help);
    }
    for key in node
        .value
        .keys()
        .filter(|key| !BESIDE.contains(&key.as_str()) && !key.starts_with("x-"))
    {
        let message = format!("`{key}` must not be beside allOf");
        let help = "write it in the referenced schema";
        findings.add("all-of", &node.at(key), message, help);
    }
}

fn check_required(node: &Node<'_>, findings: &mut Findings<'_>) {
    let properties = node.value.get("properties").and_then(Value::as_object);
    let mut seen = HashSet::new();
    for name in node.list("required").iter().filter_map(Value::as_str) {
        if !properties.is_some_and(|properties| properties.contains_key(name)) {
            let message = format!("there is no property `{name}`");
            let help = "spell it as in `properties:`";
            findings.add("required-property", &node.at("required"), message, help);
        }
        if !seen.insert(name) {
            let message = format!("`required` names `{name}` twice");
            let help = "remove one of the two";
            findings.add("required-property", &node.at("required"), message, help);
        }
    }
}
