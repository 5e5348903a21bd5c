//! Collects the differences between a page and its transcript (OpenAPI YAML files of a service).

use super::page::{Field, Page};
use super::view::View;
use transcript::{Document, Finding, Place};

/// The help text of a difference, for both cases: the page is right, or the transcript is right.
pub const HELP: &str = "make the transcript agree with the page, or explain the difference: add a row for this fact to the ERRATA.md of the service, and `# ERRATA <id>` above this line";

/// A difference between page and transcript. An erratum (a row of `ERRATA.md`) can explain the difference.
pub struct Difference {
    /// The finding that the user sees.
    pub finding: Finding,
    /// The position of the difference in the transcript, as a JSON pointer.
    pub pointer: String,
    /// The name of the field, parameter, status or table. Other differences have a fixed name, such as `limits`.
    pub name: String,
    /// The values that an erratum must contain to explain the difference, such as the limits on the page.
    pub said: Vec<String>,
}

/// A comparison of a page with a transcript, and the differences found so far.
pub struct Comparison<'a> {
    /// The transcribed document of the service.
    pub document: &'a Document,
    pub page: &'a Page,
    /// The path of the saved page.
    pub file: &'a str,
    pub found: Vec<Difference>,
    /// The fields that have limits only in the transcript: JSON pointers and names.
    pub unprinted: Vec<(String, String)>,
    /// The compared fields of the page, each with its schema in the transcript.
    pub pairs: Vec<(&'a Field, View<'a>)>,
}

impl Comparison<'_> {
    /// Adds a difference at a JSON pointer of the transcript. If `line` is given, the finding also shows this line of
    /// the page. [`Difference::said`] describes `said`.
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
