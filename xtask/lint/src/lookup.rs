//! What belongs to an operation, references followed.

use serde_json::Value;

use super::index::Index;
use transcript::OperationRef;

/// The first schema of an operation's answer, if it has one.
pub(super) fn success_schema<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Option<&'a Value> {
    let responses = operation.value.get("responses")?.as_object()?;
    let successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let contents =
        successes.filter_map(|(_, response)| index.resolve(response).get("content")?.as_object());
    contents
        .flat_map(|content| content.values())
        .find_map(|media| media.get("schema"))
}

/// The schema of an operation's request body, if it has one.
pub(super) fn request_schema<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Option<&'a Value> {
    let body = index.resolve(operation.value.get("requestBody")?);
    body.get("content")?
        .as_object()?
        .values()
        .find_map(|media| media.get("schema"))
}

/// Parameters of an operation, references followed.
pub(super) fn parameters<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Vec<(String, &'a Value)> {
    let list = operation.value.get("parameters").and_then(Value::as_array);
    let numbered = list.into_iter().flatten().enumerate();
    numbered
        .map(|(number, value)| {
            (
                format!("{}/parameters/{number}", operation.pointer),
                index.resolve(value),
            )
        })
        .collect()
}
