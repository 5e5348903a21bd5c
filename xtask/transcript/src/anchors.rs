//! Anchors, aliases and merge keys, for documents that others wrote.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::marks::{Below, Marks, Parsed};

/// More than any document that a person writes; aliases of aliases reach it in a few lines.
const MAX_VALUES: usize = 1_000_000;

/// What the anchors met so far name.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    named: HashMap<usize, (Parsed, usize)>,
    /// How many values aliases have added.
    added: usize,
}

impl Anchors {
    pub fn keep(&mut self, anchor: usize, value: &Value, marks: &Marks) {
        let (value, marks) = (value.clone(), marks.clone());
        let size = size(&value);
        self.named.insert(anchor, (Parsed { value, marks }, size));
    }

    /// A copy of what an anchor names.
    pub fn take(&mut self, anchor: usize) -> Result<Parsed, String> {
        let Some((parsed, size)) = self.named.get(&anchor) else {
            return Err("the alias stands inside what it names".to_owned());
        };
        self.added += size;
        if self.added > MAX_VALUES {
            return Err(format!("aliases make more than {MAX_VALUES} values"));
        }
        Ok(parsed.clone())
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Gives a mapping the entries of those that its key `<<` names; its own win.
pub(super) fn merge_keys(entries: &mut Map<String, Value>, marks: &mut HashMap<String, Marks>) {
    let (Some(value), Some(mark)) = (entries.get("<<"), marks.get("<<")) else {
        return;
    };
    let sources: Vec<(Value, Marks)> = match (value, &mark.below) {
        (Value::Object(_), Below::Map(_)) => vec![(value.clone(), mark.clone())],
        (Value::Array(items), Below::List(marks)) => {
            items.iter().cloned().zip(marks.iter().cloned()).collect()
        }
        _ => return,
    };
    entries.shift_remove("<<");
    marks.remove("<<");
    for (value, mark) in sources {
        let (Value::Object(more), Below::Map(mut below)) = (value, mark.below) else {
            continue;
        };
        for (key, value) in more {
            if let Some(mark) = below.remove(&key).filter(|_| !entries.contains_key(&key)) {
                entries.insert(key.clone(), value);
                marks.insert(key, mark);
            }
        }
    }
}
