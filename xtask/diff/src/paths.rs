//! Operations, and which of one document is which of the other.

use std::collections::{HashMap, HashSet};

use super::side::Store;
use super::walk::Walk;
use transcript::{METHODS, Node};

/// One operation of one side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'a> {
    pub path: &'a str,
    pub method: &'static str,
    /// The path item.
    pub item: Node<'a>,
    /// The operation object.
    pub node: Node<'a>,
}

impl<'a> Operation<'a> {
    /// `GET /path`.
    pub fn label(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }

    /// The variables of the path, in its order.
    pub fn variables(&self) -> impl Iterator<Item = &'a str> {
        let parts = self.path.split('{').skip(1);
        parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
    }

    /// The path without the names of its variables: `/a/{id}` and `/a/{device_id}` are one.
    pub fn route(&self) -> (&'static str, String) {
        (self.method, anonymous(self.path))
    }
}

fn anonymous(path: &str) -> String {
    let mut route = String::new();
    for (index, part) in path.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, after)) if index > 0 => {
                route.push_str("{}");
                route.push_str(after);
            }
            _ => route.push_str(part),
        }
    }
    route
}

/// Operations of both sides.
#[derive(Debug, Default)]
pub(super) struct Matched<'a> {
    pub both: Vec<(Operation<'a>, Operation<'a>)>,
    pub gone: Vec<Operation<'a>>,
    pub new: Vec<Operation<'a>>,
}

impl<'a> Matched<'a> {
    /// By path, then by path without names, then by `operationId`.
    pub fn of(mut base: Vec<Operation<'a>>, mut head: Vec<Operation<'a>>) -> Matched<'a> {
        let mut both = Vec::new();
        pair(&mut base, &mut head, &mut both, |operation| {
            Some((operation.method, operation.path.to_owned()))
        });
        pair(&mut base, &mut head, &mut both, |operation| {
            Some(operation.route())
        });
        pair(&mut base, &mut head, &mut both, |operation| {
            Some(("", operation.node.text("operationId")?.to_owned()))
        });
        Matched {
            both,
            gone: base,
            new: head,
        }
    }
}

type Key = (&'static str, String);

/// Moves the operations with equal keys from both lists into pairs.
fn pair<'a>(
    base: &mut Vec<Operation<'a>>,
    head: &mut Vec<Operation<'a>>,
    both: &mut Vec<(Operation<'a>, Operation<'a>)>,
    key: impl Fn(&Operation<'a>) -> Option<Key>,
) {
    let mut known: HashMap<Key, Vec<Operation<'a>>> = HashMap::new();
    for operation in head.iter().rev() {
        if let Some(key) = key(operation) {
            known.entry(key).or_default().push(*operation);
        }
    }
    base.retain(|before| {
        let after = key(before)
            .and_then(|key| known.get_mut(&key))
            .and_then(Vec::pop);
        both.extend(after.map(|after| (*before, after)));
        after.is_none()
    });
    let taken: HashSet<usize> = both.iter().map(|(_, after)| after.node.id()).collect();
    head.retain(|operation| !taken.contains(&operation.node.id()));
}

impl<'a> Walk<'a> {
    /// The operations below a mapping of path items: `paths`, `webhooks`, or a callback.
    pub fn operations(&mut self, store: &'a Store, items: Option<Node<'a>>) -> Vec<Operation<'a>> {
        let mut operations = Vec::new();
        for (path, item) in items.into_iter().flat_map(Node::entries) {
            if let Some(item) = self.target(store, item) {
                operations.extend(METHODS.into_iter().filter_map(|method| {
                    let node = item.get(method)?;
                    Some(Operation {
                        path,
                        method,
                        item,
                        node,
                    })
                }));
            }
        }
        operations
    }
}
