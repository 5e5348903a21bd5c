//! Reads a value of a document, together with its position in the files.

use serde_json::Value;

use super::document::Document;
use super::finding::Place;
use super::marks::{Below, Marks};

/// A node of a document. Copying a `Node` is cheap.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// The value of the node.
    pub value: &'a Value,
    pub(super) marks: &'a Marks,
    pub(super) document: &'a Document,
}

impl<'a> Node<'a> {
    /// Returns the node at a key of a mapping. Returns `None` if the node does not exist.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        Some(self.child(self.value.get(key)?, self.marks.child(key)))
    }

    /// Returns the string at a key of a mapping. Returns `None` if the value is missing, or not a string.
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Returns whether the value at a key of a mapping exists and is `true`.
    pub fn is(self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// Returns the entries of a mapping, in their order. Any other value has no entries.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(move |(key, value)| (key.as_str(), self.child(value, self.marks.child(key))))
    }

    /// Returns the items of a list. Any other value has no items.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        let items = self.value.as_array().into_iter().flatten();
        items.enumerate().map(move |(index, value)| {
            let marks = match &self.marks.below {
                Below::List(marks) => marks.get(index),
                _ => None,
            };
            self.child(value, marks)
        })
    }

    /// Returns the node at a JSON pointer that starts at this node, or `None` if there is no such node.
    pub fn pointer(self, pointer: &str) -> Option<Node<'a>> {
        let mut node = self;
        for segment in pointer.split('/').skip(1) {
            let segment = super::document::unescape(segment);
            node = match node.value {
                Value::Array(_) => node.items().nth(segment.parse().ok()?)?,
                _ => node.get(&segment)?,
            };
        }
        Some(node)
    }

    /// Returns the position of the node. For an entry of a mapping, the result is the position of its key.
    pub fn place(self) -> Place {
        self.document.place_of(self.marks.at)
    }

    /// Returns the document that contains the node.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// Returns a number that identifies the position of the node. Equal values at two positions have different numbers.
    pub fn id(self) -> usize {
        std::ptr::from_ref(self.value).addr()
    }

    fn child(self, value: &'a Value, marks: Option<&'a Marks>) -> Node<'a> {
        Node {
            value,
            marks: marks.unwrap_or(self.marks),
            document: self.document,
        }
    }
}
