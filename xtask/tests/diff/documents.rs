//! A document with every object, and the changes between two documents.

use std::sync::LazyLock;

use diff::{Change, Findings, Side, Verdict, compare};
use serde_json::Value;
use transcript::Document;

/// A document of one file.
pub fn read(text: impl Into<String>) -> Document {
    let files = vec![("api.yaml".to_owned(), text.into().into_bytes())];
    Document::from_files("", files).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// A document with every object of the grammar. The generator accepts it.
pub static EVERYTHING: LazyLock<Value> =
    LazyLock::new(|| read(include_str!("everything.yaml")).value);

/// This document as a side of comparisons.
pub static BASE: LazyLock<Side> = LazyLock::new(|| side(&EVERYTHING));

/// A document as a side of comparisons.
pub fn side(document: &Value) -> Side {
    Side::new(read(document.to_string())).unwrap()
}

/// The changes from the document with every object to an edited one, and back.
pub fn edited(edits: &[(&str, &str)]) -> [Findings; 2] {
    let head = side(&with(edits));
    [compare(&BASE, &head), compare(&head, &BASE)]
}

/// The document with every object and other values at these places.
pub fn with(edits: &[(&str, &str)]) -> Value {
    let mut document = EVERYTHING.clone();
    for (pointer, text) in edits {
        put(&mut document, pointer, text);
    }
    document
}

/// Puts a value at a place. `~` removes the value.
pub fn put(document: &mut Value, pointer: &str, text: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let parent = document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("no {pointer}"));
    match parent {
        Value::Array(items) => match (key.parse::<usize>(), text) {
            (Ok(index), "~") if index < items.len() => drop(items.remove(index)),
            (_, "~") => {}
            (Ok(index), _) if index < items.len() => items[index] = yaml(text),
            _ => items.push(yaml(text)),
        },
        Value::Object(map) if text == "~" => drop(map.shift_remove(&key)),
        Value::Object(map) => drop(map.insert(key, yaml(text))),
        _ => panic!("{pointer} is no place"),
    }
}

/// A value from YAML in one line.
pub fn yaml(text: &str) -> Value {
    read(format!("value: {text}")).value["value"].take()
}

/// `B` for breaking, `A` for additive, `D` for documentation: the wire, then Rust.
pub fn letters(change: &Change) -> String {
    let letter = |verdict| match verdict {
        Verdict::Breaking => 'B',
        Verdict::Additive => 'A',
        Verdict::Documentation => 'D',
    };
    [letter(change.wire), letter(change.rust)].iter().collect()
}

/// `rule verdicts` of each change, for comparisons.
pub fn rules(findings: &Findings) -> Vec<String> {
    let changes = findings.changes.iter();
    changes
        .map(|change| format!("{} {}", change.rule.name, letters(change)))
        .collect()
}

/// The operations that a change concerns.
pub fn operations(change: &Change) -> Vec<&str> {
    change.operations.iter().map(|name| &**name).collect()
}
