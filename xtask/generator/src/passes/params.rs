//! One `...Params` struct for the optional query and header parameters.
//!
//! progenitor makes an argument of each: a call with twelve `None`s.

use anyhow::{Context, Result};
use heck::ToUpperCamelCase;
use quote::{format_ident, quote};
use syn::{FnArg, Ident, Item, Pat, PatType, Type, parse_quote};

use super::{constructors, docs, syntax};
use crate::model::{Operation, Parameter, argument_name};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for operation in &part.operations {
        let optional: Vec<&Parameter> = operation.optional_parameters().collect();
        if optional.is_empty() {
            continue;
        }
        let method = code
            .methods
            .get_mut(&operation.id)
            .context("progenitor left the operation out")?;
        let types = take_arguments(&mut method.function.sig, &optional)?;
        let name = type_name(operation);
        let fields = optional.iter().zip(&types).map(|(parameter, ty)| {
            let (docs, ident) = (
                docs::parameter(parameter),
                format_ident!("{}", argument_name(parameter)),
            );
            let rename = rename(&ident, &parameter.name);
            quote!(#(#docs)* #rename pub #ident: Option<#ty>)
        });
        let summary = format!(
            "Optional parameters of [`Client::{0}`](crate::Client::{0}).",
            operation.id
        );
        let item: syn::ItemStruct = parse_quote! {
            #[doc = #summary]
            #[derive(Clone, Debug, Default)]
            #[cfg_attr(feature = "serde-full", derive(serde::Deserialize))]
            #[non_exhaustive]
            pub struct #name {
                #(#fields,)*
            }
        };
        let setters = constructors::setters(&item);
        method.params = vec![
            Item::Struct(item),
            parse_quote!(impl #name { #(#setters)* }),
        ];
        method
            .function
            .sig
            .inputs
            .push(parse_quote!(params: &#name));
    }
    Ok(())
}

/// `ListDevicesParams`.
pub fn type_name(operation: &Operation) -> Ident {
    format_ident!("{}Params", operation.id.to_upper_camel_case())
}

/// Servers and tests read the struct from what stands on the wire.
fn rename(ident: &Ident, wire: &str) -> Option<syn::Attribute> {
    let differs = *ident != wire;
    differs.then(|| parse_quote!(#[cfg_attr(feature = "serde-full", serde(rename = #wire))]))
}

/// Removes the arguments of these parameters and yields their owned types.
fn take_arguments(signature: &mut syn::Signature, optional: &[&Parameter]) -> Result<Vec<Type>> {
    let all: Vec<FnArg> = std::mem::take(&mut signature.inputs).into_iter().collect();
    let names: Vec<String> = optional
        .iter()
        .map(|parameter| argument_name(parameter))
        .collect();
    let mut types = vec![None; optional.len()];
    for argument in all {
        let position = names.iter().position(|name| is_argument(&argument, name));
        match (position, &argument) {
            (Some(position), FnArg::Typed(PatType { ty, .. })) => types[position] = Some(owned(ty)),
            _ => signature.inputs.push(argument),
        }
    }
    let found = types.into_iter().zip(optional);
    found
        .map(|(ty, parameter)| {
            ty.with_context(|| format!("progenitor left {} out", parameter.name))
        })
        .collect()
}

/// True for the argument of this name.
pub fn is_argument(argument: &FnArg, name: &str) -> bool {
    let FnArg::Typed(PatType { pat, .. }) = argument else {
        return false;
    };
    matches!(pat.as_ref(), Pat::Ident(pat) if pat.ident == *name)
}

/// `Option<&'a str>` is held as `String`, `Option<&'a T>` as `T`.
fn owned(ty: &Type) -> Type {
    match syntax::argument(ty, "Option").unwrap_or(ty) {
        Type::Reference(reference) if syntax::is_named(&reference.elem, "str") => {
            parse_quote!(String)
        }
        Type::Reference(reference) => reference.elem.as_ref().clone(),
        plain => plain.clone(),
    }
}
