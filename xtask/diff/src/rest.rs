//! What no rule about callers has explained: wording, examples, unused components, and anything else, key by key.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

use serde_json::Value;

use super::Verdict::{Additive, Breaking};
use super::paths::Matched;
use super::walk::{Found, Walk};
use transcript::{METHODS, Node};

/// Keys whose values are compared as a whole.
const WHOLE: [&str; 4] = ["example", "examples", "default", "enum"];

impl<'a> Walk<'a> {
    /// Compares the documents as they are written, in the pairs that were matched.
    pub fn rest(&mut self, matched: &Matched<'a>) {
        let (base, head) = (self.base.main.root(), self.head.main.root());
        let mut items = HashSet::new();
        for (old, new) in &matched.both {
            self.begin(&new.label());
            self.nodes(old.node, new.node, "");
            let item = (old.item.id(), new.item.id());
            if items.insert(item) {
                self.operation = None;
                self.entries(old.item, new.item, new.path, &METHODS);
            }
        }
        self.operation = None;
        self.empty_paths(base, head);
        self.entries(base, head, "", &["paths"]);
        let files = self.head.files();
        for (name, old) in self.base.files() {
            if let Some(new) = files.get(&name) {
                self.nodes(old.root(), new.root(), "");
            }
        }
    }

    /// Paths without a method that was matched: they come and go in silence otherwise.
    fn empty_paths(&mut self, base: Node<'a>, head: Node<'a>) {
        let of = |root: Node<'a>| {
            root.get("paths")
                .into_iter()
                .flat_map(Node::entries)
                .collect::<Vec<_>>()
        };
        let (before, after) = (of(base), of(head));
        let has_none = |item: &Node<'a>| METHODS.iter().all(|method| item.get(method).is_none());
        for (path, old) in before.iter().filter(|(_, item)| has_none(item)) {
            match after.iter().find(|(other, _)| other == path) {
                Some((_, new)) => self.nodes(*old, *new, path),
                None => self.leftover(path, Some(*old), None),
            }
        }
        for (path, new) in after.iter().filter(|(_, item)| has_none(item)) {
            if before.iter().all(|(other, _)| other != path) {
                self.leftover(path, None, Some(*new));
            }
        }
    }

    fn nodes(&mut self, base: Node<'a>, head: Node<'a>, path: &str) {
        if base.value == head.value || self.is_claimed(base) || self.is_claimed(head) {
            return;
        }
        let whole = is_whole(path);
        match (base.value, head.value) {
            (Value::Object(_), Value::Object(_)) if !whole => self.entries(base, head, path, &[]),
            (Value::Array(_), Value::Array(_)) if !whole => self.items(base, head, path),
            _ => self.leftover(path, Some(base), Some(head)),
        }
    }

    fn entries(&mut self, base: Node<'a>, head: Node<'a>, path: &str, except: &[&str]) {
        for (key, old) in base.entries().filter(|(key, _)| !except.contains(key)) {
            let path = join(path, key);
            match head.get(key) {
                Some(new) => self.nodes(old, new, &path),
                None => self.one_sided(&path, old, true),
            }
        }
        for (key, new) in head.entries().filter(|(key, _)| !except.contains(key)) {
            if base.get(key).is_none() {
                self.one_sided(&join(path, key), new, false);
            }
        }
    }

    /// What only one side has: as a whole, unless part of it is explained, or it is a list of components.
    fn one_sided(&mut self, path: &str, node: Node<'a>, old: bool) {
        let is_list =
            path == "components" || path.starts_with("components.") && path.split('.').count() == 2;
        if self.is_claimed(node) {
            return;
        }
        if is_whole(path) || !(is_list || self.is_partly_claimed(node)) {
            let (base, head) = if old {
                (Some(node), None)
            } else {
                (None, Some(node))
            };
            return self.leftover(path, base, head);
        }
        for (key, child) in node.entries() {
            self.one_sided(&join(path, key), child, old);
        }
        for child in node.items() {
            self.one_sided(path, child, old);
        }
    }

    fn is_partly_claimed(&self, node: Node<'a>) -> bool {
        self.is_claimed(node)
            || node
                .entries()
                .any(|(_, child)| self.is_partly_claimed(child))
            || node.items().any(|child| self.is_partly_claimed(child))
    }

    /// Lists, in any order: equal items first, then those of one name, then what is left, in turn.
    fn items(&mut self, base: Node<'a>, head: Node<'a>, path: &str) {
        let (mut before, mut after): (Vec<_>, Vec<_>) =
            (base.items().collect(), head.items().collect());
        let mut both = pairs(&mut before, &mut after, |node| Some(node.value));
        both.extend(pairs(&mut before, &mut after, name));
        both.extend(pairs(&mut before, &mut after, |node| {
            name(node).is_none().then_some(node.value.is_object())
        }));
        for (old, new) in both {
            self.nodes(old, new, path);
        }
        // Those whose new name is explained: variables of a path.
        before.retain(|old| {
            let renamed = |node: &Node<'a>| {
                let name = node.get("name");
                name.is_some_and(|name| self.is_claimed(name))
            };
            let new = renamed(old)
                .then(|| after.iter().position(renamed))
                .flatten();
            let new = new.map(|at| after.remove(at));
            if let Some(new) = new {
                self.nodes(*old, new, path);
            }
            new.is_none()
        });
        before
            .into_iter()
            .for_each(|old| self.one_sided(path, old, true));
        after
            .into_iter()
            .for_each(|new| self.one_sided(path, new, false));
    }

    fn leftover(&mut self, path: &str, base: Option<Node<'a>>, head: Option<Node<'a>>) {
        if base
            .into_iter()
            .chain(head)
            .any(|node| self.is_claimed(node))
        {
            return;
        }
        let rule = rule(path, base, head);
        let mut found = Found::new(rule, path, base, head);
        if let Some(name) = path
            .strip_prefix("components.schemas.")
            .filter(|name| !name.contains('.'))
        {
            let used = |side: usize| self.reach.types[side].contains(name);
            found = match rule {
                "api-schema-added" if used(1) => found.rust(Additive),
                "api-schema-removed" if used(0) => found.rust(Breaking),
                _ => found,
            };
        }
        if rule.ends_with("-added") || rule.ends_with("-removed") {
            // The content would be the whole component.
            let name = path.rsplit('.').next().unwrap_or(path);
            let value = |node: Option<Node<'_>>| node.map_or(Value::Null, |_| Value::from(name));
            found = found.values(value(base), value(head));
        }
        self.report(found);
    }
}

