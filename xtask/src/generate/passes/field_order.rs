//! Fields in the order of the page.
//!
//! typify sorts them by name, which scatters what the page keeps together.

use anyhow::Result;
use syn::Fields;

use super::syntax::wire_name;
use crate::generate::Code;
use crate::model::Api;

pub fn apply(code: &mut Code, api: &Api) -> Result<()> {
    for (name, ty) in &mut code.types {
        let schema = api.schema(name)?;
        let Fields::Named(fields) = &mut ty.item.fields else {
            continue;
        };
        let position = |field: &syn::Field| {
            let name = wire_name(field);
            schema.fields().iter().position(|field| field.name == name)
        };
        let mut ordered: Vec<_> = std::mem::take(&mut fields.named).into_iter().collect();
        ordered.sort_by_key(position);
        fields.named = ordered.into_iter().collect();
    }
    Ok(())
}
