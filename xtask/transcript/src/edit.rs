//! Changes of a document in memory: one node each, and its mark goes with it.

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
    /// The entry or item goes away.
    Remove {
        /// The entry or item.
        pointer: String,
    },
    /// An entry or item is added.
    Insert {
        /// The new entry or item; its parent must be there.
        pointer: String,
        /// Its position in the parent; the end, if that is nearer.
        at: usize,
        /// The value.
        value: Value,
    },
}

impl Edit {
    /// Changes a tree. The edit that takes the change back, or nothing when there is no such node.
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
    /// Changes the document. What is new stands, as far as places go, where its parent stands.
    ///
    /// The files keep their texts: rules about texts see the old ones. `None` when there is no such node.
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
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::{Document, Edit};

    #[test]
    fn an_edit_is_taken_back_by_the_one_that_it_returns() {
        let tree = json!({"a": {"x/y": 1, "z": 2}, "b": [1, 2]});
        let edits = [
            Edit::Set {
                pointer: "/a/z".into(),
                value: json!([]),
            },
            Edit::Rename {
                pointer: "/a/x~1y".into(),
                to: "w".into(),
            },
            Edit::Remove {
                pointer: "/a/x~1y".into(),
            },
            Edit::Remove {
                pointer: "/b/0".into(),
            },
            Edit::Insert {
                pointer: "/b/2".into(),
                at: 2,
                value: json!(3),
            },
            Edit::Insert {
                pointer: "/a/new".into(),
                at: 1,
                value: json!(3),
            },
        ];
        for edit in edits {
            let mut changed = tree.clone();
            let back = edit.apply(&mut changed).unwrap();
            assert_ne!(changed.to_string(), tree.to_string(), "{edit:?}");
            back.apply(&mut changed).unwrap();
            assert_eq!(changed.to_string(), tree.to_string(), "{edit:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        let mut tree = json!({"a": {"b": 1}, "c": [1]});
        let before = tree.clone();
        for pointer in ["/x", "/a/x", "/a/b/c", "/c/1", ""] {
            let edit = Edit::Remove {
                pointer: pointer.into(),
            };
            assert_eq!(edit.apply(&mut tree), None, "{pointer}");
        }
        assert_eq!(tree, before);
    }

    #[test]
    fn places_follow_an_edit() {
        let text = b"a:\n  b: 1\n  c: 2\nd:\n  - 1\n  - 2\n".to_vec();
        let mut document =
            Document::from_files("demo", vec![("demo.yaml".to_owned(), text)]).unwrap();
        document
            .edit(&Edit::Rename {
                pointer: "/a/b".into(),
                to: "x".into(),
            })
            .unwrap();
        document
            .edit(&Edit::Remove {
                pointer: "/d/0".into(),
            })
            .unwrap();
        document
            .edit(&Edit::Insert {
                pointer: "/a/new".into(),
                at: 0,
                value: json!(1),
            })
            .unwrap();
        let line = |pointer| document.place(pointer).line;
        assert_eq!(
            [line("/a/x"), line("/a/c"), line("/d/0"), line("/a/new")],
            [2, 3, 6, 1]
        );
    }
}
