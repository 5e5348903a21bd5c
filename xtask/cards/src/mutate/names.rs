//! What cards, and the table of the score, call a fact.

use super::Sign;
use super::changes::Collector;
use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;

impl<'a> Collector<'_, 'a> {
    /// How a line names a key of a node: by the owner's name, and the key's.
    pub fn sign(&self, node: &Node<'a>, key: &str) -> Sign {
        let mut words = Vec::new();
        // The owner's own name is the value then.
        if (node.kind, key) != (ObjectKind::Parameter, "name") {
            words.extend(self.owner(node));
        }
        if node.kind == ObjectKind::Example {
            words.push(node.name);
        }
        let name = shown(node.kind, key);
        if !name.is_empty() {
            words.push(name);
        }
        Sign::of(&words)
    }

    /// The name under which a card shows what a node belongs to.
    fn owner(&self, node: &Node<'a>) -> Option<&'a str> {
        match node.kind {
            ObjectKind::Parameter => node.text("name"),
            ObjectKind::Header | ObjectKind::SecurityScheme | ObjectKind::ServerVariable => {
                Some(node.name)
            }
            ObjectKind::Response if !node.is_component() => Some(node.name),
            ObjectKind::Body => Some("request"),
            ObjectKind::Schema if node.field == "properties" => Some(node.name),
            ObjectKind::Schema if node.is_component() => None,
            ObjectKind::Schema | ObjectKind::Media | ObjectKind::Example => {
                self.owner(self.index.parent(node)?)
            }
            _ => None,
        }
    }
}

/// Keys whose facts are more than the key and its value: see `operations.rs` and `schemas.rs`.
pub(super) fn has_its_own(kind: ObjectKind, key: &str) -> bool {
    match kind {
        ObjectKind::Root => matches!(key, "paths" | "components" | "security"),
        ObjectKind::PathItem => true,
        ObjectKind::Operation => matches!(key, "parameters" | "responses" | "security"),
        ObjectKind::Schema => matches!(
            key,
            "properties" | "required" | "enum" | "x-enum-varnames" | "allOf"
        ),
        _ => false,
    }
}

/// The row of the table that a key counts for.
pub(super) fn label(kind: ObjectKind, key: &str) -> String {
    let label = match (kind, key) {
        (_, key) if key.starts_with("x-") => key,
        (_, "example" | "value") => "example value",
        (_, "examples") => "example name",
        (_, "content") => "content type",
        (ObjectKind::Operation, "operationId") => "operation id",
        (ObjectKind::Operation, "tags") => "chapter",
        (ObjectKind::Operation, "requestBody") => "request body",
        (_, "externalDocs") | (ObjectKind::Docs, "url") => "page",
        (ObjectKind::Parameter, "in") => "parameter place",
        (ObjectKind::Response, "headers") => "header name",
        (ObjectKind::Components, _) => "component name",
        (ObjectKind::Schema, "type" | "format" | "default") => key,
        (ObjectKind::Schema, key) if generator::facts::LIMITS.contains(&key) => {
            return format!("limit {key}");
        }
        (kind, key) => return format!("{} {key}", kind.name()),
    };
    label.to_owned()
}

/// What a card calls a key.
pub(super) fn shown(kind: ObjectKind, key: &str) -> &str {
    match (kind, key) {
        (_, "externalDocs") | (ObjectKind::Docs, "url") => "page",
        (ObjectKind::Operation, "operationId") => "id",
        (ObjectKind::Operation, "tags") | (ObjectKind::Tag, "name") => "chapter",
        (_, "x-retry") => "retry",
        (_, "required") => "mandatory",
        (_, "enum") => "option",
        (_, "examples") | (ObjectKind::Example, "value") => "example",
        (_, "headers") => "header",
        (ObjectKind::Parameter, "name" | "in") => "",
        (ObjectKind::Components, _) | (_, "variables") => "",
        (_, key) => key,
    }
}

pub(super) fn shown_flag(key: &str, flag: bool) -> String {
    match (key, flag) {
        ("required", true) => "yes".to_owned(),
        ("required", false) => "no".to_owned(),
        (_, flag) => flag.to_string(),
    }
}
