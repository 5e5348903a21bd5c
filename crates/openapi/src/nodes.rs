//! Every object of a document, found by walking it along the grammar.

use serde_json::{Map, Value};

use crate::grammar::{ObjectKind, Shape};
use crate::reference::{self, escape};

/// One object of the document.
#[derive(Debug)]
pub struct Node<'a> {
    /// What it is.
    pub kind: ObjectKind,
    /// The key of the parent that it was reached by: `properties`, `items`, `schema`, `schemas`, ...
    pub field: &'static str,
    /// Its name in a map of the parent, else empty.
    pub name: &'a str,
    /// Where it stands.
    pub pointer: String,
    /// Its keys.
    pub value: &'a Map<String, Value>,
    /// Index of the object that holds it.
    pub parent: Option<usize>,
}

impl<'a> Node<'a> {
    /// Where the reference in its place leads, if it is one.
    pub fn reference(&self) -> Option<&'a str> {
        self.value.get("$ref").and_then(Value::as_str)
    }

    /// A string of it.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// The elements of a list of it; none if there is no such list.
    pub fn list(&self, key: &str) -> &'a [Value] {
        let list = self.value.get(key).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// The members of a mapping of it; none if there is no such mapping.
    pub fn members(&self, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let map = self.value.get(key).and_then(Value::as_object);
        map.into_iter().flatten()
    }

    /// Whether it has a key.
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

/// Every object of a document, each behind the object that holds it.
#[derive(Debug)]
pub struct Nodes<'a> {
    /// The merged document.
    pub root: &'a Value,
    list: Vec<Node<'a>>,
}

impl<'a> Nodes<'a> {
    /// Walks a document.
    pub fn new(root: &'a Value) -> Self {
        let mut nodes = Self {
            root,
            list: Vec::new(),
        };
        nodes.visit(ObjectKind::Root, root, ("", "", String::new(), None));
        nodes
    }

    /// All objects, in the order of the document.
    pub fn iter(&self) -> std::slice::Iter<'_, Node<'a>> {
        self.list.iter()
    }

    /// Objects of one kind, without references to them.
    pub fn of_kind(&self, kind: ObjectKind) -> impl Iterator<Item = &Node<'a>> {
        self.list
            .iter()
            .filter(move |node| node.kind == kind && !node.has("$ref"))
    }

    /// All references.
    pub fn references(&self) -> impl Iterator<Item = (&Node<'a>, &'a str)> {
        self.list
            .iter()
            .filter_map(|node| Some((node, node.reference()?)))
    }

    /// The object that holds it.
    pub fn parent(&self, node: &Node<'a>) -> Option<&Node<'a>> {
        node.parent.and_then(|parent| self.list.get(parent))
    }

    /// Whether a schema is the form that a request sends.
    pub fn is_form(&self, node: &Node<'a>) -> bool {
        let media = self.parent(node).filter(|_| node.field == "schema");
        media.is_some_and(|media| media.name == "multipart/form-data")
    }

    /// The components of one section, by name.
    pub fn components(&self, section: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let components = self.root.get("components");
        let components = components.and_then(|components| components.get(section));
        components.and_then(Value::as_object).into_iter().flatten()
    }

    /// Follows a `$ref`, if the value is one, to the end. A reference that leads nowhere is its own target.
    pub fn resolve(&self, value: &'a Value) -> &'a Value {
        reference::resolve(self.root, value).unwrap_or(value)
    }

    /// Follows references and the `allOf` of one reference to the schema that says the type.
    pub fn schema(&self, value: &'a Value) -> &'a Value {
        reference::target(self.root, value)
    }

    /// The type of a schema, looked up through its `allOf`.
    pub fn resolve_type(&self, node: &Node<'a>) -> Option<&'a str> {
        let parts = node.value.get("allOf").and_then(Value::as_array);
        match parts.map(Vec::as_slice) {
            Some([one]) => self.schema(one).get("type").and_then(Value::as_str),
            _ => node.text("type"),
        }
    }

    fn visit(&mut self, kind: ObjectKind, value: &'a Value, position: Position<'a>) {
        let Value::Object(object) = value else { return };
        let here = self.list.len();
        let (field, name, pointer, parent) = position;
        self.list.push(Node {
            kind,
            field,
            name,
            pointer: pointer.clone(),
            value: object,
            parent,
        });
        if object.contains_key("$ref") {
            return;
        }
        // Most keys hold texts and numbers, and each look-up costs time.
        let fields = kind.fields().iter();
        for (key, _, shape) in fields.filter(|(.., shape)| shape.has_objects()) {
            if let Some(value) = object.get(*key) {
                let at = format!("{pointer}/{key}");
                self.below(*shape, value, (key, "", at, Some(here)));
            }
        }
    }

    fn below(&mut self, shape: Shape, value: &'a Value, position: Position<'a>) {
        let (field, _, at, parent) = &position;
        match shape {
            Shape::One(kind) | Shape::FlagOr(kind) => self.visit(kind, value, position),
            Shape::List(kind) => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.visit(kind, item, (field, "", format!("{at}/{index}"), *parent));
                }
            }
            Shape::Map(kind) => {
                for (name, entry) in value.as_object().into_iter().flatten() {
                    let pointer = format!("{at}/{}", escape(name));
                    self.visit(kind, entry, (field, name, pointer, *parent));
                }
            }
            _ => {}
        }
    }
}

/// Where an object stands: field, name, pointer and parent of its [`Node`].
type Position<'a> = (&'static str, &'a str, String, Option<usize>);
