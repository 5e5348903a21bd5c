//! Whether an operation may be repeated.

use super::index::Index;
use super::secrets::carries_secret;
use super::{Findings, Rule};
use transcript::OperationRef;

pub(super) static RULES: &[Rule] = &[Rule {
    name: "retry",
    summary: "x-retry is safe or unsafe, and stated where an operation creates, resets or changes, or (GET aside) carries a secret",
    reason: "a repeated password change counts as a wrong password, or makes another password",
}];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        check_retry(index, operation, findings);
    }
}

fn check_retry(index: &Index<'_>, operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    match operation.text("x-retry") {
        Some("safe" | "unsafe") => {}
        Some(other) => {
            let help = "write safe or unsafe";
            findings.add(
                "retry",
                &operation.at("x-retry"),
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
