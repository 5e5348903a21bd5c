//! Generates the files of a service crate from the merged OpenAPI document of the service, in these steps:
//!
//! `document -> inline -> model and lower -> parts -> progenitor -> passes -> chapters -> files`

mod call_type;
mod chapters;
mod client;
mod code;
mod each_operation;
mod each_type;
mod enumerations;
mod errors;
pub mod facts;
mod file;
mod inline;
pub mod lower;
mod markdown;
pub mod model;
mod operations;
mod part;
mod passes;
mod progenitor;
pub mod services;
pub mod surface;

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde_json::Value;

use code::Code;
use model::Api;
use part::Part;
use report::files::GeneratedFile;

/// The result of generating one service.
#[derive(Debug)]
pub struct Generated {
    /// The generated files of the crate.
    pub files: Vec<GeneratedFile>,
    /// The number of changes that each step of lowering made, for [`lower::unused`].
    pub lowered: Vec<usize>,
}

/// Generates the files of one service from its merged document.
///
/// `fingerprint` is a hash of the transcript. The crate's build script calculates the hash again to detect changes.
///
/// # Errors
/// Fails if the document has a construct that lint should have refused.
pub fn generate(service: &str, document: &Value, fingerprint: &str) -> Result<Generated> {
    let inlined = inline::inlined(document);
    let (api, (lowered_document, lowered)) = rayon::join(
        || model::read_api(service, &inlined).with_context(|| format!("reading {service}")),
        || lower::lower(&inlined),
    );
    let api = api?;
    let parts = part::split(&api);
    let (written, whole) = rayon::join(
        || {
            let written = parts.par_iter().map(|part| code(part, &lowered_document));
            written.collect::<Result<Vec<_>>>()
        },
        || of_whole_service(&api, document),
    );
    let (chapters, calls): (Vec<_>, Vec<_>) = written?.into_iter().unzip();
    let mut files: Vec<GeneratedFile> = chapters.into_iter().flatten().collect();
    let above = [
        chapters::overview(&api, fingerprint),
        chapters::types_overview(&api, &parts, &files),
    ];
    files.splice(..0, above);
    let (whole, merged) = whole?;
    files.extend(whole);
    files.push(each_operation::file(
        &api,
        &calls.into_iter().flatten().collect(),
    )?);
    files.push(merged);
    Ok(Generated { files, lowered })
}

/// Returns the modules of a part, and the entries of its operations in the macro `each_operation`.
fn code(
    part: &Part<'_>,
    lowered: &Value,
) -> Result<(Vec<GeneratedFile>, Vec<each_operation::Call>)> {
    let service = &part.api.service;
    let mut code = progenitor::run(part, part.excerpt(lowered))?;
    for (name, apply) in passes::ALL {
        apply(&mut code, part).with_context(|| format!("{service}: pass {name}"))?;
    }
    let calls = each_operation::calls(part, &code)?;
    Ok((chapters::files(part, code)?, calls))
}

/// Returns modules of the whole service, such as the client, and the file with the merged document.
fn of_whole_service(api: &Api, document: &Value) -> Result<(Vec<GeneratedFile>, GeneratedFile)> {
    let mut files = Vec::new();
    files.extend(errors::file(api));
    files.extend([
        operations::overview(api),
        client::file(api),
        each_type::file(api),
    ]);
    let merged = GeneratedFile {
        path: "openapi.json".to_owned(),
        content: serde_json::to_string_pretty(document)? + "\n",
    };
    Ok((files, merged))
}
