//! Which services a workspace has: one for each folder below `openapi/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::FOLDER;

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
    #[error("unknown service `{name}`: {hint}the services are {}", known.join(", "))]
    UnknownService {
        /// The name that was asked for.
        name: String,
        /// `did you mean ...?` and a space, or empty.
        hint: String,
        /// All names there are.
        known: Vec<String>,
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
        });
    }
    let is_wanted = |name: &String| wanted.is_empty() || wanted.contains(name);
    Ok(known.into_iter().filter(is_wanted).collect())
}

fn hint(name: &str, known: &[String]) -> String {
    nearest(name, known.iter().map(String::as_str))
        .map(|known| format!("did you mean `{known}`? "))
        .unwrap_or_default()
}

/// The candidate that a mistyped name most likely meant, if any is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate| (strsim::jaro_winkler(name, candidate), candidate);
    let near = candidates.into_iter().map(likeness);
    let near = near.filter(|(likeness, _)| *likeness > 0.8);
    let nearest = near.max_by(|left, right| left.0.total_cmp(&right.0));
    nearest.map(|(_, candidate)| candidate)
}
