//! The members of an error's body that all its readers look for.

use serde_json::{Map, Value};

pub(super) const CODES: [&str; 3] = ["error_code", "errorCode", "code"];
pub(super) const MESSAGES: [&str; 3] = ["error_msg", "errorMsg", "message"];

/// How deep wrappers are followed: `{"errors": [{"error": {...}}]}` and one to spare.
pub(super) const DEPTH: u32 = 5;

/// The first of these members that is a text or a number, and not empty.
pub(super) fn first(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    names
        .iter()
        .filter_map(|name| object.get(*name).and_then(text))
        .find(|text| !text.is_empty())
}
