//! Finds the objects of a document that have a kind in the [`grammar`](crate::grammar), such as operations and schemas.

use serde_json::{Map, Value};

use crate::grammar::{ObjectKind, Shape};
use crate::reference::{self, escape};

/// An object of a document.
#[derive(Debug)]
pub struct Node<'a> {
    /// The kind of the object.
    pub kind: ObjectKind,
    /// The key of the parent object that contains this object, such as `properties`, `items`, `schema` or `schemas`.
    pub field: &'static str,
    /// The name of this object in a map, such as the name of a property. Empty if this object is not in a map.
    pub name: &'a str,
    /// The JSON pointer of this object.
    pub pointer: String,
    /// The keys and the values of this object.
    pub value: &'a Map<String, Value>,
    /// The index of the parent object in [`Nodes`]. `None` for the document itself.
    pub parent: Option<usize>,
}

impl<'a> Node<'a> {
    /// The target of the `$ref` of this object. `None` if this object is not a reference.
    pub fn reference(&self) -> Option<&'a str> {
        self.value.get("$ref").and_then(Value::as_str)
    }

    /// The string under a key of this object. `None` if the value is missing or is not a string.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// The elements of the list under a key of this object. Empty if the value is missing or is not a list.
    pub fn list(&self, key: &str) -> &'a [Value] {
        let list = self.value.get(key).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// The names and values of the map under a key of this object. Empty if the value is missing or is not a map.
    pub fn members(&self, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let map = self.value.get(key).and_then(Value::as_object);
        map.into_iter().flatten()
    }

    /// Whether this object has a key.
    pub fn has(&self, key: &str) -> bool {
        self.value.contains_key(key)
    }

    /// The JSON pointer of the value under a key of this object.
    pub fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escape(key))
    }

    /// Whether this object is a component: an entry in a section of `components`.
    pub fn is_component(&self) -> bool {
        self.pointer.starts_with("/components/") && self.pointer.matches('/').count() == 3
    }
}

/// All objects of a document. The parent of an object comes before the object.
#[derive(Debug)]
pub struct Nodes<'a> {
    /// The merged document.
    pub root: &'a Value,
    list: Vec<Node<'a>>,
}

impl<'a> Nodes<'a> {
    /// Finds all objects of a document.
    pub fn new(root: &'a Value) -> Self {
        let mut nodes = Self {
            root,
            list: Vec::new(),
        };
        nodes.visit(ObjectKind::Root, root, ("", "", String::new(), None));
        nodes
    }

    /// All objects. The parent of an object comes before the object.
    pub fn iter(&self) -> std::slice::Iter<'_, Node<'a>> {
        self.list.iter()
    }

    /// All objects of a kind, without the objects that are references.
    pub fn of_kind(&self, kind: ObjectKind) -> impl Iterator<Item = &Node<'a>> {
        self.list
            .iter()
            .filter(move |node| node.kind == kind && !node.has("$ref"))
    }

    /// All objects that are references, with the targets of the references.
    pub fn references(&self) -> impl Iterator<Item = (&Node<'a>, &'a str)> {
        self.list
            .iter()
            .filter_map(|node| Some((node, node.reference()?)))
    }

    /// The parent object of an object. `None` for the document itself.
    pub fn parent(&self, node: &Node<'a>) -> Option<&Node<'a>> {
        node.parent.and_then(|parent| self.list.get(parent))
    }

    /// Whether a schema describes the whole body of a form (`multipart/form-data`).
    pub fn is_form(&self, node: &Node<'a>) -> bool {
        let media = self.parent(node).filter(|_| node.field == "schema");
        media.is_some_and(|media| media.name == "multipart/form-data")
    }

    /// The components in a section of `components`, with their names.
    pub fn components(&self, section: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let components = self.root.get("components");
        let components = components.and_then(|components| components.get(section));
        components.and_then(Value::as_object).into_iter().flatten()
    }

    /// Follows `$ref`s to a value that is not a reference. If there is no such value, returns the original value.
    pub fn resolve(&self, value: &'a Value) -> &'a Value {
        reference::resolve(self.root, value).unwrap_or(value)
    }

    /// Follows references to the schema that states the type. The method also follows an `allOf` with a single schema.
    pub fn schema(&self, value: &'a Value) -> &'a Value {
        reference::target(self.root, value)
    }

    /// The type of a schema, or of the single schema in its `allOf`. `None` if there is no `type`.
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
        // The values of most keys cannot contain objects. The filter saves the look-up of these keys.
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

type Position<'a> = (&'static str, &'a str, String, Option<usize>);
