//! Rules about examples and defaults: each body has an example, and each example and default is valid.

use huaweicloud_openapi::reference::escape;
use huaweicloud_openapi::validity::{Definitions, Strictness, Validators, problems};
use serde_json::Value;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::lookup::body_schema;
use super::{Findings, Rule};
use transcript::Place;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "example-missing",
        summary: "each body has an example: request bodies, success bodies, error bodies and files",
        reason: "the sandbox answers with the examples, the tests decode them, and users read them",
    },
    Rule {
        name: "example-invalid",
        summary: "examples are valid against their schema, and have only properties of the schema",
        reason: "the sandbox answers with the examples; if an example contradicts a limit, trust the example of an answer, but trust the limit of a request",
    },
    Rule {
        name: "default-invalid",
        summary: "a default is valid against its schema",
        reason: "the rustdoc shows the default, and the sandbox uses the default of a parameter",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Media) {
        check_presence(node, findings);
    }
    let definitions = Definitions::new(index.root, Strictness::Example);
    match definitions.validators() {
        Ok(mut validators) => {
            check_all(index, &mut validators, findings);
            check_error_examples(index, &mut validators, findings);
        }
        Err(message) => {
            let help = "fix the other findings first";
            let message = format!("examples cannot be checked: {message}");
            let place = Place::top(&index.document.service);
            findings.at("example-invalid", place, message, help);
        }
    }
}

fn check_presence(node: &Node<'_>, findings: &mut Findings<'_>) {
    let named = node.members("examples").next().is_some();
    if node.has("example") && node.has("examples") {
        let help = "move the example into `examples:`";
        let message = "there are both `example` and `examples`";
        findings.add("example-missing", &node.at("example"), message, help);
    }
    if node.has("schema") && !node.has("example") && !named {
        let help = "add the page's example; for a request, add an example that a caller could send; for a file, add a short text";
        let message = "the body has no example";
        findings.add("example-missing", &node.pointer, message, help);
    }
}

fn check_all(index: &Index<'_>, validators: &mut Validators<'_>, findings: &mut Findings<'_>) {
    for node in index.nodes.iter().filter(|node| !node.has("$ref")) {
        match node.kind {
            ObjectKind::Media | ObjectKind::Parameter | ObjectKind::Header => {
                let Some(schema) = node.value.get("schema") else {
                    continue;
                };
                for (pointer, example) in examples(index, node) {
                    let rule = "example-invalid";
                    check_value(rule, &pointer, example, schema, validators, findings);
                }
            }
            ObjectKind::Schema => check_schema(node, validators, findings),
            _ => {}
        }
    }
}

fn check_schema(node: &Node<'_>, validators: &mut Validators<'_>, findings: &mut Findings<'_>) {
    for (key, rule) in [
        ("example", "example-invalid"),
        ("default", "default-invalid"),
    ] {
        if let Some(value) = node.value.get(key) {
            let schema = Value::Object(node.value.clone());
            check_value(rule, &node.at(key), value, &schema, validators, findings);
        }
    }
}

/// Checks each error example of each operation. The error answer with the status of the example defines the schema.
fn check_error_examples(
    index: &Index<'_>,
    validators: &mut Validators<'_>,
    findings: &mut Findings<'_>,
) {
    for operation in &index.operations {
        let examples = operation.value.get("x-error-examples");
        for (status, example) in examples.and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("{}/{}", operation.at("x-error-examples"), escape(status));
            let responses = operation.value.get("responses");
            let response = responses.and_then(|responses| responses.get(status));
            let response = response.filter(|_| status.starts_with(['4', '5']));
            match response.and_then(|response| body_schema(index, response)) {
                Some(schema) => {
                    let rule = "example-invalid";
                    check_value(rule, &pointer, example, schema, validators, findings);
                }
                None => findings.add(
                    "example-invalid",
                    &pointer,
                    format!("the operation documents no error {status} with a body"),
                    "write an error status (4xx or 5xx) that has a body in `responses:`",
                ),
            }
        }
    }
}

/// Returns the examples of a body, parameter or header, with their JSON pointers.
fn examples<'a>(index: &Index<'a>, node: &Node<'a>) -> Vec<(String, &'a Value)> {
    let single = node.value.get("example");
    let single = single.map(|example| (node.at("example"), example));
    let named = node.members("examples").filter_map(|(name, example)| {
        let pointer = format!("{}/{}", node.at("examples"), escape(name));
        match example.get("$ref").and_then(Value::as_str) {
            Some(target) => Some((
                format!("{}/value", target.trim_start_matches('#')),
                index.document.resolve(target)?.get("value")?,
            )),
            None => Some((format!("{pointer}/value"), example.get("value")?)),
        }
    });
    single.into_iter().chain(named).collect()
}

fn check_value(
    rule: &'static str,
    pointer: &str,
    value: &Value,
    schema: &Value,
    validators: &mut Validators<'_>,
    findings: &mut Findings<'_>,
) {
    match validators.cached(schema) {
        Ok(validator) => {
            for problem in problems(validator, value) {
                let help = match rule {
                    "default-invalid" => "write a default that the schema allows",
                    _ => {
                        "an answer's example is evidence: fix the schema, with a row in ERRATA.md; a request's example must meet the limits"
                    }
                };
                let pointer = format!("{pointer}{}", problem.pointer);
                findings.add(rule, &pointer, problem.reason, help);
            }
        }
        Err(message) => {
            let message = format!("the value cannot be checked: {message}");
            findings.add(rule, pointer, message, "fix the schema first");
        }
    }
}
