//! Rules about parameters and paths.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::lookup::{parameters, text};
use super::names::snake;
use super::servers::placeholders;
use super::{Findings, Rule};
use transcript::OperationRef;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "path-template",
        summary: "a path begins with a slash and does not end with a slash; apart from slashes and braces, it has only letters, digits and the characters `-`, `_`, `.`, `~` and `:`; two paths differ in more than the names of their parameters",
        reason: "other characters need escapes, or have a special meaning; for a server, paths that differ only in the names of parameters are equal",
    },
    Rule {
        name: "path-parameter",
        summary: "the names in braces are the path parameters of the operation, and all of them are required",
        reason: "without this rule, the generator fails, or the client sends the braces",
    },
    Rule {
        name: "parameter-location",
        summary: "parameters are in the path, the query or a header, and are not headers that core writes itself",
        reason: "the generator refuses cookies; core writes headers such as X-Auth-Token, so callers do not pass them",
    },
    Rule {
        name: "parameter-style",
        summary: "parameters are scalars, or lists in the query; a list repeats the name of the parameter, or joins its elements by commas if explode is false",
        reason: "the generator refuses other styles, such as deepObject and pipeDelimited",
    },
    Rule {
        name: "parameter-clash",
        summary: "after conversion to Rust names, the parameters of an operation have different names, and none of them is self or params; if there is a body, none of them is body",
        reason: "the method can also have the arguments self, params and body, and all arguments need different names",
    },
];

/// The lower-case names of the headers that the core crate writes itself.
const OWN_HEADERS: [&str; 12] = [
    "x-auth-token",
    "authorization",
    "x-sdk-date",
    "x-security-token",
    "x-project-id",
    "x-domain-id",
    "content-type",
    "accept",
    "host",
    "user-agent",
    "x-sdk-content-sha256",
    "x-sdk-content-sm3",
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    check_paths(index, findings);
    for operation in &index.operations {
        let parameters = parameters(index, operation);
        check_template(operation, &parameters, findings);
        check_clashes(operation, &parameters, findings);
    }
    for node in index.of_kind(ObjectKind::Parameter) {
        check_location(node, findings);
        check_style(index, node, findings);
    }
}

fn check_paths(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for node in index.of_kind(ObjectKind::PathItem) {
        let path = node.name;
        if let Some(problem) = path_problem(path) {
            let message = format!("`{path}` is not a valid path: {problem}");
            let help = "write it like /v2/{project_id}/devices";
            findings.add("path-template", &node.pointer, message, help);
        }
        if let Some(first) = seen.insert(anonymous(path), &node.pointer) {
            let message = format!("`{path}` differs from another path only in parameter names");
            let other = (first, "the other path");
            let help = "write the methods below one path";
            findings.pair("path-template", &node.pointer, other, message, help);
        }
    }
}

/// Returns why a path is not a valid template. Returns `None` if the path is valid. Except for braces, the allowed
/// characters need no escapes in an address. The colon is allowed, because some services put a colon before a verb.
pub fn path_problem(path: &str) -> Option<String> {
    let plain = |char: &char| char.is_ascii_alphanumeric() || "/{}-_.~:".contains(*char);
    let other = path.chars().enumerate().find(|(_, char)| !plain(char));
    if let Some((at, char)) = other {
        let shown = char.escape_debug();
        return Some(format!("its character {} (`{shown}`) is invalid", at + 1));
    }
    let dots = |segment: &str| matches!(segment, "." | "..");
    let problem = if !path.starts_with('/') {
        "it does not begin with a slash"
    } else if path.ends_with('/') {
        "it ends in a slash"
    } else if path.contains("//") {
        "it has an empty segment"
    } else if path.split('/').any(dots) {
        "it has the segment `.` or `..`"
    } else if !is_balanced(path) {
        "its braces are not in pairs around names"
    } else {
        return None;
    };
    Some(problem.to_owned())
}

/// Returns whether each opening brace has a closing brace, with a name between them.
fn is_balanced(path: &str) -> bool {
    let mut rest = path.to_owned();
    for name in placeholders(path) {
        rest = rest.replacen(&format!("{{{name}}}"), "", 1);
        if name.is_empty() || name.contains(['{', '/']) {
            return false;
        }
    }
    !rest.contains(['{', '}'])
}

