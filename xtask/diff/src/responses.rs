//! Answers of an operation: statuses, bodies, headers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Verdict::{Breaking, Documentation};
use super::body::has_body;
use super::shape::name;
use super::side::Store;
use super::spot::Spot;
use super::walk::{Found, Walk};
use transcript::Node;

type Answers<'a> = BTreeMap<&'a str, Node<'a>>;

/// A status, and its answer.
type Answer<'a> = (&'a str, Node<'a>);

impl<'a> Walk<'a> {
    /// Compares the answers of an operation.
    pub fn responses(&mut self, base: Node<'a>, head: Node<'a>) {
        let mut before = self.answers(self.base, base);
        let mut after = self.answers(self.head, head);
        let same_type = rust_answer(&before) == rust_answer(&after);
        for (old, new) in statuses(&mut before, &mut after) {
            if old.0 != new.0 {
                let wider = is_range(new.0);
                let rule = if wider {
                    "response-status-generalized"
                } else {
                    "response-status-specialized"
                };
                let found = Found::new(rule, "status", None, None).values(old.0, new.0);
                self.report_at(found, new.1);
            }
            self.answer(new.0, old.1, new.1, same_type);
        }
        for (status, gone) in before {
            let rule = format!("response-{}-removed", kind(status));
            let found = Found::new(rule, "status", Some(gone), None).values(status, Value::Null);
            self.report(if is_success(status) && !same_type {
                found.rust(Breaking)
            } else {
                found
            });
        }
        for (status, new) in after {
            let rule = format!("response-{}-added", kind(status));
            let found = Found::new(rule, "status", None, Some(new)).values(Value::Null, status);
            self.report(if is_success(status) && !same_type {
                found.rust(Breaking)
            } else {
                found
            });
        }
    }

    fn answers(&mut self, store: &'a Store, operation: Node<'a>) -> Answers<'a> {
        let listed = operation
            .get("responses")
            .into_iter()
            .flat_map(Node::entries);
        let listed = listed.filter(|(status, _)| !status.starts_with("x-"));
        listed
            .filter_map(|(status, node)| Some((status, self.target(store, node)?)))
            .collect()
    }

    fn answer(&mut self, status: &str, base: Node<'a>, head: Node<'a>, same_type: bool) {
        // Nothing of the Rust client is made from the bodies of failures.
        let rustless = self.rustless;
        self.rustless = rustless || !is_success(status);
        let subject = format!("{status} body");
        let rule = match (has_body(base), has_body(head)) {
            (false, true) => Some("response-body-added"),
            (true, false) => Some("response-body-removed"),
            _ => None,
        };
        match rule {
            Some(rule) => {
                let nodes = (base.get("content"), head.get("content"));
                let names = |node: Option<Node<'_>>| {
                    let types: Vec<&str> = node
                        .into_iter()
                        .flat_map(Node::entries)
                        .map(|(name, _)| name)
                        .collect();
                    types.join(", ")
                };
                let found = Found::new(rule, subject, nodes.0, nodes.1)
                    .values(names(nodes.0), names(nodes.1));
                self.report(if same_type {
                    found.rust(Documentation)
                } else {
                    found
                });
            }
            None => self.contents(base, head, &subject, true),
        }
        self.headers(status, base, head);
        self.rustless = rustless;
    }

    fn headers(&mut self, status: &str, base: Node<'a>, head: Node<'a>) {
        let before = self.header_list(self.base, base);
        let after = self.header_list(self.head, head);
        let subject = |name: &str| format!("{status} header `{name}`");
        for (key, (name, old)) in &before {
            let Some((_, new)) = after.get(key) else {
                let need = if old.is("required") {
                    "required"
                } else {
                    "optional"
                };
                let found = Found::new(
                    format!("{need}-response-header-removed"),
                    subject(name),
                    Some(*old),
                    None,
                );
                self.report(found.values(*name, Value::Null));
                continue;
            };
            let required = (old.is("required"), new.is("required"));
            if required.0 != required.1 {
                let rule = if required.1 { "required" } else { "optional" };
                let nodes = (old.get("required"), new.get("required"));
                let found = Found::new(
                    format!("response-header-became-{rule}"),
                    subject(name),
                    nodes.0,
                    nodes.1,
                );
                self.report_at(found.values(required.0, required.1), *new);
            }
            let schema = |node: &Node<'a>| node.get("schema").into_iter().collect::<Vec<_>>();
            let spot = Spot {
                text: true,
                ..Spot::root("response-header", true)
            };
            self.schemas(&schema(old), &schema(new), spot, subject(name));
        }
        for (key, (name, new)) in &after {
            if !before.contains_key(key) {
                let found = Found::new("response-header-added", subject(name), None, Some(*new));
                self.report(found.values(Value::Null, *name));
            }
        }
    }

    /// Headers by their names in lower case, for they have no case.
    fn header_list(
        &mut self,
        store: &'a Store,
        answer: Node<'a>,
    ) -> BTreeMap<String, (&'a str, Node<'a>)> {
        let listed = answer.get("headers").into_iter().flat_map(Node::entries);
        let targets = listed.filter_map(|(name, node)| {
            Some((name.to_ascii_lowercase(), (name, self.target(store, node)?)))
        });
        targets.collect()
    }
}

/// Takes the pairs out of both: of one status, or of a status and the range that it is in.
fn statuses<'a>(
    before: &mut Answers<'a>,
    after: &mut Answers<'a>,
) -> Vec<(Answer<'a>, Answer<'a>)> {
    let mut pairs = Vec::new();
    let same: [fn(&str, &str) -> bool; 3] = [
        |old, new| old == new,
        |old, new| old.eq_ignore_ascii_case(new),
        |old, new| is_range(old) != is_range(new) && old.get(..1) == new.get(..1),
    ];
    for same in same {
        before.retain(|old, node| {
            let Some(new) = after.keys().copied().find(|new| same(old, new)) else {
                return true;
            };
            pairs.extend(after.remove(new).map(|head| ((*old, *node), (new, head))));
            false
        });
    }
    pairs
}

/// `2XX`.
fn is_range(status: &str) -> bool {
    status
        .get(1..)
        .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"))
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn kind(status: &str) -> &'static str {
    if is_success(status) {
        "success-status"
    } else {
        "non-success-status"
    }
}

/// What the Rust method answers: the name of the body's type, and whether there may be none.
fn rust_answer<'a>(answers: &Answers<'a>) -> (Option<&'a str>, bool, bool) {
    let successes: Vec<Node<'a>> = answers
        .iter()
        .filter(|(status, _)| is_success(status))
        .map(|(_, node)| *node)
        .collect();
    let schema = successes
        .iter()
        .find_map(|node| node.pointer("/content/application~1json/schema"));
    let name = schema.and_then(name);
    let empty = successes.iter().any(|node| !has_body(*node));
    let full = successes.iter().any(|node| has_body(*node));
    (name, full, full && empty)
}
