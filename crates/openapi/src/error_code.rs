//! Reads the advice for the error codes of a service from `x-error-codes`.

use serde_json::Value;

use crate::value::{strings, text};

/// The advice for one error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The error code, such as `DCS.4002`.
    pub code: String,
    /// The advice: what the caller can do after the error.
    pub advice: String,
    /// Whether the service's page of error codes advises callers to try again later.
    pub transient: bool,
}

/// Reads the advice of a document that lint has accepted. The list is sorted by error code, because the core crate
/// searches for a code by binary search.
pub(crate) fn read_all(document: &Value) -> Vec<Hint> {
    let listed = document["x-error-codes"].as_array().into_iter().flatten();
    let mut hints: Vec<Hint> = listed.flat_map(hints_of_entry).collect();
    hints.sort_by(|left, right| left.code.cmp(&right.code));
    hints
}

fn hints_of_entry(entry: &Value) -> impl Iterator<Item = Hint> {
    let advice = text(entry, "/advice");
    let transient = entry.get("transient") == Some(&Value::Bool(true));
    strings(&entry["codes"]).into_iter().map(move |code| Hint {
        code,
        advice: advice.clone(),
        transient,
    })
}

#[cfg(test)]
mod tests;
