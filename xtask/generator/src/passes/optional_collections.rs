//! Wraps the types of optional lists and maps of requests in `Option`.
//!
//! A caller can omit `tags`, or send `[]` to remove all tags. In a type that answers share, all lists are optional.

use anyhow::Result;
use syn::parse_quote;

use super::syntax::{is_collection, known};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        let schema = part.schema(name)?;
        if !schema.direction.sent() {
            continue;
        }
        let required_is_kept = !schema.direction.received();
        for (field, known) in known(&mut ty.item, schema) {
            let required = known.required && required_is_kept;
            if is_collection(&field.ty) && !required {
                let inner = &field.ty;
                field.ty = parse_quote!(::std::option::Option<#inner>);
            }
        }
    }
    Ok(())
}
