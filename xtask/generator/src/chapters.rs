//! The module of each chapter, of what chapters share, and the one above them all.

use anyhow::{Context, Result};
use quote::{format_ident, quote};
use syn::{File, Ident, ImplItem, Item, ItemImpl, parse_quote};

use super::code::{Code, Type};
use super::{GeneratedFile, Part, each_operation, each_type, enumerations, errors, file};
use crate::model::{Api, Chapter, SHARED, Schema, SchemaForm};

/// The module of a part: the methods of a chapter, their parameters, and its types by name.
///
/// # Errors
///
/// When a method or type of the document is missing in the code.
pub fn file(part: &Part<'_>, mut code: Code) -> Result<GeneratedFile> {
    let mut items = imports(part);
    if part.chapter.is_some() {
        items.extend(methods(part, &mut code)?);
    }
    items.extend(types(part, code)?);
    let title = match part.chapter {
        Some(chapter) => &chapter.description,
        None => "Types that more than one chapter uses.",
    };
    Ok(file::module(part.api, &part.module(), title, items))
}

/// What a module of types imports, and what methods need besides.
fn imports(part: &Part<'_>) -> Vec<Item> {
    let siblings = of_types(part.api);
    let siblings = siblings.filter(|name| part.chapter.is_some() || name != SHARED);
    let paths = siblings.map(|name| quote!(super::#name::*));
    let paths = [quote!(huaweicloud_core::{Secret, decode, encode})]
        .into_iter()
        .chain(paths);
    let reason = "every module of types starts alike";
    let mut imports: Vec<Item> = paths
        .map(|path| parse_quote!(#[allow(unused_imports, reason = #reason)] use #path;))
        .collect();
    if part.chapter.is_some() {
        let further: File = parse_quote! {
            use super::operations;
            use crate::Client;
            use huaweicloud_core::{Call, Request};
        };
        imports.extend(further.items);
    }
    imports
}

/// The modules of types besides the chapters that the service has.
fn of_types(api: &Api) -> impl Iterator<Item = Ident> {
    let any = |wanted: &dyn Fn(&Schema) -> bool| api.schemas.values().any(wanted);
    let is_enum = |schema: &Schema| matches!(schema.form, SchemaForm::Enumeration(_));
    let named = [
        (any(&is_enum), enumerations::MODULE),
        (
            any(&|schema| !is_enum(schema) && schema.chapter == SHARED),
            SHARED,
        ),
    ];
    let needed = named.into_iter().filter(|(needed, _)| *needed);
    needed.map(|(_, name)| format_ident!("{name}"))
}

fn methods(part: &Part<'_>, code: &mut Code) -> Result<Vec<Item>> {
    let mut methods: ItemImpl = parse_quote!(impl Client {});
    let mut params = Vec::new();
    for operation in &part.operations {
        let method = code.methods.remove(&operation.id);
        let method = method.with_context(|| format!("progenitor left {} out", operation.id))?;
        methods.items.push(ImplItem::Fn(method.function));
        params.extend(method.params);
    }
    Ok([Item::Impl(methods)].into_iter().chain(params).collect())
}

fn types(part: &Part<'_>, code: Code) -> Result<Vec<Item>> {
    if let Some(name) = part
        .schemas
        .keys()
        .find(|name| !code.types.contains_key(**name))
    {
        anyhow::bail!("progenitor left {name} out");
    }
    let items = |ty: Type| [Item::Struct(ty.item)].into_iter().chain(ty.impls);
    Ok(code.types.into_values().flat_map(items).collect())
}

/// The module above all others.
pub fn overview(api: &Api, fingerprint: &str) -> GeneratedFile {
    let chapters = || api.chapters.iter();
    let modules: Vec<Ident> = chapters()
        .map(|chapter| format_ident!("{}", chapter.module()))
        .collect();
    let features: Vec<&String> = chapters().map(|Chapter { name, .. }| name).collect();
    let others: Vec<Ident> = of_types(api).collect();
    let tested = [each_type::MODULE, each_operation::MODULE].map(|name| format_ident!("{name}"));
    let errors = (!api.hints.is_empty()).then(|| format_ident!("{}", errors::MODULE));
    let errors = errors.iter();
    let items: File = parse_quote! {
        #(#[cfg(feature = #features)] pub mod #modules;)*
        mod client;
        #(mod #errors;)*
        pub mod operations;
        #(pub mod #others;)*
        #(#[cfg(feature = "serde-full")] mod #tested;)*

        pub use client::Client;

        /// The merged OpenAPI 3.0.3 document of the service.
        pub const OPENAPI: &str = include_str!("../../openapi.json");

        /// Every type of the service under one path, wherever its chapter keeps it.
        pub mod types {
            #(#[cfg(feature = #features)] pub use super::#modules::*;)*
            #(pub use super::#others::*;)*
        }
    };
    let title = format!("{}: generated modules.", api.title);
    let mut file = file::module(api, "mod", &title, items.items);
    let service = &api.service;
    file.content = format!(
        "// Fingerprint of openapi/{service}: {fingerprint}\n{}",
        file.content
    );
    file
}
