//! Which cards a change can reach, so that only these are made again.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::Card;
use transcript::escape;

/// From a node to the cards that it has a part in.
pub(super) struct Affected {
    /// Pointers of the operations, in the document's order.
    operations: Vec<String>,
    /// Operations by the pointers of the components that they reach.
    users: HashMap<String, BTreeSet<usize>>,
    /// Operations that take the document's security for theirs.
    inherits: BTreeSet<usize>,
}

impl Affected {
    pub fn of(document: &Value) -> Self {
        let mut affected = Affected {
            operations: Vec::new(),
            users: HashMap::new(),
            inherits: BTreeSet::new(),
        };
        for (number, entry) in crate::entries(document).enumerate() {
            let pointer = format!("/paths/{}/{}", escape(entry.path), entry.method);
            affected.operations.push(pointer);
            affected.secured(document, number, entry.value);
            let mut open = vec![entry.value, &entry.item["parameters"]];
            while let Some(value) = open.pop() {
                references(value, &mut |reference| {
                    let pointer = reference.trim_start_matches('#');
                    let users = affected.users.entry(pointer.to_owned()).or_default();
                    if users.insert(number) {
                        open.extend(document.pointer(pointer));
                    }
                });
            }
        }
        affected
    }

    /// Schemes are named by requirements rather than by references.
    fn secured(&mut self, document: &Value, number: usize, operation: &Value) {
        let own = operation.get("security");
        if own.is_none() {
            self.inherits.insert(number);
        }
        let listed = own.unwrap_or(&document["security"]).as_array();
        let requirements = listed.into_iter().flatten().filter_map(Value::as_object);
        for scheme in requirements.flat_map(|requirement| requirement.keys()) {
            let pointer = format!("/components/securitySchemes/{}", escape(scheme));
            self.users.entry(pointer).or_default().insert(number);
        }
    }

    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    /// The cards that show the node of a pointer, or something below it.
    pub fn cards(&self, pointer: &str) -> Vec<Card> {
        let all = 0..self.operations.len();
        let mut parts = pointer.split('/').skip(1);
        match (parts.next(), parts.next(), parts.next()) {
            (Some("components"), Some(section), Some(name)) => {
                let users = self.users.get(&format!("/components/{section}/{name}"));
                let users = users.into_iter().flatten().copied();
                users.map(Card::Operation).collect()
            }
            (Some("paths"), ..) => {
                let near = |other: &String| is_below(pointer, other) || is_below(other, pointer);
                let found = all.filter(|number| self.operations.get(*number).is_some_and(near));
                found.map(Card::Operation).collect()
            }
            (Some("security"), ..) => {
                let inherits = self.inherits.iter().copied();
                inherits
                    .map(Card::Operation)
                    .chain([Card::Service])
                    .collect()
            }
            _ => vec![Card::Service],
        }
    }
}

fn is_below(pointer: &str, ancestor: &str) -> bool {
    pointer
        .strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn references<'a>(value: &'a Value, each: &mut dyn FnMut(&'a str)) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                each(reference);
            }
            map.values().for_each(|value| references(value, each));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, each)),
        _ => {}
    }
}
