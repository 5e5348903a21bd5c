//! Rules about request bodies, answers, and the statuses of answers.

use std::collections::HashMap;

use serde_json::Value;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;
use huaweicloud_openapi::reference::component;

use super::index::Index;
use super::{Findings, Rule};
use transcript::{OperationRef, escape};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "request-body",
        summary: "a request body has `required: true` and one media type; a GET has no body; a body that is an object (except for a form) is a component with a name that ends in Request",
        reason: "the generator makes each body mandatory, and refuses two media types",
    },
    Rule {
        name: "media-type",
        summary: "bodies are application/json with a schema; an answer can also be a file, `type: string, format: binary`; a request can also be a form with one file",
        reason: "the generator refuses other requests, and JSON without a schema; the client returns a file as a `Download`",
    },
    Rule {
        name: "status",
        summary: "each answer has an exact 2xx, 4xx or 5xx status, such as 404; at least one answer is a success",
        reason: "the generator refuses `default` and 4XX, which do not name an exact status",
    },
    Rule {
        name: "one-success",
        summary: "at most one success answer has a body",
        reason: "a method returns one type, and the generator refuses two types",
    },
    Rule {
        name: "own-success",
        summary: "a success answer is in its operation, and is not a reference",
        reason: "only errors are shared; in a shared success answer, the generator would not make the fields optional",
    },
    Rule {
        name: "one-error",
        summary: "error answers are references to shared responses; all errors of a service have the same schema",
        reason: "a shared answer documents an error once, and every error of a service has the same fields",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Body) {
        check_body(index, node, findings);
    }
    for node in index.of_kind(ObjectKind::Response) {
        if node.members("content").count() > 1 {
            let message = "the answer has several media types";
            let help = "keep the media type that the client requests";
            findings.add("media-type", &node.at("content"), message, help);
        }
    }
    for node in index.of_kind(ObjectKind::Media) {
        check_media(index, node, findings);
    }
    let mut errors = HashMap::new();
    for operation in &index.operations {
        if operation.method == "get" && operation.value.get("requestBody").is_some() {
            let pointer = format!("{}/requestBody", operation.pointer);
            let help = "many proxies drop the body; write the operation by hand in ext.rs";
            findings.add("request-body", &pointer, "a GET has a body", help);
        }
        check_statuses(index, operation, findings);
        check_errors(index, operation, &mut errors, findings);
    }
}

fn check_body(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    if node.value.get("required") != Some(&Value::Bool(true)) {
        let help = "add `required: true`; the generator always makes the body mandatory";
        findings.add("request-body", &node.pointer, "the body is optional", help);
    }
    let Some(content) = node.value.get("content").and_then(Value::as_object) else {
        return;
    };
    if content.len() != 1 {
        let message = format!("the body has {} media types", content.len());
        let help = "write one media type: application/json, or multipart/form-data for a form";
        findings.add("request-body", &node.at("content"), message, help);
    }
    for (name, media) in content {
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let named = component(schema).is_some_and(|name| name.ends_with("Request"));
        let target = index.schema(schema);
        let is_object = target.get("properties").is_some();
        if (is_object && !named && name != "multipart/form-data") || schema.is_null() {
            let pointer = format!("{}/{}/schema", node.at("content"), escape(name));
            let message = "the body's schema is not a component with a name that ends in Request";
            let help = "make the schema a component with such a name, like ResetDeviceAuthenticationRequest";
            findings.add("request-body", &pointer, message, help);
        }
    }
}

fn check_media(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    let request = index.parent(node).map(|parent| parent.kind) == Some(ObjectKind::Body);
    let schema = node.value.get("schema").map(|schema| index.schema(schema));
    let is = |key: &str, value: &str| schema.is_some_and(|schema| schema[key] == value);
    let is_file = is("type", "string") && is("format", "binary");
    let by_hand =
        "declare application/json with a schema, or write the operation by hand in ext.rs";
    let ext = "write the operation by hand in ext.rs";
    let binary =
        "write `schema: {type: string, format: binary}`, or describe JSON as application/json";
    let shown = node.name.escape_debug();
    let unknown = format!("the generator does not support the media type `{shown}`");
    let (message, help) = match (node.name, schema) {
        ("application/json", Some(_)) if !is_file || !request => return,
        ("application/json", None) => ("the JSON body has no schema", "add `schema:`"),
        ("multipart/form-data", Some(schema)) if request && is_file_form(schema) => return,
        ("multipart/form-data", _) => (
            "the generator supports a form only in a request, and only with one file",
            "describe the form as an object with one mandatory property `type: string, format: binary`, or write the operation by hand in ext.rs",
        ),
        ("text/html", _) if !request => (
            "the client does not accept HTML as a file, because proxies send their errors as HTML",
            ext,
        ),
        (name, _) if !request && is_media_type(name) => match is_file {
            true => return,
            false => ("the schema of the file is not binary", binary),
        },
        _ => (unknown.as_str(), by_hand),
    };
    findings.add("media-type", &node.pointer, message, help);
}

