//! One operation: what is said of it beside its parameters and bodies.

use serde_json::Value;

use super::keywords::stability;
use super::paths::{Matched, Operation};
use super::walk::{Found, Walk, action, changed};
use huaweicloud_openapi::is_safe;
use transcript::Node;

impl<'a> Walk<'a> {
    /// Operations that both sides have, and those that one has.
    pub fn matched(&mut self, matched: &Matched<'a>) {
        for (base, head) in &matched.both {
            self.begin(&head.label());
            self.operation(base, head);
        }
        for gone in &matched.gone {
            self.begin(&gone.label());
            let rule = match gone.node.is("deprecated") {
                true => "api-removed-with-deprecation",
                false => "api-removed-without-deprecation",
            };
            let found = Found::new(rule, "operation", Some(gone.node), None);
            self.report(found.values(name(gone), Value::Null));
        }
        for new in &matched.new {
            self.begin(&new.label());
            let found = Found::new("endpoint-added", "operation", None, Some(new.node));
            self.report(found.values(Value::Null, name(new)));
        }
        self.operation = None;
    }

    /// One operation, from its name to its answers.
    pub fn operation(&mut self, base: &Operation<'a>, head: &Operation<'a>) {
        self.identity(base, head);
        self.tags(base.node, head.node);
        self.lifetime(base.node, head.node);
        self.helpers(base, head);
        self.security(base.node, head.node);
        for pair in [(base.item, head.item), (base.node, head.node)] {
            self.servers(pair.0, pair.1);
        }
        self.parameters(base, head);
        self.request_body(base.node, head.node);
        self.responses(base.node, head.node);
        self.callbacks(base.node, head.node);
    }

    fn identity(&mut self, base: &Operation<'a>, head: &Operation<'a>) {
        if base.route() != head.route() {
            let found = Found::new("endpoint-moved", "operation", None, None);
            // What is below the operation is compared, so it is not held for explained.
            self.report_at(found.values(base.label(), head.label()), head.node);
        }
        if let Some((old, new)) = changed(base.node, head.node, "operationId") {
            let rule = format!("api-operation-id-{}", action(old, new));
            self.report(Found::new(rule, "operationId", old, new));
        }
    }

    fn tags(&mut self, base: Node<'a>, head: Node<'a>) {
        let tags = |node: Node<'a>| {
            node.get("tags")
                .into_iter()
                .flat_map(Node::items)
                .collect::<Vec<_>>()
        };
        let (before, after) = (tags(base), tags(head));
        let lacks = |list: &[Node<'a>], tag: Option<&Node<'a>>| {
            tag.is_some_and(|tag| list.iter().all(|other| other.value != tag.value))
        };
        let first = (before.first(), after.first());
        if first.0.map(|tag| tag.value) != first.1.map(|tag| tag.value) {
            self.report(Found::new(
                "api-chapter-changed",
                "first tag",
                first.0.copied(),
                first.1.copied(),
            ));
        }
        for gone in before.iter().skip(1).filter(|tag| lacks(&after, Some(tag))) {
            self.report(Found::new("api-tag-removed", "tag", Some(*gone), None));
        }
        for new in after.iter().skip(1).filter(|tag| lacks(&before, Some(tag))) {
            self.report(Found::new("api-tag-added", "tag", None, Some(*new)));
        }
    }

    fn lifetime(&mut self, base: Node<'a>, head: Node<'a>) {
        if base.is("deprecated") != head.is("deprecated") {
            let rule = if head.is("deprecated") {
                "endpoint-deprecated"
            } else {
                "endpoint-reactivated"
            };
            self.report(Found::new(
                rule,
                "deprecated",
                base.get("deprecated"),
                head.get("deprecated"),
            ));
        }
        if let Some((old, new)) = changed(base, head, "x-sunset") {
            let later = old
                .zip(new)
                .is_some_and(|(old, new)| new.value.as_str() > old.value.as_str());
            let rule = match action(old, new) {
                "added" => "sunset-added",
                "removed" => "sunset-deleted",
                _ if later => "sunset-date-later",
                _ => "sunset-date-earlier",
            };
            self.report(Found::new(rule, "sunset", old, new));
        }
        let key = "x-stability-level";
        let levels = (base.get(key), head.get(key));
        if let Some(name) = stability(levels.0, levels.1) {
            self.report(Found::new(
                format!("api-{name}"),
                "stability",
                levels.0,
                levels.1,
            ));
        }
    }

