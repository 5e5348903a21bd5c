//! Reads the facts of a service from the document, not from its lowered copy.
//!
//! Lowering or progenitor drops extensions, enum names, defaults and limits. The passes read these facts in the model.

use anyhow::{Result, bail};
use heck::ToSnakeCase;
use quote::format_ident;
use serde_json::Value;
use syn::Ident;

pub use huaweicloud_openapi::{
    Api, Chapter, Choice, Content, Direction, Enumeration, Field, Hint, Operation, Parameter,
    ParameterLocation, RequestBody, SHARED, Schema, SchemaForm, Server, module_name,
};

/// Reads the model from the document that `inline::inlined` returns. Lint must have accepted the merged document.
///
/// # Errors
/// Fails if no code can be generated for a component, an operation or a parameter.
pub fn read_api(service: &str, document: &Value) -> Result<Api> {
    let api = Api::from_document(service, document)?;
    for schema in api.schemas.values() {
        if !matches!(
            schema.form,
            SchemaForm::Object(_) | SchemaForm::Enumeration(_)
        ) {
            bail!(
                "schema {}: a component that is neither an object nor a set of options is not supported",
                schema.name
            );
        }
    }
    for operation in &api.operations {
        syn::parse_str::<syn::Ident>(&operation.id)?;
        for parameter in &operation.parameters {
            syn::parse_str::<syn::Ident>(&argument_name(parameter))?;
        }
    }
    Ok(api)
}

/// Returns the Rust name that progenitor gives a parameter: snake case, with an underscore after a keyword of Rust.
pub fn argument_name(parameter: &Parameter) -> String {
    rust_name(&parameter.name)
}

/// Returns the name of an operation's static, such as `SHOW_DEVICE`.
pub fn constant(operation: &Operation) -> Ident {
    format_ident!("{}", operation.id.to_uppercase())
}

/// Returns the Rust name for a name in JSON or HTTP, by the rule of [`argument_name`].
pub fn rust_name(wire: &str) -> String {
    let name = wire.to_snake_case();
    match syn::parse_str::<syn::Ident>(&name) {
        Ok(_) => name,
        Err(_) => name + "_",
    }
}
