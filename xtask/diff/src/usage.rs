//! Finds the operations that use a component, and whether clients send or receive the component.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::Value;
use transcript::escape;

/// Whether clients send or receive a value, and the operations that use the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Whether clients send the value as a parameter, and so as a string.
    pub parameter: bool,
    /// Whether clients send the value in a body, or the value describes how clients make requests.
    pub request: bool,
    /// Whether clients receive the value.
    pub answer: bool,
    /// The operations that use the value, such as `GET /path`.
    pub operations: BTreeSet<Rc<str>>,
    /// The old and the new `operationId` of each operation.
    pub ids: BTreeSet<String>,
}

impl Usage {
    /// Returns whether `self` includes the roles (`parameter`, `request`, `answer`) and the operations of `other`.
    pub fn has(&self, other: &Usage) -> bool {
        let roles = |usage: &Usage| [usage.parameter, usage.request, usage.answer];
        let mut pairs = roles(self).into_iter().zip(roles(other));
        let roles = pairs.all(|(own, other)| own || !other);
        roles && self.operations.is_superset(&other.operations)
    }

    pub fn join(&mut self, other: &Usage) {
        self.parameter |= other.parameter;
        self.request |= other.request;
        self.answer |= other.answer;
        self.operations.extend(other.operations.iter().cloned());
        self.ids.extend(other.ids.iter().cloned());
    }
}

/// The usage of each component, by reference, such as `#/components/schemas/Device`.
pub type Usages = BTreeMap<String, Usage>;

/// Adds the usage of an operation to its security schemes, and to all components that it uses directly or indirectly.
pub fn collect(document: &Value, operation: &Value, own: &Usage, usages: &mut Usages) {
    let security = operation.get("security").or(document.get("security"));
    for way in security.and_then(Value::as_array).into_iter().flatten() {
        for (scheme, _) in way.as_object().into_iter().flatten() {
            let reference = format!("#/components/securitySchemes/{}", escape(scheme));
            usages.entry(reference).or_default().join(own);
        }
    }
    let roles = [
        ("parameters", own.clone(), 0),
        ("requestBody", own.clone(), 1),
        ("responses", own.clone(), 2),
    ];
    for (key, mut usage, role) in roles {
        (usage.parameter, usage.request, usage.answer) = (role == 0, role == 1, role == 2);
        let mut seen = HashSet::new();
        let mut queue: Vec<&Value> = operation.get(key).into_iter().collect();
        while let Some(value) = queue.pop() {
            if let Some(reference) = value.get("$ref").and_then(Value::as_str)
                && seen.insert(reference)
            {
                usages.entry(reference.to_owned()).or_default().join(&usage);
                let pointer = reference.strip_prefix('#').unwrap_or_default();
                queue.extend(document.pointer(pointer));
            }
            match value {
                Value::Object(map) => queue.extend(map.values()),
                Value::Array(items) => queue.extend(items),
                _ => {}
            }
        }
    }
}
