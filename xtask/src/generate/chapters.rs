//! The files of a crate: one module a chapter, and what the chapters share.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use quote::{format_ident, quote};
use syn::{File, Ident, ImplItem, Item, ItemImpl, parse_quote};

use super::GeneratedFile;
use super::code::{Code, Method, Type};
use super::passes::doc;
use super::{each_operation, each_type};
use crate::model::{Api, Chapter, Operation, SHARED};
use crate::rust;

/// Lays the code out in files.
///
/// # Errors
///
/// When a type or method of the document is missing in the code.
pub fn files(api: &Api, mut code: Code, fingerprint: &str) -> Result<Vec<GeneratedFile>> {
    let shared = types_in(api, &mut code.types, SHARED);
    let parts = Parts {
        shared: !shared.is_empty(),
        enums: !code.enumerations.is_empty(),
        errors: !code.errors.is_empty(),
    };
    let calls = each_operation::file(api, &code)?;
    let mut files = vec![module_file(api, &parts, fingerprint)?];
    for chapter in &api.chapters {
        files.push(chapter_file(api, &parts, chapter, &mut code)?);
    }
    if parts.shared {
        let title = "Types that more than one chapter uses.";
        files.push(file(api, SHARED, title, parts.imports(false), shared)?);
    }
    if parts.enums {
        let enumerations: Vec<Item> = std::mem::take(&mut code.enumerations)
            .into_values()
            .flatten()
            .collect();
        let title = "Options, all open: a value that the documentation does not list is kept.";
        files.push(file(api, "enums", title, Vec::new(), enumerations)?);
    }
    if parts.errors {
        let title = "What to do about the codes of the service's error catalogue.";
        let imports = vec![parse_quote!(
            use huaweicloud_core::Hint;
        )];
        files.push(file(api, "errors", title, imports, code.errors)?);
    }
    let imports = vec![
        parse_quote!(
            use huaweicloud_core::http::Method;
        ),
        parse_quote!(
            use huaweicloud_core::{Operation, Retry, Server, Service};
        ),
    ];
    let title = "What is known of each operation before it is called.";
    files.push(file(api, "operations", title, imports, code.operations)?);
    let client = super::client::file(api).items;
    files.push(file(
        api,
        "client",
        "The client and how it is made.",
        Vec::new(),
        client,
    )?);
    files.extend([each_type::file(api), calls]);
    Ok(files)
}

/// Which of the modules besides the chapters a service needs.
struct Parts {
    shared: bool,
    enums: bool,
    errors: bool,
}

impl Parts {
    /// Their names.
    fn modules(&self) -> Vec<Ident> {
        let named = [(self.enums, "enums"), (self.shared, SHARED)];
        named
            .iter()
            .filter(|(needed, _)| *needed)
            .map(|(_, name)| format_ident!("{name}"))
            .collect()
    }

    /// What a module of types imports: a chapter's, or `shared` itself.
    fn imports(&self, chapter: bool) -> Vec<Item> {
        let siblings = self
            .modules()
            .into_iter()
            .filter(|name| chapter || name != SHARED);
        let paths = siblings.map(|name| quote!(super::#name::*));
        let paths = [quote!(huaweicloud_core::{Secret, decode})]
            .into_iter()
            .chain(paths);
        let reason = "every module of types starts alike";
        paths
            .map(|path| parse_quote!(#[allow(unused_imports, reason = #reason)] use #path;))
            .collect()
    }
}

fn module_file(api: &Api, parts: &Parts, fingerprint: &str) -> Result<GeneratedFile> {
    let chapters: Vec<(Ident, &String)> = api
        .chapters
        .iter()
        .map(|chapter| (format_ident!("{}", chapter.module()), &chapter.name))
        .collect();
    let (modules, features): (Vec<_>, Vec<_>) = chapters.into_iter().unzip();
    let others = parts.modules();
    let tested = [each_type::MODULE, each_operation::MODULE].map(|name| format_ident!("{name}"));
    let errors = parts.errors.then(|| {
        quote!(
            mod errors;
        )
    });
    let items: File = parse_quote! {
        #(#[cfg(feature = #features)] pub mod #modules;)*
        mod client;
        #errors
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
    let header = format!("// Fingerprint of openapi/{}: {fingerprint}\n", api.service);
    let title = format!("{}: generated modules.", api.title);
    let mut file = file(api, "mod", &title, Vec::new(), items.items)?;
    file.content = header + &file.content;
    Ok(file)
}

fn chapter_file(
    api: &Api,
    parts: &Parts,
    chapter: &Chapter,
    code: &mut Code,
) -> Result<GeneratedFile> {
    let operations = api
        .operations
        .iter()
        .filter(|operation| operation.chapter == chapter.name);
    let (mut params, mut functions) = (Vec::new(), Vec::new());
    for operation in operations {
        let method = take_method(code, operation)?;
        functions.push(method.function);
        params.extend(method.params);
    }
    let mut methods: ItemImpl = parse_quote!(impl Client {});
    methods.items = functions.into_iter().map(ImplItem::Fn).collect();
    let mut items = vec![Item::Impl(methods)];
    items.extend(params);
    items.extend(types_in(api, &mut code.types, &chapter.name));
    let mut imports = parts.imports(true);
    imports.push(parse_quote!(
        use super::operations;
    ));
    imports.push(parse_quote!(
        use crate::Client;
    ));
    imports.push(parse_quote!(
        use huaweicloud_core::{Error, Request, Response};
    ));
    file(api, &chapter.module(), &chapter.description, imports, items)
}

fn take_method(code: &mut Code, operation: &Operation) -> Result<Method> {
    let method = code.methods.remove(&operation.id);
    method.with_context(|| format!("progenitor left {} out", operation.id))
}

/// The types of one chapter, in the order of their names.
fn types_in(api: &Api, types: &mut BTreeMap<String, Type>, chapter: &str) -> Vec<Item> {
    let of_chapter = |name: &str| {
        api.schemas
            .get(name)
            .is_some_and(|schema| schema.chapter == chapter)
    };
    let names: Vec<String> = types
        .keys()
        .filter(|name| of_chapter(name))
        .cloned()
        .collect();
    let taken = names.iter().filter_map(|name| types.remove(name));
    taken
        .flat_map(|ty| [Item::Struct(ty.item)].into_iter().chain(ty.impls))
        .collect()
}

fn file(
    api: &Api,
    module: &str,
    title: &str,
    imports: Vec<Item>,
    items: Vec<Item>,
) -> Result<GeneratedFile> {
    let docs = doc(title);
    let mut file = rust::file(imports.into_iter().chain(items).collect());
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
    let syn::Meta::NameValue(meta) = &attribute.meta else {
        return String::new();
    };
    match &meta.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => format!("//!{}\n", text.value()),
        _ => String::new(),
    }
}
