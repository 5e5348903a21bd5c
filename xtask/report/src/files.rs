//! Compares generated files with the files on disk. Writes the changed files, and removes the obsolete files.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The path and the wanted content of a generated file in a service crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path below the crate's folder, with `/` as separator.
    pub path: String,
    /// The wanted content.
    pub content: String,
}

/// The state of a file on disk, compared with the wanted content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The file has the wanted content.
    Fresh,
    /// The file is missing, or its content differs. The value is the present content, or `None` if the file is missing
    /// or not UTF-8.
    Stale(Option<String>),
    /// The file must be removed, because the generator no longer makes it.
    Obsolete,
}

/// A file of a crate, with its wanted content and its present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateFile {
    /// The path relative to the workspace root, with `/` as separator.
    pub path: String,
    /// The wanted content. The string is empty for an obsolete file.
    pub content: String,
    /// The present state on disk.
    pub state: State,
}

/// Compares the wanted files of one service with the files on disk. The result also contains obsolete files.
///
/// # Errors
/// Fails if a file or folder exists but cannot be read.
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

/// Compares one wanted file with the file on disk.
///
/// # Errors
/// Fails if the file exists but cannot be read.
pub fn compare_one(root: &Path, path: String, content: String) -> Result<CrateFile> {
    let state =
        state(&root.join(&path), &content).with_context(|| format!("cannot read {path}"))?;
    Ok(CrateFile {
        path,
        content,
        state,
    })
}

/// Returns the sorted names of the folders in `crates/` that contain a folder `src/generated`.
///
/// # Errors
/// Fails if `crates/` exists but cannot be read.
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

/// Returns the entries of a folder, or an empty list if the folder is missing.
fn entries(root: &Path, folder: &str) -> Result<Vec<fs::DirEntry>> {
    match fs::read_dir(root.join(folder)) {
        Ok(entries) => Ok(entries.collect::<io::Result<_>>()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {folder}")),
    }
}

/// Returns the sorted paths of the Rust files in a folder and in its subfolders.
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

/// Writes a stale file, or removes an obsolete file.
///
/// # Errors
/// Fails if the folder cannot be created, or the file cannot be written or removed.
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

/// Writes a temporary file, and then renames it to `path`. So a reader never sees an incomplete file.
///
/// # Errors
/// Fails if the folder cannot be created, or the file cannot be written.
pub fn write(path: &Path, content: &str) -> io::Result<()> {
    let folder: PathBuf = path.parent().map(Path::to_path_buf).unwrap_or_default();
    fs::create_dir_all(&folder)?;
    let mut temporary = temporary_file(&folder)?;
    temporary.write_all(content.as_bytes())?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes a temporary file that all users can read, if the umask allows this. By default, only the owner can read a
/// temporary file.
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
