//! The services of a workspace: one for each folder below `openapi/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::FOLDER;

/// Why the transcripts could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or file could not be read.
    #[error("cannot read {path} (run this inside the repository)")]
    Read {
        /// The path.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// There are no services.
    #[error("{path} has no service in it; restore its folders, or add one")]
    NoServices {
        /// The folder of the transcripts.
        path: PathBuf,
    },
    /// No folder below `openapi/` has this name.
    #[error("unknown service `{name}`: {hint}the services are {}", known.join(", "))]
    UnknownService {
        /// The requested name.
        name: String,
        /// `did you mean ...?` and a space, or empty.
        hint: String,
        /// All known names.
        known: Vec<String>,
    },
}

/// Names of the services: the folders below `openapi/`, sorted. A folder without `service.yaml` counts, too: if it were
/// skipped, its service would silently be missing.
///
/// # Errors
/// If the folder cannot be read, or contains no folder.
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

/// The named services, or all if none is named. They are sorted, each once.
///
/// # Errors
/// If a name is unknown, or the folder cannot be read. The error lists the known names and suggests the nearest.
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

/// The candidate that is most similar to a mistyped name, if one is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate| (strsim::jaro_winkler(name, candidate), candidate);
    let near = candidates.into_iter().map(likeness);
    let near = near.filter(|(likeness, _)| *likeness > 0.8);
    let nearest = near.max_by(|left, right| left.0.total_cmp(&right.0));
    nearest.map(|(_, candidate)| candidate)
}
