//! Findings: the problem, its place, and how to fix it.

use std::fmt;

/// A place in a transcript.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, relative to the workspace root, with `/`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of a byte of a file. Line and column count from 1.
    pub fn new(file: impl Into<String>, line: usize, column: usize) -> Self {
        Self {
            file: file.into(),
            line,
            column,
        }
    }

    /// The first character of a file.
    pub fn top(file: impl Into<String>) -> Self {
        Self::new(file, 1, 1)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One violation of one rule. Findings are ordered by file, line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule, as [`crate::RULES`] and the lint rules list it.
    pub rule: &'static str,
    /// The place of the problem.
    pub place: Place,
    /// The problem.
    pub message: String,
    /// How to fix it.
    pub help: String,
    /// Other places that the finding is about, and why.
    pub also: Vec<(Place, String)>,
}

impl Finding {
    /// A finding at one place.
    pub fn new(
        rule: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            place,
            message: message.into(),
            help: help.into(),
            also: Vec::new(),
        }
    }

    /// Adds another place, and why the finding is about it.
    #[must_use]
    pub fn and(mut self, place: Place, what: impl Into<String>) -> Self {
        self.also.push((place, what.into()));
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, message, rule) = (&self.place, &self.message, self.rule);
        write!(out, "{place}: {message} [{rule}] (help: {})", self.help)
    }
}

/// A rule: its demand, and the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case name, unique.
    pub name: &'static str,
    /// The demand of the rule.
    pub summary: &'static str,
    /// The reason for the demand.
    pub reason: &'static str,
}
