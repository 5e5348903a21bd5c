//! The error that describes why an answer could not be read.

use super::path;
use std::fmt;

/// The kind of a fault in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The body is not JSON.
    Syntax,
    /// The body ends in the middle of a JSON value.
    Eof,
    /// The body is JSON, but its structure differs from the documented structure.
    Shape,
    /// The body is an object in which no documented field can be read.
    Undocumented,
}

/// Describes why an answer could not be read. The error contains paths and types, but no value of the body.
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

    /// Parses the body once more, to learn whether its JSON is broken.
    ///
    /// If the module `path` has changed an error, serde_json no longer reports whether the error is a syntax error. The
    /// message of the error cannot be used, because it can contain text from a server.
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

    /// Returns the kind of the fault.
    pub fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Returns the path of the fault: documented names of fields, and positions in lists. An example is
    /// `items[3].product.id`.
    ///
    /// In place of a key of a map, the path contains `*`. The path is empty if the whole body is wrong, or if the path
    /// is not known.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the documented JSON type. Returns `None` if the fault is not a value of the wrong type.
    pub fn expected(&self) -> Option<&'static str> {
        self.expected
    }

    /// Returns the JSON type in the body. Returns `None` if the fault is not a value of the wrong type.
    pub fn found(&self) -> Option<&'static str> {
        self.found
    }

    /// Returns the line in the body. The first line is 1. If the line is not known, returns 0.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in the line, in bytes. The first column is 1. If the column is not known, returns 0.
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
