//! Writes the decoding of answers, as one `match` over the field names for each type.
//!
//! If a value has a wrong type, the client drops the value. But decoding fails if pages or outcomes need the value, or
//! if no field can be read. The code compiles several times faster than derived code (`docs/decisions/clients.md`).

use anyhow::Result;
use quote::{format_ident, quote};
use syn::{Item, ItemStruct, parse_quote};

use super::syntax::fields;
use crate::model::Schema;
use crate::{Code, Part, call_type};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    let essential = call_type::essential_fields(part.api)?;
    for (name, ty) in &mut code.types {
        let schema = part.schema(name)?;
        if schema.direction.received() {
            ty.impls
                .extend(implementations(&ty.item, schema, &essential));
        }
    }
    Ok(())
}

fn implementations(item: &ItemStruct, schema: &Schema, essential: &[(&str, &str)]) -> [Item; 2] {
    let name = &item.ident;
    let arms = fields(item).zip(schema.fields());
    let arms = arms.map(|((ident, _), known)| {
        let wire = &known.name;
        let is_essential = essential.contains(&(schema.name.as_str(), wire));
        let read = format_ident!(
            "{}",
            if is_essential {
                "read_essential"
            } else {
                "read"
            }
        );
        quote!(#wire => value.#read(&mut self.#ident))
    });
    [
        parse_quote! {
            impl decode::Object for #name {
                fn field<'de, A: serde::de::MapAccess<'de>>(
                    &mut self,
                    name: &str,
                    value: decode::Value<'_, A>,
                ) -> Result<(), A::Error> {
                    match name {
                        #(#arms,)*
                        _ => value.skip(),
                    }
                }
            }
        },
        parse_quote! {
            impl<'de> serde::Deserialize<'de> for #name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    decode::object(deserializer)
                }
            }
        },
    ]
}
