//! Who may call: the alternatives of an operation, and the schemes behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Verdict::Additive;
use super::walk::{Found, Walk, changed};
use transcript::Node;

/// One way to authenticate: schemes, with the scopes that each must have.
#[derive(Debug, Clone)]
struct Way<'a> {
    schemes: BTreeMap<&'a str, BTreeSet<&'a str>>,
    node: Node<'a>,
}

impl<'a> Way<'a> {
    fn read(node: Node<'a>) -> Self {
        let schemes = node.entries().map(|(name, scopes)| {
            let scopes = scopes.value.as_array().into_iter().flatten();
            (name, scopes.filter_map(Value::as_str).collect())
        });
        Way {
            schemes: schemes.collect(),
            node,
        }
    }

    fn names(&self) -> Vec<&'a str> {
        self.schemes.keys().copied().collect()
    }

    /// Whether whoever satisfies the other satisfies this.
    fn is_met_by(&self, other: &Way<'_>) -> bool {
        self.schemes.iter().all(|(name, scopes)| {
            other
                .schemes
                .get(name)
                .is_some_and(|others| scopes.iter().all(|scope| others.contains(scope)))
        })
    }

    fn describe(&self) -> String {
        let parts: Vec<String> = self
            .schemes
            .iter()
            .map(|(name, scopes)| match scopes.is_empty() {
                true => (*name).to_owned(),
                false => format!(
                    "{name} ({})",
                    scopes.iter().copied().collect::<Vec<_>>().join(", ")
                ),
            })
            .collect();
        if parts.is_empty() {
            "none".to_owned()
        } else {
            parts.join(" and ")
        }
    }
}

/// The ways of an operation; without any, everybody may call.
fn ways<'a>(operation: Node<'a>) -> (Vec<Way<'a>>, Node<'a>) {
    let root = operation.document().root();
    let listed = operation.get("security").or_else(|| root.get("security"));
    let ways = listed
        .into_iter()
        .flat_map(Node::items)
        .map(Way::read)
        .collect();
    (ways, listed.unwrap_or(operation))
}

impl<'a> Walk<'a> {
    /// The ways to authenticate of an operation.
    pub fn security(&mut self, base: Node<'a>, head: Node<'a>) {
        let ((mut before, _), (mut after, list)) = (ways(base), ways(head));
        let open = (before.is_empty(), after.is_empty());
        let kept = |way: &Way<'_>, others: &[Way<'_>]| {
            others.iter().any(|other| other.schemes == way.schemes)
        };
        let all_after = after.clone();
        let all_before = before.clone();
        before.retain(|way| !kept(way, &all_after));
        after.retain(|way| !kept(way, &all_before));
        let mut found = Vec::new();
        before.retain(|old| {
            let same = |new: &Way<'_>| new.names() == old.names();
            let Some(at) = after.iter().position(same) else {
                return true;
            };
            found.extend(scopes(old, &after.remove(at)));
            false
        });
        for gone in &before {
            let covered = open.1 || all_after.iter().any(|other| other.is_met_by(gone));
            let change = Found::new("api-security-removed", "security", Some(gone.node), None);
            let change = change.values(gone.describe(), Value::Null);
            found.push(if covered {
                change.wire(Additive)
            } else {
                change
            });
        }
        for new in &after {
            let change = Found::new("api-security-added", "security", None, Some(new.node));
            found.push(change.values(Value::Null, new.describe()));
        }
        found.into_iter().for_each(|found| self.report(found));
        // From nobody to somebody, and back: no way stands for it on the one side.
        if open == (true, false) && all_after.iter().all(|way| !way.schemes.is_empty()) {
            let found = Found::new("api-security-removed", "security", None, None);
            self.report_at(found.values("anybody", Value::Null), list);
        }
        if open == (false, true) && all_before.iter().all(|way| !way.schemes.is_empty()) {
            let found = Found::new("api-security-added", "security", None, None);
            self.report_at(found.values(Value::Null, "anybody"), list);
        }
    }

    /// The definitions of the ways to authenticate.
    pub fn security_schemes(&mut self) {
        let of = |root: Node<'a>| root.pointer("/components/securitySchemes");
        let (Some(base), Some(head)) = (of(self.base.main.root()), of(self.head.main.root()))
        else {
            return;
        };
        for (name, old) in base.entries() {
            let old = self.target(self.base, old);
            let new = head.get(name).and_then(|new| self.target(self.head, new));
            if let (Some(old), Some(new)) = (old, new) {
                self.scheme(name, old, new);
            }
        }
    }

    fn scheme(&mut self, name: &str, old: Node<'a>, new: Node<'a>) {
        let subject = format!("security scheme `{name}`");
        for key in ["type", "in", "name", "scheme"] {
            if let Some((before, after)) = changed(old, new, key) {
                self.report(Found::new(
                    "api-security-component-type-changed",
                    format!("{subject} {key}"),
                    before,
                    after,
                ));
            }
        }
        let mut urls = vec![(old, new, "openIdConnectUrl")];
        let flows = old.get("flows").into_iter().flat_map(Node::entries);
        for (kind, before) in flows {
            let after = new.get("flows").and_then(|flows| flows.get(kind));
            let Some(after) = after else {
                let found = Found::new(
                    "api-security-component-type-changed",
                    format!("{subject} flow"),
                    Some(before),
                    None,
                );
                self.report(found.values(kind, Value::Null));
                continue;
            };
            urls.extend(
                ["authorizationUrl", "tokenUrl", "refreshUrl"].map(|key| (before, after, key)),
            );
            self.flow_scopes(&subject, before, after);
        }
        for (old, new, key) in urls {
            if let Some((before, after)) = changed(old, new, key) {
                let rule = "api-security-component-oauth-url-changed";
                self.report(Found::new(rule, format!("{subject} {key}"), before, after));
            }
        }
    }

    fn flow_scopes(&mut self, subject: &str, old: Node<'a>, new: Node<'a>) {
        let scopes = |flow: Node<'a>| {
            flow.get("scopes")
                .into_iter()
                .flat_map(Node::entries)
                .collect::<Vec<_>>()
        };
        let (before, after) = (scopes(old), scopes(new));
        let lacks =
            |list: &[(&str, Node<'a>)], name: &str| list.iter().all(|(other, _)| *other != name);
        for (name, node) in before.iter().filter(|(name, _)| lacks(&after, name)) {
            let rule = "api-security-component-oauth-scope-removed";
            self.report(
                Found::new(rule, format!("{subject} scope"), Some(*node), None)
                    .values(*name, Value::Null),
            );
        }
        for (name, node) in after.iter().filter(|(name, _)| lacks(&before, name)) {
            let rule = "api-security-component-oauth-scope-added";
            self.report(
                Found::new(rule, format!("{subject} scope"), None, Some(*node))
                    .values(Value::Null, *name),
            );
        }
    }
}

/// Scopes that the same schemes ask for on one side only.
fn scopes<'a>(old: &Way<'a>, new: &Way<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for (name, before) in &old.schemes {
        let Some(after) = new.schemes.get(name) else {
            continue;
        };
        for scope in before.difference(after) {
            let change = Found::new(
                "api-security-scope-removed",
                format!("security {name}"),
                Some(old.node),
                Some(new.node),
            );
            found.push(change.values(*scope, Value::Null));
        }
        for scope in after.difference(before) {
            let change = Found::new(
                "api-security-scope-added",
                format!("security {name}"),
                Some(old.node),
                Some(new.node),
            );
            found.push(change.values(Value::Null, *scope));
        }
    }
    found
}
