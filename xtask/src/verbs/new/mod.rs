//! `new-service` and `new-operation`: write skeletons with TODOs. Except for the TODOs, the skeletons pass lint.
//!
//! Both verbs check the result before they write into the workspace. `new-service` changes no existing files.

mod insert;
mod names;
pub mod operation;
pub mod service;

use anyhow::{Result, bail};

use audit::page::{Field, FieldType, Page, Response};
use lint::{is_unfinished, parameters::path_problem};
use transcript::{Document, Finding};

/// Returns a page that has only the method, the path, the usual statuses, and placeholders for fields.
fn page(method: &str, path: &str) -> Page {
    let field = |name: &str| Field {
        name: name.to_owned(),
        kind: FieldType::String,
        ..Field::default()
    };
    let (status, fields) = match method {
        "DELETE" | "HEAD" => (204, Vec::new()),
        "POST" => (201, vec![field("id")]),
        _ => (200, vec![field("id")]),
    };
    let mut page = Page {
        method: method.to_owned(),
        path: path.to_owned(),
        statuses: vec![(status, 1), (400, 1), (500, 1)],
        responses: vec![Response {
            status,
            line: 1,
            fields,
        }],
        ..Page::default()
    };
    if matches!(method, "POST" | "PUT" | "PATCH") {
        page.body = vec![field("name")];
    }
    page
}

/// Merges the files into one document. Findings of lint that are not in `before` are errors, except for TODOs.
fn judged(service: &str, files: Vec<(String, String)>, before: &[Finding]) -> Result<Document> {
    let files = files
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()));
    let findings = match Document::from_files(service, files.collect()) {
        Ok(document) => {
            let findings = lint::lint(&document);
            let fresh: Vec<Finding> = findings
                .into_iter()
                .filter(|finding| !known(before, finding) && !is_unfinished(finding))
                .collect();
            if fresh.is_empty() {
                return Ok(document);
            }
            fresh
        }
        Err(findings) => findings,
    };
    let list: Vec<String> = findings
        .iter()
        .map(|finding| format!("  {} [{}]", finding.message, finding.rule))
        .collect();
    bail!(
        "nothing was written, because lint would refuse the result:\n{}",
        list.join("\n")
    )
}

/// Returns whether `before` has the finding at any position. Positions differ, because an insertion moves lines.
fn known(before: &[Finding], finding: &Finding) -> bool {
    before
        .iter()
        .any(|known| known.rule == finding.rule && known.message == finding.message)
}

/// Returns the method in upper case, and the path. Refuses a method or a path that is invalid in a transcript.
fn route<'a>(method: &str, path: &'a str) -> Result<(String, &'a str)> {
    let method = method.to_uppercase();
    if !["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD"].contains(&method.as_str()) {
        bail!(
            "`{method}` is not a method of an operation; the methods are GET, PUT, POST, DELETE, PATCH and HEAD"
        );
    }
    if let Some(problem) = path_problem(path) {
        bail!(
            "`{path}` is not a valid path: {problem}; write it like /v2/{{project_id}}/devices, in quotes if the shell needs them"
        );
    }
    Ok((method, path))
}
