//! Parameters of an operation, those of its path included.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Verdict::{Breaking, Documentation};
use super::body::is_text;
use super::paths::Operation;
use super::shape::Shape;
use super::side::Store;
use super::spot::Spot;
use super::walk::{Found, Walk};
use transcript::Node;

/// The path parameter that the client fills in by itself.
const PROJECT: &str = "project_id";

/// One parameter.
#[derive(Debug, Clone, Copy)]
struct Parameter<'a> {
    node: Node<'a>,
    place: &'a str,
    name: &'a str,
}

impl<'a> Parameter<'a> {
    /// Whether both mean the same place of the request. Names of headers have no case.
    fn is(&self, other: &Parameter<'_>) -> bool {
        self.key() == other.key()
    }

    /// What tells it from all others of the operation.
    fn key(&self) -> (&'a str, String) {
        let name = match self.place {
            "header" => self.name.to_ascii_lowercase(),
            _ => self.name.to_owned(),
        };
        (self.place, name)
    }

    fn is_required(&self) -> bool {
        self.place == "path" || self.node.is("required")
    }

    fn is_argument(&self) -> bool {
        self.place == "path" && self.name != PROJECT || self.is_required() && self.place != "path"
    }

    fn subject(&self) -> String {
        format!("{} `{}`", self.place, self.name)
    }

    /// How it is written in the request; what is not said has a value by the standard.
    fn style(&self) -> String {
        let usual = if matches!(self.place, "query" | "cookie") {
            "form"
        } else {
            "simple"
        };
        let style = self.node.text("style").unwrap_or(usual);
        let explode = self
            .node
            .get("explode")
            .map_or(style == "form", |node| node.value == true);
        let exploded = if explode { ", exploded" } else { "" };
        let reserved = if self.node.is("allowReserved") {
            ", reserved characters"
        } else {
            ""
        };
        format!("{style}{exploded}{reserved}")
    }

    fn content(&self) -> Option<(&'a str, Node<'a>)> {
        self.node.get("content")?.entries().next()
    }

    fn schemas(&self) -> Vec<Node<'a>> {
        let schema = self
            .node
            .get("schema")
            .or_else(|| self.content()?.1.get("schema"));
        schema.into_iter().collect()
    }

    fn describe(&self, store: &'a Store) -> String {
        let need = if self.is_required() {
            "mandatory"
        } else {
            "optional"
        };
        format!("{need} {}", Shape::read(store, &self.schemas()).describe())
    }
}

impl<'a> Walk<'a> {
    /// Compares the parameters of an operation.
    pub fn parameters(&mut self, base: &Operation<'a>, head: &Operation<'a>) {
        let mut before = self.listed(self.base, base);
        let mut after = self.listed(self.head, head);
        let has_optional = before.iter().any(|parameter| !parameter.is_required());
        let renamed: Vec<(&str, &str)> = match base.route() == head.route() {
            true => base.variables().zip(head.variables()).collect(),
            false => Vec::new(),
        };
        let keys = after.iter().enumerate();
        let known: HashMap<_, usize> = keys.map(|(at, new)| (new.key(), at)).collect();
        let mut taken = HashSet::new();
        before.retain(|old| {
            let variable = renamed.iter().find(|(name, _)| *name == old.name);
            let key = match variable.filter(|_| old.place == "path") {
                Some((_, name)) => ("path", (*name).to_owned()),
                None => old.key(),
            };
            let Some(at) = known.get(&key).filter(|at| taken.insert(**at)) else {
                return true;
            };
            self.parameter(old, &after[*at]);
            false
        });
        let mut numbers = 0..;
        after.retain(|_| numbers.next().is_none_or(|at| !taken.contains(&at)));
        for gone in before {
            let found = Found::new(
                "request-parameter-removed",
                gone.subject(),
                Some(gone.node),
                None,
            );
            let found = found.values(gone.describe(self.base), Value::Null);
            let is_project = gone.place == "path" && gone.name == PROJECT;
            self.report(if is_project {
                found.rust(Documentation)
            } else {
                found
            });
        }
        for new in after {
            let need = if new.is_required() {
                "required"
            } else {
                "optional"
            };
            let rule = format!("new-{need}-request-parameter");
            let found = Found::new(rule, new.subject(), None, Some(new.node));
            let found = found.values(Value::Null, new.describe(self.head));
            // The first optional parameter brings the argument that holds them all.
            let first = !new.is_required() && !has_optional;
            self.report(if first { found.rust(Breaking) } else { found });
        }
    }

