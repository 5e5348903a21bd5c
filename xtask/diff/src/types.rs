//! Type and format.

use std::collections::BTreeSet;

use super::Verdict::Documentation;
use super::schema::Level;
use super::shape::Shape;
use super::walk::Walk;
use transcript::Node;

impl<'a> Walk<'a> {
    /// Type and format. `true` when the two have nothing in common.
    pub fn types(&mut self, level: &Level<'a>) -> bool {
        let (base, head) = (&level.base, &level.head);
        let formats = (base.format(), head.format());
        let takes = (self.takes(level, true), self.takes(level, false));
        let (name, nodes) = match compare_types(base, head, takes, level.spot.text) {
            Some(name) => {
                let nodes = (base.typed.or(base.node()), head.typed.or(head.node()));
                (name, nodes)
            }
            None => match compare_formats(formats) {
                Some(name) => (name, formats),
                None => return false,
            },
        };
        for format in formats.0.iter().chain(&formats.1) {
            self.claim(*format);
        }
        let mut found = level.found(name, "", nodes.0.or(base.node()), nodes.1.or(head.node()));
        found = found.values(base.describe(), head.describe());
        if base.types == head.types
            && base
                .types
                .as_ref()
                .is_some_and(|types| types.contains("string"))
        {
            let typed =
                |node: Option<Node<'_>>| node.is_some_and(|node| is_rust_format(node.value));
            if !typed(formats.0) && !typed(formats.1) {
                found = found.rust(Documentation);
            }
        }
        self.report(found);
        let is_list = |shape: &Shape<'_>| shape.allowed().contains("array");
        let apart = name == "type-changed" || is_list(base) != is_list(head);
        let common = base
            .allowed()
            .intersection(&head.allowed())
            .next()
            .is_some();
        apart && base.types != head.types && !common
    }

    /// The types that are taken; a list in a query takes what a single element of it may be.
    fn takes(&mut self, level: &Level<'a>, old: bool) -> BTreeSet<&'a str> {
        let shape = if old { &level.base } else { &level.head };
        let mut takes = shape.allowed();
        let several = shape
            .words
            .get("minItems")
            .and_then(|node| node.value.as_f64());
        let single = several.is_none_or(|several| several <= 1.0);
        let query = level.spot.place == "request-parameter" && level.spot.text;
        if query && single && shape.types.is_some() && takes.contains("array") {
            let element = self.content(old, &shape.items);
            let free = element.words.keys().all(|key| WORDING.contains(key));
            if free && element.lower.is_none() && element.upper.is_none() {
                takes.extend(element.allowed());
            }
        }
        takes
    }
}

/// Keywords that limit nothing.
const WORDING: [&str; 4] = ["description", "example", "format", "title"];

/// How the types have changed; where everything travels as text, a string takes every scalar.
fn compare_types<'a>(
    base: &Shape<'a>,
    head: &Shape<'a>,
    takes: (BTreeSet<&'a str>, BTreeSet<&'a str>),
    text: bool,
) -> Option<&'static str> {
    let (before, after) = (base.allowed(), head.allowed());
    let covers = |wide: &BTreeSet<&str>, narrow: &BTreeSet<&str>| {
        narrow.iter().all(|kind| {
            let scalar = matches!(*kind, "integer" | "number" | "boolean");
            wide.contains(kind)
                || (*kind == "integer" && wide.contains("number"))
                || (text && scalar && wide.contains("string"))
        })
    };
    match (covers(&takes.1, &before), covers(&takes.0, &after)) {
        (true, true) => None,
        (true, false) => Some("type-generalized"),
        (false, true) => Some("type-specialized"),
        (false, false) => Some("type-changed"),
    }
}

fn compare_formats((base, head): (Option<Node<'_>>, Option<Node<'_>>)) -> Option<&'static str> {
    let text = |node: Option<Node<'_>>| {
        node.map(|node| node.value.as_str().unwrap_or_default().to_owned())
    };
    let (base, head) = (text(base), text(head));
    match (base.as_deref(), head.as_deref()) {
        (before, after) if before == after => None,
        (Some(_), None) | (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
            Some("type-generalized")
        }
        (None, Some(_)) | (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => {
            Some("type-specialized")
        }
        _ => Some("type-changed"),
    }
}

/// Formats of strings for which the generator has types of their own.
fn is_rust_format(format: &serde_json::Value) -> bool {
    ["date", "date-time", "uuid", "ip", "ipv4", "ipv6"]
        .iter()
        .any(|known| format == known)
}
