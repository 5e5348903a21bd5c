//! Steps of lowering that change answers and file uploads.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

pub(super) fn drop_error_answers(document: &mut Value) -> usize {
    let mut dropped = 0;
    for operation in operations(document) {
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            let before = responses.len();
            responses.retain(|status, _| status.starts_with('2'));
            drop_files(responses);
            drop_second_answer(responses);
            dropped += before - responses.len();
        }
    }
    dropped
}

/// Removes the content of answers that are files. The pass `session` writes `Download` as the type of such an answer.
fn drop_files(responses: &mut Map<String, Value>) {
    for answer in responses.values_mut().filter_map(Value::as_object_mut) {
        let json = answer
            .get("content")
            .and_then(|content| content.get("application/json"));
        if json.is_none_or(|media| media["schema"]["format"] == "binary") {
            answer.remove("content");
        }
    }
}

/// Removes a success without a body if another success has a body. The pass `session` makes the answer an `Option`.
fn drop_second_answer(responses: &mut Map<String, Value>) {
    let has_body = |answer: &Value| answer.get("content").is_some();
    if responses.values().any(has_body) {
        responses.retain(|_, answer| has_body(answer));
    }
}

/// Replaces forms (`multipart/form-data`) by bytes, because progenitor does not support forms. The pass `session`
/// replaces the bytes by an `Upload`.
pub(super) fn file_bodies(document: &mut Value) -> usize {
    let mut changed = 0;
    for operation in operations(document) {
        let content = operation.pointer_mut("/requestBody/content");
        if let Some(content) =
            content.filter(|content| content.get("multipart/form-data").is_some())
        {
            *content = json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
            changed += 1;
        }
    }
    changed
}

pub(super) fn optional_answers(document: &mut Value) -> usize {
    let mut roots = BTreeSet::new();
    for operation in operations(document) {
        collect_references(&operation["responses"], &mut roots);
    }
    let mut changed = 0;
    for name in closure(document, roots) {
        if let Some(schema) = document["components"]["schemas"][&name].as_object_mut() {
            changed += usize::from(schema.remove("required").is_some());
        }
    }
    changed
}

pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let items = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter();
    let items = items
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut);
    items
        .flat_map(|item| item.values_mut())
        .filter(|value| value.get("responses").is_some())
}

/// Collects the names of the component schemas that `value` refers to, at any depth.
fn collect_references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let name = map.get("$ref").and_then(Value::as_str);
            into.extend(
                name.and_then(|r| r.strip_prefix("#/components/schemas/"))
                    .map(str::to_owned),
            );
            map.values()
                .for_each(|inner| collect_references(inner, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}

/// Returns the schema names in `roots`, and the names of all schemas that these schemas use, at any depth.
fn closure(document: &Value, roots: BTreeSet<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut queue: Vec<String> = roots.into_iter().collect();
    while let Some(name) = queue.pop() {
        if reached.insert(name.clone()) {
            let mut inner = BTreeSet::new();
            collect_references(&document["components"]["schemas"][&name], &mut inner);
            queue.extend(inner);
        }
    }
    reached
}
