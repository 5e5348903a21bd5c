//! Compares saved documentation pages with the transcripts (the OpenAPI YAML files of the services).
//!
//! [`saved`] parses a page. [`page`] finds the operation on the page. The audit compares this operation with the
//! transcribed operation that has the same method and path.

mod compare;
mod comparison;
mod contract;
pub mod draft;
mod errata;
mod facts;
mod markup;
pub mod matching;
pub mod page;
pub mod saved;
pub mod score;
mod view;

use std::collections::{BTreeSet, HashSet};

use comparison::Difference;
pub use contract::read_contract;
use draft::names::is_official;
use errata::Errata;
use page::Page;
use transcript::{Document, Finding, Place};

/// The result of comparing one page with the transcripts.
#[derive(Debug, Default)]
pub struct Audit {
    /// Service and id of the operation. `None` if the operation is not transcribed, or if the page cannot be read.
    pub operation: Option<(String, String)>,
    /// The differences that `ERRATA.md` does not explain. If the page cannot be compared, the list contains the reason.
    pub findings: Vec<Finding>,
    /// The differences that `ERRATA.md` explains.
    pub explained: Vec<Finding>,
    /// The ids of the errata (rows of `ERRATA.md`) that explain differences.
    pub errata: BTreeSet<String>,
}

impl Audit {
    /// Makes a result for a page that could not be compared. `finding` states the reason.
    pub fn from_finding(finding: Finding) -> Self {
        Audit {
            findings: vec![finding],
            ..Audit::default()
        }
    }
}

/// Reads a page. `file` is the path of the saved page. Findings contain this path. `text` is the content of the file.
///
/// # Errors
/// Returns a finding if the page does not document exactly one operation. The finding states what the page contains.
pub fn read_page(file: &str, text: &str) -> Result<Page, Box<Finding>> {
    // If an `.rst` page names no topic, a folder name with `_` becomes the topic, such as `lifecycle_management`.
    let folder = file.rsplit('/').nth(1);
    let folder = folder.filter(|folder| file.ends_with(".rst") && folder.contains('_'));
    let found = page::interpret(&saved::parse(text));
    let found = found.map(|page| Page {
        topic: page.topic.or(folder.map(str::to_owned)),
        ..page
    });
    found.map_err(|understood| {
        let help = "save the page of one operation as HTML, reStructuredText, Markdown, or text with each table cell on a new line";
        Box::new(Finding::new("page-unreadable", Place::top(file), understood, help))
    })
}

/// Compares a saved page with the transcripts.
pub fn audit(documents: &[Document], file: &str, text: &str) -> Audit {
    match read_page(file, text) {
        Ok(page) => audit_page(documents, file, &page),
        Err(finding) => Audit::from_finding(*finding),
    }
}

/// Compares a page with the transcripts. `page` can also come from a contract (an OpenAPI file of Huawei Cloud).
pub fn audit_page(documents: &[Document], file: &str, page: &Page) -> Audit {
    let Some((document, operation)) = matching::of_page(documents, page) else {
        return Audit::from_finding(missing(file, page));
    };
    let errata = Errata::collect(document);
    let id = operation.id().unwrap_or_default().to_owned();
    let mut audit = Audit {
        operation: Some((document.service.clone(), id)),
        ..Audit::default()
    };
    let mut told = HashSet::new();
    let unread = unread(&operation.pointer, file, page);
    let comparison = compare::compare(document, &operation, page, file);
    // Services share paths such as `/v2/{project_id}/instances`. So the audit also compares operation names and fields.
    let unknown = |difference: &&Difference| {
        difference
            .finding
            .message
            .starts_with("the transcript has no field")
    };
    let alike = comparison.pairs.len();
    let all = alike + comparison.found.iter().filter(unknown).count();
    let official = operation.text("x-huawei-operation-id").unwrap_or_default();
    let name = page
        .name
        .as_deref()
        .filter(|name| is_official(name))
        .unwrap_or(official);
    if !name.eq_ignore_ascii_case(official) || (alike * 2 < all && all > 5) {
        let message = format!(
            "this page seems to describe an operation of another service, or another revision of {} {official}: the name is {name}, and {alike} of {all} fields are in the transcript",
            document.service
        );
        let help = "audit only pages of transcribed services, or transcribe this service first";
        let place = Place::new(file, page.line, 1);
        audit
            .findings
            .push(Finding::new("page-operation", place, message, help));
        return audit;
    }
    let differences = comparison.found;
    for difference in unread.into_iter().chain(differences) {
        // Error answers can share a schema. Then each status has the same difference, but the audit reports it once.
        if !told.insert((
            difference.pointer.clone(),
            difference.finding.message.clone(),
        )) {
            continue;
        }
        let fact = difference.finding.rule.trim_start_matches("page-");
        let ids = errata.explain(fact, &difference);
        let mut finding = difference.finding;
        if page.contract {
            let message = finding.message.replace("the page", "the contract");
            finding.message = message.replace("on the contract", "in the contract");
        }
        if ids.is_empty() {
            audit.findings.push(finding);
        } else {
            let list = ids.iter().copied().collect::<Vec<_>>().join(", ");
            let service = &document.service;
            finding.help =
                format!("nothing to do: openapi/{service}/ERRATA.md explains it ({list})");
            audit.errata.extend(ids.into_iter().map(str::to_owned));
            audit.explained.push(finding);
        }
    }
    audit
}

/// A topic is a group of operations in a contract, and a chapter is a group of operations in a transcript. If an
/// operation of a topic is transcribed, its chapter replaces this topic in all `pages` (the operations of contracts).
pub fn settle_topics<'a>(documents: &[Document], pages: impl Iterator<Item = &'a mut Page>) {
    let mut pages: Vec<&mut Page> = pages.collect();
    let known: Vec<(Option<String>, String)> = pages
        .iter()
        .filter_map(|page| {
            Some((
                page.topic.clone(),
                matching::of_page(documents, page)?.1.chapter.to_owned(),
            ))
        })
        .collect();
    for page in &mut pages {
        let chapter = known
            .iter()
            .find(|(topic, _)| topic.is_some() && *topic == page.topic);
        page.topic = chapter
            .map(|(_, chapter)| chapter.clone())
            .or(page.topic.take());
    }
}

/// Returns a finding if the operation of a page is already transcribed. A transcribed operation must not be drafted.
pub fn transcribed(documents: &[Document], file: &str, page: &Page) -> Option<Finding> {
    let (document, operation) = matching::of_page(documents, page)?;
    let message = format!(
        "{} is transcribed already, as {}",
        page.route(),
        operation.id().unwrap_or_default()
    );
    let help = "to see the differences between page and transcript, call audit without --draft";
    let finding = Finding::new(
        "page-operation",
        document.place(&operation.pointer),
        message,
        help,
    );
    Some(finding.and(Place::new(file, page.line, 1), "the page"))
}

fn missing(file: &str, page: &Page) -> Finding {
    Finding::new(
        "page-operation",
        Place::new(file, page.line, 1),
        format!("{} is not transcribed", page.route()),
        "to begin with a draft, call audit with --draft",
    )
}

/// Reports each part of a page that could not be read. The audit does not compare such parts.
fn unread(pointer: &str, file: &str, page: &Page) -> Vec<Difference> {
    let differences = page.unread.iter().map(|unread| Difference {
        finding: Finding::new(
            "page-table",
            Place::new(file, unread.line, 1),
            format!("{}; this part was not compared", unread.why),
            "compare this part manually",
        ),
        pointer: pointer.to_owned(),
        name: unread.name.clone(),
        said: Vec::new(),
    });
    differences.collect()
}
