//! Adds the path of a value to an error of serde.
//!
//! The code of a visitor knows the error only as the generic type `A::Error`. The code can create an error from a
//! string, and convert an error to a string. So this module writes the path into the string of the error, one level
//! after the other. If there is no error, no function of this module is called.
//!
//! [`super::DecodeError`] parses the string. `DecodeError` uses only the parts that this module wrote.

use serde::de::Error;
use std::fmt::Display;

/// Separates the parts of an error string. No documented field name and no message of serde_json contains this
/// character.
const END: char = '\u{1f}';

/// The JSON types that an error string can contain.
pub(super) const TYPES: [&str; 8] = [
    "string", "integer", "number", "boolean", "array", "object", "null", "scalar",
];

/// Makes the error for a value that does not fit its documented type.
pub(super) fn mismatch<E: Error>(expected: &'static str, found: &'static str) -> E {
    E::custom(format_args!("{END}{expected}{END}{found}"))
}

/// Makes the error for an object in which no documented field can be read.
pub(super) fn undocumented<E: Error>() -> E {
    E::custom(format_args!("{END}{UNDOCUMENTED}{END}"))
}

/// Replaces the documented type in the error string of [`undocumented`].
const UNDOCUMENTED: &str = "undocumented";

/// Adds `level` at the beginning of the path of an error.
#[cold]
pub(super) fn within<E: Error>(level: impl Display, error: E) -> E {
    let text = error.to_string();
    if text.contains(END) {
        E::custom(format_args!("{level}{text}"))
    } else {
        E::custom(format_args!("{level}{END}{text}"))
    }
}

/// The parts that this module wrote into an error string. They contain no text from a server.
#[derive(Default)]
pub(super) struct Parts {
    pub path: String,
    pub expected: Option<&'static str>,
    pub found: Option<&'static str>,
    pub undocumented: bool,
}

/// Splits an error string into its parts.
pub(super) fn parts(text: &str) -> Parts {
    let mut pieces = text.split(END);
    let (Some(path), Some(expected)) = (pieces.next(), pieces.next()) else {
        return Parts::default();
    };
    let known = |name: &str| TYPES.into_iter().find(|known| *known == name);
    // serde_json appends a position such as " at line 1 column 2" to the last part.
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

/// Returns whether this module can have written this path. If the text before the separator contains spaces or quotes,
/// the text is a message from another source.
fn is_place(path: &str) -> bool {
    path.len() <= 512
        && path
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-[]*$:/@".contains(c))
}
