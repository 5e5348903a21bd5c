//! The members of an error's body that all its readers search for, in every spelling: `error_code`, `errorCode`,
//! `ErrorCode`.

use super::shape::is_word;
use crate::decode::{parse_any, text};
use serde_json::{Map, Value};

/// In lower case, without `_` and `-`. The most reliable names come first.
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

/// The members whose text may be the only text of an error.
const WRAPPERS: [&str; 3] = ["error", "fault", "exception"];

/// The depth to which wrappers are searched: `{"errors": [{"error": {...}}]}` and one more level.
pub(super) const DEPTH: u32 = 5;

/// Whether a member has this name, in any spelling.
pub(super) fn is_named(member: &str, name: &str) -> bool {
    let letters = member.bytes().filter(|byte| !b"_-".contains(byte));
    letters
        .map(|byte| byte.to_ascii_lowercase())
        .eq(name.bytes())
}

/// The values of the members with these names, in the order of the names.
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

/// A text or a number, if it is not empty.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The first of these members that is a text or a number, and not empty.
pub(super) fn first(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    named(object, names).find_map(scalar)
}

/// The code and the message of a failed resource's own error. A resource also has a name and a description, so only
/// names that mean an error count.
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

/// An object's own code. OAuth's code is in `error`, Neutron's in `type`.
pub(super) fn code(object: &Map<String, Value>) -> Option<String> {
    let word = |names| first(object, names).filter(|text| is_word(text));
    let typed = || first(object, &MESSAGES).and_then(|_| word(&["type"]));
    first(object, &CODES)
        .or_else(|| word(&WRAPPERS))
        .or_else(typed)
}

/// An object's own message. If there are several texts, by language or by field, it is the first.
pub(super) fn message(object: &Map<String, Value>) -> Option<String> {
    first(object, &MESSAGES)
        .or_else(|| first(object, &WRAPPERS))
        .or_else(|| named(object, &MESSAGES).find_map(|value| texts(value, DEPTH).next()))
}

/// All texts within a value that is a text, a list of texts, or a map of them.
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
