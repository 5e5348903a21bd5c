//! Writes the table of advice for the error codes of a service.

use quote::quote;
use syn::parse_quote;

use super::{GeneratedFile, file};
use crate::model::{Api, Hint};

pub const MODULE: &str = "errors";

/// Returns the module of the table, or `None` if the transcript has no advice for error codes.
pub fn file(api: &Api) -> Option<GeneratedFile> {
    if api.hints.is_empty() {
        return None;
    }
    let hints = api.hints.iter().map(hint);
    let items = vec![
        parse_quote! {
            use huaweicloud_core::Hint;
        },
        parse_quote! {
            /// The list is sorted by code, because core uses a binary search.
            pub static HINTS: &[Hint] = &[#(#hints),*];
        },
    ];
    let title = "The advice for the error codes of the service.";
    Some(file::module(api, MODULE, title, items))
}

fn hint(hint: &Hint) -> proc_macro2::TokenStream {
    let Hint {
        code,
        advice,
        transient,
    } = hint;
    let transient = transient.then(|| quote!(.that_passes()));
    quote!(Hint::new(#code, #advice)#transient)
}
