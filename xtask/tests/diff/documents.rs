//! Small documents, and what changes between them.

use diff::{Change, Findings, Store, Verdict, compare};
use serde_json::{Value, json};
use transcript::Document;

/// A store of one document.
pub fn store(text: impl Into<String>) -> Store {
    let files = vec![("api.yaml".to_owned(), text.into().into_bytes())];
    let document = Document::foreign("", files).unwrap_or_else(|findings| panic!("{findings:#?}"));
    Store::new(document).unwrap()
}

/// What two documents differ in.
pub fn diff(base: &Value, head: &Value) -> Findings {
    compare(&store(base.to_string()), &store(head.to_string()))
}

/// The same for YAML.
pub fn diff_texts(base: &str, head: &str) -> Vec<Change> {
    compare(&store(base), &store(head)).changes
}

/// A value written as YAML in one line.
pub fn yaml(text: &str) -> Value {
    let files = vec![(
        "value.yaml".to_owned(),
        format!("value: {text}").into_bytes(),
    )];
    Document::foreign("", files)
        .unwrap_or_else(|findings| panic!("{text}: {findings:#?}"))
        .value["value"]
        .take()
}

/// A document with one operation.
pub fn document(operation: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.2.3"},
        "paths": {"/things/{id}": {"post": operation}},
        "components": {"schemas": {
            "Thing": {"type": "object", "properties": {"name": {"type": "string"}}},
            "Other": {"type": "object", "properties": {"name": {"type": "string"}}},
            "Third": {"type": "object", "properties": {"size": {"type": "integer"}}},
        }},
    })
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

/// The change by a rule; there must be one.
#[track_caller]
pub fn find<'a>(changes: &'a [Change], rule: &str) -> &'a Change {
    let found = changes.iter().find(|change| change.rule == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {changes:#?}"))
}

/// `rule verdicts` of each change, for comparisons.
pub fn rules(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| format!("{} {}", change.rule, letters(change)))
        .collect()
}

/// The operations that a change concerns.
pub fn operations(change: &Change) -> Vec<&str> {
    change.operations.iter().map(|name| &**name).collect()
}
