//! Reads a transcript (the OpenAPI YAML files of a service) into one [`Document`], with the position of each node.
//!
//! The crate reads each character of these files, so the profile `dev` optimises the crate. Cargo cannot optimise a
//! single module, so this code is a separate crate.

mod characters;
mod document;
mod edit;
pub mod errata;
pub mod files;
mod finding;
pub mod fingerprint;
mod marks;
mod merge;
mod node;
mod parse;
mod scalar;
pub mod text;
mod workspace;

use std::path::Path;

pub use document::{Document, File, METHODS, OperationRef, escape};
pub use edit::Edit;
pub use finding::{Finding, Place, Rule};
pub use node::Node;
pub use workspace::{Error, nearest, select, services};

/// The folder of the transcripts, relative to the workspace root.
pub const FOLDER: &str = "openapi";

/// The rules that [`load`] checks. Lint checks the other rules only after [`load`] succeeds.
pub static RULES: &[Rule] = &[
    Rule {
        name: "unreadable-file",
        summary: "every YAML file has a name that ends in .yaml, and is in the folder of the service or of a chapter; it is readable UTF-8 without invisible characters, and without letters that can be mistaken for Latin letters",
        reason: "a file that is silently skipped is missing from the client",
    },
    Rule {
        name: "yaml-syntax",
        summary: "the file is well-formed YAML with a mapping at the top",
        reason: "the other rules can be checked only in well-formed YAML",
    },
    Rule {
        name: "plain-yaml",
        summary: "a file has no anchors, aliases, tags or merge keys, and only one document",
        reason: "a reviewer must see the whole schema without searching for anchors, and all programs must read the same values",
    },
    Rule {
        name: "string-key",
        summary: "mapping keys are strings; a key of digits, such as a status code, needs no quotes",
        reason: "JSON has only string keys, so programs convert other keys in different ways",
    },
    Rule {
        name: "invisible-character",
        summary: "escapes in strings do not stand for invisible characters, or for letters that can be mistaken for Latin letters",
        reason: "a reviewer does not notice such characters, and Rust refuses some of them in comments",
    },
    Rule {
        name: "duplicate-name",
        summary: "no name is defined twice in the files of a service",
        reason: "without this rule, the later definition silently replaces the first definition",
    },
    Rule {
        name: "number-range",
        summary: "integers fit in 64 bits and other numbers are finite",
        reason: "many programs silently round larger integers, and JSON has no infinite numbers",
    },
    Rule {
        name: "nesting-depth",
        summary: "values are nested in at most 100 levels",
        reason: "in a much deeper document, recursive functions overflow the stack",
    },
];

/// Reads and merges the files of one service. `service.yaml` comes first. The other files follow, sorted by name.
///
/// # Errors
/// Returns the problems of the folder and of all files together.
pub fn load(root: &Path, service: &str) -> Result<Document, Vec<Finding>> {
    let (files, mut findings) = files::of_service(root, service);
    match Document::from_files(service, files) {
        Ok(mut document) if findings.is_empty() => {
            document.set_errata(lists_of_errata(root));
            Ok(document)
        }
        Ok(_) => Err(findings),
        Err(more) => {
            findings.extend(more);
            Err(findings)
        }
    }
}

/// Reads the `ERRATA.md` of each service that has one. Skips a file that is not readable UTF-8.
fn lists_of_errata(root: &Path) -> Vec<File> {
    let services = services(root).unwrap_or_default().into_iter();
    let lists = services.filter_map(|service| {
        let name = format!("{FOLDER}/{service}/ERRATA.md");
        let text = String::from_utf8(files::read_regular(&root.join(&name)).ok()?).ok()?;
        Some(File { name, text })
    });
    lists.collect()
}
