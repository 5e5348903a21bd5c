//! Records the file position of each node of a document. The marks (positions) form a tree, as the values do.

use serde_json::Value;

use std::collections::HashMap;

/// A position in one of the loaded files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// The index of the file in the list of merged files.
    pub file: usize,
    pub line: usize,
    pub column: usize,
}

/// The position of a node, and the marks of the nodes below it. An entry of a mapping has the position of its key.
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
    /// Returns the marks of a child. `segment` is the child's segment in a JSON pointer, without escapes.
    pub fn child(&self, segment: &str) -> Option<&Marks> {
        match &self.below {
            Below::Nothing => None,
            Below::List(items) => items.get(segment.parse::<usize>().ok()?),
            Below::Map(entries) => entries.get(segment),
        }
    }

    pub fn child_mut(&mut self, segment: &str) -> Option<&mut Marks> {
        match &mut self.below {
            Below::Nothing => None,
            Below::List(items) => items.get_mut(segment.parse::<usize>().ok()?),
            Below::Map(entries) => entries.get_mut(segment),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub value: Value,
    pub marks: Marks,
}