    /// Those of the operation, which hide those of the path.
    fn listed(&mut self, store: &'a Store, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
        let (mut listed, mut seen) = (Vec::new(), HashSet::new());
        for owner in [operation.node, operation.item] {
            for node in owner.get("parameters").into_iter().flat_map(Node::items) {
                let Some(node) = self.target(store, node) else {
                    continue;
                };
                if let (Some(place), Some(name)) = (node.text("in"), node.text("name")) {
                    let parameter = Parameter { node, place, name };
                    if seen.insert(parameter.key()) {
                        listed.push(parameter);
                    }
                }
            }
        }
        listed
    }

    fn parameter(&mut self, old: &Parameter<'a>, new: &Parameter<'a>) {
        let subject = new.subject();
        let node = |key: &str| (old.node.get(key), new.node.get(key));
        let found = |rule: &str, key: &str| {
            let nodes = node(key);
            Found::new(rule, subject.clone(), nodes.0, nodes.1)
        };
        if !old.is(new) {
            let names = (old.name, new.name);
            let found = found("request-parameter-renamed", "name").values(names.0, names.1);
            let moved = old.is_argument() != new.is_argument();
            self.report(if moved { found.rust(Breaking) } else { found });
        }
        if old.is_required() != new.is_required() {
            let rule = if new.is_required() {
                "became-required"
            } else {
                "became-optional"
            };
            let values = (old.describe(self.base), new.describe(self.head));
            let found = found(&format!("request-parameter-{rule}"), "required");
            self.report_at(found.values(values.0, values.1), new.node);
        }
        if old.style() != new.style() {
            for key in ["style", "explode", "allowReserved"] {
                let nodes = node(key);
                nodes
                    .0
                    .into_iter()
                    .chain(nodes.1)
                    .for_each(|node| self.claim(node));
            }
            let found = Found::new(
                "request-parameter-style-changed",
                subject.clone(),
                None,
                None,
            );
            self.report_at(found.values(old.style(), new.style()), new.node);
        }
        let empty = (
            old.node.is("allowEmptyValue"),
            new.node.is("allowEmptyValue"),
        );
        if empty.0 != empty.1 {
            let rule = if empty.1 { "allowed" } else { "forbidden" };
            self.report(found(
                &format!("request-parameter-empty-value-{rule}"),
                "allowEmptyValue",
            ));
        }
        if old.node.is("deprecated") != new.node.is("deprecated") {
            let rule = if new.node.is("deprecated") {
                "deprecated"
            } else {
                "reactivated"
            };
            self.report(found(&format!("request-parameter-{rule}"), "deprecated"));
        }
        self.parameter_schema(old, new);
    }

    fn parameter_schema(&mut self, old: &Parameter<'a>, new: &Parameter<'a>) {
        let media = (
            old.content().map(|content| content.0),
            new.content().map(|content| content.0),
        );
        if media.0 != media.1 {
            let nodes = (
                old.content().map(|content| content.1),
                new.content().map(|content| content.1),
            );
            let found = Found::new(
                "request-parameter-content-changed",
                new.subject(),
                nodes.0,
                nodes.1,
            );
            self.report(found.values(media.0.unwrap_or("plain"), media.1.unwrap_or("plain")));
        }
        let spot = Spot {
            mandatory: new.is_required(),
            text: [media.0, media.1]
                .iter()
                .flatten()
                .all(|name| is_text(name)),
            ..Spot::root("request-parameter", self.rustless)
        };
        self.schemas(&old.schemas(), &new.schemas(), spot, new.subject());
    }
}
