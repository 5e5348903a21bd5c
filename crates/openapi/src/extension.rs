//! Our extensions of an operation, as types. Lint has judged their form and their names.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// `x-pagination`: how a list is read page by page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pagination {
    /// How the next page is asked for.
    #[serde(flatten)]
    pub style: PageStyle,
    /// The query parameter that says how many elements a page holds.
    pub limit: Option<String>,
    /// The path of the answer's field that holds the elements.
    pub items: String,
    /// The path of the answer's field that counts all elements; without it, an empty page is the last.
    pub total: Option<String>,
    /// The path of the element's field that identifies it.
    pub id: Option<String>,
}

/// How the next page is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "style", rename_all = "lowercase")]
pub enum PageStyle {
    /// By the number of elements that came before.
    Offset {
        /// The query parameter.
        offset: String,
        /// The offset of the first page.
        start: u64,
    },
    /// By what the last page named.
    Marker {
        /// The query parameter.
        marker: String,
        /// The path of the answer's field that names the next page; without it, the last page was reached.
        next: String,
    },
}

/// `x-waiter`: how to wait until something has reached a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Waiter {
    /// The operation that polls; none where the operation itself is repeated.
    pub operation: Option<String>,
    /// Parameters of the polling operation, and where their values come from: see [`ValueSource`]. Parameters of the same name keep their value.
    #[serde(default)]
    pub ids: BTreeMap<String, String>,
    /// The path of the list in the polled answer, where it is one.
    pub list: Option<String>,
    /// The one field that tells the element of the list, and where its value comes from.
    #[serde(default)]
    pub key: BTreeMap<String, String>,
    /// The path of the field to watch: in the polled answer, or in the element of the list.
    pub field: String,
    /// Values that end the wait in success.
    #[serde(default)]
    pub success: Vec<Value>,
    /// Values that end the wait in failure.
    #[serde(default)]
    pub failure: Vec<Value>,
    /// What a 404 of the polling operation means; without it, it is an error.
    pub gone: Option<Gone>,
    /// The least time between two polls, in seconds.
    pub interval: Option<u64>,
    /// For so many seconds after the operation the state may still be the one from before it.
    pub settle: Option<u64>,
}

/// What it means that the thing is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gone {
    /// It was waited for.
    Success,
    /// The wait has failed.
    Failure,
}

/// Where a value comes from: `answer.id`, `request.task_id`, `parameter.instance_id`.
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
    /// The path of the answer's field that says what came of the call.
    pub field: String,
    /// Its values that mean success; any other is a refusal.
    pub good: Vec<Value>,
    /// The path of the field that says why the call was refused.
    pub message: Option<String>,
}

/// Reads an extension; none where it has not the form of the grammar.
pub(crate) fn parse_extension<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

#[cfg(test)]
mod tests;
