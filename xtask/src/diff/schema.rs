//! Schemas: one level after the other, from a queue, so that no depth of references costs stack.

use std::collections::VecDeque;

use super::Verdict::{Breaking, Documentation};
use super::shape::Shape;
use super::walk::{Found, Walk};
use crate::source::Node;

/// Where in an operation a schema stands.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Whether the caller receives it.
    pub answer: bool,
    /// One of the places of the rules: `request-property`.
    pub place: &'static str,
    /// For people: `request body`, `200 body`, ``query `limit` ``.
    pub subject: String,
    /// The property within: `tags[].name`.
    pub path: String,
    /// Whether it must be there.
    pub mandatory: bool,
    /// Whether it does not travel this way: read-only in a request, write-only in an answer.
    pub absent: bool,
}

impl Spot {
    /// The place of a schema that is no property.
    pub fn root(place: &'static str, subject: String, mandatory: bool) -> Spot {
        Spot {
            answer: place.starts_with("response"),
            place,
            subject,
            path: String::new(),
            mandatory,
            absent: false,
        }
    }

    /// Something below; `step` is appended to the path.
    pub fn below(&self, step: &str, mandatory: bool, absent: bool) -> Spot {
        Spot {
            place: if self.answer {
                "response-property"
            } else {
                "request-property"
            },
            path: format!("{}{step}", self.path),
            mandatory,
            absent: self.absent || absent,
            ..self.clone()
        }
    }

    /// A property below.
    pub fn property(&self, name: &str, mandatory: bool, absent: bool) -> Spot {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.below(&format!("{dot}{name}"), mandatory, absent)
    }

    /// For people: ``request body `tags[].name` ``.
    pub fn subject(&self) -> String {
        match self.path.as_str() {
            "" => self.subject.clone(),
            path => format!("{} `{path}`", self.subject),
        }
    }

    /// The full name of a rule here.
    pub fn rule(&self, name: &str) -> String {
        format!("{}-{name}", self.place)
    }
}

/// A pair of schemas that is still to be compared.
pub(super) type Pair<'a> = (Vec<Node<'a>>, Vec<Node<'a>>, Spot);

/// Both sides of one level.
pub(super) struct Level<'a> {
    pub base: Shape<'a>,
    pub head: Shape<'a>,
    pub spot: Spot,
}

impl<'a> Level<'a> {
    /// A change at this level.
    pub fn found(
        &self,
        name: &str,
        detail: &str,
        base: Option<Node<'a>>,
        head: Option<Node<'a>>,
    ) -> Found<'a> {
        let space = if detail.is_empty() { "" } else { " " };
        let subject = format!("{}{space}{detail}", self.spot.subject());
        let found = Found::new(self.spot.rule(name), subject, base, head);
        if self.spot.absent {
            found.wire(Documentation)
        } else {
            found
        }
    }

    /// A node to point at where the change itself has none.
    pub fn nodes(&self) -> (Option<Node<'a>>, Option<Node<'a>>) {
        (self.base.node(), self.head.node())
    }
}

impl<'a> Walk<'a> {
    /// Compares what several schemas demand together, before and after.
    pub fn schemas(&mut self, base: Vec<Node<'a>>, head: Vec<Node<'a>>, spot: Spot) {
        let mut queue = VecDeque::from([(base, head, spot)]);
        while let Some((base, head, spot)) = queue.pop_front() {
            if let ([base], [head]) = (base.as_slice(), head.as_slice())
                && self.reach.is_same(*base, *head)
            {
                continue;
            }
            let base = Shape::read(self.base, &base);
            let head = Shape::read(self.head, &head);
            if self.met.insert((ids(&base), ids(&head), spot.answer)) {
                self.level(&Level { base, head, spot }, &mut queue);
            }
        }
    }

    fn level(&mut self, level: &Level<'a>, queue: &mut VecDeque<Pair<'a>>) {
        if self.references(level) || self.wrapped(level) || self.types(level) {
            // Nothing below can be compared any more.
            for part in level.base.parts.iter().chain(&level.head.parts) {
                self.claim(*part);
            }
            return;
        }
        self.keywords(level);
        self.limits(level);
        self.properties(level, queue);
        self.elements(level, queue);
        self.alternatives(level, queue);
    }

