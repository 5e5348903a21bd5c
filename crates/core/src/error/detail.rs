//! The single reasons of an error that has several reasons.

use super::members::{DEPTH, code, message, texts};
use super::shape::is_catalogue_code;
use serde_json::Value;
use std::fmt;

/// The names of the fields that list reasons.
const LISTS: [&str; 3] = ["details", "error_details", "errors"];

/// The largest number of reasons that an error keeps.
const MOST: usize = 100;

/// One of the reasons that an error body lists.
///
/// `Debug` shows the code only if the code has the form of a documented code. `Debug` never shows the message, because
/// the server wrote the message.
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorDetail {
    code: Option<String>,
    message: Option<String>,
    /// Whether `Debug` must not show the code, because the request contained the code.
    hidden: bool,
}

impl ErrorDetail {
    /// Returns the error code of the reason. An integer code is returned as its digits.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the service's message about the reason. The message can repeat parts of the request.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Reads a reason from JSON. If the value is a string, the string is the message. Returns `None` if the value
    /// contains neither a code nor a message.
    fn from_json(value: &Value) -> Option<Self> {
        let (code, message) = match value {
            Value::String(text) if !text.is_empty() => (None, Some(text.clone())),
            Value::Object(object) => (code(object), message(object)),
            _ => return None,
        };
        (code.is_some() || message.is_some()).then_some(Self {
            code,
            message,
            hidden: false,
        })
    }

    pub(super) fn of_texts(texts: impl IntoIterator<Item = String>) -> Vec<Self> {
        let detail = |text| Self {
            code: None,
            message: Some(text),
            hidden: false,
        };
        texts.into_iter().take(MOST).map(detail).collect()
    }

    /// Hides the code in the output of `Debug`, if the request contained the code.
    pub(super) fn hide(&mut self, is_carried: &dyn Fn(&str) -> bool) {
        self.hidden |= self.code.as_deref().is_some_and(is_carried);
    }
}

impl fmt::Debug for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self
            .code()
            .filter(|code| !self.hidden && is_catalogue_code(code));
        f.debug_struct("ErrorDetail")
            .field("code", &code)
            .finish_non_exhaustive()
    }
}

/// Returns the reasons in the outermost [`DEPTH`] levels of the body, but at most [`MOST`] reasons.
pub(super) fn details(body: &Value) -> Vec<ErrorDetail> {
    let mut found = Vec::new();
    collect(body, DEPTH, &mut found);
    found.truncate(MOST);
    found
}

fn collect(value: &Value, depth: u32, found: &mut Vec<ErrorDetail>) {
    if depth == 0 || found.len() >= MOST {
        return;
    }
    let Value::Object(object) = value else {
        return;
    };
    for (name, value) in object {
        match value {
            Value::Array(list) if LISTS.contains(&name.as_str()) => {
                found.extend(list.iter().filter_map(ErrorDetail::from_json));
            }
            one if LISTS.contains(&name.as_str()) => match ErrorDetail::from_json(one) {
                Some(detail) => found.push(detail),
                // The value lists reasons by field name.
                None => found.extend(ErrorDetail::of_texts(texts(one, DEPTH))),
            },
            other => collect(other, depth - 1, found),
        }
    }
}
