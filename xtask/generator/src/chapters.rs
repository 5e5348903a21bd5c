//! Writes the modules of each chapter (a group of operations), the module of the shared types, and the parent modules.

use anyhow::{Context, Result};
use quote::format_ident;
use syn::{File, ImplItem, Item, ItemImpl, parse_quote};

use super::code::{Code, Type};
use super::{
    GeneratedFile, Part, each_operation, each_type, enumerations, errors, file, operations,
};
use crate::call_type;
use crate::model::Api;

const TYPES: &str = "types";

/// Returns the modules of a part. Only a chapter has a module of operations. A part without types has no types module.
///
/// # Errors
/// Fails if the code lacks a method or a type of the document, or if an extension or an enum is wrong.
pub fn files(part: &Part<'_>, mut code: Code) -> Result<Vec<GeneratedFile>> {
    let mut files = Vec::new();
    let mut items = Vec::new();
    if let Some(chapter) = part.chapter {
        let (methods, params) = methods(part, &mut code)?;
        let layers = part
            .operations
            .iter()
            .map(|operation| call_type::definitions(part.api, operation));
        let layers = layers.collect::<Result<Vec<_>>>()?.concat();
        files.push(operations::of_chapter(part, chapter, methods, layers));
        items = params;
    }
    items.extend(types(part, code)?);
    let enums = enumerations::of_part(part)?;
    if items.is_empty() && enums.is_empty() {
        return Ok(files);
    }
    let imports: File = parse_quote! {
        #[allow(unused_imports, reason = "every module of types has the same imports")]
        use huaweicloud_core::{Secret, decode, encode, setter::{Flag, List, Map, MaybeInto, Number}};

        #[allow(unused_imports, reason = "every module of types has the same imports")]
        use super::*;
    };
    let text = file::print(imports.items.into_iter().chain(items).collect()) + &enums;
    let title = match part.chapter {
        Some(chapter) => &chapter.description,
        None => "Types that more than one chapter uses.",
    };
    files.push(file::of_text(part.api, &types_of(part), title, &text));
    Ok(files)
}

/// Returns the path of the module for the types of a part, such as `types/devices`.
fn types_of(part: &Part<'_>) -> String {
    format!("{TYPES}/{}", part.module())
}

/// Returns the methods of a chapter, and the structs of their parameters.
fn methods(part: &Part<'_>, code: &mut Code) -> Result<(Item, Vec<Item>)> {
    let mut methods: ItemImpl = parse_quote!(impl Client {});
    let mut params = Vec::new();
    for operation in &part.operations {
        let method = code.methods.remove(&operation.id);
        let method = method.with_context(|| format!("progenitor omitted {}", operation.id))?;
        methods.items.push(ImplItem::Fn(method.function));
        params.extend(method.params);
    }
    Ok((Item::Impl(methods), params))
}

fn types(part: &Part<'_>, code: Code) -> Result<Vec<Item>> {
    if let Some(name) = part
        .schemas
        .keys()
        .find(|name| !code.types.contains_key(**name))
    {
        anyhow::bail!("progenitor omitted {name}");
    }
    let items = |ty: Type| [Item::Struct(ty.item)].into_iter().chain(ty.impls);
    Ok(code.types.into_values().flat_map(items).collect())
}

/// Returns the parent module of all other generated modules.
pub fn overview(api: &Api, fingerprint: &str) -> GeneratedFile {
    let tested = [each_type::MODULE, each_operation::MODULE].map(|name| format_ident!("{name}"));
    let errors = (!api.hints.is_empty()).then(|| format_ident!("{}", errors::MODULE));
    let errors = errors.iter();
    let items: File = parse_quote! {
        mod client;
        #(mod #errors;)*
        pub mod operations;
        pub mod types;
        #(#[cfg(feature = "serde-full")] mod #tested;)*

        pub use client::Client;

        /// The merged OpenAPI 3.0.3 document of the service.
        pub const OPENAPI: &str = include_str!("../../openapi.json");
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

/// Returns the parent module of the modules of types. Callers use the path of this module for every type. So the path
/// of a type stays the same when a second chapter begins to use the type.
pub fn types_overview(api: &Api, parts: &[Part<'_>], files: &[GeneratedFile]) -> GeneratedFile {
    let is_written = |part: &&Part<'_>| {
        let path = format!("/{}.rs", types_of(part));
        files.iter().any(|file| file.path.ends_with(&path))
    };
    let written = parts.iter().filter(is_written);
    let chapters: Vec<_> = written.map(|part| part.chapter).collect();
    let title = "The types of all chapters.";
    file::module(
        api,
        &format!("{TYPES}/mod"),
        title,
        file::chapters(&chapters),
    )
}
