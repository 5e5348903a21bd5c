//! What an error's body says, in any of the forms that the gateways and services use.

use super::detail::{ErrorDetail, details};
use super::members::{CODES, DEPTH, MESSAGES, first};
use memchr::memmem::Finder;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The parts of an error's body that could be found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub code: Option<String>,
    pub message: Option<String>,
    pub request_id: Option<String>,
    /// `encoded_authorization_message`, at whatever level.
    pub encoded: Option<String>,
    pub details: Vec<ErrorDetail>,
}

const REQUEST_IDS: [&str; 3] = ["request_id", "requestId", "RequestId"];
const ENCODED: [&str; 1] = ["encoded_authorization_message"];

impl ErrorBody {
    /// Never fails: what is not understood (HTML, an empty body) has no parts.
    pub(crate) fn read(body: &[u8]) -> Self {
        let mut this = Self::default();
        if let Ok(value) = serde_json::from_slice(body) {
            this.take(&value, DEPTH);
            this.details = details(&value);
        }
        this
    }

    /// The outermost code and message win. A wrapper (`error`, `badRequest`, `errors`) is followed until there is a code.
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
            self.code = first(object, &CODES);
            // Both come from one level, unless that one has no message.
            self.message = first(object, &MESSAGES).or_else(|| self.message.take());
        } else if self.message.is_none() {
            self.message = first(object, &MESSAGES);
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

/// The members of an error's body, and of no documented answer.
const ERROR_MEMBERS: [&str; 10] = [
    "error_code",
    "errorCode",
    "error_msg",
    "errorMsg",
    "error_ext_msg",
    "error_details",
    "request_id",
    "requestId",
    "encoded_authorization_message",
    "details",
];

/// Larger bodies are no errors, and looking would cost.
const LARGEST: usize = 16 * 1024;

/// What every error's body holds, for a search that is prepared once.
static ERROR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("error"));

/// Whether a body that came with a status of success is an error's: it has an error code, and nothing that an error has not.
///
/// Every field of an answer is optional, so it would pass for an answer in which all of them are missing.
pub(crate) fn is_error_body(body: &[u8]) -> bool {
    if body.len() > LARGEST || ERROR.find(body).is_none() {
        return false;
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => {
            first(&object, &["error_code", "errorCode"]).is_some()
                && object
                    .keys()
                    .all(|name| ERROR_MEMBERS.contains(&name.as_str()))
        }
        _ => false,
    }
}
