//! Alternatives: `oneOf` and `anyOf`.

use std::collections::HashMap;

use serde_json::Value;

use super::Verdict::Breaking;
use super::schema::Level;
use super::shape::{self, Choice, Shape};
use super::side::Store;
use super::spot::Step;
use super::walk::Walk;
use transcript::Node;

impl<'a> Walk<'a> {
    /// A schema that became one of several, or the other way round. `true` when it did.
    pub fn wrapped(&mut self, level: &Level<'a>) -> bool {
        let (base, head) = (&*level.base, &*level.head);
        let (name, plain, component, store, members) =
            match (base.choices.is_empty(), head.choices.is_empty()) {
                (true, false) => (
                    "wrapped-in-alternatives",
                    base,
                    level.names[0],
                    self.base,
                    (self.head, head),
                ),
                (false, true) => (
                    "unwrapped-from-alternatives",
                    head,
                    level.names[1],
                    self.head,
                    (self.base, base),
                ),
                _ => return false,
            };
        if !is_content(plain) || is_content(members.1) {
            return false;
        }
        let (old, new) = level.nodes();
        let found = level
            .found(name, "", old, new)
            .values(summary(base), summary(head));
        let plain = plain.parts.first().copied();
        let listed = members.1.choices.values().flatten();
        let kept = plain.is_some_and(|plain| {
            listed.into_iter().any(|member| {
                component.is_some_and(|component| shape::name(*member) == Some(component))
                    || is_equal((store, plain), (members.0, *member))
            })
        });
        self.report(if kept { found } else { found.wire(Breaking) });
        true
    }

    /// The alternatives of both sides, each with its own.
    pub fn alternatives(&mut self, level: &Level<'a>) {
        if level.base.choices.is_empty() != level.head.choices.is_empty() {
            return self.constrained(level);
        }
        for kind in [Choice::OneOf, Choice::AnyOf] {
            let other = if kind == Choice::OneOf {
                Choice::AnyOf
            } else {
                Choice::OneOf
            };
            let base = level.base.choices.get(&kind);
            // What was `oneOf` may be `anyOf` now.
            let switched = level
                .base
                .choices
                .get(&other)
                .filter(|_| !level.head.choices.contains_key(&other));
            let Some(head) = level.head.choices.get(&kind) else {
                if let Some(base) = base.filter(|_| !level.head.choices.contains_key(&other)) {
                    self.members(level, kind, base, &[]);
                }
                continue;
            };
            let base = base.or(switched).map(Vec::as_slice).unwrap_or_default();
            self.members(level, kind, base, head);
        }
    }

    /// Alternatives beside what was there before allow less than that alone.
    fn constrained(&mut self, level: &Level<'a>) {
        let (base, head) = (&level.base, &level.head);
        let name = if base.choices.is_empty() {
            "type-specialized"
        } else {
            "type-generalized"
        };
        let first = |shape: &Shape<'a>| shape.choices.values().flatten().next().copied();
        let nodes = (first(base).or(base.node()), first(head).or(head.node()));
        let found = level.found(name, "alternatives", nodes.0, nodes.1);
        self.report(found.values(summary(base), summary(head)));
    }

    fn members(&mut self, level: &Level<'a>, kind: Choice, base: &[Node<'a>], head: &[Node<'a>]) {
        let (mut base, mut head) = (base.to_vec(), head.to_vec());
        let sides = [(self.base, &base), (self.head, &head)];
        let contents = sides.into_iter().flat_map(|(store, nodes)| {
            let contents = nodes
                .iter()
                .map(move |node| (node.id(), content(store, *node)));
            contents.collect::<Vec<_>>()
        });
        let contents: HashMap<usize, Option<&Value>> = contents.collect();
        let mut both = Vec::new();
        let mut pair = |base: &mut Vec<Node<'a>>, same: &dyn Fn(Node<'a>, Node<'a>) -> bool| {
            base.retain(|before| {
                let Some(at) = head.iter().position(|after| same(*before, *after)) else {
                    return true;
                };
                let after = head.remove(at);
                both.push((*before, after));
                false
            });
        };
        pair(&mut base, &|before, after| before.value == after.value);
        pair(&mut base, &|before, after| {
            tag(before).is_some() && tag(before) == tag(after)
        });
        pair(&mut base, &|before, after| {
            contents.get(&before.id()) == contents.get(&after.id())
        });
        if base.len() == 1 && base.iter().all(|node| tag(*node).is_none()) {
            pair(&mut base, &|_, after| tag(after).is_none());
        }
        for (before, after) in both {
            let spot = level.spot.below(false, false);
            let step = Step::Alternative(label(after));
            self.below(level, step, &[before], &[after], spot);
        }
        let rule = kind.rule();
        for gone in base {
            let found = level.found(&format!("{rule}-removed"), "alternative", Some(gone), None);
            self.report(found.values(label(gone), Value::Null));
        }
        for new in head {
            let found = level.found(&format!("{rule}-added"), "alternative", None, Some(new));
            self.report(found.values(Value::Null, label(new)));
        }
    }
}

/// Whether a shape says more than which alternatives there are.
fn is_content(shape: &Shape<'_>) -> bool {
    shape
        .types
        .as_ref()
        .is_some_and(|types| shape.choices.is_empty() || !types.contains("object"))
        || !shape.properties.is_empty()
        || shape.words.contains_key("enum")
}

/// What an alternative is known by: its component, or its title.
fn tag(node: Node<'_>) -> Option<&str> {
    node.text("$ref").or_else(|| node.text("title"))
}

/// For people: the component, the title, or the type.
fn label(node: Node<'_>) -> &str {
    let tag = tag(node).or_else(|| node.text("type")).unwrap_or("schema");
    tag.rsplit('/').next().unwrap_or(tag)
}

fn summary(shape: &Shape<'_>) -> String {
    let members: Vec<&str> = shape
        .choices
        .values()
        .flatten()
        .map(|node| label(*node))
        .collect();
    match members.is_empty() {
        true => shape.describe(),
        false => members.join(" | "),
    }
}

/// Whether two schemas are written alike, once references are followed.
fn is_equal(left: (&Store, Node<'_>), right: (&Store, Node<'_>)) -> bool {
    let tags = (left.1.text("$ref"), right.1.text("$ref"));
    (tags.0.is_some() && tags.0 == tags.1) || content(left.0, left.1) == content(right.0, right.1)
}

/// What a schema says, once references are followed.
fn content<'a>(store: &'a Store, node: Node<'a>) -> Option<&'a Value> {
    let shape = Shape::read(store, &[node]);
    shape.parts.last().map(|part| part.value)
}
