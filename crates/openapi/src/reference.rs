//! Functions that follow `$ref`, `allOf` and paths of fields, and functions for JSON pointers.

use std::borrow::Cow;

use serde_json::Value;

/// The number of references or of nested `allOf`s after which a function stops. `resolve` then reports a loop.
const MAX_HOPS: usize = 16;

/// Escapes a key, so that the key can be a segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the key for a segment of a JSON pointer.
pub fn unescape(segment: &str) -> Cow<'_, str> {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~").into(),
        false => segment.into(),
    }
}

/// Follows `$ref`s to a value that is not a reference. If `value` is not a reference, returns `value`.
///
/// # Errors
/// A reference has no target, or the references form a loop. The error names the reference.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value, String> {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        let Some(target) = value.get("$ref").and_then(Value::as_str) else {
            return Ok(value);
        };
        let found = target
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        value = found.ok_or_else(|| format!("{target} does not exist"))?;
    }
    Err(format!("{} leads to itself", value["$ref"]))
}

/// Follows references to the schema that states the type. The function also follows an `allOf` with a single schema. If
/// a chain of references does not lead to a schema, the function returns the first reference of the chain.
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

/// The schemas directly inside a schema: the schemas of its properties, `allOf` list, elements and map values.
pub fn inner_schemas(schema: &Value) -> impl Iterator<Item = &Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let element = ["items", "additionalProperties"].into_iter();
    properties
        .map(|(_, property)| property)
        .chain(parts)
        .chain(element.filter_map(|key| schema.get(key)))
}

/// The name of the component schema to which a schema refers, directly or by the first element of its `allOf`. `None`
/// if there is no such reference. A document uses `allOf` to add keys, such as a description, to a reference.
pub fn component(schema: &Value) -> Option<&str> {
    let target = schema
        .get("$ref")
        .or_else(|| schema.pointer("/allOf/0/$ref"))?;
    target.as_str()?.strip_prefix("#/components/schemas/")
}

/// Finds the schema of a field by the path of the field, such as `status`, `task.status` or `instances[].instance_id`.
///
/// # Errors
/// A field of the path does not exist, or has `[]` in the path but is not a list. The error names this field.
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
