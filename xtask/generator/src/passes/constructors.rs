//! Writes the constructor `new` of each type in requests, and a setter `with_<field>(value)` for every optional field.
//!
//! If a type has several mandatory fields, the constructor takes them as a struct. So a program that omits a mandatory
//! field does not compile, and a caller cannot confuse two fields. The types are `#[non_exhaustive]`, so a new optional
//! field does not break callers.

use std::collections::BTreeMap;

use anyhow::Result;
use heck::ToUpperCamelCase;
use huaweicloud_openapi::name_rules::required_name;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Ident, Item, ItemStruct, Type, parse_quote};

use super::syntax::{argument, fields, is_named};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        let schema = part.schema(name)?;
        if schema.direction.sent() {
            let schemas = schema.fields().iter().map(|field| &field.schema);
            ty.impls.extend(of_struct(&ty.item, schemas));
        }
    }
    Ok(())
}

/// Returns the constructor, the setters and, if needed, the struct `...Required`. `schemas` has one schema per field.
pub fn of_struct<'a>(item: &ItemStruct, schemas: impl Iterator<Item = &'a Value>) -> Vec<Item> {
    let ident = &item.ident;
    let taken = fields(item).zip(schemas).map(|((name, field), schema)| {
        let optional = argument(&field.ty, "Option");
        let taken = Taken::from_type(optional.unwrap_or(&field.ty), schema);
        (optional.is_some(), (name, taken))
    });
    let (optional, mandatory): (Vec<_>, Vec<_>) = taken.partition(|(is_optional, _)| *is_optional);
    // The fields are sorted, so the order of the type parameters does not depend on the documentation page.
    let mandatory: BTreeMap<&Ident, Taken> = mandatory.into_iter().map(|(_, it)| it).collect();
    let targets: Vec<_> = mandatory.values().map(|taken| &taken.target).collect();
    let required = format_ident!("{}", required_name(&ident.to_string()));
    let name = mandatory.keys();
    let (doc, given) = match targets.len() {
        0 => (format!(" `{ident}` with nothing set."), quote!()),
        1 => (
            format!(" `{ident}` with its mandatory field."),
            quote!(#(#name: impl Into<#targets>)*),
        ),
        _ => (
            format!(" `{ident}` with its mandatory fields."),
            quote!(required: #required<#(impl Into<#targets>),*>),
        ),
    };
    let group = (targets.len() > 1).then(|| group(item, &required, &mandatory));
    let from = group.as_ref().map(|_| quote!(required.));
    let values = fields(item).map(|(name, _)| match mandatory.get(name) {
        None => quote!(#name: None),
        Some(Taken { inner: None, .. }) => quote!(#name: #from #name.into()),
        Some(Taken { target, inner }) => quote!(#name: Into::<#target>::into(#from #name) #inner),
    });
    let setters = optional
        .iter()
        .map(|(_, (name, taken))| setter(ident, name, taken));
    let implementation = parse_quote! {
        impl #ident {
            #[doc = #doc]
            pub fn new(#given) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
    };
    [implementation].into_iter().chain(group).collect()
}

/// `target` is the type to which the constructor or the setter of a field converts its argument.
struct Taken {
    target: TokenStream,
    /// The code that gets the field's value from a `target`, if the field has another type.
    inner: Option<TokenStream>,
}

impl Taken {
    fn from_type(ty: &Type, schema: &Value) -> Self {
        let is_flag = matches!(schema["default"].as_str(), Some("true" | "false"));
        let target = match (argument(ty, "Vec"), argument(ty, "BTreeMap")) {
            (Some(element), _) => quote!(List<#element>),
            (_, Some(value)) => quote!(Map<#value>),
            _ if is_named(ty, "f32") || is_named(ty, "f64") => quote!(Number<#ty>),
            _ if is_named(ty, "String") && is_flag => quote!(Flag),
            _ => {
                let (target, inner) = (quote!(#ty), None);
                return Self { target, inner };
            }
        };
        let inner = Some(quote!(.0));
        Self { target, inner }
    }
}

fn setter(of: &Ident, field: &Ident, Taken { target, inner }: &Taken) -> TokenStream {
    let wire = field.to_string();
    let plain = wire.trim_start_matches("r#").trim_end_matches('_');
    let method = format_ident!("with_{plain}");
    let doc = format!(
        " Sets [`{0}`](Self::{0}) of `{of}`.",
        wire.trim_start_matches("r#")
    );
    let inner = inner
        .as_ref()
        .map(|inner| quote!(.map(|given| given #inner)));
    quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #method<How>(mut self, value: impl MaybeInto<#target, How>) -> Self {
            self.#field = value.maybe_into() #inner;
            self
        }
    }
}

/// Returns the struct of the mandatory fields. It has no `Debug`, because a caller can pass a secret as a plain string.
fn group(item: &ItemStruct, name: &Ident, mandatory: &BTreeMap<&Ident, Taken>) -> Item {
    let of = &item.ident;
    let mut generics = BTreeMap::new();
    for field in mandatory.keys() {
        let mut generic = field.to_string().to_upper_camel_case();
        while generic == "Self" || generics.values().any(|other| *other == generic) {
            generic.push('X');
        }
        generics.insert(field, format_ident!("{generic}"));
    }
    let types = generics.values();
    let members = fields(item).filter_map(|(name, _)| {
        let (generic, doc) = (generics.get(&name)?, format!(" [`{of}::{name}`]"));
        Some(quote!(#[doc = #doc] pub #name: #generic))
    });
    let doc = format!(" The mandatory fields of [`{of}`].");
    parse_quote! {
        #[doc = #doc]
        pub struct #name<#(#types),*> {
            #(#members,)*
        }
    }
}
