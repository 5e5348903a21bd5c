//! Proves that every `format: password` of the document is a `Secret`.
//!
//! typify replaces a schema by `Secret` only where it matches to the letter,
//! and otherwise silently writes a printable string.

use anyhow::{Result, bail};
use quote::ToTokens;

use super::syntax::{fields, model_field};
use crate::generate::Code;
use crate::model::{Api, Operation};

pub fn apply(code: &mut Code, api: &Api) -> Result<()> {
    for (name, ty) in &code.types {
        let schema = api.schema(name)?;
        for (ident, field) in fields(&ty.item) {
            let secret = field.ty.to_token_stream().to_string().contains("Secret");
            if secret != model_field(schema, field)?.is_secret() {
                bail!(
                    "{name}.{ident}: the document and the type disagree about whether it is a secret"
                );
            }
        }
    }
    api.operations.iter().try_for_each(check_parameters)
}

/// A secret in a path, query or header would end up in logs along the way.
fn check_parameters(operation: &Operation) -> Result<()> {
    match operation
        .parameters
        .iter()
        .find(|p| p.schema["format"] == "password")
    {
        Some(parameter) => bail!(
            "{}: the parameter {} is a secret",
            operation.id,
            parameter.name
        ),
        None => Ok(()),
    }
}
