//! The files of a crate: one module a chapter, and what the chapters share.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use quote::{format_ident, quote};
use syn::{File, Item, parse_quote};

use super::code::{Code, Method, Type};
use super::passes::doc;
use super::GeneratedFile;
use crate::model::{Api, Chapter, Operation, SHARED};

/// Lays the code out in files.
///
/// # Errors
///
/// When a type or method of the document is missing in the code.
pub fn files(api: &Api, mut code: Code, fingerprint: &str) -> Result<Vec<GeneratedFile>> {
    let mut files = vec![module_file(api, fingerprint)?];
    for chapter in &api.chapters {
        files.push(chapter_file(api, chapter, &mut code)?);
    }
    let shared = types_in(api, &mut code.types, SHARED);
    files.push(file(api, SHARED, "Types that more than one chapter uses.", type_imports(), shared)?);
    let enumerations: Vec<Item> = std::mem::take(&mut code.enumerations).into_values().flatten().collect();
    let title = "Options, all open: a value that the documentation does not list is kept.";
    files.push(file(api, "enums", title, Vec::new(), enumerations)?);
    let imports = vec![parse_quote!(use huaweicloud_core::{Method, Operation, Retry, Server, Service};)];
    let title = "What is known of each operation before it is called.";
    files.push(file(api, "operations", title, imports, code.operations)?);
    Ok(files)
}

fn module_file(api: &Api, fingerprint: &str) -> Result<GeneratedFile> {
    let chapters = api.chapters.iter().map(|chapter| {
        let (module, feature) = (format_ident!("{}", chapter.module()), &chapter.name);
        let module_item: [Item; 1] = [parse_quote!(#[cfg(feature = #feature)] pub mod #module;)];
        module_item
    });
    let exports = api.chapters.iter().map(|chapter| -> Item {
        let (module, feature) = (format_ident!("{}", chapter.module()), &chapter.name);
        parse_quote!(#[cfg(feature = #feature)] pub use super::#module::*;)
    });
    let mut items: Vec<Item> = chapters.flatten().collect();
    items.push(parse_quote!(pub mod enums;));
    items.push(parse_quote!(pub mod operations;));
    items.push(parse_quote!(pub mod shared;));
    items.push(parse_quote! {
        /// The merged OpenAPI 3.0.3 document of the service.
        pub const OPENAPI: &str = include_str!("../../openapi.json");
    });
    items.push(parse_quote! {
        /// Every type of the service under one path, wherever its chapter keeps it.
        pub mod types {
            #(#exports)*
            pub use super::enums::*;
            pub use super::shared::*;
        }
    });
    let header = format!("// Fingerprint of openapi/{}: {fingerprint}\n", api.service);
    let title = format!("{}: generated modules.", api.title);
    let mut file = file(api, "mod", &title, Vec::new(), items)?;
    file.content = header + &file.content;
    Ok(file)
}

fn chapter_file(api: &Api, chapter: &Chapter, code: &mut Code) -> Result<GeneratedFile> {
    let operations = api.operations.iter().filter(|operation| operation.chapter == chapter.name);
    let (mut params, mut functions) = (Vec::new(), Vec::new());
    for operation in operations {
        let method = take_method(code, operation)?;
        functions.push(method.function);
        params.extend(method.params);
    }
    let mut items = vec![parse_quote!(impl Client { #(#functions)* })];
    items.extend(params);
    items.extend(types_in(api, &mut code.types, &chapter.name));
    file(api, &chapter.module(), &chapter.description, chapter_imports(), items)
}

fn take_method(code: &mut Code, operation: &Operation) -> Result<Method> {
    let method = code.methods.remove(&operation.id);
    method.with_context(|| format!("progenitor left {} out", operation.id))
}

/// The types of one chapter, in the order of their names.
fn types_in(api: &Api, types: &mut BTreeMap<String, Type>, chapter: &str) -> Vec<Item> {
    let of_chapter = |name: &str| api.schemas.get(name).is_some_and(|schema| schema.chapter == chapter);
    let names: Vec<String> = types.keys().filter(|name| of_chapter(name)).cloned().collect();
    let taken = names.iter().filter_map(|name| types.remove(name));
    taken.flat_map(|ty| [Item::Struct(ty.item)].into_iter().chain(ty.impls)).collect()
}

fn type_imports() -> Vec<Item> {
    vec![
        parse_quote!(#[allow(unused_imports, reason = "every module of types starts alike")] use huaweicloud_core::{decode, Secret};),
        parse_quote!(#[allow(unused_imports, reason = "every module of types starts alike")] use super::enums::*;),
    ]
}

fn chapter_imports() -> Vec<Item> {
    let mut imports = type_imports();
    imports.push(parse_quote!(#[allow(unused_imports, reason = "every module of types starts alike")] use super::shared::*;));
    imports.push(parse_quote!(use super::operations;));
    imports.push(parse_quote!(use crate::Client;));
    imports.push(parse_quote!(use huaweicloud_core::{Error, Request, Response};));
    imports
}

fn file(api: &Api, module: &str, title: &str, imports: Vec<Item>, items: Vec<Item>) -> Result<GeneratedFile> {
    let docs = doc(title);
    let tokens = quote!(#(#imports)* #(#items)*);
    let mut file: File = syn::parse2(tokens).with_context(|| format!("module {module}"))?;
    super::plain_paths::apply(&mut file);
    let body = super::layout::blank_lines(&prettyplease::unparse(&file));
    let docs: String = docs.iter().map(inner_doc).collect();
    Ok(GeneratedFile {
        path: format!("src/generated/{module}.rs"),
        content: format!(
            "// @generated by `cargo xtask generate {0}` from openapi/{0}. Do not edit.\n\n{docs}\n{body}",
            api.service
        ),
    })
}

fn inner_doc(attribute: &syn::Attribute) -> String {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return String::new() };
    match &meta.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => format!("//!{}\n", text.value()),
        _ => String::new(),
    }
}
