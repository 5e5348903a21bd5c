//! Operations: what they are called, where they come from, and what may be done with them.

use std::collections::HashMap;

use serde_json::Value;

use super::index::Index;
use super::names::{is_keyword, is_pascal, is_snake};
use super::secrets::carries_secret;
use super::{Findings, Rule};
use crate::source::OperationRef;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "operation-id",
        summary: "operationId is snake_case, begins with a verb, is unique and free in Rust",
        reason: "it becomes a method of the client",
    },
    Rule {
        name: "official-id",
        summary: "x-huawei-operation-id is the name in the official SDKs: PascalCase, unique",
        reason: "users search by the official name, also where we spell ours right",
    },
    Rule {
        name: "summary",
        summary: "the summary is one short line in the imperative, without a full stop",
        reason: "it becomes the method's headline",
    },
    Rule {
        name: "source",
        summary: "an operation links its page and the date of the page, or says in x-source why it has none",
        reason: "a reviewer must be able to check the transcript, and see when the page moved on",
    },
    Rule {
        name: "key-order",
        summary: "the keys of an operation stand in the usual order",
        reason: "operations are compared with each other",
    },
    Rule {
        name: "retry",
        summary: "x-retry is safe or unsafe, and stated where an operation creates, resets or changes, or (GET aside) carries a secret",
        reason: "a repeated password change counts as a wrong password, or makes another password",
    },
    Rule {
        name: "pagination",
        summary: "x-pagination names parameters of the operation and fields of its answer; stated where there are limit and offset",
        reason: "the pager is generated from it",
    },
];

/// First words of the official operation names, and their plain English.
const VERBS: &[&str] = &[
    "accept",
    "add",
    "associate",
    "attach",
    "batch",
    "bind",
    "cancel",
    "change",
    "check",
    "copy",
    "count",
    "create",
    "debug",
    "delete",
    "detach",
    "disable",
    "disassociate",
    "download",
    "enable",
    "exchange",
    "execute",
    "export",
    "hang",
    "import",
    "install",
    "list",
    "login",
    "logoff",
    "logout",
    "migrate",
    "modify",
    "move",
    "publish",
    "reject",
    "remove",
    "rename",
    "reset",
    "resize",
    "restart",
    "restore",
    "resume",
    "revoke",
    "rollback",
    "run",
    "scan",
    "search",
    "send",
    "set",
    "show",
    "start",
    "stop",
    "switch",
    "sync",
    "synchronize",
    "test",
    "unbind",
    "uninstall",
    "unpublish",
    "update",
    "upgrade",
    "upload",
    "validate",
    "verify",
];

/// Methods that every client has.
const TAKEN: [&str; 6] = [
    "new",
    "with_project",
    "with_region",
    "with_endpoint",
    "session",
    "config",
];

const ORDER: [&str; 16] = [
    "operationId",
    "x-huawei-operation-id",
    "summary",
    "description",
    "tags",
    "externalDocs",
    "x-page-date",
    "x-source",
    "deprecated",
    "x-retry",
    "x-pagination",
    "x-waiter",
    "security",
    "parameters",
    "requestBody",
    "responses",
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        check_id(operation, findings);
        check_official(operation, findings);
        check_summary(operation, findings);
        check_source(operation, findings);
        check_order(operation, findings);
        check_retry(index, operation, findings);
    }
    check_unique(index, "operationId", "operation-id", findings);
    check_unique(index, "x-huawei-operation-id", "official-id", findings);
}

fn at(operation: &OperationRef<'_>, key: &str) -> String {
    format!("{}/{key}", operation.pointer)
}

fn text<'a>(operation: &OperationRef<'a>, key: &str) -> Option<&'a str> {
    operation.value.get(key).and_then(Value::as_str)
}

fn check_id(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let Some(id) = operation.id() else { return };
    let verb = id.split('_').next().unwrap_or_default();
    let (message, help) = if !is_snake(id) {
        (
            format!("`{id}` is not snake_case"),
            "write it like `show_device_authentication`",
        )
    } else if is_keyword(id) || TAKEN.contains(&id) {
        (
            format!("`{id}` is taken: by Rust, or by the client"),
            "add what the operation works on",
        )
    } else if !VERBS.contains(&verb) {
        (
            format!("`{verb}` is not a verb that operations begin with"),
            "begin with create, show, list, update, delete, reset, ...; a new verb is a line in xtask/src/lint/operations.rs",
        )
    } else {
        return;
    };
    findings.add("operation-id", &at(operation, "operationId"), message, help);
}

fn check_official(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let help = "write the operation's name in the official SDKs, such as `ShowDevice`";
    match text(operation, "x-huawei-operation-id") {
        None => findings.add(
            "official-id",
            &operation.pointer,
            format!("{} has no x-huawei-operation-id", operation.route()),
            help,
        ),
        Some(id) if !is_pascal(id) => {
            findings.add(
                "official-id",
                &at(operation, "x-huawei-operation-id"),
                format!("`{id}` is not PascalCase"),
                help,
            );
        }
        Some(_) => {}
    }
}

