//! Refuses the documents that `diff` cannot compare, because they do not follow `openapi/README.md`.

use anyhow::{Result, bail};
use huaweicloud_openapi::grammar::ObjectKind::{self, Root, Schema};
use huaweicloud_openapi::grammar::Shape;
use serde_json::Value;
use transcript::{Document, Node};

/// Tells the user how to compare a document that does not follow `openapi/README.md`.
pub const CURE: &str = "`diff` compares documents that follow openapi/README.md, so compare other documents with oasdiff (https://github.com/oasdiff/oasdiff)";

/// Checks the OpenAPI version, the keys, the types of values, and the references. The error names the first problem.
///
/// # Errors
/// If the version is not 3.0, or if a key, the type of a value, a `$ref` or an `allOf` is invalid.
pub fn check(document: &Document) -> Result<()> {
    let root = document.root();
    let version = root.get("openapi").map(|node| node.value);
    let is_known = |version: &Value| version.as_str().is_some_and(|it| it.starts_with("3.0."));
    if !version.is_some_and(is_known) {
        let said = match (version, root.text("swagger")) {
            (Some(version), _) => format!("`openapi: {}` is not version 3.0", as_text(version)),
            (None, Some(version)) => format!("this is Swagger {version}"),
            (None, None) => "there is no `openapi: 3.0.3` at the top".to_owned(),
        };
        bail!("{}: {said}; {CURE}", root.place());
    }
    let mut trouble = Vec::new();
    object(Root, root, &mut trouble);
    let Some(first) = trouble.first() else {
        return Ok(());
    };
    let more = match trouble.len() - 1 {
        0 => String::new(),
        1 => ", and there is 1 more problem".to_owned(),
        more => format!(", and there are {more} more problems"),
    };
    bail!("{first}{more}; {CURE}")
}

fn object(kind: ObjectKind, node: Node<'_>, trouble: &mut Vec<String>) {
    if !node.value.is_object() {
        trouble.push(format!(
            "{}: the {} is not a mapping",
            node.place(),
            kind.name()
        ));
        return;
    }
    if let Some(reference) = node.get("$ref").filter(|_| kind.section().is_some()) {
        let section = kind.section().unwrap_or_default();
        let text = reference.value.as_str().unwrap_or_default();
        let leads = text.starts_with(&format!("#/components/{section}/"));
        let place = reference.place();
        if !leads || target(node).is_none() {
            trouble.push(format!(
                "{place}: `$ref: {}` does not lead to a component in #/components/{section}/",
                as_text(reference.value)
            ));
        }
        if node.entries().count() > 1 {
            trouble.push(format!("{place}: keys beside `$ref` have no effect"));
        }
        return;
    }
    for (key, child) in node.entries() {
        let known = kind.fields().iter().find(|field| field.0 == key);
        let place = child.place();
        match known.map(|field| field.2) {
            None => trouble.push(format!(
                "{place}: `{key}` is not a key of a {}",
                kind.name()
            )),
            Some(Shape::Refused(why)) => {
                trouble.push(format!("{place}: `{key}` is refused: {why}"))
            }
            Some(shape) => {
                if !fits(shape, child.value) {
                    trouble.push(format!(
                        "{place}: `{key}` of the {} has a value of the wrong type",
                        kind.name()
                    ));
                } else if (kind, key) == (Schema, "allOf") && !is_reference(child) {
                    trouble.push(format!("{place}: `allOf` must be exactly one `$ref`"));
                } else {
                    below(shape, child, trouble);
                }
            }
        }
    }
}

fn is_reference(parts: Node<'_>) -> bool {
    let mut parts = parts.items();
    let first = parts.next().and_then(|part| part.text("$ref"));
    first.is_some() && parts.next().is_none()
}

fn below(shape: Shape, node: Node<'_>, trouble: &mut Vec<String>) {
    match shape {
        Shape::One(kind) => object(kind, node, trouble),
        Shape::FlagOr(kind) if node.value.is_object() => object(kind, node, trouble),
        Shape::List(kind) => node.items().for_each(|item| object(kind, item, trouble)),
        Shape::Map(kind) => node
            .entries()
            .for_each(|(_, item)| object(kind, item, trouble)),
        _ => {}
    }
}

fn fits(shape: Shape, value: &Value) -> bool {
    let list = |of: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(of));
    let names = |value: &Value| {
        let all = value.as_object();
        all.is_some_and(|all| all.values().all(Value::is_array))
    };
    match shape {
        Shape::Any | Shape::Refused(_) => true,
        Shape::Text | Shape::Choice(_) => value.is_string(),
        Shape::Flag => value.is_boolean(),
        Shape::Number => value.is_number(),
        Shape::Count => value.is_u64(),
        Shape::Scalars => list(|it| !it.is_object() && !it.is_array() && !it.is_null()),
        Shape::Texts => list(Value::is_string),
        Shape::List(_) => value.is_array(),
        Shape::Requirements => list(names),
        Shape::FlagOr(_) => value.is_boolean() || value.is_object(),
        Shape::One(_) | Shape::Map(_) | Shape::TextMap | Shape::Values => value.is_object(),
    }
}

/// Follows a chain of up to 15 `$ref`, and returns the node at the end of the chain. A node without `$ref` is its own
/// target. Returns `None` if a target does not exist, or if the chain is longer or is a circle.
pub fn target(node: Node<'_>) -> Option<Node<'_>> {
    let mut node = node;
    for _ in 0..16 {
        let Some(reference) = node.text("$ref") else {
            return Some(node);
        };
        node = node
            .document()
            .root()
            .pointer(reference.strip_prefix('#')?)?;
    }
    None
}

/// Formats a value on one line.
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
