//! Puts the fields of a type in the order of the document.
//!
//! typify sorts fields by name, which separates related fields. Several later passes find a field in the model by its
//! index ([`known`](super::syntax::known)). So these passes need the order of the document.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use syn::{Field, Fields};

use super::syntax::wire_name;
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        let Fields::Named(fields) = &mut ty.item.fields else {
            continue;
        };
        let written = std::mem::take(&mut fields.named).into_iter();
        let mut written: BTreeMap<String, Field> =
            written.map(|field| (wire_name(&field), field)).collect();
        for known in part.schema(name)?.fields() {
            let field = written.remove(&known.name);
            let field =
                field.with_context(|| format!("{name}: progenitor omitted {}", known.name))?;
            fields.named.push(field);
        }
        if let Some(unknown) = written.keys().next() {
            bail!("{name}: the document has no field {unknown}");
        }
    }
    Ok(())
}
