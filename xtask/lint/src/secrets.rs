//! Rules about secrets: each secret value has `format: password`, and this format is only at valid positions.

use std::collections::HashSet;

use serde_json::Value;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::lookup::{request_schema, success_schema};
use huaweicloud_openapi::name_rules::sounds_secret;
use huaweicloud_openapi::reference::inner_schemas;

use super::{Findings, Rule};
use huaweicloud_openapi::PasswordRule;
use transcript::OperationRef;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "secret-format",
        summary: "a string without `enum` whose name sounds like a password, secret, token or key has `format: password`, or x-not-secret with the reason; a schema with `additionalProperties: true` and such a name has x-not-secret",
        reason: "with the format, the string has the type Secret, which logs do not show; without the format, a log can show the secret",
    },
    Rule {
        name: "secret-form",
        summary: "only strings have format: password; such a string has no default and no options, and is not in the path or the query",
        reason: "a default or an option is not secret, and proxies log addresses",
    },
    Rule {
        name: "password-rule",
        summary: "x-password-rule is complete, allows at least one password, agrees with the limits, and is beside format: password",
        reason: "the sandbox enforces the rule, and lint checks the examples of requests against the rule",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Schema) {
        let secret = node.text("format") == Some("password");
        if secret {
            check_form(index, node, findings);
        }
        check_name(index, node, secret, findings);
        if let Some(rule) = node.value.get("x-password-rule") {
            check_rule(node, rule, secret, findings);
        }
    }
}

/// Returns the name of a value in a request or an answer: the name of the property, parameter or header. An element of
/// a list or map has the name of the list or map. Returns `None` if the value has no such name.
fn travels_as<'a>(index: &Index<'a>, node: &Node<'a>) -> Option<&'a str> {
    match node.field {
        "properties" => Some(node.name),
        "items" | "additionalProperties" => travels_as(index, index.parent(node)?),
        "schema" => match index.parent(node)? {
            parent if parent.kind == ObjectKind::Parameter => parent.text("name"),
            parent if parent.kind == ObjectKind::Header => Some(parent.name),
            _ => None,
        },
        _ => None,
    }
}

fn check_name(index: &Index<'_>, node: &Node<'_>, secret: bool, findings: &mut Findings<'_>) {
    let reason = node.text("x-not-secret");
    if reason.is_some_and(|reason| reason.trim().is_empty()) || (reason.is_some() && secret) {
        let help = "say why the value is not secret, or remove x-not-secret";
        let message = "x-not-secret has no reason, or is beside `format: password`";
        findings.add("secret-format", &node.at("x-not-secret"), message, help);
    }
    let Some(name) = travels_as(index, node) else {
        return;
    };
    let is_free = node.value.get("additionalProperties") == Some(&Value::Bool(true));
    if sounds_secret(name)
        && (node.text("type") == Some("string") || is_free)
        && !node.has("enum")
        && !secret
        && reason.is_none()
    {
        let free = "describe its properties, with `format: password` for each secret, or add `x-not-secret: <reason>`";
        let text = "add `format: password`, or `x-not-secret: <reason>` if logs may show it";
        let (form, help) = match is_free {
            true => ("can contain any JSON value, and logs show the value", free),
            false => ("is a string without `format: password`", text),
        };
        let message = format!("`{name}` sounds like a secret, but {form}");
        findings.add("secret-format", &node.pointer, message, help);
    }
}

fn check_form(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    if node.text("type") != Some("string") {
        let message = "a secret is not a string";
        let help = "write `type: string`";
        findings.add("secret-form", &node.at("format"), message, help);
    }
    for key in ["default", "enum"].into_iter().filter(|key| node.has(key)) {
        let help = "remove it, and say in the description what the server does";
        let message = format!("a secret has `{key}`");
        findings.add("secret-form", &node.at(key), message, help);
    }
    let holders = std::iter::successors(index.parent(node), |node| index.parent(node));
    let mut holders = holders.skip_while(|node| node.kind == ObjectKind::Schema);
    let holder = holders.next();
    let parameter = holder.filter(|holder| holder.kind == ObjectKind::Parameter);
    if parameter.is_some_and(|parent| matches!(parent.text("in"), Some("path" | "query"))) {
        let help = "proxies log addresses; write the operation by hand in ext.rs, with a warning";
        let message = "a secret is part of the address";
        findings.add("secret-form", &node.pointer, message, help);
    }
}

fn check_rule(node: &Node<'_>, value: &Value, secret: bool, findings: &mut Findings<'_>) {
    let pointer = node.at("x-password-rule");
    let help = "write {minLength: 8, maxLength: 32, classes: [digit, upper, lower, special], specials: '~!@#', minClasses: 4}";
    let rule = match PasswordRule::parse(value) {
        Ok(rule) => rule,
        Err(message) => return findings.add("password-rule", &pointer, message, help),
    };
    if !secret {
        let message = "x-password-rule needs `format: password`";
        findings.add("password-rule", &pointer, message, "add it");
    }
    for (key, length) in [
        ("minLength", rule.min_length),
        ("maxLength", rule.max_length),
    ] {
        let limit = node.value.get(key);
        if let Some(limit) = limit.filter(|limit| limit.as_u64() != Some(length as u64)) {
            let message = format!("`{key}` is {limit} in the schema, {length} in x-password-rule");
            let other = (&node.at(key), "the limit");
            let help = "write the documented limit in both places";
            findings.pair("password-rule", &pointer, other, message, help);
        }
    }
}

/// Returns whether the request body or the first success body of an operation contains a secret, at any depth.
pub(super) fn carries_secret(index: &Index<'_>, operation: &OperationRef<'_>) -> bool {
    let (sent, received) = (
        request_schema(index, operation),
        success_schema(index, operation),
    );
    let mut schemas = sent.into_iter().chain(received);
    schemas.any(|schema| holds_secret(index, schema, &mut HashSet::new()))
}

fn holds_secret<'a>(index: &Index<'a>, schema: &'a Value, seen: &mut HashSet<&'a str>) -> bool {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let found = index
            .document
            .resolve(target)
            .filter(|_| seen.insert(target));
        return found.is_some_and(|schema| holds_secret(index, schema, seen));
    }
    schema.get("format").and_then(Value::as_str) == Some("password")
        || inner_schemas(schema).any(|schema| holds_secret(index, schema, seen))
}

#[cfg(test)]
mod tests;
