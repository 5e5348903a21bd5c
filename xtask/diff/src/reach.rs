//! Which components an operation reaches, and which of them are the same on both sides.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use transcript::{Document, METHODS, Node};

use super::side::Store;

const SCHEMAS: &str = "#/components/schemas/";

/// What is known of the references of both sides before anything is compared.
#[derive(Debug)]
pub(super) struct Reach<'a> {
    /// The documents of both sides: elsewhere such references mean something else.
    mains: [*const Document; 2],
    /// References, as they are written, whose whole content is the same on both sides.
    same: HashSet<&'a str>,
    /// Schemas that both requests and successes hold, on both sides: they have only optional fields in Rust.
    pub both_ways: HashSet<&'a str>,
    /// Schemas that become Rust types, before and after.
    pub types: [BTreeSet<&'a str>; 2],
}

impl<'a> Reach<'a> {
    pub fn new(base: &'a Store, head: &'a Store) -> Self {
        let ways = [ways(base), ways(head)];
        let types = [0, 1].map(|side| ways[side].0.union(&ways[side].1).copied().collect());
        let both = |side: usize| ways[side].0.intersection(&ways[side].1).copied();
        let after: HashSet<&str> = both(1).collect();
        Self {
            mains: [base, head].map(|store| std::ptr::from_ref(&store.main)),
            same: same(base, head),
            both_ways: both(0).filter(|name| after.contains(name)).collect(),
            types,
        }
    }

    /// Whether two nodes are written alike, and refer to nothing but what nobody has touched.
    pub fn is_same(&self, base: Node<'_>, head: Node<'_>) -> bool {
        let mains = [base, head].map(|node| std::ptr::from_ref(node.document()));
        mains == self.mains && base.value == head.value && self.is_untouched(base.value)
    }

    fn is_untouched(&self, value: &Value) -> bool {
        match value {
            Value::Object(map) => map.iter().all(|(key, value)| match value.as_str() {
                Some(reference) if key == "$ref" => self.same.contains(reference),
                _ => self.is_untouched(value),
            }),
            Value::Array(items) => items.iter().all(|item| self.is_untouched(item)),
            _ => true,
        }
    }
}

/// The names of the schemas that requests hold, and of those that successes hold.
fn ways(store: &Store) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    let items = store.main.root().get("paths");
    for (_, item) in items.into_iter().flat_map(Node::entries) {
        sent.extend(item.get("parameters"));
        for operation in METHODS.iter().filter_map(|method| item.get(method)) {
            sent.extend(operation.get("parameters"));
            sent.extend(operation.get("requestBody"));
            let responses = operation
                .get("responses")
                .into_iter()
                .flat_map(Node::entries);
            let successes = responses.filter(|(status, _)| status.starts_with('2'));
            received.extend(successes.map(|(_, response)| response));
        }
    }
    (schemas(store, sent), schemas(store, received))
}

/// The schemas that these nodes reach.
fn schemas<'a>(store: &'a Store, mut queue: Vec<Node<'a>>) -> BTreeSet<&'a str> {
    let (mut names, mut seen) = (BTreeSet::new(), HashSet::new());
    while let Some(node) = queue.pop() {
        for reference in references(node) {
            if seen.insert(reference) {
                names.extend(reference.strip_prefix(SCHEMAS));
                queue.extend(store.follow(store.main.root(), reference));
            }
        }
    }
    names
}

/// All references at any depth of a node.
fn references(node: Node<'_>) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut queue = vec![node.value];
    while let Some(value) = queue.pop() {
        if let Some(map) = value.as_object() {
            found.extend(map.get("$ref").and_then(|value| value.as_str()));
            queue.extend(map.values());
        }
        queue.extend(value.as_array().into_iter().flatten());
    }
    found
}

/// References to components that are equal on both sides, and that refer to nothing else than such.
fn same<'a>(base: &'a Store, head: &'a Store) -> HashSet<&'a str> {
    let before = components(base);
    let after: HashMap<String, Node<'a>> = components(head).into_iter().collect();
    let mut needs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, node) in before {
        if after
            .get(&name)
            .is_some_and(|other| other.value == node.value)
        {
            needs.insert(name, references(node));
        }
    }
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, references) in &needs {
        for reference in references {
            users.entry(reference).or_default().push(name);
        }
    }
    // What uses something that is not the same is not the same either.
    let mut queue: Vec<&str> = users
        .keys()
        .filter(|name| !needs.contains_key(**name))
        .copied()
        .collect();
    let mut touched: HashSet<&str> = HashSet::new();
    while let Some(name) = queue.pop() {
        if touched.insert(name) {
            queue.extend(users.get(name).into_iter().flatten());
        }
    }
    let all = references(base.main.root()).into_iter();
    all.filter(|name| needs.contains_key(*name) && !touched.contains(name))
        .collect()
}

/// Every component, by the reference that names it.
fn components(store: &Store) -> Vec<(String, Node<'_>)> {
    let kinds = store
        .main
        .root()
        .get("components")
        .into_iter()
        .flat_map(Node::entries);
    let named = kinds.flat_map(|(kind, names)| {
        let names = names.entries();
        names.map(move |(name, node)| (format!("#/components/{kind}/{name}"), node))
    });
    named.collect()
}
