//! Every object of a document, found by walking it along the grammar.

use serde_json::{Map, Value};

use super::grammar::{Kind, Shape};
use transcript::{Document, OperationRef, escape};

/// One object of the document.
#[derive(Debug)]
pub struct Node<'a> {
    pub kind: Kind,
    /// The key of the parent that it was reached by: `properties`, `items`, `schema`, `schemas`, ...
    pub field: &'static str,
    /// Its name in a map of the parent, else empty.
    pub name: &'a str,
    pub pointer: String,
    pub value: &'a Map<String, Value>,
    /// Index of the object that holds it.
    pub parent: Option<usize>,
}

impl<'a> Node<'a> {
    /// Where the reference in its place leads, if it is one.
    pub fn reference(&self) -> Option<&'a str> {
        self.value.get("$ref").and_then(Value::as_str)
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    pub fn has(&self, key: &str) -> bool {
        self.value.contains_key(key)
    }

    /// Pointer of one of its keys.
    pub fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escape(key))
    }

    /// Whether it stands directly below `components`.
    pub fn is_component(&self) -> bool {
        self.pointer.starts_with("/components/") && self.pointer.matches('/').count() == 3
    }
}

/// The document, and all that stands in it.
pub struct Index<'a> {
    pub document: &'a Document,
    pub nodes: Vec<Node<'a>>,
    pub operations: Vec<OperationRef<'a>>,
}

impl<'a> Index<'a> {
    pub fn new(document: &'a Document) -> Self {
        let mut index = Self {
            document,
            nodes: Vec::new(),
            operations: document.operations().collect(),
        };
        let root = Position {
            field: "",
            name: "",
            pointer: String::new(),
            parent: None,
        };
        index.visit(Kind::Root, &document.value, root);
        index
    }

    /// Objects of one kind, without references to them.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Node<'a>> {
        self.nodes
            .iter()
            .filter(move |node| node.kind == kind && !node.has("$ref"))
    }

    /// References, wherever they stand.
    pub fn references(&self) -> impl Iterator<Item = (&Node<'a>, &'a str)> {
        self.nodes
            .iter()
            .filter_map(|node| Some((node, node.reference()?)))
    }

    pub fn parent(&self, node: &Node<'a>) -> Option<&Node<'a>> {
        node.parent.and_then(|parent| self.nodes.get(parent))
    }

    /// The components of one section, by name.
    pub fn components(&self, section: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let components = self
            .document
            .value
            .get("components")
            .and_then(|components| components.get(section));
        components.and_then(Value::as_object).into_iter().flatten()
    }

    /// Follows a `$ref`, if the value is one, to the end.
    pub fn resolve(&self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..MAX_HOPS {
            match value
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| self.document.resolve(target))
            {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    /// Follows references and the `allOf` of one reference to the schema that says the type.
    pub fn schema(&self, value: &'a Value) -> &'a Value {
        let mut value = self.resolve(value);
        for _ in 0..MAX_HOPS {
            match value
                .get("allOf")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
            {
                Some([one]) => value = self.resolve(one),
                _ => break,
            }
        }
        value
    }

    /// The type of a schema, looked up through its `allOf`.
    pub fn resolve_type(&self, node: &Node<'a>) -> Option<&'a str> {
        match node
            .value
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([one]) => self.schema(one).get("type").and_then(Value::as_str),
            _ => node.text("type"),
        }
    }

    fn visit(&mut self, kind: Kind, value: &'a Value, position: Position<'a>) {
        let Value::Object(object) = value else { return };
        let Position {
            field,
            name,
            pointer,
            parent,
        } = position;
        let is_reference = object.contains_key("$ref");
        let here = self.nodes.len();
        self.nodes.push(Node {
            kind,
            field,
            name,
            pointer: pointer.clone(),
            value: object,
            parent,
        });
        if is_reference {
            return;
        }
        // Most keys hold texts and numbers, and each look-up costs time.
        let holders = kind
            .fields()
            .iter()
            .filter(|(.., shape)| shape.has_objects());
        for (key, _, shape) in holders {
            if let Some(value) = object.get(*key) {
                self.below(
                    *shape,
                    value,
                    Position {
                        field: key,
                        name: "",
                        pointer: format!("{pointer}/{key}"),
                        parent: Some(here),
                    },
                );
            }
        }
    }

    fn below(&mut self, shape: Shape, value: &'a Value, position: Position<'a>) {
        match shape {
            Shape::One(kind) | Shape::FlagOr(kind) => self.visit(kind, value, position),
            Shape::List(kind) => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.visit(kind, item, position.deeper("", &index.to_string()));
                }
            }
            Shape::Map(kind) => {
                for (name, entry) in value.as_object().into_iter().flatten() {
                    self.visit(kind, entry, position.deeper(name, &escape(name)));
                }
            }
            _ => {}
        }
    }
}

/// References to references end here; a longer chain is a loop.
const MAX_HOPS: usize = 16;

struct Position<'a> {
    field: &'static str,
    name: &'a str,
    pointer: String,
    parent: Option<usize>,
}

impl<'a> Position<'a> {
    fn deeper(&self, name: &'a str, segment: &str) -> Self {
        Self {
            field: self.field,
            name,
            pointer: format!("{}/{segment}", self.pointer),
            parent: self.parent,
        }
    }
}
