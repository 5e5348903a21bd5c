//! Rules about keys and their values: known keys, mandatory keys, types, and English descriptions.

use serde_json::Value;

use huaweicloud_openapi::grammar::{Need, ObjectKind, Shape};
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::{Findings, Rule};
use transcript::nearest;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "unknown-key",
        summary: "the document contains only keys that OpenAPI 3.0.3 allows at their positions",
        reason: "a misspelt key is silently ignored",
    },
    Rule {
        name: "unknown-extension",
        summary: "the document contains only x- keys that this project defines for their positions",
        reason: "a misspelt extension has no effect, and nobody notices",
    },
    Rule {
        name: "unsupported-key",
        summary: "the document has only those keys of OpenAPI that this project allows",
        reason: "the generator refuses many of the other keys, or silently ignores them",
    },
    Rule {
        name: "missing-key",
        summary: "every mandatory key exists",
        reason: "the generator and other programs need these keys",
    },
    Rule {
        name: "wrong-type",
        summary: "the value of each key has the right type",
        reason: "programs silently drop values of other types",
    },
    Rule {
        name: "description",
        summary: "each part that a user of the client sees has a description",
        reason: "the descriptions are the documentation of the client",
    },
    Rule {
        name: "english",
        summary: "summaries, descriptions and advice are in English; lint finds only Chinese, Japanese and Korean characters",
        reason: "users read the descriptions in their editor, so texts of a page in another language must be translated",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.iter() {
        if !node.has("$ref") || node.kind.section().is_none() {
            check_keys(node, findings);
            check_required(node, findings);
            check_description(node, findings);
            check_english(node, findings);
        }
    }
}

fn check_keys(node: &Node<'_>, findings: &mut Findings<'_>) {
    for (key, value) in node.value {
        match node.kind.fields().iter().find(|(name, ..)| name == key) {
            Some((_, _, Shape::Refused(reason))) => {
                let message = format!("`{key}` is not allowed in a {}: {reason}", node.kind.name());
                let help = "remove it, and keep the fact in the description";
                findings.add("unsupported-key", &node.at(key), message, help);
            }
            Some((_, _, shape)) => check_shape(node, key, value, *shape, findings),
            None => unknown(node, key, findings),
        }
    }
}

fn unknown(node: &Node<'_>, key: &str, findings: &mut Findings<'_>) {
    let extension = key.starts_with("x-");
    let known = node.kind.used_keys();
    let known = known.filter(|name| name.starts_with("x-") == extension);
    let known: Vec<&str> = known.collect();
    let help = match nearest(key, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => {
            format!("a {} has no extensions; remove it", node.kind.name())
        }
        None => format!("a {} can have: {}", node.kind.name(), known.join(", ")),
    };
    let rule = match extension {
        true => "unknown-extension",
        false => "unknown-key",
    };
    let message = format!("`{key}` is not a key of a {}", node.kind.name());
    findings.add(rule, &node.at(key), message, help);
}

fn check_shape(
    node: &Node<'_>,
    key: &str,
    value: &Value,
    shape: Shape,
    findings: &mut Findings<'_>,
) {
    let wanted = match shape {
        Shape::Text if !value.is_string() => "a string; put it in quotes if it looks like a number",
        Shape::Flag if !value.is_boolean() => "true or false",
        Shape::Number if !value.is_number() => "a number",
        Shape::Count if !value.is_u64() => "a whole number that is not negative",
        Shape::Scalars if !list_of(value, is_scalar) => "a list of strings, numbers or booleans",
        Shape::Texts if !list_of(value, Value::is_string) => {
            "a list of strings; put quotes around a string that looks like a number"
        }
        Shape::Choice(words) if !value.as_str().is_some_and(|word| words.contains(&word)) => {
            let message = format!("the value of `{key}` is {value}");
            let help = format!("write one of {}", words.join(", "));
            return findings.add("wrong-type", &node.at(key), message, help);
        }
        Shape::TextMap if !map_of(value, Value::is_string) => "a mapping from names to strings",
        Shape::Values if !value.is_object() => "a mapping",
        Shape::One(_) if !value.is_object() => "a mapping",
        Shape::List(_) if !list_of(value, Value::is_object) => "a list of mappings",
        Shape::Map(_) if !map_of(value, Value::is_object) => "a mapping of mappings",
        Shape::FlagOr(_) if !value.is_boolean() && !value.is_object() => "true, false or a mapping",
        Shape::Requirements if !is_requirements(value) => {
            "a list of mappings from a security scheme to an empty list"
        }
        _ => return,
    };
    let message = format!("the value of `{key}` is {}", type_name(value));
    let help = format!("write {wanted}");
    findings.add("wrong-type", &node.at(key), message, help);
}

pub(super) fn is_scalar(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

fn list_of(value: &Value, item: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(item))
}

fn map_of(value: &Value, entry: impl Fn(&Value) -> bool) -> bool {
    let entries = value.as_object();
    entries.is_some_and(|entries| entries.values().all(entry))
}

fn is_requirements(value: &Value) -> bool {
    list_of(value, |requirement| {
        map_of(requirement, |scopes| list_of(scopes, Value::is_string))
    })
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn check_required(node: &Node<'_>, findings: &mut Findings<'_>) {
    for (key, need, _) in node.kind.fields() {
        if *need == Need::Must && !node.has(key) {
            let message = format!("the {} has no `{key}`", node.kind.name());
            let help = format!("add `{key}`");
            findings.add("missing-key", &node.pointer, message, help);
        }
    }
}

fn check_description(node: &Node<'_>, findings: &mut Findings<'_>) {
    let text = node.text("description").unwrap_or_default();
    if !needs_description(node) || !text.trim().is_empty() {
        return;
    }
    let kind = node.kind.name();
    let message = match node.field {
        "properties" => format!("the property `{}` has no description", node.name),
        _ if node.name.is_empty() => format!("the {kind} has no description"),
        _ => format!("the {kind} `{}` has no description", node.name),
    };
    let help = "say in your own words what it is, with unit and limits";
    findings.add("description", &node.pointer, message, help);
}

fn needs_description(node: &Node<'_>) -> bool {
    match node.kind {
        ObjectKind::Schema => matches!(node.field, "properties" | "schemas"),
        ObjectKind::Info
        | ObjectKind::Server
        | ObjectKind::ServerVariable
        | ObjectKind::Operation
        | ObjectKind::Parameter
        | ObjectKind::Body
        | ObjectKind::Header
        | ObjectKind::Tag
        | ObjectKind::SecurityScheme => true,
        // OpenAPI requires `description` in a response. If the key is missing, the rule `missing-key` reports it.
        ObjectKind::Response => node.has("description"),
        _ => false,
    }
}

fn check_english(node: &Node<'_>, findings: &mut Findings<'_>) {
    for key in ["summary", "description", "advice"] {
        let text = node.text(key).unwrap_or_default();
        if text.chars().any(is_east_asian) {
            let message = format!("the {key} is not in English");
            let help = "translate it in your own words";
            findings.add("english", &node.at(key), message, help);
        }
    }
}

/// Returns whether a character belongs to Chinese, Japanese or Korean text, or has full width.
fn is_east_asian(char: char) -> bool {
    matches!(char, '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}
