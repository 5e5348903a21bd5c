//! Writes the derives of a type, and the attributes of its fields.
//!
//! If no answer contains a type, the type derives `Deserialize` with the feature `serde-full`. The passes `encoding`
//! and `decoding` write the other code for serde. With the feature `schemars`, each type in a body has a JSON schema.

use anyhow::Result;
use huaweicloud_openapi::reachable;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Field, Ident, Item, ItemStruct, parse_quote};

use super::syntax::{argument, fields, is_collection, known};
use crate::model::Direction;
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        let schema = part.schema(name)?;
        let direction = schema.direction;
        let attributes = type_attributes(&ty.item, direction);
        replace_all_but_docs(&mut ty.item.attrs, attributes);
        for (field, known) in known(&mut ty.item, schema) {
            let attributes = field_attributes(field, &known.name, direction);
            replace_all_but_docs(&mut field.attrs, attributes);
        }
        let reached = reachable(&part.api.schemas, name).into_iter();
        let fields = reached.filter_map(|name| Some(part.api.schemas.get(&name)?.fields()));
        ty.impls.extend(total_equality(
            &ty.item.ident,
            fields.flatten().map(|it| &it.schema),
        ));
    }
    Ok(())
}

fn replace_all_but_docs(attributes: &mut Vec<Attribute>, new: Vec<Attribute>) {
    attributes.retain(|attribute| attribute.path().is_ident("doc"));
    attributes.extend(new);
}

/// Returns an implementation of `Eq`, or `None` if a field can contain a float. A field with arbitrary JSON can contain
/// a float. With `derive(Eq)`, the compiler would check each field again.
pub fn total_equality<'a>(
    name: &Ident,
    schemas: impl IntoIterator<Item = &'a Value>,
) -> Option<Item> {
    let floats = [r#""type":"number""#, r#""additionalProperties":true"#];
    let mut texts = schemas.into_iter().map(Value::to_string);
    let holds_floats = texts.any(|text| floats.iter().any(|float| text.contains(float)));
    (!holds_floats).then(|| parse_quote!(impl Eq for #name {}))
}

pub fn derive(has_default: bool) -> Attribute {
    let default = has_default.then(|| quote!(, Default));
    parse_quote!(#[derive(Clone, Debug, PartialEq #default)])
}

fn type_attributes(item: &ItemStruct, direction: Direction) -> Vec<Attribute> {
    // In a request, a list that is no `Option` is mandatory. So the struct has no `Default`.
    let may_be_empty = |ty| direction.received() && is_collection(ty);
    let has_default = fields(item)
        .all(|(_, field)| argument(&field.ty, "Option").is_some() || may_be_empty(&field.ty));
    let mut attributes = vec![derive(has_default)];
    if direction == Direction::Request {
        attributes
            .push(parse_quote!(#[cfg_attr(feature = "serde-full", derive(serde::Deserialize))]));
    }
    attributes.push(parse_quote!(#[cfg_attr(
        feature = "schemars",
        derive(huaweicloud_core::schemars::JsonSchema),
        schemars(crate = "huaweicloud_core::schemars")
    )]));
    attributes.push(parse_quote!(#[non_exhaustive]));
    attributes
}

fn field_attributes(field: &Field, wire: &str, direction: Direction) -> Vec<Attribute> {
    let renamed = field.ident.as_ref().is_some_and(|ident| *ident != wire);
    let mut attributes = Vec::new();
    if renamed && direction == Direction::Request {
        attributes.push(parse_quote!(#[cfg_attr(feature = "serde-full", serde(rename = #wire))]));
    }
    let mut arguments = Vec::new();
    if renamed {
        arguments.push(quote!(rename = #wire));
    }
    // If an answer lacks a list or a map, the field becomes empty. So the JSON schema must not require the field.
    if direction.received() && is_collection(&field.ty) {
        arguments.push(quote!(default));
    }
    if !arguments.is_empty() {
        attributes.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#arguments),*))]));
    }
    attributes
}
