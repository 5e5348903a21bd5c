//! Writes a macro that lists all operations of a service, for tests that call each operation.
//!
//! As in `each_type`, the list is a macro. Each generation updates the list, so the tests also call new operations.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use syn::{FnArg, Pat};

use super::{Code, GeneratedFile, Part, file};
use crate::model::{Api, Operation, argument_name};

/// The id of an operation, and its entry in the list, such as `show_device(parameter "device_id"),`.
pub type Call = (String, String);

pub const MODULE: &str = "each_operation";

/// Returns the file of the macro. `each_operation!(name)` calls the macro `name` with `show_device(parameter
/// "device_id"), ...`.
///
/// # Errors
/// Fails if an operation belongs to no part.
pub fn file(api: &Api, calls: &HashMap<String, String>) -> Result<GeneratedFile> {
    let calls = api.operations.iter().map(|Operation { id, .. }| {
        let call = calls.get(id);
        call.with_context(|| format!("no chapter has {id}"))
    });
    let entries = calls.map(|call| Ok(format!("            {}\n", call?)));
    let entries: String = entries.collect::<Result<_>>()?;
    let docs = "//! A macro for tests that lists all methods of the client.

/// Calls the macro `$each` with the methods of the client and their arguments. `parameter` is a single parameter, followed
/// by its name in the document. `params` is the struct of parameters. `body` is a JSON body, and `file` is a file.";
    Ok(file::of_macro(api, MODULE, docs, &entries))
}

/// Returns the id and the entry of each operation of a part.
///
/// # Errors
/// Fails if a method is missing, or has an argument that is not in the document.
pub fn calls(part: &Part<'_>, code: &Code) -> Result<Vec<Call>> {
    let operations = part.operations.iter();
    operations
        .map(|operation| Ok((operation.id.clone(), call(operation, code)?)))
        .collect()
}

fn call(operation: &Operation, code: &Code) -> Result<String> {
    let id = &operation.id;
    let method = code.methods.get(id);
    let method = method.with_context(|| format!("progenitor omitted {id}"))?;
    let names = operation.parameters.iter();
    let wire: HashMap<String, &str> = names
        .map(|parameter| (argument_name(parameter), parameter.name.as_str()))
        .collect();
    let is_form = operation
        .body
        .as_ref()
        .is_some_and(|body| body.file.is_some());
    let arguments = method.function.sig.inputs.iter().filter_map(name);
    let arguments: Vec<String> = arguments
        .map(|name| match wire.get(&name) {
            Some(wire) => Ok(format!("parameter {wire:?}")),
            None if name == "body" && is_form => Ok("file".to_owned()),
            None if matches!(name.as_str(), "body" | "params") => Ok(name),
            None => bail!("{id}: no parameter is called {name}"),
        })
        .collect::<Result<_>>()?;
    let arguments = arguments.join(", ");
    Ok(format!("{id}({arguments}),"))
}

/// Returns the name of an argument. Returns `None` for `&self`, and for a pattern that is not a single name.
fn name(argument: &FnArg) -> Option<String> {
    match argument {
        FnArg::Typed(argument) => match argument.pat.as_ref() {
            Pat::Ident(pat) => Some(pat.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
