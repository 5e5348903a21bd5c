//! Writes one struct `...Params` for the query and header parameters of an operation. If the operation has only one
//! parameter, apart from `project_id`, and this parameter is mandatory, the parameter stays an argument.
//!
//! Without this pass, many arguments of a call would be `None`, and callers could confuse two strings.

use anyhow::{Context, Result};
use heck::ToUpperCamelCase;
use quote::{format_ident, quote};
use syn::{FnArg, Ident, Item, Pat, PatType, Type, parse_quote};

use super::{constructors, derives, docs, syntax};
use crate::model::{Operation, Parameter, argument_name};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for operation in &part.operations {
        let grouped: Vec<&Parameter> = operation.grouped_parameters().collect();
        if grouped.is_empty() {
            continue;
        }
        let method = code
            .methods
            .get_mut(&operation.id)
            .context("progenitor omitted the operation")?;
        let types = take_arguments(&mut method.function.sig, &grouped)?;
        let name = type_name(operation);
        let fields = grouped.iter().zip(&types).map(|(parameter, ty)| {
            let (docs, ident) = (
                docs::parameter(parameter),
                format_ident!("{}", argument_name(parameter)),
            );
            let rename = rename(&ident, &parameter.name);
            let ty = match parameter.required {
                true => quote!(#ty),
                false => quote!(Option<#ty>),
            };
            quote!(#(#docs)* #rename pub #ident: #ty)
        });
        let derive = derives::derive(!grouped.iter().any(|parameter| parameter.required));
        let schemas = grouped.iter().map(|parameter| &parameter.schema);
        let equality = derives::total_equality(&name, schemas.clone());
        let summary = format!(
            " Parameters of [`Client::{0}`](crate::Client::{0}).",
            operation.id
        );
        let item: syn::ItemStruct = parse_quote! {
            #[doc = #summary]
            #derive
            #[cfg_attr(feature = "serde-full", derive(serde::Deserialize))]
            #[non_exhaustive]
            pub struct #name {
                #(#fields,)*
            }
        };
        let made = constructors::of_struct(&item, schemas);
        method.params = [Item::Struct(item)]
            .into_iter()
            .chain(made)
            .chain(equality)
            .collect();
        method
            .function
            .sig
            .inputs
            .push(parse_quote!(params: &#name));
    }
    Ok(())
}

/// Returns the name of the struct, such as `ListDevicesParams`.
pub fn type_name(operation: &Operation) -> Ident {
    format_ident!("{}Params", operation.id.to_upper_camel_case())
}

/// Returns the attribute `rename` if the name in HTTP differs from the name of the field.
fn rename(ident: &Ident, wire: &str) -> Option<syn::Attribute> {
    let differs = *ident != wire;
    differs.then(|| parse_quote!(#[cfg_attr(feature = "serde-full", serde(rename = #wire))]))
}

/// Removes the arguments of the given parameters. Returns the types of the arguments, as types that own their values.
fn take_arguments(signature: &mut syn::Signature, grouped: &[&Parameter]) -> Result<Vec<Type>> {
    let all: Vec<FnArg> = std::mem::take(&mut signature.inputs).into_iter().collect();
    let names: Vec<String> = grouped
        .iter()
        .map(|parameter| argument_name(parameter))
        .collect();
    let mut types = vec![None; grouped.len()];
    for argument in all {
        let position = names.iter().position(|name| is_argument(&argument, name));
        match (position, &argument) {
            (Some(position), FnArg::Typed(PatType { ty, .. })) => types[position] = Some(owned(ty)),
            _ => signature.inputs.push(argument),
        }
    }
    let found = types.into_iter().zip(grouped);
    found
        .map(|(ty, parameter)| ty.with_context(|| format!("progenitor omitted {}", parameter.name)))
        .collect()
}

pub fn is_argument(argument: &FnArg, name: &str) -> bool {
    let FnArg::Typed(PatType { pat, .. }) = argument else {
        return false;
    };
    matches!(pat.as_ref(), Pat::Ident(pat) if pat.ident == *name)
}

/// Returns the type without `Option` and reference: `String` for `Option<&'a str>`, `T` for `Option<&'a T>`.
fn owned(ty: &Type) -> Type {
    match syntax::argument(ty, "Option").unwrap_or(ty) {
        Type::Reference(reference) if syntax::is_named(&reference.elem, "str") => {
            parse_quote!(String)
        }
        Type::Reference(reference) => reference.elem.as_ref().clone(),
        plain => plain.clone(),
    }
}
