//! Changes of a document in memory. Each changes one node and its mark.

use serde_json::Value;

use super::document::{Document, unescape};
use super::marks::{Below, Marks};

/// One change of one node, by its JSON pointer.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// The node gets another value.
    Set {
        /// The node.
        pointer: String,
        /// Its new value.
        value: Value,
    },
    /// The entry of a mapping gets another key, and keeps its place in the order.
    Rename {
        /// The entry.
        pointer: String,
        /// Its new key, not escaped.
        to: String,
    },
    /// The entry or item is removed.
    Remove {
        /// The entry or item.
        pointer: String,
    },
    /// An entry or item is added.
    Insert {
        /// The pointer of the new entry or item. Its parent must exist.
        pointer: String,
        /// Its position in the parent. A position beyond the end means the end.
        at: usize,
        /// The value.
        value: Value,
    },
}

impl Edit {
    /// Changes a tree. Returns the edit that undoes the change, or `None` if the node does not exist.
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

/// The parent's pointer, and the key below it.
fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, key) = pointer.rsplit_once('/')?;
    Some((parent, unescape(key).into_owned()))
}

impl Document {
    /// Changes the document. A new node has the place of its parent.
    ///
    /// The texts of the files do not change, so rules about texts see the old ones. Returns `None` if the node does not
    /// exist.
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
