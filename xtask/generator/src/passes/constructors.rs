//! `new(mandatory, ...)` and a chainable `with_field(value)` for what is sent.
//!
//! The types are `#[non_exhaustive]`, so that a new optional field breaks
//! nobody; these are how they are made.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ItemStruct, parse_quote};

use super::syntax::{argument, fields};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        if part.schema(name)?.direction.sent() {
            let ident = &ty.item.ident;
            let (new, setters) = (new(&ty.item), setters(&ty.item));
            ty.impls
                .push(parse_quote!(impl #ident { #new #(#setters)* }));
        }
    }
    Ok(())
}

fn new(item: &ItemStruct) -> TokenStream {
    let mandatory: Vec<_> = fields(item)
        .filter(|(_, f)| argument(&f.ty, "Option").is_none())
        .collect();
    let arguments = mandatory.iter().map(|(name, field)| {
        let ty = &field.ty;
        quote!(#name: impl Into<#ty>)
    });
    let values = fields(item).map(|(name, field)| match argument(&field.ty, "Option") {
        Some(_) => quote!(#name: None),
        None => quote!(#name: #name.into()),
    });
    let doc = match mandatory.is_empty() {
        true => " With nothing set.",
        false => " With the mandatory fields set, and no other.",
    };
    quote! {
        #[doc = #doc]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

/// A setter for each optional field, not parsed yet.
pub fn setters(item: &ItemStruct) -> Vec<TokenStream> {
    fields(item)
        .filter_map(|(name, field)| argument(&field.ty, "Option").map(|ty| setter(name, ty)))
        .collect()
}

fn setter(field: &Ident, ty: &syn::Type) -> TokenStream {
    let wire = field.to_string();
    let plain = wire.trim_start_matches("r#").trim_end_matches('_');
    let method = format_ident!("with_{plain}");
    let doc = format!(" Sets [`{0}`](Self::{0}).", wire.trim_start_matches("r#"));
    quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #method(mut self, value: impl Into<#ty>) -> Self {
            self.#field = Some(value.into());
            self
        }
    }
}
