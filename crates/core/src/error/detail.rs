//! The single reasons of an error that has several.

use super::members::{DEPTH, code, message, texts};
use super::shape::is_catalogue_code;
use serde_json::Value;
use std::fmt;

/// The members that list reasons.
const LISTS: [&str; 3] = ["details", "error_details", "errors"];

/// The largest number of reasons that are kept.
const MOST: usize = 100;

/// One of the reasons that an error's body lists.
///
/// `Debug` shows the code only if it has the form of a catalogue's code. It never shows the message, because the server
/// wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorDetail {
    code: Option<String>,
    message: Option<String>,
    /// Whether the call itself carried the code.
    hidden: bool,
}

impl ErrorDetail {
    /// The reason's own error code. An integer code becomes its digits.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The service's text about the reason. It may repeat parts of the request.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// A text is a message. None if there is neither a code nor a message.
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

    /// Never shows a code that the call itself carried.
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

/// All reasons that any level of a body lists.
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
                // Reasons by field.
                None => found.extend(ErrorDetail::of_texts(texts(one, DEPTH))),
            },
            other => collect(other, depth - 1, found),
        }
    }
}
