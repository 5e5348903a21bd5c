//! Finds the parts of an error body, such as the code and the message. The gateways and the services use different
//! field names and structures, so the module supports many of them.

use super::detail::{ErrorDetail, details};
use super::mark::{is_error, is_error_instead, is_failure_text};
use super::members::{DEPTH, code, first, message, texts};
use crate::decode::{parse_any, text};
use memchr::memmem::Finder;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The parts that were found in an error body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub code: Option<String>,
    pub message: Option<String>,
    pub request_id: Option<String>,
    /// The field `encoded_authorization_message`, from any of the searched levels of the body.
    pub encoded: Option<String>,
    pub details: Vec<ErrorDetail>,
}

/// The largest size, in bytes, of a body that is searched for an error. The search makes a tree of JSON values, which
/// needs many times the memory of the body.
pub(crate) const LARGEST_ERROR: usize = 256 * 1024;

const REQUEST_IDS: [&str; 1] = ["requestid"];
const ENCODED: [&str; 1] = ["encodedauthorizationmessage"];

impl ErrorBody {
    /// Finds the parts of a body. If the body is larger than [`LARGEST_ERROR`] or has an unknown form (such as HTML),
    /// the result has no parts.
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

    /// Some services put an error, as JSON, into the message of another error. This function takes the code and the
    /// message of the inner error, if no code was found before.
    fn unwrap_text(&mut self) {
        let inner = self.message.as_deref().filter(|text| text.starts_with('{'));
        if let (None, Some(Ok(value))) = (&self.code, inner.map(serde_json::from_str)) {
            let mut inner = Self::default();
            inner.take(&value, DEPTH);
            self.code = inner.code;
            self.message = inner.message.or_else(|| self.message.take());
        }
    }

    /// Takes the reasons from a body that lists reasons by field name: `{"password": ["too short"]}`.
    fn take_reasons(&mut self, value: &Value) {
        let members = value.as_object().into_iter().flatten();
        let lists = members.filter(|(_, value)| value.is_array() || value.is_object());
        let reasons: Vec<String> = lists.flat_map(|(_, value)| texts(value, DEPTH)).collect();
        self.message = reasons.first().cloned();
        if self.details.is_empty() {
            self.details = ErrorDetail::of_texts(reasons);
        }
    }

    /// Takes the parts of a value and of the values in it. An outer code has priority over an inner code. If the object
    /// with the code also contains a message, this message has priority over all other messages. Nested values (for
    /// example, in the field `badRequest`) are searched up to `depth` levels. The search ends when all parts except the
    /// details are found.
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
            // If this object has a code and a message, its message replaces the message of an outer object. In all
            // other cases, the message of an outer object has priority.
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

/// Returns whether the body of an answer with a success status is an error body.
///
/// The function assumes that no field of the body is a documented field. If `documented` is `true`, the OpenAPI
/// document describes a body or a file, so a message alone is also an error. If `documented` is `false`, a body that is
/// too large to search is also an error.
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

/// Returns the JSON object of an answer without its empty fields (`null` or `{}`). Returns `None` if the answer is
/// larger than [`LARGEST`], or is not an object. Also returns `None` if the object has no empty fields, or no sign of
/// an error.
///
/// If a service failed, its error body can contain empty documented fields: `{"error_code": "X.1", "devices": null}`.
/// If the returned object cannot be decoded, the caller reports the error of the service.
pub(crate) fn without_nothing(text: &str) -> Option<String> {
    // These three checks are fast. Without them, a tree of JSON values would be built for each answer, which takes
    // longer than decoding.
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

/// Returns whether `null` or `{}` occurs in the body.
fn may_hold_nothing(text: &[u8]) -> bool {
    NULL.find(text).is_some()
        || memchr::memchr_iter(b'}', text)
            .any(|end| text[..end].trim_ascii_end().last() == Some(&b'{'))
}

/// Returns whether the body contains one of the strings in [`MARKS`].
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

/// The largest size, in bytes, of an answer from which [`without_nothing`] removes fields.
const LARGEST: usize = 16 * 1024;

static NULL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("null"));

/// Parts of the field names that are signs of an error, in lower case. A search for these parts is faster than parsing
/// the body.
static MARKS: LazyLock<[Finder<'static>; 10]> = LazyLock::new(|| {
    let marks = [
        "rror",
        "ode\"",
        "msg",
        "essage",
        "ault",
        "xception",
        "title",
        "success\"",
        "ok\"",
        "authorization",
    ];
    marks.map(Finder::new)
});
