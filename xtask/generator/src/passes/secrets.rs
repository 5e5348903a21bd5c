//! Checks that each field with `format: password` becomes a `Secret`, and that no path or query has a secret.
//!
//! If a schema with `format: password` has a limit or an extension, typify silently writes another type in place
//! of `Secret`. `Debug` would then show the secret.

use anyhow::{Result, bail};
use quote::ToTokens;

use super::syntax::known;
use crate::model::{Operation, ParameterLocation};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        for (field, known) in known(&mut ty.item, part.schema(name)?) {
            let secret = field.ty.to_token_stream().to_string().contains("Secret");
            if secret != known.is_secret() {
                let field = &known.name;
                bail!(
                    "{name}.{field}: the document and the type disagree about whether the field is a secret"
                );
            }
        }
    }
    let mut operations = part.operations.iter();
    operations.try_for_each(|operation| check_parameters(operation))
}

/// Refuses a secret in a path or a query, because proxies and servers log these parts of a request.
fn check_parameters(operation: &Operation) -> Result<()> {
    match operation
        .parameters
        .iter()
        .find(|p| p.location != ParameterLocation::Header && p.schema["format"] == "password")
    {
        Some(parameter) => bail!(
            "{}: the parameter {} is a secret",
            operation.id,
            parameter.name
        ),
        None => Ok(()),
    }
}
