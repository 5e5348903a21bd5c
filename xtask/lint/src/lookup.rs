//! Finds the bodies, parameters, fields and security schemes of operations, and follows references.

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;
use huaweicloud_openapi::reference::field;
use serde_json::Value;
use transcript::OperationRef;

use super::index::Index;

/// Returns the first body schema of the success answers. Returns `None` if no success answer has a body schema.
pub(super) fn success_schema<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Option<&'a Value> {
    let responses = operation.value.get("responses")?.as_object()?;
    let mut all = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    all.find_map(|(_, response)| body_schema(index, response))
}

/// Returns whether the operation has a success answer without a body schema.
pub(super) fn may_be_empty(index: &Index<'_>, operation: &OperationRef<'_>) -> bool {
    let mut all = operation.value["responses"]
        .as_object()
        .into_iter()
        .flatten();
    all.any(|(status, response)| status.starts_with('2') && body_schema(index, response).is_none())
}

pub(super) fn request_schema<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Option<&'a Value> {
    body_schema(index, operation.value.get("requestBody")?)
}

/// Returns the first schema of a request body or an answer. Returns `None` if no media type has a schema.
pub(super) fn body_schema<'a>(index: &Index<'a>, body: &'a Value) -> Option<&'a Value> {
    let content = index.resolve(body).get("content")?.as_object()?;
    content.values().find_map(|media| media.get("schema"))
}

/// Returns the parameters of an operation with their JSON pointers. A reference is replaced by its target.
pub(super) fn parameters<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Vec<(String, &'a Value)> {
    let list = operation.value["parameters"].as_array();
    let numbered = list.into_iter().flatten().enumerate();
    let placed = numbered.map(|(number, value)| {
        let pointer = format!("{}/parameters/{number}", operation.pointer);
        (pointer, index.resolve(value))
    });
    placed.collect()
}

pub(super) fn parameter<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
    name: &str,
) -> Option<&'a Value> {
    let all = parameters(index, operation).into_iter();
    let mut all = all.map(|(_, parameter)| parameter);
    all.find(|parameter| text(parameter, "name") == name)
}

/// Returns the names of the schemes in each `security`, with the document or the operation that contains `security`.
pub(super) fn required_schemes<'i, 'a>(
    index: &'i Index<'a>,
) -> impl Iterator<Item = (&'i Node<'a>, &'a String)> {
    let is_holder = |kind| matches!(kind, ObjectKind::Root | ObjectKind::Operation);
    let holders = index.nodes.iter().filter(move |node| is_holder(node.kind));
    holders.flat_map(|node| {
        let requirements = node.list("security").iter().filter_map(Value::as_object);
        let names = requirements.flat_map(|requirement| requirement.keys());
        names.map(move |name| (node, name))
    })
}

/// Returns the string at a key, or an empty string if the value is missing or not a string.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the schema of a field. The type of the field must be one of `types`.
///
/// # Errors
/// Returns a message if `schema` is `None`, `path` is wrong, or the field has another type.
pub(super) fn scalar_field<'a>(
    index: &Index<'a>,
    schema: Option<&'a Value>,
    path: &str,
    types: &[&str],
) -> Result<&'a Value, String> {
    let schema = schema.ok_or("there is no body")?;
    let found = field(index.root, schema, path)?;
    match types.contains(&text(found, "type")) {
        true => Ok(found),
        false => Err(format!("`{path}` is not of type {}", types.join(" or "))),
    }
}

/// Returns a message about the first value that is not in the schema's `enum` or, without `enum`, has a wrong type.
pub(super) fn value_problem(schema: &Value, values: &Value) -> Option<String> {
    let options = schema.get("enum").and_then(Value::as_array);
    let fits = |value: &&Value| match (options, text(schema, "type")) {
        (Some(options), _) => options.contains(value),
        (None, "string") => value.is_string(),
        (None, "integer") => value.is_i64() || value.is_u64(),
        (None, "boolean") => value.is_boolean(),
        (None, _) => value.is_number(),
    };
    let mut all = values.as_array().into_iter().flatten();
    let wrong = all.find(|value| !fits(value))?;
    Some(match schema.get("enum").filter(|_| options.is_some()) {
        Some(options) => format!("{wrong} is not an option of the field: {options}"),
        None => format!("{wrong} is not of type {}", text(schema, "type")),
    })
}
