//! Rules about `x-error-codes`, which lists the error codes of a service with their statuses and advice.

use std::collections::HashMap;

use serde_json::Value;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "error-code",
        summary: "an entry of x-error-codes has an HTTP status and codes such as DCS.4002; each code occurs only once",
        reason: "the client searches for the code of an answer, and must not find two entries",
    },
    Rule {
        name: "error-advice",
        summary: "the advice of an entry is one line, begins in lower case, does not end in `.`, `;`, `!` or a space, and has at most 160 characters",
        reason: "the client writes the advice at the end of an error message, after a semicolon",
    },
    Rule {
        name: "error-transient",
        summary: "the only value of `transient` is `true`, and its entry has a status of 400 or higher",
        reason: "after status 500, the client retries a safe operation only if the code is transient; without the key, a code is not transient",
    },
];

/// The maximum length of the advice for an error code, in characters.
const LONGEST: usize = 160;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut known = HashMap::new();
    for entry in index.of_kind(ObjectKind::ErrorCodes) {
        check_codes(entry, &mut known, findings);
        check_status(entry, findings);
        check_advice(entry, findings);
    }
}

fn check_codes<'a>(
    entry: &Node<'a>,
    known: &mut HashMap<&'a str, String>,
    findings: &mut Findings<'_>,
) {
    let codes = entry.value.get("codes").and_then(Value::as_array);
    if codes.is_some_and(Vec::is_empty) {
        let message = "the entry has no codes";
        let help = "name the codes, or remove the entry";
        findings.add("error-code", &entry.at("codes"), message, help);
    }
    for (place, code) in codes.into_iter().flatten().enumerate() {
        let Some(code) = code.as_str() else { continue };
        let pointer = format!("{}/{place}", entry.at("codes"));
        if !is_code(code) {
            let help = "write the code as in an answer: `DCS.4002`, or digits in quotes";
            let message = format!("`{code}` is not an error code");
            findings.add("error-code", &pointer, message, help);
        }
        if let Some(first) = known.get(code) {
            let other = (first, "first named here");
            let message = format!("`{code}` is named twice");
            let help = "name the code only once";
            findings.pair("error-code", &pointer, other, message, help);
        } else {
            known.insert(code, pointer);
        }
    }
}

/// Returns whether a string is an error code, such as `DCS.4002`, `ROMA.00110002`, or `111400002`.
fn is_code(code: &str) -> bool {
    let (area, number) = code.split_once('.').unwrap_or(("A", code));
    let is_area = !area.is_empty() && area.bytes().all(|byte| byte.is_ascii_uppercase());
    is_area && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_status(entry: &Node<'_>, findings: &mut Findings<'_>) {
    let status = entry.value.get("status").and_then(Value::as_u64);
    if status.is_some_and(|status| !(200..600).contains(&status)) {
        let help = "write the status that the catalogue states for the code";
        let message = "the status is not a number from 200 to 599";
        findings.add("error-code", &entry.at("status"), message, help);
    }
    let transient = match entry.value.get("transient") {
        Some(Value::Bool(transient)) => *transient,
        _ => return,
    };
    if !transient || status.is_some_and(|status| status < 400) {
        let message = "`transient` must be true, and needs a status of 400 or higher";
        let help = "remove `transient`";
        findings.add("error-transient", &entry.at("transient"), message, help);
    }
}

fn check_advice(entry: &Node<'_>, findings: &mut Findings<'_>) {
    let Some(advice) = entry.text("advice") else {
        return;
    };
    let length = advice.chars().count();
    let problem = if !advice.starts_with(|first: char| first.is_lowercase()) {
        "does not begin in lower case".to_owned()
    } else if advice.ends_with(['.', ';', '!', ' ']) {
        "ends in `.`, `;`, `!` or a space".to_owned()
    } else if advice.contains('\n') {
        "has more than one line".to_owned()
    } else if length > LONGEST {
        format!("has {length} characters, at most {LONGEST} are allowed")
    } else {
        return;
    };
    let help = "say in your own words what to do, like `check the instance's id, the project and the region`";
    let message = format!("the advice {problem}");
    findings.add("error-advice", &entry.at("advice"), message, help);
}

#[cfg(test)]
mod tests;
