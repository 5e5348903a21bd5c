//! From a merged document to the files of a service crate.
//!
//! `document -> model -> lower -> progenitor -> passes -> chapters -> files`

mod chapters;
mod client;
mod code;
mod each_operation;
mod each_type;
mod layout;
mod markdown;
mod passes;
mod plain_paths;
mod progenitor;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{lower, model::Api};

pub use code::Code;

/// A file of a service crate, as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path below the crate's folder, with forward slashes.
    pub path: String,
    /// What it holds.
    pub content: String,
}

/// What generating one service yields.
#[derive(Debug)]
pub struct Generated {
    /// Every file that xtask writes into the crate.
    pub files: Vec<GeneratedFile>,
    /// How much each step of lowering changed, for [`lower::unused`].
    pub lowered: Vec<usize>,
}

/// Generates the files of one service from its merged document.
///
/// `fingerprint` stands for the sources: the crate's build script compares it.
///
/// # Errors
///
/// When the document holds something that lint should have refused.
pub fn generate(service: &str, document: &Value, fingerprint: &str) -> Result<Generated> {
    let api = Api::read(service, document).with_context(|| format!("reading {service}"))?;
    let (lowered_document, lowered) = lower::lower(document);
    let mut code = progenitor::run(&api, &lowered_document)?;
    for pass in passes::ALL {
        (pass.apply)(&mut code, &api).with_context(|| format!("{service}: pass {}", pass.name))?;
    }
    let mut files = chapters::files(&api, code, fingerprint)?;
    let merged = serde_json::to_string_pretty(document)?;
    files.push(GeneratedFile {
        path: "openapi.json".to_owned(),
        content: merged + "\n",
    });
    Ok(Generated { files, lowered })
}
