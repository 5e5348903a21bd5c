//! Errors of the model, and functions that read a value from a document.

use std::fmt;

use serde_json::Value;

/// An error: `paths`, an operation or a component schema does not have the form that the model expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The JSON pointer of `paths`, of the operation or of the component schema.
    pub pointer: String,
    /// The difference from the expected form.
    pub reason: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.pointer, self.reason)
    }
}

impl std::error::Error for DocumentError {}

/// The string at a JSON pointer, without the white space at its start and end. Empty if there is no string.
pub fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().trim().to_owned()
}

/// The strings in an array. Empty if the value is not an array.
pub fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
