//! Rules about `x-retry`, which states whether the client may retry an operation.

use serde_json::Value;
use transcript::OperationRef;

use super::index::Index;
use super::lookup::request_schema;
use super::secrets::carries_secret;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[Rule {
    name: "retry",
    summary: "an operation (except for GET) has x-retry if its name begins with create, reset or change, or if a body contains a secret; x-retry is not `safe` if a retry does harm",
    reason: "a retry of a password change sends a wrong old password; a retry of a reset makes another password; a retry of a creation creates a second resource",
}];

/// The verbs of operations that have a second effect if they are retried.
const HARMS: [&str; 18] = [
    "add", "change", "copy", "create", "exchange", "execute", "import", "migrate", "reset",
    "resize", "restart", "restore", "rollback", "run", "send", "switch", "upgrade", "upload",
];

/// The verbs of operations that set a secret, if the name of the operation contains a word for a secret.
const SETS: [&str; 4] = ["update", "set", "modify", "rename"];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        let words: Vec<&str> = operation.id().unwrap_or_default().split('_').collect();
        let stated = operation.text("x-retry");
        if operation.method == "get" {
            continue;
        }
        match stated {
            Some("safe") if harms(index, operation, &words) => {
                let message = format!("a retry of {} does harm", operation.route());
                let help = "write `x-retry: unsafe`: the client must not retry a call that may have had an effect";
                findings.add("retry", &operation.at("x-retry"), message, help);
            }
            None if matches!(words[..], ["create" | "reset" | "change", ..])
                || carries_secret(index, operation) =>
            {
                let route = operation.route();
                let message = format!("{route} does not state whether the client may retry it");
                findings.add("retry", &operation.pointer, message, "add `x-retry: unsafe`, or `safe` if a retry changes nothing, and a comment with the reason");
            }
            _ => {}
        }
    }
}

/// Returns whether a retry has a second effect, sets a secret, or sends a wrong old password. A second creation of
/// temporary credentials does no harm: the credentials expire, and no quota counts them.
fn harms(index: &Index<'_>, operation: &OperationRef<'_>, words: &[&str]) -> bool {
    let words = words.strip_prefix(&["batch"]).unwrap_or(words);
    let Some((verb, object)) = words.split_first() else {
        return false;
    };
    let expires = object.contains(&"token") || object.contains(&"temporary");
    let secret = |word: &&str| matches!(*word, "password" | "authentication" | "secret");
    HARMS.contains(verb) && !(*verb == "create" && expires)
        || SETS.contains(verb) && object.iter().any(secret)
        || asks_for_old_password(index, operation)
}

/// Returns whether the request has an old password. After a successful first attempt, the old password is wrong.
fn asks_for_old_password(index: &Index<'_>, operation: &OperationRef<'_>) -> bool {
    let schema = request_schema(index, operation).map(|schema| index.schema(schema));
    let properties = schema.and_then(|schema| schema.get("properties")?.as_object());
    properties.into_iter().flatten().any(|(name, property)| {
        let old = ["old", "current", "original"];
        old.iter().any(|word| name.starts_with(word))
            && property.get("format").and_then(Value::as_str) == Some("password")
    })
}
