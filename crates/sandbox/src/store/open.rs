//! Opens or creates the database file. The sandbox checks an existing file before it writes to the file. This check
//! protects the files of other programs.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Builder, Database, DatabaseError, StorageBackend, StorageError};

use super::Store;
use super::disk::{CACHE, Disk, Medium};
use super::layout::check;
use super::overlay::Overlay;
use crate::StartError;

impl Store {
    /// Opens the database in a file. Creates the database if the file is missing or empty. If there is no path, creates
    /// a database in memory.
    pub fn open(file: Option<&Path>) -> Result<Self, StartError> {
        let Some(file) = file else {
            return Ok(Self::new(Disk::open(Memory)?)?);
        };
        let store = match size(file) {
            Ok(None | Some(0)) => Self::make(file, sync_folder),
            Ok(Some(_)) => Self::existing(file),
            Err(reason) => Err(reason),
        };
        store.map_err(|reason| StartError::Data {
            file: file.to_owned(),
            reason,
        })
    }

    fn existing(path: &Path) -> Result<Self, String> {
        look_at(path)?;
        Self::of_file(private_file(path)?)
    }

    /// Creates a database in a second file with the suffix `.unfinished`. When the second file is complete, the method
    /// renames the second file to `path`. If the process ends before the rename, the next start still works.
    ///
    /// After the rename, the method calls `sync`, which must sync the folder of the file. Without this sync, a power
    /// cut could remove the file.
    pub(super) fn make(
        path: &Path,
        sync: impl Fn(&Path) -> std::io::Result<()>,
    ) -> Result<Self, String> {
        let path = target(path)?;
        let mut unfinished = path.clone().into_os_string();
        unfinished.push(".unfinished");
        let unfinished = PathBuf::from(unfinished);
        check_unfinished(&unfinished)?;
        let file = private_file(&unfinished)?;
        // If another process holds the lock, this method fails. Otherwise, another process can already have created the
        // file. In this case, the method also fails.
        let lock =
            FileBackend::new(file.try_clone().map_err(text)?).map_err(|error| cure(&error))?;
        match lock.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
            Ok(false) => return Err(cure(&DatabaseError::DatabaseAlreadyOpen)),
            _ if size(&path)?.is_some_and(|size| size > 0) => {
                return Err(cure(&DatabaseError::DatabaseAlreadyOpen));
            }
            _ => {}
        }
        file.set_len(0).map_err(text)?;
        let store = Self::of_file(file)?;
        std::fs::rename(&unfinished, &path).map_err(text)?;
        sync(&path).map_err(text)?;
        Ok(store)
    }

    /// Opens the database in an open file. To open the database again, the store uses the same open file.
    fn of_file(file: File) -> Result<Self, String> {
        Disk::open(file).and_then(Self::new).map_err(text)
    }
}

/// The memory of this process. Writes to memory do not fail, so a database in memory is never opened again.
struct Memory;

impl Medium for Memory {
    fn check_space(&self) -> Result<(), String> {
        Err("it was in memory".into())
    }

    fn open(&self) -> Result<Database, String> {
        let opened = builder().create_with_backend(InMemoryBackend::new());
        opened.map_err(|error| cure(&error))
    }
}

/// The number of free bytes on the disk that the store requires before it opens the database again.
const SPACE: usize = 1024 * 1024;

impl Medium for File {
    fn check_space(&self) -> Result<(), String> {
        let length = self.metadata().map_err(text)?.len();
        let mut file = self.try_clone().map_err(text)?;
        let grown = file
            .seek(SeekFrom::End(0))
            .and_then(|_| file.write_all(&vec![0; SPACE]))
            .and_then(|()| file.sync_data());
        self.set_len(length).map_err(text)?;
        grown.map_err(text)
    }

    fn open(&self) -> Result<Database, String> {
        let backend = FileBackend::new(self.try_clone().map_err(text)?);
        let opened = builder().create_with_backend(backend.map_err(|error| cure(&error))?);
        opened.map_err(|error| cure(&error))
    }
}

pub(super) fn builder() -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE);
    builder
}

/// Returns the size of a regular file. `None` if there is no file. Any other kind of file is an error. Without this
/// error, the rename in [`Store::make`] could replace `/dev/null`, which other programs use.
fn size(path: &Path) -> Result<Option<u64>, String> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata.len())),
        Ok(metadata) => {
            let kind = match metadata.is_dir() {
                true => "a folder",
                false => "a device, a pipe or a socket",
            };
            Err(format!(
                "it is {kind}; name a regular file, or one that does not exist"
            ))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the path of a new file. If the path is a symbolic link, returns the target of the link. So the rename does
/// not replace the link. The target does not have to exist.
fn target(path: &Path) -> Result<PathBuf, String> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    match std::fs::read_link(path) {
        Ok(named) => {
            let folder = path.parent().unwrap_or(Path::new(""));
            let named = folder.join(named);
            match named.is_symlink() {
                true => Err("it is a link to a broken link; name the file itself".into()),
                false => Ok(named),
            }
        }
        Err(_) => Ok(path.to_owned()),
    }
}

/// Checks that the sandbox can safely overwrite a file with the suffix `.unfinished`. The file must be empty, or begin
/// with zeros or with the first bytes of a redb database.
fn check_unfinished(path: &Path) -> Result<(), String> {
    let foreign = || {
        format!(
            "{} exists, and the sandbox did not create it; move it or name another file",
            path.display()
        )
    };
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(foreign()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    }
    // The first bytes of a database are zero until the database is complete.
    let mut start = Vec::new();
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    file.take(4).read_to_end(&mut start).map_err(text)?;
    match start == b"redb" || start.iter().all(|byte| *byte == 0) {
        true => Ok(()),
        false => Err(foreign()),
    }
}

/// Syncs the folder that contains a file.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(not(unix)) {
        // On this operating system, `File::open` cannot open a folder.
        return Ok(());
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Checks that the file is a complete database of the sandbox. redb writes to a database when it opens the database.
/// The overlay keeps these writes in memory.
fn look_at(path: &Path) -> Result<(), String> {
    let file = FileBackend::new(File::open(path).map_err(text)?).map_err(|error| cure(&error))?;
    // Some operating systems cannot query a lock. On these systems, the sandbox finds the lock when it opens the
    // database.
    if let Ok(true) = file.query_lock_range(Bound::Unbounded, Bound::Unbounded) {
        return Err(cure(&DatabaseError::DatabaseAlreadyOpen));
    }
    let mut checked = builder();
    checked.set_check_integrity_on_open(true);
    let database = checked
        .create_with_backend(Overlay::new(file).map_err(text)?)
        .map_err(|error| cure(&error))?;
    check(&database)
}

/// Opens or creates a file. The file contains secrets, so on Unix only the owner can read a new file.
fn private_file(path: &Path) -> Result<File, String> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        format!("{error}; name a file in a folder that exists and can be written to")
    })
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn cure(error: &DatabaseError) -> String {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            "another sandbox is using it; end the other sandbox, or name another file".into()
        }
        DatabaseError::UpgradeRequired(_) => {
            "its file format is too old; delete it or name another file".into()
        }
        DatabaseError::Storage(StorageError::Corrupted(_)) => {
            "it is damaged; delete it or name another file".into()
        }
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() == std::io::ErrorKind::InvalidData =>
        {
            "it is not a database of the sandbox; name another file".into()
        }
        other => other.to_string(),
    }
}
