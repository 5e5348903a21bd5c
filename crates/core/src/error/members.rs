//! The names of fields in error bodies. The functions find a field in every spelling of its name: `error_code`,
//! `errorCode`, `ErrorCode`.

use super::shape::is_word;
use crate::decode::{parse_any, text};
use serde_json::{Map, Value};

/// The names of fields that contain an error code, in lower case, without `_` and `-`. The most reliable names come
/// first.
pub(super) const CODES: [&str; 6] = [
    "errorcode",
    "errcode",
    "code",
    "faultcode",
    "retcode",
    "returncode",
];
pub(super) const MESSAGES: [&str; 16] = [
    "errormsg",
    "errormessage",
    "errmsg",
    "errmessage",
    "message",
    "msg",
    "errordescription",
    "faultstring",
    "detail",
    "explanation",
    "description",
    "reason",
    "retmsg",
    "returnmessage",
    "errorextmsg",
    "title",
];

/// The names of fields that contain an error object. If such a field contains a string, the string is the code or the
/// message.
const WRAPPERS: [&str; 3] = ["error", "fault", "exception"];

/// The largest depth of a search in a body. For example, `{"errors": [{"error": {...}}]}` needs a depth of 3.
pub(super) const DEPTH: u32 = 5;

/// Returns whether the field has this name, in any spelling. `name` is in lower case, without `_` and `-`.
pub(super) fn is_named(member: &str, name: &str) -> bool {
    let letters = member.bytes().filter(|byte| !b"_-".contains(byte));
    letters
        .map(|byte| byte.to_ascii_lowercase())
        .eq(name.bytes())
}

/// Returns the values of the fields with these names, in the order of the names.
pub(super) fn named<'a>(
    object: &'a Map<String, Value>,
    names: &'a [&str],
) -> impl Iterator<Item = &'a Value> {
    names.iter().flat_map(|name| {
        let mut members = object.iter();
        members
            .find(|(member, _)| is_named(member, name))
            .map(|(_, value)| value)
    })
}

/// Returns the value as a string, if the value is a number, or a string that is not empty.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the value of the first of these fields that contains a number, or a string that is not empty.
pub(super) fn first(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    named(object, names).find_map(scalar)
}

/// Returns the code and the message of the error that a failed resource contains.
///
/// A resource also has fields such as a name and a description. So only field names that mean an error are searched.
pub(super) fn of_resource(body: &[u8]) -> (Option<String>, Option<String>) {
    const OWN_CODES: [&str; 4] = ["errorcode", "errcode", "failcode", "failurecode"];
    const OWN_MESSAGES: [&str; 9] = [
        "errormsg",
        "errormessage",
        "errmsg",
        "failreason",
        "failedreason",
        "failurereason",
        "failmessage",
        "failmsg",
        "reason",
    ];
    let body = parse_any(&text(body));
    let Some(Value::Object(object)) = body else {
        return (None, None);
    };
    (first(&object, &OWN_CODES), first(&object, &OWN_MESSAGES))
}

/// Returns the error code of an object. OAuth puts the code into the field `error`. OpenStack Neutron puts the code
/// into the field `type`.
pub(super) fn code(object: &Map<String, Value>) -> Option<String> {
    let word = |names| first(object, names).filter(|text| is_word(text));
    let typed = || first(object, &MESSAGES).and_then(|_| word(&["type"]));
    first(object, &CODES)
        .or_else(|| word(&WRAPPERS))
        .or_else(typed)
}

/// Returns the error message of an object. If the message is a list or a map (for example, with one message for each
/// language), returns its first string.
pub(super) fn message(object: &Map<String, Value>) -> Option<String> {
    first(object, &MESSAGES)
        .or_else(|| first(object, &WRAPPERS))
        .or_else(|| named(object, &MESSAGES).find_map(|value| texts(value, DEPTH).next()))
}

/// Returns all non-empty strings in the value. Lists and maps are searched up to `depth` levels.
pub(super) fn texts(value: &Value, depth: u32) -> Box<dyn Iterator<Item = String> + '_> {
    match value {
        Value::String(text) if !text.is_empty() => Box::new(std::iter::once(text.clone())),
        Value::Array(list) if depth > 0 => {
            Box::new(list.iter().flat_map(move |value| texts(value, depth - 1)))
        }
        Value::Object(map) if depth > 0 => {
            Box::new(map.values().flat_map(move |value| texts(value, depth - 1)))
        }
        _ => Box::new(std::iter::empty()),
    }
}
