//! Keywords of a schema that are no limits: null, secrets, options, defaults, discriminators, deprecation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Verdict::Breaking;
use super::schema::Level;
use super::shape::Shape;
use super::walk::{Walk, action, changed};
use transcript::Node;

impl<'a> Walk<'a> {
    /// Everything about a schema that is neither its type, nor a limit, nor below it.
    pub fn keywords(&mut self, level: &Level<'a>) {
        self.nullable(level);
        self.secret(level);
        self.options(level);
        self.extensible_options(level);
        self.default_value(level);
        self.discriminator(level);
        self.promises(level);
    }

    fn nullable(&mut self, level: &Level<'a>) {
        let (base, head) = (&level.base, &level.head);
        let name = match (base.nullable, head.nullable) {
            (None, Some(_)) => "became-nullable",
            (Some(_), None) => "became-not-nullable",
            _ => return,
        };
        let found = level.found(name, "", base.nullable, head.nullable);
        let found = found.values(null(base.nullable), null(head.nullable));
        // A mandatory field of a request becomes an `Option`, and a list of an answer.
        let is_list = head
            .types
            .as_ref()
            .is_some_and(|types| types.contains("array"));
        let is_option = if level.spot.answer {
            is_list
        } else {
            level.spot.mandatory
        };
        self.report(if is_option {
            found.rust(Breaking)
        } else {
            found
        });
    }

    fn secret(&mut self, level: &Level<'a>) {
        let name = match (level.base.is_secret(), level.head.is_secret()) {
            (false, true) => "secret-added",
            (true, false) => "secret-removed",
            _ => return,
        };
        let nodes = (word(&level.base, "format"), word(&level.head, "format"));
        self.report(level.found(name, "secret", nodes.0, nodes.1));
    }

    fn options(&mut self, level: &Level<'a>) {
        let (base, head) = (word(&level.base, "enum"), word(&level.head, "enum"));
        let name = match (base, head) {
            (None, Some(_)) => "became-enum",
            (Some(_), None) => "became-not-enum",
            (Some(base), Some(head)) => {
                self.list(level, "enum-value", "option", base, head);
                return self.names(level, base, head);
            }
            (None, None) => return,
        };
        self.report(level.found(name, "options", base, head));
    }

    fn extensible_options(&mut self, level: &Level<'a>) {
        let key = "x-extensible-enum";
        if let (Some(base), Some(head)) = (word(&level.base, key), word(&level.head, key)) {
            self.list(level, "x-extensible-enum-value", "option", base, head);
        }
    }

    /// What was added to a list of values, and what was removed.
    fn list(&mut self, level: &Level<'a>, rule: &str, what: &str, base: Node<'a>, head: Node<'a>) {
        let lacks =
            |list: Node<'a>, item: &Node<'a>| list.items().all(|other| other.value != item.value);
        let mut found = Vec::new();
        for gone in base.items().filter(|item| lacks(head, item)) {
            found.push(level.found(&format!("{rule}-removed"), what, Some(gone), None));
        }
        for new in head.items().filter(|item| lacks(base, item)) {
            found.push(level.found(&format!("{rule}-added"), what, None, Some(new)));
        }
        if !found.is_empty() {
            self.claim(base);
            self.claim(head);
        }
        found.into_iter().for_each(|found| self.report(found));
    }

