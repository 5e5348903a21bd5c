//! What a comparison of a page and its transcript has found so far.

use super::page::{Field, Page};
use super::view::View;
use transcript::{Document, Finding, Place};

/// The cure of a difference, whichever side is right.
pub const HELP: &str = "transcribe what the page says, or explain why not: a row in the ERRATA.md of the service that names this fact, and `# ERRATA <id>` above this line";

/// A difference that an erratum may explain.
pub struct Difference {
    /// What is shown.
    pub finding: Finding,
    /// The node of the transcript that it is about.
    pub pointer: String,
    /// The field, parameter or status that it is about.
    pub name: String,
    /// The page's side in words, which an erratum has to name in order to explain it.
    pub said: Vec<String>,
}

/// A comparison under way.
pub struct Comparison<'a> {
    /// The transcript.
    pub document: &'a Document,
    /// The page.
    pub page: &'a Page,
    /// The name of the page's file.
    pub file: &'a str,
    /// In the order of the page.
    pub found: Vec<Difference>,
    /// Limits of which the page says nothing: pointer and name.
    pub unprinted: Vec<(String, String)>,
    /// What was compared with what.
    pub pairs: Vec<(&'a Field, View<'a>)>,
}

impl Comparison<'_> {
    /// Notes a difference at a pointer, at a line of the page, and what the page says in words.
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
