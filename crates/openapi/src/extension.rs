//! Types for the values of `x-pagination`, `x-waiter` and `x-outcome`. Lint has already checked these values.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// `x-pagination`: how a client reads a list page by page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pagination {
    /// How a client requests the next page.
    #[serde(flatten)]
    pub style: PageStyle,
    /// The query parameter that sets the number of elements on a page, if there is one.
    pub limit: Option<String>,
    /// The path of the answer's field with the elements.
    pub items: String,
    /// The path of the answer's field with the total number of elements. Without this path, a list with offsets ends at
    /// its first empty page.
    pub total: Option<String>,
    /// The path of the element's field that identifies the element, if `x-pagination` names one.
    pub id: Option<String>,
}

/// How a client requests the next page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "style", rename_all = "lowercase")]
pub enum PageStyle {
    /// The client sends `start` plus the number of elements on the earlier pages.
    Offset {
        /// The query parameter with the number.
        offset: String,
        /// The offset of the first page.
        start: u64,
    },
    /// The client sends a value from the previous page.
    Marker {
        /// The query parameter with the value.
        marker: String,
        /// The path of the answer's field with the value for the next page. If an answer does not have the field, the
        /// page is the last page.
        next: String,
    },
}

/// `x-waiter`: how a client waits for a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Waiter {
    /// The operation that the client polls. `None` if the client polls the operation that has the extension.
    pub operation: Option<String>,
    /// Parameters of the polled operation, and the sources of their values, as [`ValueSource`] reads them. A parameter
    /// that is not in this map has the same value as in the call of the operation with the extension.
    #[serde(default)]
    pub ids: BTreeMap<String, String>,
    /// The path of the list in the answer to a poll, if this answer contains a list.
    pub list: Option<String>,
    /// The field that identifies the element of the list, and the source of the value that this field must have.
    #[serde(default)]
    pub key: BTreeMap<String, String>,
    /// The path of the field with the state. The path begins in the answer to a poll, or in the element of the list.
    pub field: String,
    /// The states that end the wait with success.
    #[serde(default)]
    pub success: Vec<Value>,
    /// The states that end the wait with failure.
    #[serde(default)]
    pub failure: Vec<Value>,
    /// The result of the wait if a poll finds that the object no longer exists. `None` means failure.
    pub gone: Option<Gone>,
    /// The minimum time between two polls, in seconds. `None` means the default of the client.
    pub interval: Option<u64>,
    /// For this number of seconds after the operation, polls may return the old state. `None` means a default.
    pub settle: Option<u64>,
}

/// The result of a wait for an object that no longer exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gone {
    /// The wait succeeds.
    Success,
    /// The wait fails.
    Failure,
}

/// The source of a value, such as `answer.id`, `request.task_id` or `parameter.instance_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// A field of the operation's answer. The string is the path of the field.
    Answer(String),
    /// A field of the operation's request body. The string is the path of the field.
    Request(String),
    /// A parameter of the operation. The string is the name of the parameter.
    Parameter(String),
}

impl ValueSource {
    /// Reads a source such as `answer.<field>`, `request.<field>` or `parameter.<name>`. `None` for any other string.
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

/// `x-outcome`: a success status that the service also sends for a failed call.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Outcome {
    /// The HTTP status of the answer.
    pub status: u16,
    /// The path of the answer's field with the result of the call.
    pub field: String,
    /// The values that mean success. Any other value means that the call failed.
    pub good: Vec<Value>,
    /// The path of the answer's field with the reason for the failure, if there is such a field.
    pub message: Option<String>,
}

/// Reads an extension. Returns `None` if the value does not have the form of the extension.
pub(crate) fn parse_extension<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

#[cfg(test)]
mod tests;
