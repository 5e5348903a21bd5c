//! Reading of single values.

use std::fmt;

use serde_json::Value;

/// Something in a document that the model cannot express.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The position as a JSON pointer.
    pub pointer: String,
    /// The problem at this position.
    pub reason: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.pointer, self.reason)
    }
}

impl std::error::Error for DocumentError {}

/// The text at a JSON pointer, trimmed. Empty if there is no text.
pub fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().trim().to_owned()
}

/// The strings of an array. Empty for any other value.
pub fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
