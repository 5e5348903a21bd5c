//! Changes a document in memory. A change sets, renames, removes or inserts one node.

use serde_json::Value;

use super::document::{Document, unescape};
use super::marks::{Below, Marks};

/// A change of one node. A JSON pointer selects the node.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Replaces the value of a node.
    Set {
        /// The JSON pointer of the node.
        pointer: String,
        /// The new value.
        value: Value,
    },
    /// Replaces the key of an entry of a mapping. The order of the entries does not change.
    Rename {
        /// The JSON pointer of the entry, with the old key.
        pointer: String,
        /// The new key, without the escapes of a JSON pointer.
        to: String,
    },
    /// Removes an entry of a mapping, or an item of a list.
    Remove {
        /// The JSON pointer of the entry or item.
        pointer: String,
    },
    /// Adds an entry to a mapping, or an item to a list.
    Insert {
        /// The JSON pointer of the new entry or item. Its parent must exist.
        pointer: String,
        /// The index of the new entry in its mapping. If the index is too large, the entry becomes the last entry. For
        /// a list, the pointer contains the index, and `at` has no effect.
        at: usize,
        /// The value of the new entry or item.
        value: Value,
    },
}

impl Edit {
    /// Changes a JSON tree, and returns the edit that reverses the change. If the change is not possible, for example
    /// because the node does not exist, returns `None`.
    pub fn apply(&self, tree: &mut Value) -> Option<Edit> {
        let pointer = self.pointer();
        if let Edit::Set { value, .. } = self {
            let old = std::mem::replace(tree.pointer_mut(pointer)?, value.clone());
            return Some(Edit::Set {
                pointer: pointer.to_owned(),
                value: old,
            });
        }
        let (parent, key) = split(pointer)?;
        match (self, tree.pointer_mut(parent)?) {
            (Edit::Rename { to, .. }, Value::Object(map)) => {
                let at = map.keys().position(|known| *known == key)?;
                if map.contains_key(to) {
                    return None;
                }
                let value = map.shift_remove(&key)?;
                map.shift_insert(at, to.clone(), value);
                Some(Edit::Rename {
                    pointer: format!("{parent}/{}", super::escape(to)),
                    to: key,
                })
            }
            (Edit::Remove { .. }, Value::Object(map)) => {
                let at = map.keys().position(|known| *known == key)?;
                let value = map.shift_remove(&key)?;
                Some(insert(pointer, at, value))
            }
            (Edit::Remove { .. }, Value::Array(items)) => {
                let at = key.parse().ok().filter(|at| *at < items.len())?;
                Some(insert(pointer, at, items.remove(at)))
            }
            (Edit::Insert { at, value, .. }, Value::Object(map)) => {
                if map.contains_key(&key) {
                    return None;
                }
                map.shift_insert((*at).min(map.len()), key, value.clone());
                Some(remove(pointer))
            }
            (Edit::Insert { value, .. }, Value::Array(items)) => {
                let at = key.parse().ok().filter(|at| *at <= items.len())?;
                items.insert(at, value.clone());
                Some(remove(pointer))
            }
            _ => None,
        }
    }

    fn pointer(&self) -> &str {
        match self {
            Edit::Set { pointer, .. }
            | Edit::Rename { pointer, .. }
            | Edit::Remove { pointer }
            | Edit::Insert { pointer, .. } => pointer,
        }
    }
}

fn insert(pointer: &str, at: usize, value: Value) -> Edit {
    let pointer = pointer.to_owned();
    Edit::Insert { pointer, at, value }
}

fn remove(pointer: &str) -> Edit {
    let pointer = pointer.to_owned();
    Edit::Remove { pointer }
}

/// Splits a JSON pointer into the pointer of the parent, and the key without escapes. Returns `None` for the root.
fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, key) = pointer.rsplit_once('/')?;
    Some((parent, unescape(key).into_owned()))
}

impl Document {
    /// Changes the document. An inserted node gets the position of its parent.
    ///
    /// The texts in [`Self::files`] do not change. If the change is not possible, returns `None`.
    pub fn edit(&mut self, edit: &Edit) -> Option<()> {
        edit.apply(&mut self.value)?;
        if let Some((parent, key)) = split(edit.pointer())
            && let Some(marks) = self.marks_mut(parent)
        {
            follow(edit, marks, key);
        }
        Some(())
    }
}

fn follow(edit: &Edit, parent: &mut Marks, key: String) {
    let new = Marks {
        at: parent.at,
        below: Below::Nothing,
    };
    match (edit, &mut parent.below) {
        (Edit::Rename { to, .. }, Below::Map(entries)) => {
            if let Some(mark) = entries.remove(&key) {
                entries.insert(to.clone(), mark);
            }
        }
        (Edit::Remove { .. }, Below::Map(entries)) => drop(entries.remove(&key)),
        (Edit::Insert { .. }, Below::Map(entries)) => drop(entries.insert(key, new)),
        (Edit::Remove { .. }, Below::List(items)) => {
            if let Some(at) = key.parse().ok().filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        (Edit::Insert { .. }, Below::List(items)) => {
            if let Some(at) = key.parse().ok().filter(|at| *at <= items.len()) {
                items.insert(at, new);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