    /// Names of components. `true` when one of the sides leads nowhere.
    fn references(&mut self, level: &Level<'a>) -> bool {
        let (base, head) = (&level.base, &level.head);
        for broken in base.broken.iter().chain(&head.broken) {
            self.warn_broken(*broken, broken.value.as_str().unwrap_or_default());
        }
        let broken = (base.broken, head.broken);
        let (rule, words) = match broken {
            (None, Some(_)) => ("reference-broken", ("leads somewhere", "leads nowhere")),
            (Some(_), None) => ("reference-mended", ("leads nowhere", "leads somewhere")),
            _ => ("", ("", "")),
        };
        if !rule.is_empty() {
            let found = Found::new(rule, level.spot.subject(), base.node(), head.node());
            self.report(found.values(words.0, words.1));
            return true;
        }
        if let (Some(before), Some(after)) = (base.name, head.name)
            && before != after
        {
            let (old, new) = level.nodes();
            self.report(
                level
                    .found("type-renamed", "", old, new)
                    .values(before, after),
            );
        }
        broken.0.is_some()
    }

    /// Type and format. `true` when the two have nothing in common.
    fn types(&mut self, level: &Level<'a>) -> bool {
        let (base, head) = (&level.base, &level.head);
        let text = matches!(level.spot.place, "request-parameter" | "response-header");
        let formats = (base.format(), head.format());
        let (name, nodes) = match compare_types(base, head, text) {
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
        name == "type-changed" && base.types != head.types
    }

    /// Elements of lists, and fields beyond the named ones.
    fn elements(&mut self, level: &Level<'a>, queue: &mut VecDeque<Pair<'a>>) {
        let (base, head) = (&level.base, &level.head);
        match (base.items.first(), head.items.first()) {
            (None, None) => {}
            (None, Some(items)) => {
                self.report(level.found("items-added", "elements", None, Some(*items)))
            }
            (Some(items), None) => {
                self.report(level.found("items-removed", "elements", Some(*items), None))
            }
            _ => queue.push_back((
                base.items.clone(),
                head.items.clone(),
                level.spot.below("[]", false, false),
            )),
        }
        let (before, after) = (further(base), further(head));
        let (rank, nodes) = ((before.rank(), after.rank()), (before.node(), after.node()));
        if let (Further::Schema(_), Further::Schema(_)) = (before, after) {
            let spot = level.spot.below("{}", false, false);
            queue.push_back((base.further.clone(), head.further.clone(), spot));
        } else if rank.0 != rank.1 {
            let narrower = rank.1 < rank.0;
            let name = if narrower {
                "additional-properties-narrowed"
            } else {
                "additional-properties-widened"
            };
            let map = rank.0 == 1 || rank.1 == 1 || base.properties.is_empty();
            let found = level.found(name, "further fields", nodes.0, nodes.1);
            self.report(if map { found.rust(Breaking) } else { found });
        }
    }
}

/// What a pair is recognized by, however it was reached.
fn ids(shape: &Shape<'_>) -> Vec<usize> {
    let own: Vec<usize> = shape
        .parts
        .iter()
        .filter(|part| part.get("$ref").is_none())
        .map(|part| part.id())
        .collect();
    match own.is_empty() {
        true => shape.parts.iter().map(|part| part.id()).collect(),
        false => own,
    }
}

/// Fields beyond the named ones.
#[derive(Clone, Copy)]
enum Further<'a> {
    Forbidden(Node<'a>),
    Schema(Node<'a>),
    Free(Option<Node<'a>>),
}

impl<'a> Further<'a> {
    /// The more, the more is allowed.
    fn rank(self) -> usize {
        match self {
            Further::Forbidden(_) => 0,
            Further::Schema(_) => 1,
            Further::Free(_) => 2,
        }
    }

    fn node(self) -> Option<Node<'a>> {
        match self {
            Further::Forbidden(node) | Further::Schema(node) => Some(node),
            Further::Free(node) => node,
        }
    }
}

fn further<'a>(shape: &Shape<'a>) -> Further<'a> {
    match shape.further.first() {
        None => Further::Free(None),
        Some(node) => match node.value {
            serde_json::Value::Bool(false) => Further::Forbidden(*node),
            serde_json::Value::Object(map) if !map.is_empty() => Further::Schema(*node),
            _ => Further::Free(Some(*node)),
        },
    }
}

/// How the types have changed; where everything travels as text, a string takes every scalar.
fn compare_types(base: &Shape<'_>, head: &Shape<'_>, text: bool) -> Option<&'static str> {
    let (before, after) = (base.allowed(), head.allowed());
    let covers = |wide: &std::collections::BTreeSet<&str>,
                  narrow: &std::collections::BTreeSet<&str>| {
        narrow.iter().all(|kind| {
            let scalar = matches!(*kind, "integer" | "number" | "boolean");
            wide.contains(kind)
                || (*kind == "integer" && wide.contains("number"))
                || (text && scalar && wide.contains("string"))
        })
    };
    match (covers(&after, &before), covers(&before, &after)) {
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
