//! Rules about the source of an operation: its documentation page and the date of the page, or `x-source`.

use huaweicloud_openapi::validity::is_date;
use serde_json::Value;

use super::index::Index;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[Rule {
    name: "source",
    summary: "an operation has a link to its documentation page and the date of the page, or names another source in x-source",
    reason: "a reviewer must be able to compare the transcript with the page, and to notice a newer version of the page",
}];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        let docs = operation.value.get("externalDocs");
        let date = operation.value.get("x-page-date");
        let source = operation.value.get("x-source");
        let help = "link the page with externalDocs and x-page-date, or say in x-source where the facts come from";
        let problem = match (docs, date, source) {
            (None, None, None) => {
                let message = format!("{} does not say where it comes from", operation.route());
                findings.add("source", &operation.pointer, message, help);
                None
            }
            (None, None, Some(_)) | (Some(_), Some(_), None) => None,
            (Some(_), None, None) => {
                Some(("externalDocs", "the page has no date", "add x-page-date"))
            }
            (None, Some(_), None) => {
                Some(("x-page-date", "the date has no page", "add externalDocs"))
            }
            (.., Some(_)) => {
                let help = "x-source replaces externalDocs and x-page-date; remove x-source, or remove the two other keys";
                Some(("x-source", "x-source is beside a page or a date", help))
            }
        };
        if let Some((key, message, help)) = problem {
            findings.add("source", &operation.at(key), message, help);
        }
        let text = source.and_then(Value::as_str);
        if text.is_some_and(|text| text.trim().is_empty()) {
            let message = "x-source is empty";
            findings.add("source", &operation.at("x-source"), message, help);
        }
        if let Some(date) = date.and_then(Value::as_str).filter(|date| !is_date(date)) {
            let message = format!("`{date}` is not a date");
            let help = "write it like '2023-06-29'";
            findings.add("source", &operation.at("x-page-date"), message, help);
        }
        let url = docs.and_then(|docs| docs["url"].as_str());
        if let Some(url) = url.filter(|url| !url.starts_with("https://")) {
            let pointer = format!("{}/url", operation.at("externalDocs"));
            let message = format!("`{url}` is not an https address");
            let help = "link the published page";
            findings.add("source", &pointer, message, help);
        }
    }
}

#[cfg(test)]
mod tests;
