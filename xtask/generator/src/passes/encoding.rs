//! Writes an implementation of `Serialize` for each type: one call for each field, in the order of the document.
//!
//! The compilation of code from `#[derive(Serialize)]` would take several times longer (`docs/decisions/clients.md`).

use anyhow::Result;
use quote::quote;
use syn::{Attribute, Item, ItemStruct, parse_quote};

use super::syntax::{argument, fields};
use crate::model::Schema;
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        ty.impls.push(implementation(&ty.item, part.schema(name)?));
    }
    Ok(())
}

fn implementation(item: &ItemStruct, schema: &Schema) -> Item {
    let name = &item.ident;
    // Only servers and tests encode answers.
    let only: Option<Attribute> =
        (!schema.direction.sent()).then(|| parse_quote!(#[cfg(feature = "serde-full")]));
    let written = fields(item).zip(schema.fields());
    let written = written.map(|((ident, field), known)| {
        let wire = &known.name;
        match argument(&field.ty, "Option") {
            Some(_) => quote!(optional(#wire, &self.#ident)),
            None => quote!(field(#wire, &self.#ident)),
        }
    });
    parse_quote! {
        #only
        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::Object::new(serializer)#(.#written)*.end()
            }
        }
    }
}
