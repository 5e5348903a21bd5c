//! The canonical form of a schema, one level of it: references followed, `allOf` merged, `null` and the forms of OpenAPI
//! 3.1 brought to those of 3.0.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::side::Store;
use transcript::Node;

/// Types as a set, because OpenAPI 3.1 has lists of them.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Alternatives of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Choice {
    OneOf,
    AnyOf,
}

impl Choice {
    /// Its name in rules.
    pub fn rule(self) -> &'static str {
        match self {
            Choice::OneOf => "one-of",
            Choice::AnyOf => "any-of",
        }
    }
}

/// A limit, and whether its value itself is outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit<'a> {
    pub node: Node<'a>,
    /// The flag of OpenAPI 3.0 that makes it exclusive.
    pub flag: Option<Node<'a>>,
    pub number: f64,
    pub exclusive: bool,
}

/// One level of a schema.
#[derive(Debug, Default)]
pub(super) struct Shape<'a> {
    /// All schema objects that were merged.
    pub parts: Vec<Node<'a>>,
    /// The types that are allowed; none means any.
    pub types: Option<BTreeSet<&'a str>>,
    /// Where the type was written.
    pub typed: Option<Node<'a>>,
    pub nullable: Option<Node<'a>>,
    pub lower: Option<Limit<'a>>,
    pub upper: Option<Limit<'a>>,
    /// Every other keyword; of several that tell sizes, the tightest.
    pub words: BTreeMap<&'a str, Node<'a>>,
    pub properties: BTreeMap<&'a str, Vec<Node<'a>>>,
    /// Names of mandatory properties: where each stands, and in which list.
    pub required: BTreeMap<&'a str, (Node<'a>, Node<'a>)>,
    pub items: Vec<Node<'a>>,
    pub further: Vec<Node<'a>>,
    pub choices: BTreeMap<Choice, Vec<Node<'a>>>,
    /// A reference that leads nowhere, if one was met.
    pub broken: Option<Node<'a>>,
}