    /// Rust names of the options that both sides have.
    fn names(&mut self, level: &Level<'a>, base: Node<'a>, head: Node<'a>) {
        let key = "x-enum-varnames";
        let (Some(old), Some(new)) = (word(&level.base, key), word(&level.head, key)) else {
            return;
        };
        let named = |options: Node<'a>, names: Node<'a>| -> BTreeMap<String, Node<'a>> {
            let values = options.items().map(|option| option.value.to_string());
            values.zip(names.items()).collect()
        };
        let (before, after) = (named(base, old), named(head, new));
        let both = before
            .iter()
            .filter_map(|(value, old)| Some((value, old, after.get(value)?)));
        let renamed: Vec<_> = both
            .filter(|(_, old, new)| old.value != new.value)
            .collect();
        for (value, old, new) in &renamed {
            let detail = format!("option {value}");
            self.report(level.found("enum-name-changed", &detail, Some(**old), Some(**new)));
        }
        // The names went with their options, which are reported.
        if renamed.is_empty() && base.value != head.value {
            self.claim(old);
            self.claim(new);
        }
    }

    fn default_value(&mut self, level: &Level<'a>) {
        let (base, head) = (word(&level.base, "default"), word(&level.head, "default"));
        if base.map(|node| node.value) != head.map(|node| node.value) {
            let name = format!("default-value-{}", action(base, head));
            self.report(level.found(&name, "default", base, head));
        }
    }

    fn discriminator(&mut self, level: &Level<'a>) {
        let key = "discriminator";
        let (base, head) = match (word(&level.base, key), word(&level.head, key)) {
            (None, None) => return,
            (Some(base), Some(head)) => (base, head),
            (base, head) => {
                let name = format!("discriminator-{}", action(base, head));
                return self.report(level.found(&name, key, base, head));
            }
        };
        if let Some((old, new)) = changed(base, head, "propertyName") {
            self.report(level.found("discriminator-property-name-changed", key, old, new));
        }
        let mapping = |node: Node<'a>| node.get("mapping").into_iter().flat_map(Node::entries);
        let before: BTreeMap<&str, Node<'a>> = mapping(base).collect();
        let after: BTreeMap<&str, Node<'a>> = mapping(head).collect();
        for (value, old) in &before {
            let new = after.get(value).copied();
            if new.map(|new| new.value) != Some(old.value) {
                let action = if new.is_some() { "changed" } else { "deleted" };
                let name = format!("discriminator-mapping-{action}");
                self.report(level.found(&name, &format!("value {value}"), Some(*old), new));
            }
        }
        for (value, new) in after
            .iter()
            .filter(|(value, _)| !before.contains_key(**value))
        {
            let detail = format!("value {value}");
            self.report(level.found("discriminator-mapping-added", &detail, None, Some(*new)));
        }
    }

    /// How long it will be there: deprecation, and the level of stability.
    fn promises(&mut self, level: &Level<'a>) {
        let deprecated = |shape: &Shape<'a>| {
            word(shape, "deprecated").filter(|node| node.value == &Value::Bool(true))
        };
        let (base, head) = (deprecated(&level.base), deprecated(&level.head));
        if base.is_some() != head.is_some() {
            let name = if head.is_some() {
                "deprecated"
            } else {
                "reactivated"
            };
            let nodes = (
                word(&level.base, "deprecated"),
                word(&level.head, "deprecated"),
            );
            self.report(level.found(name, "deprecated", nodes.0, nodes.1));
        }
        let key = "x-stability-level";
        let (base, head) = (word(&level.base, key), word(&level.head, key));
        if let Some(name) = stability(base, head) {
            self.report(level.found(name, "stability", base, head));
        }
    }
}

fn null(node: Option<Node<'_>>) -> &'static str {
    match node {
        Some(_) => "may be null",
        None => "not null",
    }
}

fn word<'a>(shape: &Shape<'a>, key: &str) -> Option<Node<'a>> {
    shape.words.get(key).copied()
}

/// Levels of stability by what they promise; without one it is stable.
pub(super) fn stability(base: Option<Node<'_>>, head: Option<Node<'_>>) -> Option<&'static str> {
    let rank =
        |node: Option<Node<'_>>| match node.map(|node| node.value.as_str().unwrap_or_default()) {
            Some("draft") => Some(0),
            Some("alpha") => Some(1),
            Some("beta") => Some(2),
            Some("stable") | None => Some(3),
            Some(_) => None,
        };
    match (rank(base)?, rank(head)?) {
        (before, after) if after < before => Some("stability-decreased"),
        (before, after) if after > before => Some("stability-increased"),
        _ => None,
    }
}
