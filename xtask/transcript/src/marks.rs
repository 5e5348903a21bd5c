//! The place of each node of a document. The places are a tree of the same shape as the values.

use serde_json::Value;

use std::collections::HashMap;

/// A place in one of the loaded files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Index of the file in the document.
    pub file: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// The place of a node and of all nodes below it. For a mapping entry it is the place of its key.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    pub at: Spot,
    pub below: Below,
}

#[derive(Debug, Clone)]
pub(super) enum Below {
    Nothing,
    List(Vec<Marks>),
    Map(HashMap<String, Marks>),
}

impl Marks {
    /// The marks of a map's entry or a list's item. `segment` is one segment of a JSON Pointer, without its escapes.
    pub fn child(&self, segment: &str) -> Option<&Marks> {
        match &self.below {
            Below::Nothing => None,
            Below::List(items) => items.get(segment.parse::<usize>().ok()?),
            Below::Map(entries) => entries.get(segment),
        }
    }

    /// As [`Marks::child`].
    pub fn child_mut(&mut self, segment: &str) -> Option<&mut Marks> {
        match &mut self.below {
            Below::Nothing => None,
            Below::List(items) => items.get_mut(segment.parse::<usize>().ok()?),
            Below::Map(entries) => entries.get_mut(segment),
        }
    }
}

/// The content of one file.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub value: Value,
    pub marks: Marks,
}
