//! Enums: their values, and the Rust names that the document gives to the values.

use serde_json::Value;

use crate::value::strings;

/// The options of a string or integer.
#[derive(Debug)]
pub struct Enumeration {
    /// True for integers, false for strings.
    pub integer: bool,
    /// The documented options.
    pub choices: Vec<Choice>,
}

/// One documented option.
#[derive(Debug)]
pub struct Choice {
    /// The value in JSON.
    pub value: Value,
    /// The Rust name.
    pub name: String,
    /// The description.
    pub description: String,
}

/// The options of a schema, with their Rust names from `x-enum-varnames`.
///
/// # Errors
/// The lists of values, names and descriptions differ in length.
pub(crate) fn enumeration(value: &Value) -> Result<Enumeration, String> {
    let names = strings(&value["x-enum-varnames"]);
    let descriptions = strings(&value["x-enum-descriptions"]);
    let values = value["enum"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if values.len() != names.len() || values.len() != descriptions.len() {
        let reason = "enum, x-enum-varnames and x-enum-descriptions are not of one length";
        return Err(reason.to_owned());
    }
    let choices = values.iter().zip(names).zip(descriptions);
    Ok(Enumeration {
        integer: value["type"] == "integer",
        choices: choices
            .map(|((value, name), description)| Choice {
                value: value.clone(),
                name,
                description,
            })
            .collect(),
    })
}
