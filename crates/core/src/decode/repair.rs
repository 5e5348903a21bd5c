//! Repairs text that is almost JSON.

use serde::de::IgnoredAny;
use serde_json::{StreamDeserializer, Value, de::StrRead};
use std::borrow::Cow;

/// Repairs the first JSON value of `text`. Returns this value, and whether more text follows. Returns `None` if `text`
/// does not begin with a JSON value, even after the repair.
pub(super) fn repaired(text: &str) -> Option<(Cow<'_, str>, bool)> {
    let (text, rest) = match split_first(text) {
        Some((text, rest)) => (Cow::Borrowed(text), !rest.is_empty()),
        None => {
            let clean = without_controls(text);
            let (first, rest) = split_first(&clean)?;
            (Cow::Owned(first.to_owned()), !rest.is_empty())
        }
    };
    Some((within_range(text), rest))
}

/// Returns the first JSON value, and the text after it.
pub(super) fn split_first(text: &str) -> Option<(&str, &str)> {
    let mut values: StreamDeserializer<'_, StrRead<'_>, IgnoredAny> =
        serde_json::Deserializer::from_str(text).into_iter();
    values.next()?.ok()?;
    let (first, rest) = text.split_at_checked(values.byte_offset())?;
    Some((first, rest.trim()))
}

/// Parses the JSON value at the beginning of `text`, after a repair if necessary.
pub(crate) fn parse_any(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| {
        let (text, _) = repaired(text)?;
        serde_json::from_str(&text).ok()
    })
}

/// Replaces control characters by spaces. JSON allows no line breaks in a string, but some servers write them.
fn without_controls(text: &str) -> String {
    let clean = |c: char| if c.is_ascii_control() { ' ' } else { c };
    text.chars().map(clean).collect()
}

/// Puts quotes around each number that is too large for `f64`, such as `1e400`. As a number, the value would make the
/// whole answer unreadable. As a string, the value makes at most its own field unreadable.
fn within_range(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut kept, mut position) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(position) {
        let start = position;
        position += 1;
        let in_token = |end: usize, wanted: fn(&u8) -> bool| bytes.get(end).is_some_and(wanted);
        if *byte == b'"' {
            while in_token(position, |byte| *byte != b'"') {
                position += 1 + usize::from(in_token(position, |byte| *byte == b'\\'));
            }
            position += 1;
        } else if *byte == b'-' || byte.is_ascii_digit() {
            while in_token(position, |byte| b"+-.eE0123456789".contains(byte)) {
                position += 1;
            }
            let number = text.get(start..position).unwrap_or_default();
            if number.parse().is_ok_and(f64::is_infinite) {
                out.push_str(text.get(kept..start).unwrap_or_default());
                out.extend(["\"", number, "\""]);
                kept = position;
            }
        }
    }
    if kept == 0 {
        return text;
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_that_is_almost_json_is_repaired() {
        let cases = [
            (r#"{"a": 1}"#, r#"{"a": 1}"#, false),
            (r#"{"a": 1} behind"#, r#"{"a": 1}"#, true),
            ("{\"a\": \"b\nc\td\"}", r#"{"a": "b c d"}"#, false),
            (
                r#"{"a": [1e400, -1E999], "b": "1e400 \" 1e400", "c": 1e4}"#,
                r#"{"a": ["1e400", "-1E999"], "b": "1e400 \" 1e400", "c": 1e4}"#,
                false,
            ),
        ];
        for (text, expected, rest) in cases {
            let found = repaired(text).unwrap();
            assert_eq!((found.0.as_ref(), found.1), (expected, rest), "{text}");
        }
        for text in ["", "hunter2", "{\"a\": ", "\"\\", "\"", "-"] {
            assert!(repaired(text).is_none_or(|(text, _)| text == "-"), "{text}");
        }
    }
}
