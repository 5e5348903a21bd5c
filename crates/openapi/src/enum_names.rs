//! Reads the options of an enum, with their Rust names and their descriptions.

use serde_json::Value;

use crate::value::strings;

/// The options of an enum of strings or of integers.
#[derive(Debug)]
pub struct Enumeration {
    /// `true` if the options are integers, `false` if the options are strings.
    pub integer: bool,
    /// The documented options, in the order of the document.
    pub choices: Vec<Choice>,
}

/// One documented option.
#[derive(Debug)]
pub struct Choice {
    /// The JSON value of the option.
    pub value: Value,
    /// The Rust name of the option.
    pub name: String,
    /// The documented description of the option.
    pub description: String,
}

/// # Errors
/// The lists of values, names and descriptions do not have the same length.
pub(crate) fn enumeration(value: &Value) -> Result<Enumeration, String> {
    let names = strings(&value["x-enum-varnames"]);
    let descriptions = strings(&value["x-enum-descriptions"]);
    let values = value["enum"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if values.len() != names.len() || values.len() != descriptions.len() {
        let reason = "enum, x-enum-varnames and x-enum-descriptions do not have the same length";
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
