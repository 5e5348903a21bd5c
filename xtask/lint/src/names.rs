//! Rules about the names of components, parameters and properties. The generator makes Rust names from most of them.

use std::collections::HashMap;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::name_rules::required_name;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::{Findings, Rule};
use transcript::escape;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "component-name",
        summary: "the name of a component (except for a security scheme) is a singular noun in PascalCase, and is not a name that Rust or the client uses or reserves",
        reason: "the name of a schema becomes the name of a Rust type",
    },
    Rule {
        name: "wire-name",
        summary: "the name of a parameter begins with a letter, and has only letters, digits, `-`, `_` and `.`; the name of a property contains a letter",
        reason: "the generator refuses a name that it cannot convert to a Rust name",
    },
    Rule {
        name: "name-clash",
        summary: "different names are still different after conversion to Rust names",
        reason: "without this rule, the generator fails, or one name hides the other name",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.iter().filter(|node| node.is_component()) {
        let problem = component_problem(node.name);
        if let Some(problem) = problem.filter(|_| node.kind != ObjectKind::SecurityScheme) {
            let help = "write a singular noun in PascalCase, like `DeviceAuthentication`";
            let message = format!("`{}` {problem}", node.name);
            findings.add("component-name", &node.pointer, message, help);
        }
    }
    for node in index.iter() {
        check_wire_name(node, findings);
    }
    check_types(index, findings);
    check_properties(index, findings);
}

fn check_wire_name(node: &Node<'_>, findings: &mut Findings<'_>) {
    let (name, fits) = match (node.kind, node.field) {
        (ObjectKind::Parameter, _) => match node.text("name") {
            Some(name) => (name, is_argument(name)),
            None => return,
        },
        (ObjectKind::Schema, "properties") => (
            node.name,
            node.name.contains(|char: char| char.is_ascii_alphabetic()),
        ),
        _ => return,
    };
    if !fits {
        let help = "write the operation by hand in ext.rs if the service really uses this name";
        let message = format!("the name `{name}` cannot become a Rust name");
        findings.add("wire-name", &node.pointer, message, help);
    }
}

fn is_argument(name: &str) -> bool {
    let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    name.starts_with(|char: char| char.is_ascii_alphabetic()) && name.chars().all(fits)
}

/// Reports types that get the same name in Rust. The types are schemas, the generated `...Params` types of operations,
/// and the generated `...Required` types for mandatory fields.
fn check_types(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut seen: HashMap<String, String> = HashMap::new();
    for operation in &index.operations {
        if let Some(id) = operation.id() {
            for ending in ["params", "paramsrequired"] {
                seen.insert(fold(id) + ending, operation.pointer.clone());
            }
        }
    }
    let schemas = index.components("schemas").flat_map(|(name, schema)| {
        let mandatory = schema["required"].as_array();
        let group = mandatory.filter(|names| names.len() > 1);
        let group = group.map(|_| required_name(name));
        let made = [name.clone()].into_iter().chain(group);
        made.map(move |made| (name, made))
    });
    for (name, made) in schemas {
        let pointer = format!("/components/schemas/{}", escape(name));
        if let Some(other) = seen.insert(fold(&made), pointer.clone()) {
            let message = format!("`{made}` becomes the same Rust type as another name");
            let other = (&other, "the other name");
            let help = "rename one of them";
            findings.pair("name-clash", &pointer, other, message, help);
        }
    }
}

fn check_properties(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Schema) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (name, _) in node.members("properties") {
            if let Some(other) = seen.insert(snake(name), name) {
                let at = |name: &str| format!("{}/properties/{}", node.pointer, escape(name));
                let message = format!("`{name}` and `{other}` become the same Rust field");
                let help = "keep one, or write the type by hand in ext.rs";
                let other = (&at(other), "the other property");
                findings.pair("name-clash", &at(name), other, message, help);
            }
        }
    }
}

/// Returns the name in lower case without separators. Names with equal results can become the same name in Rust.
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns whether a name matches `[a-z][a-z0-9]*(_[a-z0-9]+)*`.
pub(super) fn is_snake(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part = |part: &str| !part.is_empty() && part.bytes().all(fits);
    name.starts_with(|char: char| char.is_ascii_lowercase()) && name.split('_').all(part)
}

pub use huaweicloud_openapi::name_rules::{
    component_problem, is_keyword, is_pascal, is_plural, snake,
};

#[cfg(test)]
mod tests;
