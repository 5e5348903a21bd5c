//! Limits: what lets fewer values through, or more.

use serde_json::Value;

use super::schema::Level;
use super::shape::{Limit, Shape};
use super::table::CONSTRAINTS;
use super::walk::{Walk, action};
use transcript::Node;

/// Sizes: the keyword, and its name in rules.
const SIZES: [(&str, &str); 8] = [
    ("maxLength", "max-length"),
    ("minLength", "min-length"),
    ("maxItems", "max-items"),
    ("minItems", "min-items"),
    ("maxProperties", "max-properties"),
    ("minProperties", "min-properties"),
    ("maxContains", "max-contains"),
    ("minContains", "min-contains"),
];

impl<'a> Walk<'a> {
    /// Everything that limits a value.
    pub fn limits(&mut self, level: &Level<'a>) {
        let (base, head) = (&*level.base, &*level.head);
        self.bound(level, "min", base.lower, head.lower);
        self.bound(level, "max", base.upper, head.upper);
        for (keyword, name) in SIZES {
            self.size(level, keyword, name);
        }
        for (keyword, name) in CONSTRAINTS {
            let (before, after) = (constraint(base, keyword), constraint(head, keyword));
            if let ("x-password-rule", Some(before), Some(after)) = (keyword, before, after)
                && before.value.is_object()
                && after.value.is_object()
            {
                self.password_rule(level, before, after);
                continue;
            }
            let values = (before.map(|node| node.value), after.map(|node| node.value));
            if values.0 != values.1 {
                let name = format!("{name}-{}", action(before, after));
                self.report(level.found(&name, keyword, before, after));
            }
        }
    }

    fn bound(
        &mut self,
        level: &Level<'a>,
        name: &str,
        base: Option<Limit<'a>>,
        head: Option<Limit<'a>>,
    ) {
        let Some(last) = head.or(base) else {
            return;
        };
        let (action, limit) = match (base, head) {
            (None, _) => ("set", last),
            (_, None) => ("unset", last),
            (Some(base), Some(head)) if head.number > base.number => ("increased", head),
            (Some(base), Some(head)) if head.number < base.number => ("decreased", head),
            (Some(base), Some(head)) if head.exclusive && !base.exclusive => ("set", head),
            (Some(base), Some(head)) if base.exclusive && !head.exclusive => ("unset", base),
            _ => return,
        };
        for flag in base
            .and_then(|base| base.flag)
            .into_iter()
            .chain(head.and_then(|head| head.flag))
        {
            self.claim(flag);
        }
        let exclusive = if limit.exclusive { "exclusive-" } else { "" };
        let keyword = if name == "min" { "minimum" } else { "maximum" };
        let rule = format!("{exclusive}{name}-{action}");
        let nodes = (base.map(|base| base.node), head.map(|head| head.node));
        self.report(level.found(&rule, keyword, nodes.0, nodes.1));
    }

    fn size(&mut self, level: &Level<'a>, keyword: &str, name: &str) {
        let size = |shape: &Shape<'a>| {
            let node = shape.words.get(keyword).copied()?;
            let size = node.value.as_f64()?;
            // A minimum of nothing is no limit.
            (keyword.starts_with("max") || size > 0.0).then_some((node, size))
        };
        let (base, head) = (size(&level.base), size(&level.head));
        let action = match (base, head) {
            (None, Some(_)) => "set",
            (Some(_), None) => "unset",
            (Some((_, before)), Some((_, after))) if after > before => "increased",
            (Some((_, before)), Some((_, after))) if after < before => "decreased",
            _ => return,
        };
        let nodes = (base.map(|(node, _)| node), head.map(|(node, _)| node));
        self.report(level.found(&format!("{name}-{action}"), keyword, nodes.0, nodes.1));
    }
}

/// A keyword, unless it lets everything through.
fn constraint<'a>(shape: &Shape<'a>, keyword: &str) -> Option<Node<'a>> {
    let node = shape.words.get(keyword).copied()?;
    let free = match (keyword, node.value) {
        ("uniqueItems", Value::Bool(unique)) => !unique,
        ("pattern", Value::String(pattern)) => matches!(pattern.as_str(), "" | ".*" | "^.*$"),
        ("unevaluatedItems" | "unevaluatedProperties", Value::Bool(allowed)) => *allowed,
        _ => false,
    };
    (!free).then_some(node)
}
