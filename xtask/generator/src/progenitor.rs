//! Runs progenitor on an excerpt of the document that `lower` returns.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use anyhow::{Context, Result, anyhow};
use openapiv3::OpenAPI;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use schemars::schema::{InstanceType, SchemaObject};

use super::code::Code;
use super::lower::ANY_JSON;
use super::part::{Excerpt, Part};

/// Generates types, and methods with one argument for each parameter.
///
/// # Errors
/// Fails if progenitor refuses the excerpt, panics, or writes unexpected code. Usually, the cause is a gap in lint.
pub fn run(part: &Part<'_>, excerpt: Excerpt) -> Result<Code> {
    let api = part.api;
    let Excerpt {
        document,
        elsewhere,
    } = excerpt;
    let spec: OpenAPI = serde_json::from_value(document)
        .with_context(|| format!("{}: the lowered document is not OpenAPI 3.0", api.service))?;
    let settings = settings(&elsewhere);
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&spec))
        .map_err(|reason| {
            anyhow!(
                "{}: progenitor panicked on a document that lint should have refused: {reason}",
                api.service
            )
        })?
        .with_context(|| {
            format!(
                "{}: progenitor refused a document that lint accepted",
                api.service
            )
        })?;
    let file = syn::parse2(without_bodies(tokens)).context("progenitor's output is not Rust")?;
    Code::take_apart(file).with_context(|| api.service.clone())
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function. If the function panics, returns an error, and writes nothing to standard error.
fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    done.map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or(payload.downcast_ref::<&str>().copied());
        let line = text.and_then(|text| text.lines().next());
        line.unwrap_or("the panic has no message").to_owned()
    })
}

/// Removes the bodies of the client's methods, which are most of the code. The pass `session` writes new bodies.
fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut in_impl = false;
    let emptied = tokens.into_iter().map(|tree| match tree {
        TokenTree::Group(group) if in_impl && group.delimiter() == Delimiter::Brace => {
            in_impl = false;
            braces(group.stream().into_iter().map(emptied).collect())
        }
        tree => {
            in_impl |= matches!(&tree, TokenTree::Ident(word) if word == "impl");
            tree
        }
    });
    emptied.collect()
}

/// Replaces a block by `{}`. Other token trees stay unchanged.
fn emptied(tree: TokenTree) -> TokenTree {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            braces(TokenStream::new())
        }
        tree => tree,
    }
}

fn braces(tokens: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(Delimiter::Brace, tokens))
}

fn settings(elsewhere: &BTreeSet<String>) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap");
    for (format, ty) in [
        ("password", "huaweicloud_core::Secret"),
        (ANY_JSON, "huaweicloud_core::Json"),
    ] {
        let schema = SchemaObject {
            instance_type: Some(InstanceType::String.into()),
            format: Some(format.to_owned()),
            ..SchemaObject::default()
        };
        settings.with_conversion(schema, ty, std::iter::empty());
    }
    for name in elsewhere {
        // The name needs no path, because the module of every chapter imports the enums and the shared types.
        settings.with_replacement(name, name, std::iter::empty());
    }
    settings
}
