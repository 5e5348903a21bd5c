//! Types for the values of `x-pagination`, `x-waiter` and `x-outcome`. Lint checks these values.

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
    /// The query parameter that sets the number of elements on a page. `None` if there is no such parameter.
    pub limit: Option<String>,
    /// The path of the answer's field with the elements.
    pub items: String,
    /// The path of the answer's field with the number of elements on all pages. If `total` is `None` and the style is
    /// [`PageStyle::Offset`], the first empty page ends the list.
    pub total: Option<String>,
    /// The path of the field that identifies an element. `None` if `x-pagination` names no such field.
    pub id: Option<String>,
}

/// How a client requests the next page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "style", rename_all = "lowercase")]
pub enum PageStyle {
    /// The client sends `start` plus the number of elements before the page.
    Offset {
        /// The query parameter that contains this sum.
        offset: String,
        /// The offset of the first page.
        start: u64,
    },
    /// The client sends a value from the previous page.
    Marker {
        /// The query parameter that contains this value.
        marker: String,
        /// The path of the answer's field with the next marker. On the last page, the field is missing, null or empty.
        next: String,
    },
}

/// `x-waiter`: how a client waits for a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Waiter {
    /// The operation that the client polls. `None` if the client polls the operation with this `x-waiter`.
    pub operation: Option<String>,
    /// Maps a parameter of the polled operation to the source of its value. [`ValueSource::parse`] reads the source. If
    /// a path parameter is not in this map, polls use its value from the call of the operation with this `x-waiter`.
    #[serde(default)]
    pub ids: BTreeMap<String, String>,
    /// The path of the list in the answer to a poll, if this answer contains a list.
    pub list: Option<String>,
    /// Maps the field that identifies an element of the list to the source of its value. The map has at most one entry.
    #[serde(default)]
    pub key: BTreeMap<String, String>,
    /// The path of the field with the state. If `list` is set, the path begins in the element of the list. Otherwise,
    /// the path begins in the answer to a poll.
    pub field: String,
    /// The states that end the wait with success.
    #[serde(default)]
    pub success: Vec<Value>,
    /// The states that end the wait with failure.
    #[serde(default)]
    pub failure: Vec<Value>,
    /// The result of the wait if a poll finds that the object no longer exists. `None` means failure.
    pub gone: Option<Gone>,
    /// The pause after the first poll, in seconds. Later pauses can be longer. `None` means the default of the client.
    pub interval: Option<u64>,
    /// For this number of seconds after the operation, a poll can return the old state. `None`: the client's default.
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
    /// Reads `answer.<field>`, `request.<field>` or `parameter.<name>`. Returns `None` for any other string.
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
    /// The values that mean success. Any other value, or no value, means that the call failed.
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
