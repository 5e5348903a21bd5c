//! The parts of an error's body, in each form that the gateways and services use.

use super::detail::{ErrorDetail, details};
use super::mark::{is_error, is_error_instead, is_failure_text};
use super::members::{DEPTH, code, first, message, texts};
use crate::decode::{parse_any, text};
use memchr::memmem::Finder;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The parts of an error's body that could be found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub code: Option<String>,
    pub message: Option<String>,
    pub request_id: Option<String>,
    /// `encoded_authorization_message`, at any level.
    pub encoded: Option<String>,
    pub details: Vec<ErrorDetail>,
}

/// Larger bodies are not searched for an error. A tree of their values would need many times their memory.
pub(crate) const LARGEST_ERROR: usize = 256 * 1024;

const REQUEST_IDS: [&str; 1] = ["requestid"];
const ENCODED: [&str; 1] = ["encodedauthorizationmessage"];

impl ErrorBody {
    /// Never fails. If the body is not understood (HTML, an empty body), the result has no parts.
    pub(crate) fn new(body: &[u8]) -> Self {
        let mut this = Self::default();
        if body.len() > LARGEST_ERROR {
            return this;
        }
        if let Some(value) = parse_any(&text(body)) {
            this.take(&value, DEPTH);
            this.details = details(&value);
            this.unwrap_text();
            if this.code.is_none() && this.message.is_none() && value.is_object() {
                this.take_reasons(&value);
            }
        }
        this
    }

    /// Some services put an error into the text of another one, as JSON.
    fn unwrap_text(&mut self) {
        let inner = self.message.as_deref().filter(|text| text.starts_with('{'));
        if let (None, Some(Ok(value))) = (&self.code, inner.map(serde_json::from_str)) {
            let mut inner = Self::default();
            inner.take(&value, DEPTH);
            self.code = inner.code;
            self.message = inner.message.or_else(|| self.message.take());
        }
    }

    /// Reasons by field, without a wrapper: `{"password": ["too short"]}`.
    fn take_reasons(&mut self, value: &Value) {
        let members = value.as_object().into_iter().flatten();
        let lists = members.filter(|(_, value)| value.is_array() || value.is_object());
        let reasons: Vec<String> = lists.flat_map(|(_, value)| texts(value, DEPTH)).collect();
        self.message = reasons.first().cloned();
        if self.details.is_empty() {
            self.details = ErrorDetail::of_texts(reasons);
        }
    }

    /// The outermost code and message have priority. A wrapper (`error`, `badRequest`, `errors`) is searched until
    /// there is a code.
    fn take(&mut self, value: &Value, depth: u32) {
        match value {
            Value::Object(object) => self.take_object(object, depth),
            Value::Array(list) if depth > 0 => {
                list.iter().for_each(|value| self.take(value, depth - 1))
            }
            _ => {}
        }
    }

    fn take_object(&mut self, object: &Map<String, Value>, depth: u32) {
        if self.code.is_none() {
            self.code = code(object);
            let outer = self.message.take();
            // Both come from one level, unless that level has no message.
            self.message = match (&self.code, outer) {
                (None, Some(outer)) => Some(outer),
                (_, outer) => message(object).or(outer),
            };
        } else if self.message.is_none() {
            self.message = message(object);
        }
        self.request_id = self
            .request_id
            .take()
            .or_else(|| first(object, &REQUEST_IDS));
        self.encoded = self.encoded.take().or_else(|| first(object, &ENCODED));
        if depth > 0 && !self.is_whole() {
            object
                .values()
                .for_each(|value| self.take(value, depth - 1));
        }
    }

    fn is_whole(&self) -> bool {
        let found = [&self.code, &self.message, &self.request_id, &self.encoded];
        found.iter().all(|part| part.is_some())
    }
}

/// Whether a body of a status of success is the body of an error.
///
/// None of its fields is a documented one. If a documented field is required, a message alone is an error. If no body
/// is documented, a body that is too large to search is an error.
pub(crate) fn is_error_body(text: &str, documented: bool) -> bool {
    if text.len() > LARGEST_ERROR {
        return !documented;
    }
    match parse_any(text) {
        Some(value) if documented => is_error_instead(&value),
        Some(value) => is_error(&value),
        None => is_failure_text(text),
    }
}

/// The answer without its empty members. None if it has no empty members, or no marks of an error.
///
/// A service that has failed may still name the fields of its answer: `{"error_code": "X.1", "devices": null}`.
pub(crate) fn without_nothing(text: &str) -> Option<String> {
    // Larger bodies are not errors. A tree of the values of each answer would take longer than to read it.
    if text.len() > LARGEST || !may_hold_nothing(text.as_bytes()) || !may_be_marked(text) {
        return None;
    }
    let Some(Value::Object(mut object)) = parse_any(text) else {
        return None;
    };
    let before = object.len();
    object.retain(|_, value| !is_nothing(value));
    let value = Value::Object(object);
    let changed = value.as_object().is_some_and(|after| after.len() < before);
    (changed && is_error(&value)).then(|| value.to_string())
}

/// Whether `null` or `{}` occurs in the text.
fn may_hold_nothing(text: &[u8]) -> bool {
    NULL.find(text).is_some()
        || memchr::memchr_iter(b'}', text)
            .any(|end| text[..end].trim_ascii_end().last() == Some(&b'{'))
}

/// Whether the text contains a part of a name that marks an error.
fn may_be_marked(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    MARKS
        .iter()
        .any(|mark| mark.find(text.as_bytes()).is_some())
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

const LARGEST: usize = 16 * 1024;

static NULL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("null"));

/// Each name that marks an error contains one of these parts, in any spelling. The searchers are made once.
static MARKS: LazyLock<[Finder<'static>; 9]> = LazyLock::new(|| {
    let marks = [
        "rror",
        "ode\"",
        "msg",
        "ault",
        "xception",
        "title",
        "success\"",
        "ok\"",
        "authorization",
    ];
    marks.map(Finder::new)
});
