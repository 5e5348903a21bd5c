//! Helper functions for Rust syntax, which several passes use.

use proc_macro2::Span;
use quote::format_ident;
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, Field, GenericArgument, Ident, ItemStruct, Lit, LitStr,
    Meta, MetaNameValue, PathArguments, Type,
};

use crate::model::{self, Schema};

/// Returns the fields of a struct with their identifiers.
pub fn fields(item: &ItemStruct) -> impl Iterator<Item = (&Ident, &Field)> {
    item.fields
        .iter()
        .filter_map(|field| field.ident.as_ref().map(|ident| (ident, field)))
}

/// Returns the name of a field in JSON: the name in `#[serde(rename = "..")]`, or the field's name in Rust.
pub fn wire_name(field: &Field) -> String {
    let renamed = field
        .attrs
        .iter()
        .filter(|a| a.path().is_ident("serde"))
        .find_map(rename);
    let ident = || {
        field
            .ident
            .as_ref()
            .map(Ident::to_string)
            .unwrap_or_default()
    };
    renamed.unwrap_or_else(|| ident().trim_start_matches("r#").to_owned())
}

fn rename(attribute: &Attribute) -> Option<String> {
    let mut found = None;
    // If `syn` cannot parse a part of the attribute, the search ends, and a later `rename` is not found.
    let _ = attribute.parse_nested_meta(|meta| {
        if meta.path.is_ident("rename") {
            found = Some(meta.value()?.parse::<syn::LitStr>()?.value());
        } else if meta.input.peek(syn::Token![=]) {
            meta.value()?.parse::<syn::Expr>()?;
        }
        Ok(())
    });
    found
}

/// Returns the fields of a struct, each with the field of the model at the same index.
pub fn known<'a>(
    item: &'a mut ItemStruct,
    schema: &'a Schema,
) -> impl Iterator<Item = (&'a mut Field, &'a model::Field)> {
    item.fields.iter_mut().zip(schema.fields())
}

/// If the last segment of `ty` is `name`, returns its last type argument, such as `T` of `Option<T>`.
pub fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.last() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

/// Returns whether the last segment of the type's path is `name`.
pub fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == name))
}

/// Returns whether the type is a list or a map.
pub fn is_collection(ty: &Type) -> bool {
    ["Vec", "BTreeMap", "Map"]
        .iter()
        .any(|name| is_named(ty, name))
}

/// Returns a doc comment, with one attribute for each line.
pub fn doc(text: &str) -> Vec<Attribute> {
    text.trim_end()
        .lines()
        .map(|line| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            doc_line(&line)
        })
        .collect()
}

/// Builds `#[doc = "..."]` without the parser of `syn`, which would be slow for so many attributes.
fn doc_line(line: &str) -> Attribute {
    let text = Lit::Str(LitStr::new(line, Span::call_site()));
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: format_ident!("doc").into(),
            eq_token: Default::default(),
            value: Expr::Lit(ExprLit {
                attrs: Vec::new(),
                lit: text,
            }),
        }),
    }
}
