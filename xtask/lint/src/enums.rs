//! Rules about options (`enum`): a set of options is a named type, and each option has a name in Rust.

use std::collections::HashMap;

use serde_json::Value;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::name_rules::is_taken_variant;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::names::is_pascal;
use super::structure::is_scalar;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "inline-enum",
        summary: "a set of options is a named component",
        reason: "the options become a Rust type, and a type needs a name",
    },
    Rule {
        name: "enum-values",
        summary: "options are different values of one type, string or integer",
        reason: "for other values, the generator fails, or makes a variant that never matches",
    },
    Rule {
        name: "enum-varnames",
        summary: "x-enum-varnames gives each option a unique Rust name in PascalCase",
        reason: "an integer is not a Rust name, and names made from options that differ only in case or punctuation would be equal",
    },
    Rule {
        name: "enum-descriptions",
        summary: "x-enum-descriptions says what each option means",
        reason: "the meaning is the documentation of the variant",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Schema) {
        let Some(options) = node.value.get("enum").and_then(Value::as_array) else {
            check_stray(node, findings);
            continue;
        };
        if !node.is_component() {
            let help = "make a component such as DeviceStatus, and refer to the component by allOf";
            let message = "this set of options has no name";
            findings.add("inline-enum", &node.at("enum"), message, help);
            continue;
        }
        check_values(node, options, findings);
        check_varnames(node, options.len(), findings);
        check_descriptions(node, options.len(), findings);
    }
}

fn check_stray(node: &Node<'_>, findings: &mut Findings<'_>) {
    for (key, rule) in [
        ("x-enum-varnames", "enum-varnames"),
        ("x-enum-descriptions", "enum-descriptions"),
    ] {
        if node.has(key) {
            let message = format!("`{key}` needs `enum`");
            let help = "add `enum`, or remove the key";
            findings.add(rule, &node.at(key), message, help);
        }
    }
}

fn check_values(node: &Node<'_>, options: &[Value], findings: &mut Findings<'_>) {
    let at = |position: usize| format!("{}/{position}", node.at("enum"));
    let kind = node.text("type").unwrap_or_default();
    if !matches!(kind, "string" | "integer") || options.is_empty() {
        let message = "options must be strings or integers, and at least one option must exist";
        let help = "write `type: string` or `type: integer`, and list the options";
        findings.add("enum-values", &node.at("enum"), message, help);
        return;
    }
    let fits = |option: &&Value| match kind {
        "string" => option.is_string(),
        _ => option.is_i64(),
    };
    // The rule `wrong-type` already reports options that are null, a list or a mapping.
    if !options.iter().all(is_scalar) {
        return;
    }
    let strange = options.iter().filter(|option| !fits(option));
    let strange: Vec<String> = strange.map(Value::to_string).collect();
    if let Some(first) = options.iter().position(|option| !fits(&option)) {
        let help = match kind {
            "string" => {
                "put quotes around strings that look like another value; allow null by `nullable: true`"
            }
            _ => "write whole numbers without quotes; allow null by `nullable: true`",
        };
        let strange = strange.join(", ");
        let message = format!("options must be of type {kind}, but these are not: {strange}");
        findings.add("enum-values", &at(first), message, help);
    }
    for (position, option) in options.iter().enumerate() {
        let mut before = options.iter().take(position);
        if let Some(first) = before.position(|other| other == option) {
            let message = format!("`{option}` is listed twice");
            let other = (&at(first), "first listed here");
            let help = "remove one of them";
            findings.pair("enum-values", &at(position), other, message, help);
        }
    }
}

/// Returns the strings of an extension that must have one entry for each option. Reports a missing extension, or a
/// wrong number of entries.
fn texts<'a>(
    node: &Node<'a>,
    key: &str,
    rule: &'static str,
    count: usize,
    findings: &mut Findings<'_>,
) -> Vec<&'a str> {
    let Some(list) = node.value.get(key).and_then(Value::as_array) else {
        let message = format!("`{}` has no {key}", node.name);
        let help = format!("add {key} with {count} entries");
        findings.add(rule, &node.pointer, message, help);
        return Vec::new();
    };
    if list.len() != count {
        let message = format!("{count} options and {} entries in {key}", list.len());
        let help = "write one entry for each option, in the same order";
        findings.add(rule, &node.at(key), message, help);
    }
    list.iter().filter_map(Value::as_str).collect()
}

fn check_varnames(node: &Node<'_>, count: usize, findings: &mut Findings<'_>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let names = texts(node, "x-enum-varnames", "enum-varnames", count, findings).into_iter();
    for (position, name) in names.enumerate() {
        let at = |position: usize| format!("{}/{position}", node.at("x-enum-varnames"));
        if !is_pascal(name) {
            let message = format!("`{name}` is not PascalCase");
            let help = "write it like `ChangeFailed`";
            findings.add("enum-varnames", &at(position), message, help);
        } else if is_taken_variant(name) {
            let message = format!("`{name}` is already used, by Rust or for unknown values");
            let help = "choose another name";
            findings.add("enum-varnames", &at(position), message, help);
        }
        if let Some(first) = seen.insert(name, position) {
            let message = format!("`{name}` names two options");
            let other = (&at(first), "the other option");
            let help = "give each option its own name";
            findings.pair("enum-varnames", &at(position), other, message, help);
        }
    }
}

fn check_descriptions(node: &Node<'_>, count: usize, findings: &mut Findings<'_>) {
    let key = "x-enum-descriptions";
    let texts = texts(node, key, "enum-descriptions", count, findings).into_iter();
    for (position, text) in texts.enumerate() {
        if text.trim().is_empty() {
            let pointer = format!("{}/{position}", node.at(key));
            let message = "the description of the option is empty";
            let help = "write the meaning; if the page states no meaning, say so";
            findings.add("enum-descriptions", &pointer, message, help);
        }
    }
}
