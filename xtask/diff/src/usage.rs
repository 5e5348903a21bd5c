//! The operations that use a component, and whether they send or receive it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::Value;
use transcript::escape;

/// The uses of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// It is sent as a parameter, so as text.
    pub parameter: bool,
    /// It is sent in a body, or says how requests are made.
    pub request: bool,
    /// It is received.
    pub answer: bool,
    /// `GET /path` of each operation.
    pub operations: BTreeSet<Rc<str>>,
    /// `operationId` of each.
    pub ids: BTreeSet<String>,
}

impl Usage {
    /// Whether it includes the other usage.
    pub fn has(&self, other: &Usage) -> bool {
        let roles = |usage: &Usage| [usage.parameter, usage.request, usage.answer];
        let mut pairs = roles(self).into_iter().zip(roles(other));
        let roles = pairs.all(|(own, other)| own || !other);
        roles && self.operations.is_superset(&other.operations)
    }

    /// Adds the other usage.
    pub fn join(&mut self, other: &Usage) {
        self.parameter |= other.parameter;
        self.request |= other.request;
        self.answer |= other.answer;
        self.operations.extend(other.operations.iter().cloned());
        self.ids.extend(other.ids.iter().cloned());
    }
}

/// Usage by reference, such as `#/components/schemas/Device`.
pub type Usages = BTreeMap<String, Usage>;

/// Adds the usage of all references of an operation, and of its security schemes.
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
