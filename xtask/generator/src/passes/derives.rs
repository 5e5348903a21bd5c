//! What is derived for a type, and what derives need to know of its fields.
//!
//! Requests are decoded with the feature `serde-full` alone, and derive that;
//! all else of serde's is written by `encoding` and `decoding`. The feature
//! `schemars` adds a schema.

use anyhow::Result;
use quote::quote;
use syn::{Attribute, Field, ItemStruct, parse_quote};

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
    }
    Ok(())
}

fn replace_all_but_docs(attributes: &mut Vec<Attribute>, new: Vec<Attribute>) {
    attributes.retain(|attribute| attribute.path().is_ident("doc"));
    attributes.extend(new);
}

fn type_attributes(item: &ItemStruct, direction: Direction) -> Vec<Attribute> {
    let mut derived = vec![quote!(Clone), quote!(Debug)];
    if fields(item)
        .all(|(_, field)| argument(&field.ty, "Option").is_some() || is_collection(&field.ty))
    {
        derived.push(quote!(Default));
    }
    let mut attributes = vec![parse_quote!(#[derive(#(#derived),*)])];
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
    // A list that an answer does not have is read as empty.
    if direction.received() && is_collection(&field.ty) {
        arguments.push(quote!(default));
    }
    if !arguments.is_empty() {
        attributes.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#arguments),*))]));
    }
    attributes
}