    /// What the generated client does by itself: repeat, page, wait.
    fn helpers(&mut self, base: &Operation<'a>, head: &Operation<'a>) {
        let safe = |operation: &Operation<'a>| is_safe(operation.method, operation.node.value);
        let word = |safe: bool| if safe { "safe" } else { "unsafe" };
        let (before, after) = (safe(base), safe(head));
        if before != after {
            let nodes = (base.node.get("x-retry"), head.node.get("x-retry"));
            let found = Found::new("retry-changed", "x-retry", nodes.0, nodes.1);
            self.report(found.values(word(before), word(after)));
        }
        for (key, name) in [("x-pagination", "pagination"), ("x-waiter", "waiter")] {
            if let Some((old, new)) = changed(base.node, head.node, key) {
                self.report(Found::new(
                    format!("{name}-{}", action(old, new)),
                    key,
                    old,
                    new,
                ));
            }
        }
    }

    /// Callbacks are requests that the caller answers, so everything is the other way round.
    fn callbacks(&mut self, base: Node<'a>, head: Node<'a>) {
        let rustless = std::mem::replace(&mut self.rustless, true);
        let of = |node: Node<'a>| {
            node.get("callbacks")
                .into_iter()
                .flat_map(Node::entries)
                .collect::<Vec<_>>()
        };
        let (before, after) = (of(base), of(head));
        for (name, old) in &before {
            let Some((_, new)) = after.iter().find(|(other, _)| other == name) else {
                self.report(
                    Found::new("callback-removed", "callback", Some(*old), None)
                        .values(*name, Value::Null),
                );
                continue;
            };
            self.turned(*old, *new);
        }
        for (name, new) in after
            .iter()
            .filter(|(name, _)| before.iter().all(|(other, _)| other != name))
        {
            self.report(
                Found::new("callback-added", "callback", None, Some(*new))
                    .values(Value::Null, *name),
            );
        }
        self.rustless = rustless;
    }

    /// Path items whose requests the caller receives.
    fn turned(&mut self, base: Node<'a>, head: Node<'a>) {
        let (Some(base), Some(head)) = (self.target(self.base, base), self.target(self.head, head))
        else {
            return;
        };
        let before = self.operations(self.base, Some(base));
        let after = self.operations(self.head, Some(head));
        let matched = Matched::of(before, after);
        for (base, head) in &matched.both {
            self.turned_bodies(base.node, head.node);
        }
        for gone in matched.gone {
            let found = Found::new("callback-removed", "callback", Some(gone.node), None);
            self.report(found.values(gone.label(), Value::Null));
        }
        for new in matched.new {
            let found = Found::new("callback-added", "callback", None, Some(new.node));
            self.report(found.values(Value::Null, new.label()));
        }
    }

    /// `webhooks` of OpenAPI 3.1.
    pub fn webhooks(&mut self) {
        let hooks = (
            self.base.main.root().get("webhooks"),
            self.head.main.root().get("webhooks"),
        );
        let before = self.operations(self.base, hooks.0);
        let after = self.operations(self.head, hooks.1);
        let matched = Matched::of(before, after);
        self.rustless = true;
        for (base, head) in &matched.both {
            self.begin(&format!("webhook {}", head.label()));
            self.turned_bodies(base.node, head.node);
        }
        self.operation = None;
        for gone in matched.gone {
            let found = Found::new("webhook-removed", "webhook", Some(gone.node), None);
            self.report(found.values(gone.label(), Value::Null));
        }
        for new in matched.new {
            let found = Found::new("webhook-added", "webhook", None, Some(new.node));
            self.report(found.values(Value::Null, new.label()));
        }
        self.rustless = false;
    }
}

/// What an operation is called.
fn name(operation: &Operation<'_>) -> String {
    operation
        .node
        .text("operationId")
        .map_or_else(|| operation.label(), str::to_owned)
}
