//! Addresses of a service, a path or an operation.

use serde_json::Value;

use super::walk::{Found, Walk, changed};
use transcript::Node;

impl<'a> Walk<'a> {
    /// The `servers` of two nodes.
    pub fn servers(&mut self, base: Node<'a>, head: Node<'a>) {
        let of = |node: Node<'a>| {
            node.get("servers")
                .into_iter()
                .flat_map(Node::items)
                .collect::<Vec<_>>()
        };
        let (before, mut after) = (of(base), of(head));
        for old in before {
            let url = old.text("url");
            // The same address may be listed twice.
            match after.iter().position(|new| new.text("url") == url) {
                Some(at) => self.server(old, after.remove(at)),
                None => {
                    let found = Found::new("server-removed", "server", Some(old), None);
                    self.report(found.values(url, Value::Null));
                }
            }
        }
        for new in after {
            let found = Found::new("server-added", "server", None, Some(new));
            self.report(found.values(Value::Null, new.text("url")));
        }
    }

    fn server(&mut self, old: Node<'a>, new: Node<'a>) {
        if let Some((before, after)) = changed(old, new, "x-cloud") {
            self.report(Found::new("server-cloud-changed", "server", before, after));
        }
        let regions = |node: Node<'a>| node.get("x-regions");
        if let (Some(before), Some(after)) = (regions(old), regions(new)) {
            self.values("server-region", "server regions", before, after);
        }
        let variables = old.get("variables").into_iter().flat_map(Node::entries);
        for (name, before) in variables {
            let Some(after) = new
                .get("variables")
                .and_then(|variables| variables.get(name))
            else {
                continue;
            };
            let subject = format!("server variable `{name}`");
            if let Some((before, after)) = changed(before, after, "default") {
                self.report(Found::new(
                    "server-variable-default-changed",
                    subject.clone(),
                    before,
                    after,
                ));
            }
            self.variable(&subject, before.get("enum"), after.get("enum"));
        }
    }

    /// The values that a variable may have; without a list, all.
    fn variable(&mut self, subject: &str, base: Option<Node<'a>>, head: Option<Node<'a>>) {
        let (base, head) = match (base, head) {
            (None, None) => return,
            (Some(base), Some(head)) => (base, head),
            (base, head) => {
                let rule = if head.is_some() { "removed" } else { "added" };
                let found =
                    Found::new(format!("server-variable-value-{rule}"), subject, base, head);
                return self.report(found);
            }
        };
        self.values("server-variable-value", subject, base, head);
    }

    /// What one of two lists has, and the other lacks.
    fn values(&mut self, rule: &str, subject: &str, base: Node<'a>, head: Node<'a>) {
        let lacks =
            |list: Node<'a>, item: Node<'a>| list.items().all(|other| other.value != item.value);
        for gone in base.items().filter(|item| lacks(head, *item)) {
            self.report(Found::new(
                format!("{rule}-removed"),
                subject,
                Some(gone),
                None,
            ));
        }
        for new in head.items().filter(|item| lacks(base, *item)) {
            self.report(Found::new(
                format!("{rule}-added"),
                subject,
                None,
                Some(new),
            ));
        }
    }
}
