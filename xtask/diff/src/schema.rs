//! Schemas: one level after the other, from a queue, so that no depth of references costs stack.

use std::collections::HashSet;
use std::rc::Rc;

use super::shape::{Shape, is_later, name};
use super::side::Store;
use super::spot::{Spot, Step};
use super::walk::{Found, Walk};
use transcript::Node;

/// Both sides of one level.
pub(super) struct Level<'a> {
    pub base: Rc<Shape<'a>>,
    pub head: Rc<Shape<'a>>,
    /// The components that they are, where they are referred to.
    pub names: [Option<&'a str>; 2],
    pub spot: Spot,
    /// Its number among the pairs.
    index: usize,
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
        let found = Found::new(self.spot.rule(name), detail, base, head);
        self.spot.judged(found)
    }

    /// A node to point at where the change itself has none.
    pub fn nodes(&self) -> (Option<Node<'a>>, Option<Node<'a>>) {
        (self.base.node(), self.head.node())
    }
}

impl<'a> Walk<'a> {
    /// Puts down the schemas with which a part of the operation begins, to be compared later.
    pub fn schemas(&mut self, base: &[Node<'a>], head: &[Node<'a>], spot: Spot, subject: String) {
        if let Some(pair) = self.pair_of(base, head, spot, None, &subject) {
            self.pairs.enter(self.operation, subject, pair);
        }
    }

    /// Puts down what stands below a level, to be compared later.
    pub fn below(
        &mut self,
        level: &Level<'a>,
        step: Step<'a>,
        base: &[Node<'a>],
        head: &[Node<'a>],
        spot: Spot,
    ) {
        if let Some(pair) = self.pair_of(base, head, spot, Some(step), "") {
            self.pairs.link(level.index, step, pair);
        }
    }

    /// The pair of what two schemas refer to; none where they are the same.
    fn pair_of(
        &mut self,
        base: &[Node<'a>],
        head: &[Node<'a>],
        spot: Spot,
        step: Option<Step<'a>>,
        subject: &str,
    ) -> Option<usize> {
        if base.is_empty() && head.is_empty() {
            return None;
        }
        if let ([base], [head]) = (base, head)
            && self.reach.is_same(*base, *head)
        {
            return None;
        }
        let names = [base, head].map(|nodes| nodes.first().and_then(|node| name(*node)));
        let targets = (targets(self.base, base), targets(self.head, head));
        if let ([Some(before), Some(after)], (Some(_), Some(_))) = (names, &targets)
            && before != after
        {
            let nodes = (base.first().copied(), head.first().copied());
            let found = Found::new(spot.rule("type-renamed"), subject, nodes.0, nodes.1);
            self.report(found.values(before, after).at(step));
        }
        let base = targets.0.unwrap_or_else(|| base.to_vec());
        let head = targets.1.unwrap_or_else(|| head.to_vec());
        let shapes = (self.shape(true, &base), self.shape(false, &head));
        // For this alone it matters.
        let nullable = shapes.0.nullable.is_some() != shapes.1.nullable.is_some();
        let spot = Spot {
            mandatory: spot.mandatory && !spot.answer && nullable,
            ..spot
        };
        Some(self.pairs.add(base, head, names, spot))
    }

    /// What several schemas of one side demand together.
    pub fn shape(&mut self, old: bool, nodes: &[Node<'a>]) -> Rc<Shape<'a>> {
        let store = if old { self.base } else { self.head };
        self.pairs.shape(store, nodes)
    }

    /// The same for what these schemas refer to in the end.
    pub fn content(&mut self, old: bool, nodes: &[Node<'a>]) -> Rc<Shape<'a>> {
        let store = if old { self.base } else { self.head };
        let targets = targets(store, nodes);
        self.pairs.shape(store, targets.as_deref().unwrap_or(nodes))
    }

    /// Compares all pairs that were put down, and those that they lead to.
    pub fn compare_pairs(&mut self) {
        let mut index = 0;
        while let Some(pair) = self.pairs.get(index) {
            let (base, head) = (pair.base.clone(), pair.head.clone());
            let (names, spot) = (pair.names, pair.spot);
            self.pair = Some(index);
            self.rustless = spot.rustless;
            let (base, head) = (self.shape(true, &base), self.shape(false, &head));
            self.level(&Level {
                base,
                head,
                names,
                spot,
                index,
            });
            index += 1;
        }
        self.pair = None;
        self.rustless = false;
    }

    fn level(&mut self, level: &Level<'a>) {
        if self.is_broken(level) || self.wrapped(level) || self.types(level) {
            // Nothing below can be compared any more.
            for part in level.base.parts.iter().chain(&level.head.parts) {
                self.claim(*part);
            }
            return;
        }
        self.keywords(level);
        self.limits(level);
        self.properties(level);
        self.elements(level);
        self.alternatives(level);
    }

    /// Whether one of the sides leads nowhere.
    fn is_broken(&mut self, level: &Level<'a>) -> bool {
        let (base, head) = (&level.base, &level.head);
        for broken in base.broken.iter().chain(&head.broken) {
            self.warn_broken(*broken, broken.value.as_str().unwrap_or_default());
        }
        let (rule, words) = match (base.broken, head.broken) {
            (None, None) => return false,
            (Some(_), Some(_)) => return true,
            (None, _) => ("reference-broken", ("leads somewhere", "leads nowhere")),
            (_, None) => ("reference-mended", ("leads nowhere", "leads somewhere")),
        };
        let found = Found::new(rule, "", base.node(), head.node());
        self.report(found.values(words.0, words.1));
        true
    }
}

/// What references lead to in the end; nothing when one leads nowhere.
fn targets<'a>(store: &'a Store, nodes: &[Node<'a>]) -> Option<Vec<Node<'a>>> {
    nodes.iter().map(|node| target(store, *node)).collect()
}

fn target<'a>(store: &'a Store, node: Node<'a>) -> Option<Node<'a>> {
    let mut at = node;
    let mut seen = HashSet::new();
    loop {
        let reference = at.text("$ref");
        // What stands beside a reference counts in OpenAPI 3.1.
        let reference = reference.filter(|_| !is_later(at) || at.entries().count() == 1);
        let next = match reference {
            Some(reference) => store.follow(at, reference)?,
            None => match idiom(at) {
                Some(part) => part,
                None => return Some(at),
            },
        };
        if !seen.insert(at.id()) {
            return Some(node);
        }
        at = next;
    }
}

/// The only part of an `allOf` that adds nothing but wording.
fn idiom(node: Node<'_>) -> Option<Node<'_>> {
    let parts = node.get("allOf")?;
    let wording = ["allOf", "description", "title", "example"];
    let mut keys = node.entries().map(|(key, _)| key);
    let mut parts = parts.items();
    let only = parts.next().filter(|_| parts.next().is_none());
    only.filter(|_| keys.all(|key| wording.contains(&key)))
}
