//! The advice for the codes of the service's error catalogue.

use serde_json::Value;

use crate::value::{strings, text};

/// The advice for one error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The code: `DCS.4002`.
    pub code: String,
    /// The advice.
    pub advice: String,
    /// Whether the catalogue tells the caller to try again later.
    pub transient: bool,
}

/// The advice of a document, sorted by code, because core searches it by code. Lint has checked the form of the
/// entries.
pub(crate) fn read_all(document: &Value) -> Vec<Hint> {
    let listed = document["x-error-codes"].as_array().into_iter().flatten();
    let mut hints: Vec<Hint> = listed.flat_map(hints_of_entry).collect();
    hints.sort_by(|left, right| left.code.cmp(&right.code));
    hints
}

/// One entry: several codes with the same advice.
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
