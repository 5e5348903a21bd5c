//! Finds the signs of an error in the body of an answer with a success status.

use super::members::{CODES, MESSAGES, first, is_named, named};
use super::shape::is_catalogue_code;
use serde_json::{Map, Value};

/// The names of fields that occur only in errors. If such a field contains a value that is neither empty nor a sign of
/// success, the body is an error body.
const SURE: [&str; 15] = [
    "errorcode",
    "errcode",
    "errormsg",
    "errormessage",
    "errmsg",
    "errmessage",
    "errordescription",
    "errordetails",
    "faultcode",
    "faultstring",
    "encodedauthorizationmessage",
    "error",
    "errors",
    "fault",
    "exception",
];

/// The strings that some services write if there is no error.
const SUCCESS: [&str; 8] = [
    "0",
    "ok",
    "success",
    "succeeded",
    "successful",
    "none",
    "null",
    "false",
];

/// The first words of messages that report an error.
const FAILURE: [&str; 6] = ["error", "fail", "failed", "failure", "fault", "exception"];

/// Returns whether the body is an error body. The function assumes that no field of the body is a documented field.
pub(super) fn is_error(value: &Value) -> bool {
    match value {
        Value::Object(object) => is_error_object(object),
        Value::Array(list) => !list.is_empty() && list.iter().all(is_error),
        Value::String(text) => is_failure_text(text),
        _ => false,
    }
}

/// Like [`is_error`], for an operation that documents a body or a file. In this case, a body with a message is also an
/// error.
pub(super) fn is_error_instead(value: &Value) -> bool {
    let lone = |object| first(object, &["message", "msg", "detail"]).is_some();
    is_error(value) || value.as_object().is_some_and(lone)
}

/// Returns whether the first word of a string is in [`FAILURE`]. The string is a body that is not JSON, or a JSON
/// string.
pub(super) fn is_failure_text(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphabetic());
    let word = words.find(|word| !word.is_empty()).unwrap_or_default();
    FAILURE
        .iter()
        .any(|failure| word.eq_ignore_ascii_case(failure))
}

fn is_error_object(object: &Map<String, Value>) -> bool {
    let has = |names: &[&str]| named(object, names).any(says_something);
    let code = first(object, &CODES).filter(|code| !is_success(code));
    let coded =
        code.is_some_and(|code| has(&MESSAGES) || (code.contains('.') && is_catalogue_code(&code)));
    let problem = has(&["title"]) && has(&["detail", "description", "status"]);
    let refused = named(object, &["success", "ok"]).any(|value| *value == Value::Bool(false));
    coded
        || problem
        || refused
        || object.iter().any(|(name, value)| is_mark(name, value))
        || has_wrapper(object)
}

fn is_mark(name: &str, value: &Value) -> bool {
    let lower = name.to_ascii_lowercase();
    let sure = SURE.iter().any(|sure| is_named(name, sure));
    let wrapper = value.is_object() && (lower.ends_with("error") || lower.ends_with("fault"));
    (sure || wrapper) && says_something(value)
}

/// Returns whether the object contains an error object, under any name. For example, OpenStack Nova writes
/// `{"badRequest": {"code": 400, "message": ".."}}`.
fn has_wrapper(object: &Map<String, Value>) -> bool {
    object.values().filter_map(Value::as_object).any(|inner| {
        first(inner, &CODES).is_some_and(|code| !is_success(&code))
            && first(inner, &MESSAGES).is_some()
    })
}

fn is_success(text: &str) -> bool {
    let number: Option<u32> = text.parse().ok();
    number.is_some_and(|number| number == 0 || (200..300).contains(&number))
        || SUCCESS
            .iter()
            .any(|success| text.eq_ignore_ascii_case(success))
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => !is_success(&number.to_string()),
        Value::String(text) => !text.trim().is_empty() && !is_success(text.trim()),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}
