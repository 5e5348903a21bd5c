//! Our extensions of an operation, as types. Lint has checked their form and their names.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// `x-pagination`: the method to read a list page by page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pagination {
    /// The method to request the next page.
    #[serde(flatten)]
    pub style: PageStyle,
    /// The query parameter with the number of elements in a page.
    pub limit: Option<String>,
    /// The path of the answer's field that holds the elements.
    pub items: String,
    /// The path of the answer's field with the total number of elements. Without it, an empty page is the last page.
    pub total: Option<String>,
    /// The path of the element's field that identifies it.
    pub id: Option<String>,
}

/// The method to request the next page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "style", rename_all = "lowercase")]
pub enum PageStyle {
    /// The request has the number of elements on the pages before.
    Offset {
        /// The query parameter.
        offset: String,
        /// The offset of the first page.
        start: u64,
    },
    /// The request has a value from the last page.
    Marker {
        /// The query parameter.
        marker: String,
        /// The path of the answer's field with that value. If the field is missing, the page is the last one.
        next: String,
    },
}

/// `x-waiter`: the method to wait for a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Waiter {
    /// The operation that polls. None if the operation itself is repeated.
    pub operation: Option<String>,
    /// Parameters of the polling operation, and the sources of their values: see [`ValueSource`]. A parameter that is
    /// not listed keeps the value of the parameter with the same name.
    #[serde(default)]
    pub ids: BTreeMap<String, String>,
    /// The path of the list in the polled answer, if the answer has a list.
    pub list: Option<String>,
    /// The field that identifies the element of the list, and the source of its value.
    #[serde(default)]
    pub key: BTreeMap<String, String>,
    /// The path of the field with the state: in the polled answer, or in the element of the list.
    pub field: String,
    /// The values that end the wait with success.
    #[serde(default)]
    pub success: Vec<Value>,
    /// The values that end the wait with failure.
    #[serde(default)]
    pub failure: Vec<Value>,
    /// The meaning of a 404 of the polling operation. None if a 404 is an error.
    pub gone: Option<Gone>,
    /// The least time between two polls, in seconds.
    pub interval: Option<u64>,
    /// The number of seconds after the operation in which the state may still be the old one.
    pub settle: Option<u64>,
}

/// The meaning of an object that no longer exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gone {
    /// The wait succeeds.
    Success,
    /// The wait fails.
    Failure,
}

/// The source of a value: `answer.id`, `request.task_id`, `parameter.instance_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// A field of the operation's answer, by its path.
    Answer(String),
    /// A field of the operation's request body, by its path.
    Request(String),
    /// A parameter of the operation.
    Parameter(String),
}

impl ValueSource {
    /// Reads `answer.<field>`, `request.<field>` or `parameter.<name>`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('.')? {
            (_, "") => None,
            ("answer", path) => Some(Self::Answer(path.to_owned())),
            ("request", path) => Some(Self::Request(path.to_owned())),
            ("parameter", name) => Some(Self::Parameter(name.to_owned())),
            _ => None,
        }
    }
}

/// `x-outcome`: a success status that may be a refusal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Outcome {
    /// The HTTP status.
    pub status: u16,
    /// The path of the answer's field with the result of the call.
    pub field: String,
    /// The values that mean success. Any other value is a refusal.
    pub good: Vec<Value>,
    /// The path of the field with the reason of a refusal.
    pub message: Option<String>,
}

/// Reads an extension. None if it does not have the form of the grammar.
pub(crate) fn parse_extension<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

#[cfg(test)]
mod tests;
