//! Where an operation comes from: its page and the date of it.

use serde_json::Value;

use super::index::Index;
use super::{Findings, Rule};
use transcript::OperationRef;

pub(super) static RULES: &[Rule] = &[Rule {
    name: "source",
    summary: "an operation links its page and the date of the page, or says in x-source why it has none",
    reason: "a reviewer must be able to check the transcript, and see when the page moved on",
}];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        check_source(operation, findings);
    }
}

fn check_source(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let docs = operation.value.get("externalDocs");
    let date = operation.value.get("x-page-date");
    let source = operation.value.get("x-source");
    let help = "link the page with externalDocs and x-page-date, or say in x-source where the facts come from";
    match (docs, date, source) {
        (None, None, None) => findings.add(
            "source",
            &operation.pointer,
            format!("{} does not say where it comes from", operation.route()),
            help,
        ),
        (None, None, Some(_)) | (Some(_), Some(_), None) => {}
        (Some(_), None, None) => findings.add(
            "source",
            &operation.at("externalDocs"),
            "the page has no date",
            "add x-page-date",
        ),
        (None, Some(_), None) => findings.add(
            "source",
            &operation.at("x-page-date"),
            "the date has no page",
            "add externalDocs",
        ),
        (.., Some(_)) => findings.add(
            "source",
            &operation.at("x-source"),
            "x-source stands beside a page",
            "x-source is for operations without a page; remove one",
        ),
    }
    if source
        .and_then(Value::as_str)
        .is_some_and(|text| text.trim().is_empty())
    {
        let message = "x-source is empty";
        findings.add("source", &operation.at("x-source"), message, help);
    }
    if let Some(date) = date.and_then(Value::as_str).filter(|date| !is_date(date)) {
        let message = format!("`{date}` is not a date");
        let help = "write it like '2023-06-29'";
        findings.add("source", &operation.at("x-page-date"), message, help);
    }
    let url = docs
        .and_then(|docs| docs.get("url"))
        .and_then(Value::as_str);
    if let Some(url) = url.filter(|url| !url.starts_with("https://")) {
        findings.add(
            "source",
            &format!("{}/url", operation.at("externalDocs")),
            format!("`{url}` is not an https address"),
            "link the published page",
        );
    }
}

/// A day that exists, as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, len: usize| {
        (part.len() == len)
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (
        parts.next().and_then(|part| digits(part, 4)),
        parts.next().and_then(|part| digits(part, 2)),
        parts.next().and_then(|part| digits(part, 2)),
        parts.next(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day) && text.is_ascii() && !text.contains('+')
}

#[cfg(test)]
mod tests;
