//! `$ref`, `allOf` and JSON pointers: paths from one position of a document to another.

use std::borrow::Cow;

use serde_json::Value;

/// If a chain of references is longer than this, it is a loop.
const MAX_HOPS: usize = 16;

/// Escapes a key for use as a segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key of a segment of a JSON pointer.
pub fn unescape(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~").into(),
        false => segment.into(),
    }
}

/// Follows a `$ref`, if the value is one, to the end.
///
/// # Errors
/// The error names a reference that leads nowhere.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value, String> {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        let Some(target) = value.get("$ref").and_then(Value::as_str) else {
            return Ok(value);
        };
        let found = target
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        value = found.ok_or_else(|| format!("{target} leads nowhere"))?;
    }
    Err(format!("{} leads to itself", value["$ref"]))
}

/// Follows references, and each `allOf` of one part, to the schema that states the type. If a reference leads nowhere,
/// the reference itself is the result.
pub fn target<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = resolve(document, schema).unwrap_or(schema);
    for _ in 0..MAX_HOPS {
        match schema.get("allOf").and_then(Value::as_array) {
            Some(parts) if parts.len() == 1 => {
                schema = resolve(document, &parts[0]).unwrap_or(&parts[0]);
            }
            _ => break,
        }
    }
    schema
}

/// The schemas directly inside a schema: of its properties, its parts, its elements or its values.
pub fn inner_schemas(schema: &Value) -> impl Iterator<Item = &Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let element = ["items", "additionalProperties"].into_iter();
    properties
        .map(|(_, property)| property)
        .chain(parts)
        .chain(element.filter_map(|key| schema.get(key)))
}

/// The name of the component that a schema refers to. The schema is a reference, or `allOf: [{$ref: ...}]`, the usual
/// form for a reference with a description.
pub fn component(schema: &Value) -> Option<&str> {
    let target = schema
        .get("$ref")
        .or_else(|| schema.pointer("/allOf/0/$ref"))?;
    target.as_str()?.strip_prefix("#/components/schemas/")
}

/// The schema of a field by its path: `status`, `task.status`, `instances[].instance_id`.
///
/// # Errors
/// The error names the part of the path that the schema does not have.
pub fn field<'a>(document: &'a Value, schema: &'a Value, path: &str) -> Result<&'a Value, String> {
    let mut schema = target(document, schema);
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        let property = schema.get("properties").and_then(|all| all.get(name));
        let property = property.ok_or_else(|| format!("there is no field `{name}`"))?;
        schema = target(document, property);
        for _ in 0..(part.len() - name.len()) / 2 {
            let items = schema.get("items");
            let items = items.ok_or_else(|| format!("`{name}` is not a list"))?;
            schema = target(document, items);
        }
    }
    Ok(schema)
}

#[cfg(test)]
mod tests;
