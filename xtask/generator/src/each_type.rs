//! Writes a macro that lists all types of a service, for tests of each type.
//!
//! The list is a macro, because types are not values. The caller of the macro decides what to do with each type. A
//! handwritten list could lack a new type.

use super::{GeneratedFile, file};
use crate::model::{Api, Direction, Schema, SchemaForm};

pub const MODULE: &str = "each_type";

/// Returns the file of the macro. `each_type!(name)` calls the macro `name` with `answer Device: path, ...`.
pub fn file(api: &Api) -> GeneratedFile {
    let entries: String = api.schemas.values().map(entry).collect();
    let docs = "//! A macro for tests that lists all types of the service.

/// Calls the macro `$each` with a row for each type. A row contains the word `request`, `answer`, `both` or `option` (an
/// enum), the name of the type, and its path.";
    file::of_macro(api, MODULE, docs, &entries)
}

fn entry(schema: &Schema) -> String {
    let (kind, name) = (kind(schema), &schema.name);
    format!("            {kind} {name}: $crate::types::{name},\n")
}

fn kind(schema: &Schema) -> &'static str {
    match (&schema.form, schema.direction) {
        (SchemaForm::Enumeration(_), _) => "option",
        (_, Direction::Answer) => "answer",
        (_, Direction::Request) => "request",
        (_, Direction::Both) => "both",
    }
}
