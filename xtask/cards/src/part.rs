//! The parts of a document that have a card of their own.

use serde_json::{Value, json};

use super::keys::{Keys, is_opaque, is_wording, label};
use super::values::{component, items, shown, without};
use transcript::{METHODS, escape};

/// The subject of a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The service: its addresses, chapters, security and error codes.
    Service,
    /// An operation.
    Operation {
        /// Its path.
        path: String,
        /// Its method, in lower case.
        method: String,
    },
    /// A component.
    Component {
        /// The key below `components`: `schemas`.
        section: String,
        /// Its name.
        name: String,
    },
}

/// One part of a document. Its card depends on nothing else, so no reference is followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The subject.
    pub subject: Subject,
    /// The value of the part in the document.
    pub value: Value,
}

impl Part {
    /// JSON pointer of the part in its document.
    pub fn pointer(&self) -> String {
        match &self.subject {
            Subject::Service => String::new(),
            Subject::Operation { path, method } => format!("/paths/{}/{method}", escape(path)),
            Subject::Component { section, name } => {
                format!("/components/{section}/{}", escape(name))
            }
        }
    }

    /// The name in each of its lines.
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

/// All parts of a document. The service has everything outside of operations and components.
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

/// One node of a part.
pub struct Spot<'a> {
    /// JSON pointer within the part.
    pub pointer: String,
    /// The names of the path to the node, the part's own first: `create_device`, `request`, `tags`.
    pub words: Vec<String>,
    /// The kind of the keys of the object that holds the node.
    pub holder: Keys,
    /// The kind of the node's own keys.
    pub keys: Keys,
    /// The node's key. An element of a list has the key of the list.
    pub key: &'a str,
    /// The node.
    pub value: &'a Value,
    /// Whether it is an element of a list.
    pub listed: bool,
    /// How many of the names belong to the holder.
    pub above: usize,
}

impl Part {
    /// Shows every node except wording, parents first.
    pub fn walk<'a>(&'a self, each: &mut dyn FnMut(&Spot<'a>)) {
        // The parts of the service have their own names: a server, a chapter, a code.
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
        // A line names the media type only if there are several.
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

/// The name of an element of a list.
fn named(item: &Value) -> Option<String> {
    let reference = item["$ref"].as_str().map(|to| json!(component(to)));
    let keys = ["name", "url", "codes"].iter();
    let name = reference.or_else(|| keys.filter_map(|key| item.get(key)).next().cloned());
    let name = name.filter(|_| item.is_object())?;
    Some(shown(name.get(0).unwrap_or(&name)))
}
