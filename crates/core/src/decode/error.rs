//! The reason why an answer could not be read.

use super::path;
use std::fmt;

/// The fault of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// It is not JSON.
    Syntax,
    /// It ends in the middle of a value.
    Eof,
    /// It is JSON, but its structure differs from the documented one.
    Shape,
    /// It is an object without any documented field.
    Undocumented,
}

/// The reason why an answer could not be read: places and types, never a value of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    path: String,
    expected: Option<&'static str>,
    found: Option<&'static str>,
    line: usize,
    column: usize,
}

impl DecodeError {
    pub(super) fn new(error: &serde_json::Error, body: &str) -> Self {
        let parts = path::parts(&error.to_string());
        let mut this = Self {
            kind: match parts.undocumented {
                true => DecodeErrorKind::Undocumented,
                false => DecodeErrorKind::Shape,
            },
            path: parts.path,
            expected: parts.expected,
            found: parts.found,
            line: error.line(),
            column: error.column(),
        };
        if this.expected.is_none() && !parts.undocumented {
            this.classify(body);
        }
        this
    }

    /// Reads once more, without a type. The levels of this module hide the category of a syntax error, and its text may
    /// come from a server.
    fn classify(&mut self, body: &str) {
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(body) {
            self.kind = if error.is_eof() {
                DecodeErrorKind::Eof
            } else {
                DecodeErrorKind::Syntax
            };
            self.line = error.line();
            self.column = error.column();
        }
    }

    /// The fault.
    pub fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// The place: the documented names of the fields and the positions in lists, `items[3].product.id`. Keys of a map
    /// are `*`. Empty for the whole body, or if the place is not known.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The documented JSON type, if the structure is wrong.
    pub fn expected(&self) -> Option<&'static str> {
        self.expected
    }

    /// The JSON type in the body, if the structure is wrong.
    pub fn found(&self) -> Option<&'static str> {
        self.found
    }

    /// The line in the body, from 1. 0 if it is not known.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in the line, in bytes, from 1. 0 if it is not known.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        match (self.kind, self.expected, self.found) {
            (DecodeErrorKind::Syntax, ..) => f.write_str("this is not JSON")?,
            (DecodeErrorKind::Eof, ..) => f.write_str("the JSON ends too early")?,
            (DecodeErrorKind::Shape, Some(expected), Some(found)) => {
                write!(f, "expected {expected}, found {found}")?
            }
            (DecodeErrorKind::Undocumented, ..) => {
                f.write_str("none of the documented fields can be read")?
            }
            (DecodeErrorKind::Shape, ..) => {
                f.write_str("this does not have the documented form")?
            }
        }
        if self.line > 0 {
            write!(f, " (line {}, column {})", self.line, self.column)
        } else {
            Ok(())
        }
    }
}

impl std::error::Error for DecodeError {}
