//! A value together with its place in the files.

use serde_json::Value;

use super::document::Document;
use super::finding::Place;
use super::marks::{Below, Marks};

/// One node of a document. It is cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// The value.
    pub value: &'a Value,
    pub(super) marks: &'a Marks,
    pub(super) document: &'a Document,
}

impl<'a> Node<'a> {
    /// The entry of a mapping.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        Some(self.child(self.value.get(key)?, self.marks.child(key)))
    }

    /// The text of an entry.
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Whether an entry exists and is true.
    pub fn is(self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The entries of a mapping, in their order. Any other value has none.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(move |(key, value)| (key.as_str(), self.child(value, self.marks.child(key))))
    }

    /// The items of a list. Any other value has none.
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

    /// The node that a JSON pointer leads to from here.
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

    /// The place of the node. For a mapping entry it is the place of its key.
    pub fn place(self) -> Place {
        self.document.place_of(self.marks.at)
    }

    /// The document that it belongs to.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// An id that no other node has, not even a node with an equal value.
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
