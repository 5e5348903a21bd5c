//! Lint checks transcripts (OpenAPI YAML files): they must follow the rules of this project, and the generator must
//! support them. Lint checks all files of a service together, and returns all findings.

mod enums;
pub mod errata;
mod error_codes;
mod examples;
mod index;
pub mod limits;
mod lookup;
pub mod names;
mod operations;
mod pagination;
pub mod parameters;
mod provenance;
mod references;
mod responses;
mod retry;
mod schemas;
pub mod secrets;
mod servers;
mod service;
mod structure;
mod text;
mod waiter;

use std::sync::LazyLock;

pub use text::UNFINISHED;

use rayon::prelude::*;

use index::Index;
use transcript::{Document, Finding, Place, Rule};

/// A theme: a group of rules, and the function that checks them.
type Theme = (&'static [Rule], fn(&Index<'_>, &mut Findings<'_>));

static THEMES: &[Theme] = &[
    (text::RULES, text::check),
    (errata::RULES, errata::check),
    (structure::RULES, structure::check),
    (service::RULES, service::check),
    (servers::RULES, servers::check),
    (references::RULES, references::check),
    (operations::RULES, operations::check),
    (provenance::RULES, provenance::check),
    (retry::RULES, retry::check),
    (pagination::RULES, pagination::check),
    (waiter::RULES, waiter::check),
    (parameters::RULES, parameters::check),
    (responses::RULES, responses::check),
    (schemas::RULES, schemas::check),
    (limits::RULES, limits::check),
    (names::RULES, names::check),
    (enums::RULES, enums::check),
    (secrets::RULES, secrets::check),
    (error_codes::RULES, error_codes::check),
    (examples::RULES, examples::check),
];

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let ours = THEMES.iter().flat_map(|(rules, _)| *rules);
    transcript::RULES.iter().chain(ours).copied().collect()
});

/// Returns all rules. First come the rules of the crate `transcript`, which loads the files.
pub fn rules() -> &'static [Rule] {
    &ALL
}

/// Returns all findings of a document, sorted by file, line and column.
pub fn lint(document: &Document) -> Vec<Finding> {
    let index = Index::new(document);
    // The check of examples takes the most time, and is last in the list. The reversed order starts this check first.
    let themes = THEMES.par_iter().with_max_len(1).rev();
    let found = themes.map(|(_, check)| {
        let mut findings = Findings {
            document,
            list: Vec::new(),
        };
        check(&index, &mut findings);
        findings.list
    });
    let mut list: Vec<Finding> = found.flatten().collect();
    fn key(finding: &Finding) -> (&Place, &str, &str) {
        (&finding.place, finding.rule, &finding.message)
    }
    list.sort_by(|left, right| key(left).cmp(&key(right)));
    list.dedup();
    list
}

/// Returns whether a finding only reports a TODO. Code can be generated from a new operation that still has TODOs.
pub fn is_unfinished(finding: &Finding) -> bool {
    finding.rule == text::UNFINISHED
}

struct Findings<'a> {
    document: &'a Document,
    list: Vec<Finding>,
}

impl Findings<'_> {
    fn add(
        &mut self,
        rule: &'static str,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.at(rule, self.document.place(pointer), message, help);
    }

    fn at(
        &mut self,
        rule: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.list.push(Finding::new(rule, place, message, help));
    }

    /// Adds a finding that also concerns a second node.
    fn pair(
        &mut self,
        rule: &'static str,
        pointer: &str,
        other: (impl AsRef<str>, &str),
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let finding = Finding::new(rule, self.document.place(pointer), message, help);
        self.list
            .push(finding.and(self.document.place(other.0.as_ref()), other.1));
    }
}
