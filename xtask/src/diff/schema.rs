//! Schemas: one level after the other, from a queue, so that no depth of references costs stack.

use std::collections::VecDeque;

use super::Verdict::Documentation;
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
