//! Contract cards: what an operation promises, for reviewers of a diff.
//!
//! A card is a list of facts, one a line: where, what, and its value. Nothing
//! in it depends on wording or on the order of keys and files. What a card
//! leaves out is named (`values::WORDING`); whatever else a transcript says is
//! in it, also keys that nobody has thought of yet. `cargo xtask mutate`
//! measures that.

pub mod mutate;
mod operation;
mod schema;
mod service;
mod values;

use std::fmt;

use anyhow::{Context, Result};
use serde_json::Value;

use transcript::METHODS;
pub(crate) use values::{WORDING, plain};

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Where it holds: `operation`, `path device_id`, `request tags[]`, `200 product.id`.
    pub place: String,
    /// What is said: `type`, `mandatory`, `maxLength`.
    pub name: String,
    /// The value.
    pub value: String,
}

/// Columns have tab stops rather than the width of their longest entry, so that a new, longer name does not move other lines.
impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = stop(&self.place, 40, 16);
        let name = stop(&self.name, 27, 8);
        let line = format!("{:<place$} {:<name$} {}", self.place, self.name, self.value);
        out.write_str(line.trim_end())
    }
}

/// The first tab stop that a text does not pass.
fn stop(text: &str, first: usize, step: usize) -> usize {
    let over = text.chars().count().saturating_sub(first);
    first + over.div_ceil(step) * step
}

/// An operation, where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub path: &'a str,
    pub method: &'a str,
    /// The path item, for parameters of the whole path.
    pub item: &'a Value,
    pub value: &'a Value,
}

/// The card of one operation.
///
/// # Errors
///
/// When the document has no such operation, or a reference leads nowhere.
pub fn card(document: &Value, operation_id: &str) -> Result<String> {
    Ok(text(&facts(document, operation_id)?))
}

/// The card of the service: what is true of all of its operations. Addresses, regions, chapters, version.
pub fn service(document: &Value) -> String {
    text(&service_facts(document))
}

/// The ids of the document's operations, sorted.
pub fn operation_ids(document: &Value) -> Vec<String> {
    let ids = entries(document).filter_map(|entry| entry.value["operationId"].as_str());
    let mut ids: Vec<String> = ids.map(str::to_owned).collect();
    ids.sort();
    ids
}

/// The facts of one operation.
///
/// # Errors
///
/// As [`card`].
pub fn facts(document: &Value, operation_id: &str) -> Result<Vec<Fact>> {
    let found = entries(document).find(|entry| entry.value["operationId"] == operation_id);
    let entry = found.with_context(|| format!("no operation is named {operation_id}"))?;
    operation::facts(document, &entry)
}

/// The facts of the operation with this number, in the document's order.
///
/// # Errors
///
/// As [`card`].
pub fn facts_of(document: &Value, number: usize) -> Result<Vec<Fact>> {
    let entry = entries(document).nth(number);
    let entry = entry.with_context(|| format!("there is no operation {number}"))?;
    operation::facts(document, &entry)
}

/// The facts of [`service`].
pub fn service_facts(document: &Value) -> Vec<Fact> {
    service::facts(document)
}

/// All operations, in the document's order.
pub(crate) fn entries(document: &Value) -> impl Iterator<Item = Entry<'_>> {
    let items = document["paths"].as_object().into_iter().flatten();
    items.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, value)| Entry {
                path,
                method,
                item,
                value,
            })
    })
}

fn text(facts: &[Fact]) -> String {
    facts.iter().map(|fact| format!("{fact}\n")).collect()
}
