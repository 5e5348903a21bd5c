//! The table of what to do about the service's error codes.

use anyhow::Result;
use quote::quote;
use syn::parse_quote;

use crate::generate::Code;
use crate::model::{Api, Hint};

pub fn apply(code: &mut Code, api: &Api) -> Result<()> {
    if api.hints.is_empty() {
        return Ok(());
    }
    let hints = api.hints.iter().map(hint);
    code.errors.push(parse_quote! {
        /// Sorted by code: core searches it.
        pub static HINTS: &[Hint] = &[#(#hints),*];
    });
    Ok(())
}

fn hint(hint: &Hint) -> proc_macro2::TokenStream {
    let Hint {
        code,
        advice,
        transient,
    } = hint;
    quote!(Hint { code: #code, advice: #advice, transient: #transient })
}