fn check_unique(index: &Index<'_>, key: &str, rule: &'static str, findings: &mut Findings<'_>) {
    let mut seen: HashMap<&str, String> = HashMap::new();
    for operation in &index.operations {
        let Some(id) = text(operation, key) else {
            continue;
        };
        let pointer = at(operation, key);
        if let Some(first) = seen.get(id) {
            let help = "every operation has a name of its own";
            findings.pair(
                rule,
                &pointer,
                (first, "first used here"),
                format!("`{id}` is used by two operations"),
                help,
            );
        }
        seen.entry(id).or_insert(pointer);
    }
}

fn check_summary(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let Some(summary) = text(operation, "summary") else {
        return;
    };
    let problem = if summary.trim().is_empty() {
        "is empty"
    } else if summary.ends_with('.') {
        "ends in a full stop"
    } else if summary.contains('\n') || summary.chars().count() > 100 {
        "is longer than one line of 100 characters"
    } else if !summary.starts_with(char::is_uppercase) {
        "does not begin with a capital letter"
    } else {
        return;
    };
    findings.add(
        "summary",
        &at(operation, "summary"),
        format!("the summary {problem}"),
        "write it like `Reset a device's authentication`",
    );
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
            &at(operation, "externalDocs"),
            "the page has no date",
            "add x-page-date",
        ),
        (None, Some(_), None) => findings.add(
            "source",
            &at(operation, "x-page-date"),
            "the date has no page",
            "add externalDocs",
        ),
        (.., Some(_)) => findings.add(
            "source",
            &at(operation, "x-source"),
            "x-source stands beside a page",
            "x-source is for operations without a page; remove one",
        ),
    }
    if source
        .and_then(Value::as_str)
        .is_some_and(|text| text.trim().is_empty())
    {
        findings.add(
            "source",
            &at(operation, "x-source"),
            "x-source is empty",
            help,
        );
    }
    if let Some(date) = date.and_then(Value::as_str).filter(|date| !is_date(date)) {
        findings.add(
            "source",
            &at(operation, "x-page-date"),
            format!("`{date}` is not a date"),
            "write it like '2023-06-29'",
        );
    }
    let url = docs
        .and_then(|docs| docs.get("url"))
        .and_then(Value::as_str);
    if let Some(url) = url.filter(|url| !url.starts_with("https://")) {
        findings.add(
            "source",
            &at(operation, "externalDocs/url"),
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

fn check_order(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let known = operation
        .value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    let positions = known.filter_map(|key| Some((ORDER.iter().position(|name| name == key)?, key)));
    let mut last = (0, "");
    for (position, key) in positions {
        if position < last.0 {
            let message = format!("`{key}` stands behind `{}`", last.1);
            findings.add(
                "key-order",
                &at(operation, key),
                message,
                format!("the order is {}", ORDER.join(", ")),
            );
            return;
        }
        last = (position, key);
    }
}

fn check_retry(index: &Index<'_>, operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    match text(operation, "x-retry") {
        Some("safe" | "unsafe") => {}
        Some(other) => {
            let help = "write safe or unsafe";
            findings.add(
                "retry",
                &at(operation, "x-retry"),
                format!("`{other}` is neither safe nor unsafe"),
                help,
            );
        }
        None if operation.method != "get"
            && (is_delicate(operation) || carries_secret(index, operation)) =>
        {
            let message = format!(
                "{} does not say whether it may be repeated",
                operation.route()
            );
            findings.add("retry", &operation.pointer, message, "add `x-retry: unsafe`, or `safe` if a repeat changes nothing, and a comment that says why");
        }
        None => {}
    }
}

fn is_delicate(operation: &OperationRef<'_>) -> bool {
    let verb = operation.id().and_then(|id| id.split('_').next());
    matches!(verb, Some("create" | "reset" | "change"))
}

/// The first schema of an operation's answer, if it has one.
pub(super) fn success_schema<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Option<&'a Value> {
    let responses = operation.value.get("responses")?.as_object()?;
    let successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let contents =
        successes.filter_map(|(_, response)| index.resolve(response).get("content")?.as_object());
    contents
        .flat_map(|content| content.values())
        .find_map(|media| media.get("schema"))
}

/// The schema of an operation's request body, if it has one.
pub(super) fn request_schema<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Option<&'a Value> {
    let body = index.resolve(operation.value.get("requestBody")?);
    body.get("content")?
        .as_object()?
        .values()
        .find_map(|media| media.get("schema"))
}

/// Parameters of an operation, references followed.
pub(super) fn parameters<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
) -> Vec<(String, &'a Value)> {
    let list = operation.value.get("parameters").and_then(Value::as_array);
    let numbered = list.into_iter().flatten().enumerate();
    numbered
        .map(|(number, value)| {
            (
                format!("{}/parameters/{number}", operation.pointer),
                index.resolve(value),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_are_days_that_exist() {
        for good in ["2023-06-29", "2024-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2023-6-29",
            "2023-02-29",
            "1900-02-29",
            "2023-13-01",
            "2023-04-31",
            "2023-04-00",
            "29.06.2023",
            "",
            "2023-06-29-1",
            "+023-06-29",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
