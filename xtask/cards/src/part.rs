//! Splits a document into parts: the service, its operations and its components. A card shows the facts of one part.

use serde_json::{Value, json};

use super::keys::{Keys, is_opaque, is_wording, label};
use super::values::{component, items, shown, without};
use transcript::{METHODS, escape};

/// The subject of a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The service, with its addresses, chapters, security and error codes.
    Service,
    /// An operation.
    Operation {
        /// The path template.
        path: String,
        /// The HTTP method, in lower case.
        method: String,
    },
    /// A component.
    Component {
        /// The section below `components`, such as `schemas`.
        section: String,
        /// The name of the component.
        name: String,
    },
}

/// A part of a document, with references but without their targets. So a card does not show the facts of other parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The subject.
    pub subject: Subject,
    /// The value of the part in the document.
    pub value: Value,
}

impl Part {
    /// Returns the JSON pointer of the part in its document.
    pub fn pointer(&self) -> String {
        match &self.subject {
            Subject::Service => String::new(),
            Subject::Operation { path, method } => format!("/paths/{}/{method}", escape(path)),
            Subject::Component { section, name } => {
                format!("/components/{section}/{}", escape(name))
            }
        }
    }

    /// Returns the name of the part on its card.
    pub fn name(&self) -> String {
        match &self.subject {
            Subject::Service => "service".to_owned(),
            Subject::Operation { path, method } => match &self.value["operationId"] {
                Value::String(id) => id.clone(),
                _ => format!("{} {path}", method.to_uppercase()),
            },
            Subject::Component { name, .. } => name.clone(),
        }
    }
}

/// Returns all parts of a document. The part of the service contains everything outside of operations and components.
pub fn parts(document: &Value) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut service = without(document, &["paths", "components"]);
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, value) in item.as_object().into_iter().flatten() {
            let (path, method) = (path.clone(), method.clone());
            if METHODS.contains(&method.as_str()) {
                let subject = Subject::Operation { path, method };
                let value = value.clone();
                parts.push(Part { subject, value });
            } else {
                service["paths"][path][method] = value.clone();
            }
        }
    }
    for (section, entries) in document["components"].as_object().into_iter().flatten() {
        for (name, value) in entries.as_object().into_iter().flatten() {
            let (section, name) = (section.clone(), name.clone());
            let subject = Subject::Component { section, name };
            let value = value.clone();
            parts.push(Part { subject, value });
        }
    }
    let (subject, value) = (Subject::Service, service);
    parts.push(Part { subject, value });
    parts
}

/// A node of a part.
pub struct Spot<'a> {
    /// The JSON pointer within the part.
    pub pointer: String,
    /// The names on the path to the node, such as `create_device`, `request`, `tags`. `service` is omitted.
    pub words: Vec<String>,
    /// The kind of the keys of the object that contains the node.
    pub holder: Keys,
    /// The kind of the keys in the node itself.
    pub keys: Keys,
    /// The key of the node. An element of a list has the key of its list.
    pub key: &'a str,
    /// The value of the node.
    pub value: &'a Value,
    /// `true` if the node is an element of a list.
    pub listed: bool,
    /// The number of `words` that belong to the parent: the object or list that contains the node.
    pub above: usize,
}

impl Part {
    /// Calls `each` for every node, except for explanations. A node comes before the nodes below it.
    pub fn walk<'a>(&'a self, each: &mut dyn FnMut(&Spot<'a>)) {
        // A server, a chapter or an error code has its own name. So the name `service` is omitted.
        let words = match self.subject {
            Subject::Service => vec![],
            _ => vec![self.name()],
        };
        let root = Spot {
            pointer: String::new(),
            words,
            holder: Keys::Names,
            keys: Keys::Grammar,
            key: "",
            value: &self.value,
            listed: false,
            above: 0,
        };
        each(&root);
        below(&root, each);
    }
}

fn below<'a>(spot: &Spot<'a>, each: &mut dyn FnMut(&Spot<'a>)) {
    let mut visit = |segment: &str, words: &[String], key: &'a str, keys, value: &'a Value| {
        let child = Spot {
            pointer: format!("{}/{}", spot.pointer, escape(segment)),
            words: spot.words.iter().chain(words).cloned().collect(),
            holder: spot.keys,
            keys,
            key,
            value,
            listed: spot.value.is_array(),
            above: spot.words.len(),
        };
        each(&child);
        below(&child, each);
    };
    for (key, value) in spot.value.as_object().into_iter().flatten() {
        let is_name = spot.keys != Keys::Grammar;
        // `words` contains no media type, because most bodies have only one media type.
        let words = match (is_name, key.as_str()) {
            (true, _) if spot.key == "content" => vec![],
            (true, name) => vec![name.to_owned()],
            (false, key) if key == "requestBody" || (is_opaque(key) && key != "value") => {
                vec![label(key).to_owned()]
            }
            _ => vec![],
        };
        if is_name || !is_wording(key) {
            visit(key, &words, key, spot.keys.below(key), value);
        }
    }
    for (number, item) in items(spot.value).enumerate() {
        let is_named = spot.keys == Keys::Grammar && spot.key != "allOf";
        let words: Vec<String> = named(item).into_iter().filter(|_| is_named).collect();
        visit(&number.to_string(), &words, spot.key, spot.keys, item);
    }
}

/// Returns the name of an element of a list, or `None` if the element has no name.
fn named(item: &Value) -> Option<String> {
    let reference = item["$ref"].as_str().map(|to| json!(component(to)));
    let keys = ["name", "url", "codes"].iter();
    let name = reference.or_else(|| keys.filter_map(|key| item.get(key)).next().cloned());
    let name = name.filter(|_| item.is_object())?;
    Some(shown(name.get(0).unwrap_or(&name)))
}
