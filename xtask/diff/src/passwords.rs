//! `x-password-rule`: what a password must be made of.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::Level;
use super::walk::{Walk, changed};
use transcript::Node;

impl<'a> Walk<'a> {
    /// Both sides have a rule: each of its keys lets fewer passwords through than before, or more.
    pub fn password_rule(&mut self, level: &Level<'a>, base: Node<'a>, head: Node<'a>) {
        let keys = base.entries().chain(head.entries()).map(|(key, _)| key);
        for key in keys.collect::<BTreeSet<_>>() {
            if let Some((old, new)) = changed(base, head, key) {
                let value = |node: Option<Node<'a>>| node.map(|node| node.value);
                let name = match is_narrower(key, value(old), value(new)) {
                    Some(true) => "password-rule-narrowed",
                    Some(false) => "password-rule-widened",
                    None => "password-rule-changed",
                };
                let detail = format!("password rule {key}");
                self.report(level.found(name, &detail, old, new));
            }
        }
    }
}

/// Whether fewer passwords pass than before; nothing where some do, and some others do not any more.
fn is_narrower(key: &str, old: Option<&Value>, new: Option<&Value>) -> Option<bool> {
    let number = |value: Option<&Value>| match value {
        None => Some(None),
        Some(value) => value.as_f64().map(Some),
    };
    match key {
        // No limit is less than any, and nothing less than any number.
        "minLength" | "minClasses" => Some(number(old)? < number(new)?),
        "maxLength" => match (number(old)?, number(new)?) {
            (old, None) => Some(old.is_none()),
            (None, _) => Some(true),
            (old, new) => Some(new < old),
        },
        "classes" | "specials" => {
            let (old, new) = (members(old?)?, members(new?)?);
            match (new.is_subset(&old), old.is_subset(&new)) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The characters of a text, or the texts of a list.
fn members(value: &Value) -> Option<BTreeSet<String>> {
    match value {
        Value::String(text) => Some(text.chars().map(String::from).collect()),
        Value::Array(items) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect()
        }
        _ => None,
    }
}
