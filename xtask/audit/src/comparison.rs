//! The result of comparing a page with its transcript.

use super::page::{Field, Page};
use super::view::View;
use transcript::{Document, Finding, Place};

/// How to fix a difference, for both cases: the page or the transcript is right.
pub const HELP: &str = "transcribe what the page says, or explain why not: a row in the ERRATA.md of the service that names this fact, and `# ERRATA <id>` above this line";

/// A difference that an erratum may explain.
pub struct Difference {
    /// The finding for the user.
    pub finding: Finding,
    /// The node of the transcript that has the difference.
    pub pointer: String,
    /// The field, parameter or status that has the difference.
    pub name: String,
    /// The facts of the page in words. An erratum must contain them to explain the difference.
    pub said: Vec<String>,
}

/// A comparison that is not finished yet.
pub struct Comparison<'a> {
    /// The transcript.
    pub document: &'a Document,
    /// The page.
    pub page: &'a Page,
    /// The name of the page's file.
    pub file: &'a str,
    /// The differences, in the order of the page.
    pub found: Vec<Difference>,
    /// Limits that the page does not print: pointer and name.
    pub unprinted: Vec<(String, String)>,
    /// The compared pairs.
    pub pairs: Vec<(&'a Field, View<'a>)>,
}

impl Comparison<'_> {
    /// Adds a difference at a pointer, at a line of the page, with the facts of the page in words.
    pub fn differ(
        &mut self,
        rule: &'static str,
        (pointer, name): (&str, &str),
        line: Option<usize>,
        said: Vec<String>,
        message: String,
    ) {
        let mut finding = Finding::new(rule, self.document.place(pointer), message, HELP);
        if let Some(line) = line {
            let what = match rule {
                "page-mandatory" => "mark",
                "page-limit" => "limits",
                "page-option" => "options",
                "page-default" => "words",
                other => other.trim_start_matches("page-"),
            };
            finding = finding.and(Place::new(self.file, line, 1), format!("the page's {what}"));
        }
        self.found.push(Difference {
            finding,
            pointer: pointer.to_owned(),
            name: name.to_owned(),
            said,
        });
    }
}