/// Takes out of both lists what has the same key, in turn.
fn pairs<'a, K: Eq + Hash>(
    before: &mut Vec<Node<'a>>,
    after: &mut Vec<Node<'a>>,
    key: impl Fn(Node<'a>) -> Option<K>,
) -> Vec<(Node<'a>, Node<'a>)> {
    let mut known: HashMap<K, VecDeque<Node<'a>>> = HashMap::new();
    for new in after.iter() {
        if let Some(key) = key(*new) {
            known.entry(key).or_default().push_back(*new);
        }
    }
    let mut pairs = Vec::new();
    before.retain(|old| {
        let new = key(*old).and_then(|key| known.get_mut(&key)?.pop_front());
        pairs.extend(new.map(|new| (*old, new)));
        new.is_none()
    });
    let taken: HashSet<usize> = pairs.iter().map(|(_, new)| new.id()).collect();
    after.retain(|new| !taken.contains(&new.id()));
    pairs
}

/// Whether a value is compared as one; fields and answers may have the names of such keys.
fn is_whole(path: &str) -> bool {
    let mut keys = path.rsplit('.');
    let key = keys.next().unwrap_or(path);
    let named = matches!(
        keys.next(),
        Some("properties" | "responses" | "schemas" | "headers" | "parameters")
    );
    !named && (WHOLE.contains(&key) || key.starts_with("x-"))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// What an item of a list is recognized by.
fn name(node: Node<'_>) -> Option<&str> {
    ["$ref", "name", "url", "title"]
        .iter()
        .find_map(|key| node.text(key))
}

fn rule(path: &str, base: Option<Node<'_>>, head: Option<Node<'_>>) -> &'static str {
    let mut keys = path.split('.');
    let first = keys.next().unwrap_or_default();
    let kind = keys.next();
    let depth = path.split('.').count();
    let last = path.rsplit('.').next().unwrap_or(path);
    if first == "components" && depth == 3 && (base.is_none() || head.is_none()) {
        return match (kind == Some("schemas"), base.is_none()) {
            (true, true) => "api-schema-added",
            (true, false) => "api-schema-removed",
            (false, true) => "component-added",
            (false, false) => "component-removed",
        };
    }
    if path
        .split('.')
        .any(|key| key == "example" || key == "examples")
    {
        return "example-changed";
    }
    match last {
        "x-page-date" | "x-source" => "page-changed",
        _ if path.split('.').any(|key| key == "externalDocs") => "page-changed",
        "description" | "summary" | "title" | "x-enum-descriptions" if first != "info" => {
            "description-changed"
        }
        _ if last.starts_with("x-") => "extension-changed",
        _ if matches!(first, "info" | "tags" | "openapi") => "info-changed",
        _ => "other-changed",
    }
}
