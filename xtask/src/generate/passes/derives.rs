//! Derives and serde's attributes, in the one direction that a type travels.
//!
//! Requests derive `Serialize` and answers nothing of serde's. The feature
//! `serde-full` adds the other direction, and the feature `schemars` a schema.

use anyhow::Result;
use quote::quote;
use syn::{Attribute, Field, ItemStruct, parse_quote};

use super::syntax::{argument, fields, is_collection, known};
use crate::generate::{Code, Part};
use crate::model::Direction;

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
    let serialize = quote!(serde::Serialize);
    let other = match direction {
        Direction::Answer => Some(serialize),
        Direction::Request => {
            derived.push(serialize);
            Some(quote!(serde::Deserialize))
        }
        Direction::Both => {
            derived.push(serialize);
            None
        }
    };
    let mut attributes = vec![parse_quote!(#[derive(#(#derived),*)])];
    attributes
        .extend(other.map(|path| parse_quote!(#[cfg_attr(feature = "serde-full", derive(#path))])));
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
    let mut arguments = Vec::new();
    if renamed {
        arguments.push(quote!(rename = #wire));
    }
    if argument(&field.ty, "Option").is_some() {
        arguments.push(quote!(skip_serializing_if = "Option::is_none"));
    }
    let mut attributes: Vec<Attribute> = Vec::new();
    match (arguments.is_empty(), direction) {
        (true, _) => {}
        (false, Direction::Answer) => attributes
            .push(parse_quote!(#[cfg_attr(feature = "serde-full", serde(#(#arguments),*))])),
        (false, _) => attributes.push(parse_quote!(#[serde(#(#arguments),*)])),
    }
    attributes.extend(schema_attribute(field, direction, renamed.then_some(wire)));
    attributes
}

/// What the schema does not learn from serde's attributes: an answer has them only with `serde-full`.
fn schema_attribute(
    field: &Field,
    direction: Direction,
    renamed: Option<&str>,
) -> Option<Attribute> {
    let mut arguments = Vec::new();
    if let (Direction::Answer, Some(wire)) = (direction, renamed) {
        arguments.push(quote!(rename = #wire));
    }
    // A list that an answer does not have is read as empty.
    if direction.received() && is_collection(&field.ty) {
        arguments.push(quote!(default));
    }
    let any = !arguments.is_empty();
    any.then(|| parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#arguments),*))]))
}
