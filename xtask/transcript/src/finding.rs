//! Defines rules and findings. A finding states a problem, its position in a file, and how to fix the problem.

use std::fmt;

/// A position in a file that a tool reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The path of a file or folder, with `/` as separator. A path in the workspace is relative to the workspace root.
    pub file: String,
    /// The line number, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// Makes a position. Lines and columns are counted from 1.
    pub fn new(file: impl Into<String>, line: usize, column: usize) -> Self {
        Self {
            file: file.into(),
            line,
            column,
        }
    }

    /// Returns the position of the first character of a file.
    pub fn top(file: impl Into<String>) -> Self {
        Self::new(file, 1, 1)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A problem that a tool found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the violated rule, such as `duplicate-name`. The names of the audit's rules begin with `page-`.
    pub rule: &'static str,
    /// The position of the problem.
    pub place: Place,
    /// The description of the problem.
    pub message: String,
    /// How to fix the problem.
    pub help: String,
    /// Further positions that the finding is about. A label explains each position.
    pub also: Vec<(Place, String)>,
}

impl Finding {
    /// Makes a finding with one position.
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

    /// Adds a further position, and a label that explains this position.
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

/// A rule that documents must follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The unique name of the rule, in kebab-case.
    pub name: &'static str,
    /// The requirement of the rule.
    pub summary: &'static str,
    /// The reason for the rule.
    pub reason: &'static str,
}
