//! Provides a document with every kind of object that transcripts can contain. Also provides functions that change a
//! copy of the document, and compare the copy with the original.

use std::sync::LazyLock;

use diff::{Change, Findings, Side, Verdict, compare};
use serde_json::Value;
use transcript::Document;

/// Reads a document that has one file.
pub fn read(text: impl Into<String>) -> Document {
    let files = vec![("api.yaml".to_owned(), text.into().into_bytes())];
    Document::from_files("", files).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// A document with every kind of object that transcripts can contain. The generator accepts the document.
pub static EVERYTHING: LazyLock<Value> =
    LazyLock::new(|| read(include_str!("everything.yaml")).value);

/// `EVERYTHING` in the form that [`compare`] needs.
pub static BASE: LazyLock<Side> = LazyLock::new(|| side(&EVERYTHING));

/// Returns a document in the form that [`compare`] needs.
pub fn side(document: &Value) -> Side {
    Side::new(read(document.to_string())).unwrap()
}

/// Returns the changes from `EVERYTHING` to an edited copy, and the changes from the copy to `EVERYTHING`.
pub fn edited(edits: &[(&str, &str)]) -> [Findings; 2] {
    let head = side(&with(edits));
    [compare(&BASE, &head), compare(&head, &BASE)]
}

/// Returns an edited copy of `EVERYTHING`. Each edit has a JSON pointer and a text, which are arguments of [`put`].
pub fn with(edits: &[(&str, &str)]) -> Value {
    let mut document = EVERYTHING.clone();
    for (pointer, text) in edits {
        put(&mut document, pointer, text);
    }
    document
}

/// Sets the value at a JSON pointer. If the text is `~`, removes the value instead. If a list has no element at the
/// index, adds the value at the end of the list.
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
        _ => panic!("{pointer} is not in an object or a list"),
    }
}

/// Returns the value of a YAML string that has one line.
pub fn yaml(text: &str) -> Value {
    read(format!("value: {text}")).value["value"].take()
}

/// Returns two letters: the verdict for the protocol, then the verdict for Rust. `B` is breaking, `A` is additive, and
/// `D` is documentation.
pub fn letters(change: &Change) -> String {
    let letter = |verdict| match verdict {
        Verdict::Breaking => 'B',
        Verdict::Additive => 'A',
        Verdict::Documentation => 'D',
    };
    [letter(change.wire), letter(change.rust)].iter().collect()
}

/// Returns the name of the rule and the letters of the verdicts, for each change.
pub fn rules(findings: &Findings) -> Vec<String> {
    let changes = findings.changes.iter();
    changes
        .map(|change| format!("{} {}", change.rule.name, letters(change)))
        .collect()
}

/// Returns the operations that a change affects.
pub fn operations(change: &Change) -> Vec<&str> {
    change.operations.iter().map(|name| &**name).collect()
}
