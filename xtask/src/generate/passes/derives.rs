//! Derives and serde's attributes, in the one direction that a type travels.
//!
//! Requests derive `Serialize` and answers nothing of serde's. The feature
//! `serde-full` adds the other direction, and the feature `schemars` a schema.

use anyhow::Result;
use syn::{Attribute, Field, ItemStruct, Path, parse_quote};

use super::syntax::{argument, fields, is_collection, wire_name};
use crate::generate::Code;
use crate::model::{Api, Direction};

pub fn apply(code: &mut Code, api: &Api) -> Result<()> {
    for (name, ty) in &mut code.types {
        let direction = api.schema(name)?.direction;
        let attributes = type_attributes(&ty.item, direction);
        replace_all_but_docs(&mut ty.item.attrs, attributes);
        for field in &mut ty.item.fields {
            let attributes = field_attributes(field, direction);
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
    let mut derived: Vec<Path> = vec![parse_quote!(Clone), parse_quote!(Debug)];
    if fields(item)
        .all(|(_, field)| argument(&field.ty, "Option").is_some() || is_collection(&field.ty))
    {
        derived.push(parse_quote!(Default));
    }
    let serialize: Path = parse_quote!(serde::Serialize);
    let other: Option<Path> = match direction {
        Direction::Answer => Some(serialize),
        Direction::Request => {
            derived.push(serialize);
            Some(parse_quote!(serde::Deserialize))
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

fn field_attributes(field: &Field, direction: Direction) -> Vec<Attribute> {
    let wire = wire_name(field);
    let renamed = field.ident.as_ref().is_some_and(|ident| *ident != wire);
    let mut arguments: Vec<syn::Meta> = Vec::new();
    if renamed {
        arguments.push(parse_quote!(rename = #wire));
    }
    if argument(&field.ty, "Option").is_some() {
        arguments.push(parse_quote!(skip_serializing_if = "Option::is_none"));
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
    renamed: Option<String>,
) -> Option<Attribute> {
    let mut arguments: Vec<syn::Meta> = Vec::new();
    if let (Direction::Answer, Some(wire)) = (direction, renamed) {
        arguments.push(parse_quote!(rename = #wire));
    }
    // A list that an answer does not have is read as empty.
    if direction.received() && is_collection(&field.ty) {
        arguments.push(parse_quote!(default));
    }
    let any = !arguments.is_empty();
    any.then(|| parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#arguments),*))]))
}
