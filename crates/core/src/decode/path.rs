//! Carries the place of a failure through serde's opaque errors.
//!
//! A visitor only knows `A::Error`, which can be made from a text and converted to a text. So a failure writes its
//! place into that text, level by level. This costs nothing if there is no failure. [`super::DecodeError`] parses the
//! text again, and uses only the parts that this module wrote.

use serde::de::Error;
use std::fmt::Display;

/// Separates the place from the rest. No field's name and no message of serde_json contains it.
const END: char = '\u{1f}';

/// The types that a message may name.
pub(super) const TYPES: [&str; 8] = [
    "string", "integer", "number", "boolean", "array", "object", "null", "scalar",
];

/// The structure differs from the documented one.
pub(super) fn mismatch<E: Error>(expected: &'static str, found: &'static str) -> E {
    E::custom(format_args!("{END}{expected}{END}{found}"))
}

/// An object without any documented field.
pub(super) fn undocumented<E: Error>() -> E {
    E::custom(format_args!("{END}{UNDOCUMENTED}{END}"))
}

/// Used in place of a type if an object has no documented field.
const UNDOCUMENTED: &str = "undocumented";

/// Adds one level before the place of an error.
#[cold]
pub(super) fn within<E: Error>(level: impl Display, error: E) -> E {
    let text = error.to_string();
    if text.contains(END) {
        E::custom(format_args!("{level}{text}"))
    } else {
        E::custom(format_args!("{level}{END}{text}"))
    }
}

/// The facts of an error that contain no text of a server.
#[derive(Default)]
pub(super) struct Parts {
    pub path: String,
    pub expected: Option<&'static str>,
    pub found: Option<&'static str>,
    pub undocumented: bool,
}

/// Splits the text of an error.
pub(super) fn parts(text: &str) -> Parts {
    let mut pieces = text.split(END);
    let (Some(path), Some(expected)) = (pieces.next(), pieces.next()) else {
        return Parts::default();
    };
    let known = |name: &str| TYPES.into_iter().find(|known| *known == name);
    // serde_json appends " at line 1 column 2" to the last part.
    let found = pieces
        .next()
        .and_then(|found| known(found.split(' ').next().unwrap_or(found)));
    let path = if is_place(path) {
        path.trim_start_matches('.').to_owned()
    } else {
        String::new()
    };
    match (known(expected), found) {
        (Some(expected), Some(found)) => Parts {
            path,
            expected: Some(expected),
            found: Some(found),
            undocumented: false,
        },
        _ => Parts {
            path,
            undocumented: expected == UNDOCUMENTED,
            ..Parts::default()
        },
    }
}

/// Whether this module can have written this place. If a foreign message contains the separator, spaces or quotes are
/// before it.
fn is_place(path: &str) -> bool {
    path.len() <= 512
        && path
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-[]*$:/@".contains(c))
}