/// Returns the path with `{}` in place of each segment that begins with a parameter.
fn anonymous(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| match segment.starts_with('{') {
            true => "{}",
            false => segment,
        });
    segments.collect::<Vec<_>>().join("/")
}

fn check_template(
    operation: &OperationRef<'_>,
    parameters: &[(String, &Value)],
    findings: &mut Findings<'_>,
) {
    let template = placeholders(operation.path);
    if template.iter().collect::<HashSet<_>>().len() < template.len() {
        let message = format!("{} names a parameter twice", operation.route());
        let help = "give each parameter its own name";
        findings.add("path-parameter", &operation.pointer, message, help);
    }
    let mut declared = HashSet::new();
    let in_path = |(_, parameter): &&(String, &Value)| text(parameter, "in") == "path";
    for (pointer, parameter) in parameters.iter().filter(in_path) {
        let name = text(parameter, "name");
        declared.insert(name);
        if !template.contains(&name) {
            let message = format!("`{name}` is not in the path");
            let help = format!("write {{{name}}} in the path, or remove the parameter");
            findings.add("path-parameter", pointer, message, help);
        }
        if parameter.get("required") != Some(&Value::Bool(true)) {
            let message = format!("the path parameter `{name}` is not required");
            findings.add("path-parameter", pointer, message, "add `required: true`");
        }
    }
    for name in template.into_iter().filter(|name| !declared.contains(name)) {
        let message = format!("{} does not declare `{name}`", operation.route());
        let help = format!("add the parameter `{name}` with `in: path`");
        findings.add("path-parameter", &operation.pointer, message, help);
    }
}

fn check_clashes(
    operation: &OperationRef<'_>,
    parameters: &[(String, &Value)],
    findings: &mut Findings<'_>,
) {
    let mut seen: HashMap<String, String> = ["self", "params"]
        .map(|taken| (taken.to_owned(), operation.pointer.clone()))
        .into();
    if operation.value.get("requestBody").is_some() {
        seen.insert("body".to_owned(), operation.at("requestBody"));
    }
    for (pointer, parameter) in parameters {
        let name = text(parameter, "name");
        if let Some(other) = seen.insert(snake(name), pointer.clone()) {
            let message = format!("`{name}` becomes the same Rust argument as another name");
            let other = (&other, "the other argument");
            let help = "write the operation by hand in ext.rs";
            findings.pair("parameter-clash", pointer, other, message, help);
        }
    }
}

fn check_location(node: &Node<'_>, findings: &mut Findings<'_>) {
    let name = node.text("name").unwrap_or_default();
    match node.text("in").unwrap_or_default() {
        "path" | "query" => {}
        "header" if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) => {
            let help = "remove the parameter; if the header is for authentication, service.yaml describes it as a security scheme";
            let message = format!("core writes the header `{name}` itself");
            findings.add("parameter-location", &node.pointer, message, help);
        }
        "header" => {}
        other => {
            let help = "write path, query or header, or write the operation by hand in ext.rs";
            let message = format!("parameters in `{other}` cannot be generated");
            findings.add("parameter-location", &node.at("in"), message, help);
        }
    }
}

fn check_style(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    let help = "if the value on the page is neither a scalar nor a list, give the parameter the type string";
    if !matches!(node.text("style"), None | Some("form" | "simple")) {
        let message = "the generator does not know this style";
        findings.add("parameter-style", &node.at("style"), message, help);
    }
    let Some(schema) = node.value.get("schema").map(|schema| index.schema(schema)) else {
        return;
    };
    let list = text(schema, "type") == "array";
    if !list && node.value.get("explode") == Some(&Value::Bool(false)) {
        let message = "`explode: false` is only for lists";
        findings.add("parameter-style", &node.at("explode"), message, help);
    }
    let element = match list {
        true => schema.get("items").map(|items| index.schema(items)),
        false => Some(schema),
    };
    let scalar = element.is_some_and(|element| {
        let kinds = ["string", "integer", "number", "boolean"];
        kinds.contains(&text(element, "type"))
    });
    if !scalar || (list && node.text("in") != Some("query")) {
        let message = "a parameter must be a scalar; in the query, it can be a list of scalars";
        findings.add("parameter-style", &node.at("schema"), message, help);
    }
}
