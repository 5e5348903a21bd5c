//! What cards, and the table of the score, call a fact.

use super::Sign;
use super::changes::Collector;
use lint::grammar::Kind;
use lint::index::Node;

impl<'a> Collector<'_, 'a> {
    /// How a line names a key of a node: by the owner's name, and the key's.
    pub fn sign(&self, node: &Node<'a>, key: &str) -> Sign {
        let mut words = Vec::new();
        // The owner's own name is the value then.
        if (node.kind, key) != (Kind::Parameter, "name") {
            words.extend(self.owner(node));
        }
        if node.kind == Kind::Example {
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
            Kind::Parameter => node.text("name"),
            Kind::Header | Kind::SecurityScheme | Kind::ServerVariable => Some(node.name),
            Kind::Response if !node.is_component() => Some(node.name),
            Kind::Body => Some("request"),
            Kind::Schema if node.field == "properties" => Some(node.name),
            Kind::Schema if node.is_component() => None,
            Kind::Schema | Kind::Media | Kind::Example => self.owner(self.index.parent(node)?),
            _ => None,
        }
    }
}

/// Keys whose facts are more than the key and its value: see `operations.rs` and `schemas.rs`.
pub(super) fn has_its_own(kind: Kind, key: &str) -> bool {
    match kind {
        Kind::Root => matches!(key, "paths" | "components" | "security"),
        Kind::PathItem => true,
        Kind::Operation => matches!(key, "parameters" | "responses" | "security"),
        Kind::Schema => matches!(
            key,
            "properties" | "required" | "enum" | "x-enum-varnames" | "allOf"
        ),
        _ => false,
    }
}

/// The row of the table that a key counts for.
pub(super) fn label(kind: Kind, key: &str) -> String {
    let label = match (kind, key) {
        (_, key) if key.starts_with("x-") => key,
        (_, "example" | "value") => "example value",
        (_, "examples") => "example name",
        (_, "content") => "content type",
        (Kind::Operation, "operationId") => "operation id",
        (Kind::Operation, "tags") => "chapter",
        (Kind::Operation, "requestBody") => "request body",
        (_, "externalDocs") | (Kind::Docs, "url") => "page",
        (Kind::Parameter, "in") => "parameter place",
        (Kind::Response, "headers") => "header name",
        (Kind::Components, _) => "component name",
        (Kind::Schema, "type" | "format" | "default") => key,
        (Kind::Schema, key) if generator::facts::LIMITS.contains(&key) => {
            return format!("limit {key}");
        }
        (kind, key) => return format!("{} {key}", kind.name()),
    };
    label.to_owned()
}

/// What a card calls a key.
pub(super) fn shown(kind: Kind, key: &str) -> &str {
    match (kind, key) {
        (_, "externalDocs") | (Kind::Docs, "url") => "page",
        (Kind::Operation, "operationId") => "id",
        (Kind::Operation, "tags") | (Kind::Tag, "name") => "chapter",
        (_, "x-retry") => "retry",
        (_, "required") => "mandatory",
        (_, "enum") => "option",
        (_, "examples") | (Kind::Example, "value") => "example",
        (_, "headers") => "header",
        (Kind::Parameter, "name" | "in") => "",
        (Kind::Components, _) | (_, "variables") => "",
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