impl<'a> Shape<'a> {
    /// What several schemas demand together.
    pub fn read(store: &'a Store, nodes: &[Node<'a>]) -> Shape<'a> {
        let mut shape = Shape::default();
        let mut queue: Vec<Node<'a>> = nodes.iter().rev().copied().collect();
        let mut seen = HashSet::new();
        while let Some(node) = queue.pop() {
            if !seen.insert(node.id()) {
                continue;
            }
            shape.parts.push(node);
            let reference = node
                .get("$ref")
                .and_then(|value| Some((value, value.value.as_str()?)));
            if let Some((value, reference)) = reference {
                match store.follow(node, reference) {
                    Some(target) => queue.push(target),
                    None => shape.broken = Some(value),
                }
                if !is_later(node) {
                    continue;
                }
            }
            if node.value == &Value::Bool(false) {
                shape.words.insert("not", node);
            }
            shape.add(node, &mut queue);
        }
        shape
    }

    fn add(&mut self, node: Node<'a>, queue: &mut Vec<Node<'a>>) {
        for (key, value) in node.entries() {
            match key {
                "$ref" => {}
                "allOf" => queue.extend(value.items().collect::<Vec<_>>().into_iter().rev()),
                "oneOf" => self.add_choice(Choice::OneOf, value, queue),
                "anyOf" => self.add_choice(Choice::AnyOf, value, queue),
                "type" => self.add_type(value),
                "nullable" if value.value == &Value::Bool(true) => self.nullable = Some(value),
                "nullable" => {}
                "properties" => {
                    for (name, property) in value.entries() {
                        self.properties.entry(name).or_default().push(property);
                    }
                }
                "required" => self.add_required(value),
                "items" => self.items.push(value),
                "additionalProperties" => self.further.push(value),
                "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" => {
                    self.add_bound(key, value, node);
                }
                _ => self.add_word(key, value),
            }
        }
    }

    fn add_choice(&mut self, choice: Choice, value: Node<'a>, queue: &mut Vec<Node<'a>>) {
        let (null, others): (Vec<_>, Vec<_>) = value.items().partition(|node| is_null(*node));
        if let Some(null) = null.first() {
            self.nullable = Some(*null);
        }
        match others.as_slice() {
            // `anyOf: [X, null]` is the nullable X of OpenAPI 3.0.
            [only] if !null.is_empty() => queue.push(*only),
            _ => self.choices.entry(choice).or_default().extend(others),
        }
    }

    fn add_type(&mut self, value: Node<'a>) {
        let listed = value.items().filter_map(|item| item.value.as_str());
        let mut types: BTreeSet<&str> = value.value.as_str().into_iter().chain(listed).collect();
        if types.remove("null") {
            self.nullable = Some(value);
        }
        if types.is_empty() {
            return;
        }
        let both = self
            .types
            .as_ref()
            .map(|old| old.intersection(&types).copied().collect());
        self.types = Some(
            both.filter(|both: &BTreeSet<_>| !both.is_empty())
                .unwrap_or(types),
        );
        self.typed = Some(value);
    }

    fn add_required(&mut self, value: Node<'a>) {
        for item in value.items() {
            if let Some(name) = item.value.as_str() {
                self.required.entry(name).or_insert((item, value));
            }
        }
    }

    /// `exclusiveMinimum` is a flag of `minimum` in OpenAPI 3.0 and a limit of its own in 3.1.
    fn add_bound(&mut self, key: &str, value: Node<'a>, schema: Node<'a>) {
        let Some(number) = value.value.as_f64() else {
            return;
        };
        let (lower, flag) = match key {
            "minimum" => (true, "exclusiveMinimum"),
            "maximum" => (false, "exclusiveMaximum"),
            other => (other == "exclusiveMinimum", ""),
        };
        let limit = Limit {
            node: value,
            flag: schema.get(flag),
            number,
            exclusive: flag.is_empty() || schema.is(flag),
        };
        let slot = if lower {
            &mut self.lower
        } else {
            &mut self.upper
        };
        let tighter = |old: Limit<'_>| match lower {
            true => (number, limit.exclusive) > (old.number, old.exclusive),
            false => (-number, limit.exclusive) > (-old.number, old.exclusive),
        };
        if slot.is_none_or(tighter) {
            *slot = Some(limit);
        }
    }

    fn add_word(&mut self, key: &'a str, value: Node<'a>) {
        let tighter = |old: Node<'a>| match (old.value.as_f64(), value.value.as_f64()) {
            (Some(old), Some(new)) if key.starts_with("min") => new > old,
            (Some(old), Some(new)) if key.starts_with("max") => new < old,
            _ => false,
        };
        if self.words.get(key).is_none_or(|old| tighter(*old)) {
            self.words.insert(key, value);
        }
    }

    /// The types that are allowed, all of them if none is named.
    pub fn allowed(&self) -> BTreeSet<&'a str> {
        self.types
            .clone()
            .unwrap_or_else(|| TYPES.into_iter().collect())
    }

    /// The format; a password is a string with a mark, which has rules of its own.
    pub fn format(&self) -> Option<Node<'a>> {
        let format = self.words.get("format").copied();
        format.filter(|format| format.value != "password" && format.value.is_string())
    }

    pub fn is_secret(&self) -> bool {
        self.words
            .get("format")
            .is_some_and(|format| format.value == "password")
    }

    /// `integer int64`, for people.
    pub fn describe(&self) -> String {
        let types = self
            .types
            .iter()
            .flatten()
            .copied()
            .collect::<Vec<_>>()
            .join(" or ");
        let types = if types.is_empty() { "any" } else { &types };
        match self.format().and_then(|format| format.value.as_str()) {
            Some(format) => format!("{types} {format}"),
            None => types.to_owned(),
        }
    }

    /// A node to point at.
    pub fn node(&self) -> Option<Node<'a>> {
        self.parts.first().copied()
    }
}

fn is_null(node: Node<'_>) -> bool {
    let kind = node.value.get("type");
    kind.is_some_and(|kind| kind == "null") || node.value.get("const") == Some(&Value::Null)
}

/// Since OpenAPI 3.1, what stands beside a reference counts too.
pub(super) fn is_later(node: Node<'_>) -> bool {
    node.document()
        .root()
        .text("openapi")
        .is_some_and(|version| !version.starts_with("3.0"))
}

/// The name of the component that a schema refers to, alone or as the idiom `allOf: [{$ref: ...}]`.
pub(super) fn name(node: Node<'_>) -> Option<&str> {
    let target = node.text("$ref").or_else(|| {
        let first = node.value.pointer("/allOf/0/$ref");
        first.and_then(Value::as_str)
    });
    target?.rsplit_once("schemas/").map(|(_, name)| name)
}
