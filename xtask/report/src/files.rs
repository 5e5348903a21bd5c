//! The generated files on disk: whether they are fresh, and how they are written.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The wanted state of a file of a service crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path below the crate's folder, with forward slashes.
    pub path: String,
    /// Its content.
    pub content: String,
}

/// The state of a generated file on disk, compared with the wanted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The file is up to date.
    Fresh,
    /// The file is missing or differs. Holds its present content, if that can be read.
    Stale(Option<String>),
    /// The file must be removed: its chapter does not exist any more.
    Obsolete,
}

/// One file of a service crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateFile {
    /// Its path relative to the workspace root, with forward slashes.
    pub path: String,
    /// The wanted content. It is empty for an obsolete file.
    pub content: String,
    /// The present state.
    pub state: State,
}

/// Compares the files of one service with those on disk.
///
/// # Errors
/// If a file exists but cannot be read.
pub fn compare(root: &Path, service: &str, wanted: Vec<GeneratedFile>) -> Result<Vec<CrateFile>> {
    let folder = format!("crates/{service}");
    let mut files = Vec::new();
    for file in wanted {
        let path = format!("{folder}/{}", file.path);
        files.push(compare_one(root, path, file.content)?);
    }
    let known: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let present = rust_files(root, &format!("{folder}/src/generated"))?.into_iter();
    let obsolete = present.filter(|path| !known.contains(path));
    files.extend(obsolete.map(|path| CrateFile {
        path,
        content: String::new(),
        state: State::Obsolete,
    }));
    Ok(files)
}

/// Compares one file with the file on disk.
///
/// # Errors
/// If the file exists but cannot be read.
pub fn compare_one(root: &Path, path: String, content: String) -> Result<CrateFile> {
    let state =
        state(&root.join(&path), &content).with_context(|| format!("cannot read {path}"))?;
    Ok(CrateFile {
        path,
        content,
        state,
    })
}

/// The names of the crates that hold generated code, sorted.
///
/// # Errors
/// If `crates/` exists but cannot be read.
pub fn generated_crates(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in entries(root, "crates")? {
        if entry.path().join("src/generated").is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn state(path: &Path, wanted: &str) -> io::Result<State> {
    match fs::read(path) {
        Ok(bytes) if bytes == wanted.as_bytes() => Ok(State::Fresh),
        Ok(bytes) => Ok(State::Stale(String::from_utf8(bytes).ok())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::Stale(None)),
        Err(error) => Err(error),
    }
}

/// The entries of a folder. A missing folder has none.
fn entries(root: &Path, folder: &str) -> Result<Vec<fs::DirEntry>> {
    match fs::read_dir(root.join(folder)) {
        Ok(entries) => Ok(entries.collect::<io::Result<_>>()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {folder}")),
    }
}

/// The Rust files of a folder and of all folders in it, sorted.
fn rust_files(root: &Path, folder: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in entries(root, folder)? {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            files.extend(rust_files(root, &path)?);
        } else if path.ends_with(".rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Writes or removes a file, so that the disk has its wanted state.
///
/// A file is written under a temporary name and then renamed. So a reader never sees half of it, even after an interruption.
///
/// # Errors
/// If the folder cannot be made, or the file cannot be written or removed.
pub fn update(root: &Path, file: &CrateFile) -> Result<()> {
    let path = root.join(&file.path);
    match file.state {
        State::Fresh => Ok(()),
        State::Stale(_) => {
            write(&path, &file.content).with_context(|| format!("cannot write {}", file.path))
        }
        State::Obsolete => {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", file.path))
        }
    }
}

/// Writes a file under a temporary name, and then renames it.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written.
pub fn write(path: &Path, content: &str) -> io::Result<()> {
    let folder: PathBuf = path.parent().map(Path::to_path_buf).unwrap_or_default();
    fs::create_dir_all(&folder)?;
    let mut temporary = temporary_file(&folder)?;
    temporary.write_all(content.as_bytes())?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private by default. Source files are not.
#[cfg(unix)]
fn temporary_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = fs::Permissions::from_mode(0o644);
    tempfile::Builder::new()
        .permissions(permissions)
        .tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().tempfile_in(folder)
}

#[cfg(test)]
mod tests;
