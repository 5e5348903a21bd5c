//! Short ways to write an edit, and to reach what is edited.

use serde_json::Value;

use transcript::{Edit, escape};

pub(super) fn set(pointer: &str, value: Value) -> Edit {
    let pointer = pointer.to_owned();
    Edit::Set { pointer, value }
}

pub(super) fn rename(pointer: &str, to: &str) -> Edit {
    let (pointer, to) = (pointer.to_owned(), to.to_owned());
    Edit::Rename { pointer, to }
}

pub(super) fn remove(pointer: &str) -> Edit {
    let pointer = pointer.to_owned();
    Edit::Remove { pointer }
}

pub(super) fn insert(pointer: &str, value: Value) -> Edit {
    let pointer = pointer.to_owned();
    let at = usize::MAX;
    Edit::Insert { pointer, at, value }
}

/// The name in a reference.
pub(super) fn last(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Each scalar below a value: its pointer, the name of the entry that holds it, and itself. What is empty counts as one.
pub(super) fn scalars(
    pointer: &str,
    name: Option<&str>,
    value: &Value,
    each: &mut dyn FnMut(&str, Option<&str>, &Value),
) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                scalars(
                    &format!("{pointer}/{}", escape(key)),
                    Some(key),
                    value,
                    each,
                );
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (number, item) in items.iter().enumerate() {
                scalars(&format!("{pointer}/{number}"), name, item, each);
            }
        }
        scalar => each(pointer, name, scalar),
    }
}

/// The first scalar of a value.
pub(super) fn deepest(value: &Value) -> &Value {
    match value {
        Value::Object(map) => map.values().next().map_or(value, deepest),
        Value::Array(items) => items.first().map_or(value, deepest),
        scalar => scalar,
    }
}