fn is_file_form(schema: &Value) -> bool {
    let parts = schema["properties"].as_object().into_iter().flatten();
    let parts: Vec<_> = parts.map(|(name, part)| (name, &part["format"])).collect();
    matches!(parts[..], [(name, format)] if format == "binary" && schema["required"][0] == name.as_str())
}

/// Returns whether a name is a media type without parameters, such as `text/csv`.
fn is_media_type(name: &str) -> bool {
    let is_token = |part: &str| {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !part.is_empty() && part.bytes().all(is_name)
    };
    name.split_once('/')
        .is_some_and(|(kind, of)| is_token(kind) && is_token(of))
}

fn responses<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Vec<(&'a str, &'a Value, &'a Value)> {
    let all = operation.value["responses"]
        .as_object()
        .into_iter()
        .flatten();
    all.map(|(status, value)| (status.as_str(), value, index.resolve(value)))
        .collect()
}

fn has_body(response: &Value) -> bool {
    let content = response["content"].as_object();
    content.is_some_and(|content| !content.is_empty())
}

fn check_statuses(index: &Index<'_>, operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let responses = responses(index, operation);
    let at = |status: &str| format!("{}/responses/{}", operation.pointer, escape(status));
    let exact = |status: &str| {
        let code = status.parse().ok().filter(|_| status.len() == 3);
        matches!(code, Some(200u16..300 | 400..600))
    };
    for (status, ..) in responses.iter().filter(|(status, ..)| !exact(status)) {
        let help = "list the documented 2xx, 4xx and 5xx statuses one by one, such as 404; the client treats a redirect as an error";
        let message = format!("`{status}` is not an exact success or error status");
        findings.add("status", &at(status), message, help);
    }
    let successes = responses.iter();
    let mut successes = successes
        .filter(|(status, ..)| exact(status) && status.starts_with('2'))
        .peekable();
    if successes.peek().is_none() {
        let message = format!("{} has no success answer", operation.route());
        let help = "add its 2xx response";
        findings.add("status", &operation.pointer, message, help);
    }
    for (status, ..) in successes
        .clone()
        .filter(|(_, value, _)| value.get("$ref").is_some())
    {
        let help = "write the answer in the operation; only its schema can be shared";
        let message = format!("the success answer {status} is a reference");
        findings.add("own-success", &at(status), message, help);
    }
    let mut bodies = successes.filter(|(_, _, response)| has_body(response));
    if let (Some((first, ..)), Some((second, ..))) = (bodies.next(), bodies.next()) {
        let message = format!("{} has two success bodies", operation.route());
        let help = "keep one body; write an operation with two bodies by hand in ext.rs";
        let other = (&at(first), "the first body");
        findings.pair("one-success", &at(second), other, message, help);
    }
}

fn check_errors(
    index: &Index<'_>,
    operation: &OperationRef<'_>,
    errors: &mut HashMap<String, String>,
    findings: &mut Findings<'_>,
) {
    for (status, value, response) in responses(index, operation) {
        if !status.starts_with(['4', '5']) {
            continue;
        }
        let pointer = format!("{}/responses/{}", operation.pointer, escape(status));
        if value.get("$ref").is_none() {
            let help = "define it below components: responses:, and refer to the definition";
            let message = format!("the error answer {status} is not a reference");
            findings.add("one-error", &pointer, message, help);
        }
        let schema = response
            .pointer("/content/application~1json/schema/$ref")
            .and_then(Value::as_str);
        let Some(schema) = schema else {
            let help = "refer to the service's error schema as application/json";
            let message = format!("the answer with status {status} does not have the error schema");
            findings.add("one-error", &pointer, message, help);
            continue;
        };
        if let Some((other, first)) = errors.iter().next().filter(|(other, _)| *other != schema) {
            let message = format!("the error schema is `{schema}` here, and `{other}` elsewhere");
            let help = "use one error schema that has all fields";
            findings.pair("one-error", &pointer, (first, "elsewhere"), message, help);
        } else {
            errors.entry(schema.to_owned()).or_insert(pointer);
        }
    }
}
