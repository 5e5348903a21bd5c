//! How a place travels through serde's opaque errors.
//!
//! A visitor only knows `A::Error`, which can be made from a text and turned into one. So a failure writes its place
//! into that text, level by level. This costs nothing if there is no failure. [`super::DecodeError`] parses the text
//! again, and takes only what this module wrote.

use serde::de::Error;
use std::fmt::Display;

/// Divides the place from the rest. No field's name and no message of serde_json holds it.
const END: char = '\u{1f}';

/// The types that a message may name.
pub(super) const TYPES: [&str; 8] = [
    "string", "integer", "number", "boolean", "array", "object", "null", "scalar",
];

/// Another structure than the documented one.
pub(super) fn mismatch<E: Error>(expected: &'static str, found: &'static str) -> E {
    E::custom(format_args!("{END}{expected}{END}{found}"))
}

/// An object without any documented field.
pub(super) fn undocumented<E: Error>() -> E {
    E::custom(format_args!("{END}{UNDOCUMENTED}{END}"))
}

/// Stands where a type would.
const UNDOCUMENTED: &str = "undocumented";

/// Puts one level in front of the place of an error.
#[cold]
pub(super) fn within<E: Error>(level: impl Display, error: E) -> E {
    let text = error.to_string();
    if text.contains(END) {
        E::custom(format_args!("{level}{text}"))
    } else {
        E::custom(format_args!("{level}{END}{text}"))
    }
}

/// What can be said of an error without repeating anything that a server wrote.
#[derive(Default)]
pub(super) struct Parts {
    pub path: String,
    pub expected: Option<&'static str>,
    pub found: Option<&'static str>,
    pub undocumented: bool,
}

/// Takes an error's text apart.
pub(super) fn parts(text: &str) -> Parts {
    let mut pieces = text.split(END);
    let (Some(path), Some(expected)) = (pieces.next(), pieces.next()) else {
        return Parts::default();
    };
    let known = |name: &str| TYPES.into_iter().find(|known| *known == name);
    // serde_json appends " at line 1 column 2" to the last piece.
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

/// Whether this can be a place that we wrote: a foreign message that holds our divider has spaces or quotes before it.
fn is_place(path: &str) -> bool {
    path.len() <= 512
        && path
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-[]*$:/@".contains(c))
}
