//! Writes open enums (enums that also accept undocumented values), for strings and for integers.
//!
//! Most functions of the enums are inline or generic. A program compiles these functions only if it uses them.
//! The variant `Unknown` keeps an undocumented value unchanged. So an answer with such a value can be decoded.

use anyhow::{Context, Result};
use proc_macro2::Literal;
use quote::{format_ident, quote};
use syn::{Ident, Item, Type, parse_quote};

use super::{Part, file, passes};
use crate::model::{Choice, Enumeration, Schema};

/// Returns the code of the enums of a part.
///
/// # Errors
/// Fails if an enum value does not have the type of the enum (string or integer). The error names the enum.
pub fn of_part(part: &Part<'_>) -> Result<String> {
    let texts = part.enums.iter().map(|(schema, enumeration)| {
        text(schema, enumeration).with_context(|| schema.name.clone())
    });
    texts.collect()
}

fn text(schema: &Schema, enumeration: &Enumeration) -> Result<String> {
    let name = format_ident!("{}", schema.name);
    let mut items = vec![definition(&name, schema, enumeration)];
    items.extend(wire_value(&name, enumeration)?);
    let is_flag = ["true", "false"].iter().all(|flag| {
        let mut choices = enumeration.choices.iter();
        choices.any(|choice| choice.value == *flag)
    });
    let conversions = conversions(&schema.name, enumeration.integer, is_flag);
    let schema = schema_of(&name, schema, enumeration);
    Ok(file::print(items) + &conversions + &file::print(vec![schema]))
}

fn definition(name: &Ident, schema: &Schema, enumeration: &Enumeration) -> Item {
    let docs = passes::docs::enumeration(schema);
    let variants = enumeration.choices.iter().map(|choice| {
        let docs = passes::docs::choice(choice);
        let variant = variant(choice);
        quote!(#(#docs)* #variant)
    });
    let (copy, unknown): (Option<syn::Path>, Type) = match enumeration.integer {
        true => (Some(parse_quote!(Copy)), parse_quote!(i64)),
        false => (None, parse_quote!(String)),
    };
    let copy = copy.into_iter();
    let unlisted = format!(" An undocumented value of `{name}`, as the server sent it.");
    parse_quote! {
        #(#docs)*
        #[derive(Clone, #(#copy,)* Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #[doc = #unlisted]
            Unknown(#unknown),
        }
    }
}

fn variant(choice: &Choice) -> Ident {
    format_ident!("{}", choice.name)
}

/// Returns the conversion from the enum to the value in JSON, and the conversion back.
fn wire_value(name: &Ident, enumeration: &Enumeration) -> Result<[Item; 2]> {
    let choices = &enumeration.choices;
    let variants: Vec<Ident> = choices.iter().map(variant).collect();
    let values = choices
        .iter()
        .map(|choice| literal(choice, enumeration.integer));
    let values: Vec<Literal> = values.collect::<Result<_>>()?;
    let (method, receiver, wire, kept) = match enumeration.integer {
        true => (quote!(as_i64), quote!(self), quote!(i64), quote!(other)),
        false => (
            quote!(as_str),
            quote!(&self),
            quote!(&str),
            quote!(other.to_owned()),
        ),
    };
    let on_the_wire = format!(" Returns the value of `{name}` in JSON.");
    Ok([
        parse_quote! {
            impl #name {
                #[doc = #on_the_wire]
                #[inline]
                pub fn #method(#receiver) -> #wire {
                    match self {
                        #(Self::#variants => #values,)*
                        Self::Unknown(value) => value,
                    }
                }
            }
        },
        parse_quote! {
            impl From<#wire> for #name {
                #[inline]
                fn from(value: #wire) -> Self {
                    match value {
                        #(#values => Self::#variants,)*
                        other => Self::Unknown(#kept),
                    }
                }
            }
        },
    ])
}

fn literal(choice: &Choice, integer: bool) -> Result<Literal> {
    let value = &choice.value;
    match integer {
        true => value.as_i64().map(Literal::i64_unsuffixed),
        false => value.as_str().map(Literal::string),
    }
    .with_context(|| match integer {
        true => "an enum value is not an integer",
        false => "an enum value is not a string",
    })
}

/// Returns the implementation of `JsonSchema`. The schema lists the documented values, and allows others of their type.
fn schema_of(name: &Ident, schema: &Schema, enumeration: &Enumeration) -> Item {
    let (title, description) = (&schema.name, &schema.description);
    let variants = enumeration.choices.iter().map(variant);
    parse_quote! {
        #[cfg(feature = "schemars")]
        impl huaweicloud_core::schemars::JsonSchema for #name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #title.into()
            }

            fn json_schema(_: &mut huaweicloud_core::schemars::SchemaGenerator) -> huaweicloud_core::schemars::Schema {
                huaweicloud_core::schema::options(#description, &[#(Self::#variants),*])
            }
        }
    }
}

/// Returns conversions that `wire_value` does not write, such as serialization, lenient decoding, and use in a query.
///
/// The result is a string, because its text is almost the same for all enums, and its short lines need no formatting.
fn conversions(name: &str, integer: bool, is_flag: bool) -> String {
    let either = |number: &'static str, text: &'static str| if integer { number } else { text };
    let display = either(
        "std::fmt::Display::fmt(&self.as_i64(), f)",
        "f.write_str(self.as_str())",
    );
    let serialize = either(
        "serialize_i64(self.as_i64())",
        "serialize_str(self.as_str())",
    );
    let read = either("lenient_i64", "lenient_string");
    let query = either("&self.as_i64()", "self.as_str()");
    let from_string = match integer {
        true => String::new(),
        false => from_string(name),
    };
    let from_bool = match is_flag {
        true => from_bool(name),
        false => String::new(),
    };
    format!(
        r#"{from_string}{from_bool}impl std::fmt::Display for {name} {{
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{
        {display}
    }}
}}
impl serde::Serialize for {name} {{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
        serializer.{serialize}
    }}
}}
impl huaweicloud_core::decode::Lenient for {name} {{
    fn lenient<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {{
        Ok(huaweicloud_core::decode::{read}(deserializer)?.map(Self::from))
    }}
}}
#[cfg(feature = "serde-full")]
impl<'de> serde::Deserialize<'de> for {name} {{
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {{
        let value = huaweicloud_core::decode::{read}(deserializer)?;
        value
            .map(Self::from)
            .ok_or_else(|| serde::de::Error::custom("null is not an option"))
    }}
}}
impl huaweicloud_core::ToQuery for {name} {{
    #[inline]
    fn to_query(&self, values: &mut Vec<String>) {{
        huaweicloud_core::ToQuery::to_query({query}, values);
    }}
}}
"#
    )
}

fn from_string(name: &str) -> String {
    format!(
        "impl From<String> for {name} {{
    #[inline]
    fn from(value: String) -> Self {{
        Self::from(value.as_str())
    }}
}}
"
    )
}

/// Returns a conversion from `bool`, for an enum with the values "true" and "false".
fn from_bool(name: &str) -> String {
    format!(
        "impl From<bool> for {name} {{
    #[inline]
    fn from(value: bool) -> Self {{
        Self::from(if value {{ \"true\" }} else {{ \"false\" }})
    }}
}}
"
    )
}
