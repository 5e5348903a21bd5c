//! Reads the transcripts: YAML files of one service into one [`Document`] that knows where each of its nodes was written.

mod anchors;
mod document;
mod edit;
mod finding;
mod foreign;
mod marks;
mod merge;
mod node;
mod parse;
mod scalar;

use std::fs;
use std::path::{Path, PathBuf};

pub use document::{Document, File, METHODS, OperationRef, escape};
pub use edit::Edit;
pub use finding::{Finding, Place, Rule};
pub use node::Node;

use crate::output::command;

/// The folder of the transcripts, relative to the workspace root.
pub const FOLDER: &str = "openapi";

/// What the loader itself demands, before any rule can look at the document.
pub static RULES: &[Rule] = &[
    Rule {
        name: "unreadable-file",
        summary: "every transcript is a readable UTF-8 file that ends in .yaml",
        reason: "a file that is skipped in silence is missing from the client",
    },
    Rule {
        name: "yaml-syntax",
        summary: "the file is well-formed YAML with a mapping at the top",
        reason: "nothing else can be judged before",
    },
    Rule {
        name: "plain-yaml",
        summary: "no anchors, aliases, tags, merge keys or several documents in a file",
        reason: "a reviewer must see the whole of a schema where it stands, and every tool must read the same",
    },
    Rule {
        name: "string-key",
        summary: "mapping keys are strings; only a status code may be a bare number",
        reason: "JSON has no other keys, so the tools would disagree about them",
    },
    Rule {
        name: "duplicate-name",
        summary: "nothing is defined twice, in one file or over the files of a service",
        reason: "the later definition would win in silence",
    },
    Rule {
        name: "number-range",
        summary: "integers fit in 64 bits and other numbers are finite",
        reason: "a number that fits no machine type is rounded in silence by every tool after us",
    },
    Rule {
        name: "nesting-depth",
        summary: "nothing is nested deeper than 100 levels",
        reason: "tools that walk the document recursively would overflow their stack",
    },
];

/// Why the transcripts could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or file could not be read.
    #[error("cannot read {path} (run this inside the repository)")]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There is nothing to work on.
    #[error("{path} has no service in it; restore its folders, or add one")]
    NoServices {
        /// The folder of the transcripts.
        path: PathBuf,
    },
    /// No folder below `openapi/` has this name.
    #[error("unknown service `{name}`: {hint}the services are {}\nto see what each of them has, run: {list}", known.join(", "))]
    UnknownService {
        /// The name that was asked for.
        name: String,
        /// `did you mean ...?` and a space, or empty.
        hint: String,
        /// All names there are.
        known: Vec<String>,
        /// The command that lists them.
        list: String,
    },
}

/// Names of the services: the folders below `openapi/`, sorted. Each is one, also one whose `service.yaml` is missing:
/// a service that is skipped in silence is missing from everything.
///
/// # Errors
/// When the folder cannot be read, or has no folder in it.
pub fn services(root: &Path) -> Result<Vec<String>, Error> {
    let folder = root.join(FOLDER);
    let failed = |source| Error::Read {
        path: folder.clone(),
        source,
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(Error::NoServices { path: folder });
    }
    names.sort();
    Ok(names)
}

/// The named services, or all when none is named; sorted, each once.
///
/// # Errors
/// When a name is unknown (the error lists the known ones and suggests the nearest) or the folder cannot be read.
pub fn select(root: &Path, wanted: &[String]) -> Result<Vec<String>, Error> {
    let known = services(root)?;
    if let Some(name) = wanted.iter().find(|name| !known.contains(name)) {
        return Err(Error::UnknownService {
            name: name.clone(),
            hint: hint(name, &known),
            known,
            list: command(root, ["list"]),
        });
    }
    Ok(known
        .into_iter()
        .filter(|name| wanted.is_empty() || wanted.contains(name))
        .collect())
}

fn hint(name: &str, known: &[String]) -> String {
    nearest(name, known.iter().map(String::as_str))
        .map(|known| format!("did you mean `{known}`? "))
        .unwrap_or_default()
}

/// The candidate that a mistyped name most likely meant, if any is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// Reads and merges the files of one service: `service.yaml` first, then the others by name.
///
/// # Errors
/// Everything that keeps the files from being one document, all files at once.
pub fn load(root: &Path, service: &str) -> Result<Document, Vec<Finding>> {
    let (files, mut findings) = read(root, service);
    match Document::from_files(service, files) {
        Ok(mut document) if findings.is_empty() => {
            document.set_errata(fs::read_to_string(root.join(FOLDER).join("ERRATA.md")).ok());
            Ok(document)
        }
        Ok(_) => Err(findings),
        Err(more) => {
            findings.extend(more);
            Err(findings)
        }
    }
}

fn read(root: &Path, service: &str) -> (Vec<(String, Vec<u8>)>, Vec<Finding>) {
    let mut files = Vec::new();
    let mut findings = Vec::new();
    let folder = format!("{FOLDER}/{service}");
    let entries = match fs::read_dir(root.join(&folder)) {
        Ok(entries) => entries,
        Err(error) => return (files, vec![unreadable(&folder, &error)]),
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_by_key(|name| (name != "service.yaml", name.clone()));
    if names.first().is_none_or(|name| name != "service.yaml") {
        findings.push(headless(&folder));
    }
    for name in names {
        let file = format!("{folder}/{name}");
        if name.ends_with(".yml") {
            findings.push(misnamed(file));
        } else if name.ends_with(".yaml") {
            match fs::read(root.join(&file)) {
                Ok(bytes) => files.push((file, bytes)),
                Err(error) => findings.push(unreadable(&file, &error)),
            }
        }
    }
    (files, findings)
}

fn unreadable(file: &str, error: &std::io::Error) -> Finding {
    Finding::new(
        "unreadable-file",
        Place::top(file),
        format!("cannot read the file: {error}"),
        "make it a readable file, or remove it",
    )
}

fn headless(folder: &str) -> Finding {
    Finding::new(
        "unreadable-file",
        Place::top(format!("{folder}/service.yaml")),
        "the service has no service.yaml",
        "write it (openapi/README.md says what it holds), or remove the folder",
    )
}

fn misnamed(file: String) -> Finding {
    Finding::new(
        "unreadable-file",
        Place::top(file),
        "the file ends in .yml and would be ignored",
        "rename it to end in .yaml",
    )
}
