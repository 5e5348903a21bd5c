//! Lists the services of a workspace. Each folder in `openapi/` is a service, except for hidden folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::FOLDER;

/// An error of [`services`] or [`select`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder `openapi/` could not be read.
    #[error("cannot read {path} (run the command in the repository)")]
    Read {
        /// The path of the folder.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The folder `openapi/` contains no service.
    #[error("{path} contains no service; restore the folders of the services, or add a service")]
    NoServices {
        /// The path of the folder.
        path: PathBuf,
    },
    /// No folder below `openapi/` has the requested name.
    #[error("unknown service `{name}`: {hint}the services are {}", known.join(", "))]
    UnknownService {
        /// The requested name.
        name: String,
        /// A question that suggests a similar name, and a space. The string is empty if no known name is similar.
        hint: String,
        /// The names of all services.
        known: Vec<String>,
    },
}

/// Returns the sorted names of the services. A folder without `service.yaml` is also a service, so that
/// [`load`](crate::load) reports the missing file.
///
/// # Errors
/// Fails if `openapi/` cannot be read, or contains no service.
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

/// Returns the services in `wanted`, sorted and without duplicates. If `wanted` is empty, returns all services.
///
/// # Errors
/// Fails if a name is unknown, or if [`services`] fails.
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

/// Returns the candidate that is most similar to a misspelt name. Returns `None` if no candidate is similar enough.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate| (strsim::jaro_winkler(name, candidate), candidate);
    let near = candidates.into_iter().map(likeness);
    let near = near.filter(|(likeness, _)| *likeness > 0.8);
    let nearest = near.max_by(|left, right| left.0.total_cmp(&right.0));
    nearest.map(|(_, candidate)| candidate)
}
