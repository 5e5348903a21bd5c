use std::fs::{File, OpenOptions};
use std::ops::Bound;
use std::path::Path;

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{
    Database, DatabaseError, ReadableDatabase as _, StorageBackend as _, StorageError,
    TableHandle as _,
};

use super::records::SEQUENCES;
use super::{AccessKey, Cache, Device, Product, Record, Store, StoreError, Token, User, failed};
use crate::{StartError, Tenant};

impl Store {
    /// Opens the database in the file, or a new one in memory.
    ///
    /// The file is looked at before anything is written, so that one which is not ours stays as it is.
    pub fn open(file: Option<&Path>) -> Result<Self, StartError> {
        let Some(file) = file else {
            let database = Database::builder()
                .create_with_backend(InMemoryBackend::new())
                .map_err(failed)?;
            return Ok(Self::with_tables(database)?);
        };
        let unusable = |reason: String| StartError::Data {
            file: file.to_owned(),
            reason,
        };
        match is_there(file) {
            true => Self::existing(file),
            false => Self::make(file),
        }
        .map_err(unusable)
    }

    fn existing(file: &Path) -> Result<Self, String> {
        look_at(file)?;
        let database = Database::builder().create_with_backend(locked(file)?);
        Self::with_tables(database.map_err(|error| cure(&error))?)
            .map_err(|error| error.to_string())
    }

    /// Makes a database beside the file and moves it there once it is whole: a start that is killed half-way leaves nothing that the next one
    /// stumbles over.
    fn make(file: &Path) -> Result<Self, String> {
        // A link to an empty file stays a link.
        let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let mut unfinished = file.clone().into_os_string();
        unfinished.push(".unfinished");
        let backend = locked(Path::new(&unfinished))?;
        // Only who has the lock may go on, and only if nobody was faster.
        if is_there(&file) {
            return Err(cure(&DatabaseError::DatabaseAlreadyOpen));
        }
        backend.set_len(0).map_err(|error| error.to_string())?;
        let database = Database::builder()
            .create_with_backend(backend)
            .map_err(|error| cure(&error))?;
        let store = Self::with_tables(database).map_err(|error| error.to_string())?;
        std::fs::rename(&unfinished, &file).map_err(|error| error.to_string())?;
        Ok(store)
    }

    fn with_tables(database: Database) -> Result<Self, StoreError> {
        let store = Self { database };
        store.write(|writer| {
            let transaction = &writer.0;
            transaction.open_table(SEQUENCES).map_err(failed)?;
            let tables = [
                Tenant::TABLE,
                User::TABLE,
                Token::TABLE,
                AccessKey::TABLE,
                Device::TABLE,
                Product::TABLE,
                Cache::TABLE,
            ];
            for table in tables {
                transaction.open_table(table).map_err(failed)?;
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(store)
    }
}

/// An empty file is as good as none.
fn is_there(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|metadata| metadata.len() > 0)
}

/// The file, made if need be, for nobody else as long as it is open.
fn locked(file: &Path) -> Result<FileBackend, String> {
    let opened = private_file(file).map_err(|error| {
        format!("{error}; name a file in a folder that exists and can be written to")
    })?;
    FileBackend::new(opened).map_err(|error| cure(&error))
}

/// Finds out whether the file is whole and ours, in a copy in memory: opening a database writes to it, even before it is known to be good.
fn look_at(file: &Path) -> Result<(), String> {
    let content = content(file)?;
    let copy = copy(&content).map_err(|error| error.to_string())?;
    let mut checked = Database::builder();
    checked.set_check_integrity_on_open(true);
    let database = checked
        .create_with_backend(copy)
        .map_err(|error| cure(&error))?;
    match is_ours(&database) {
        Ok(true) => Ok(()),
        Ok(false) => Err("it is a database of another program; name another file".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// Not of a file that is in use, which would be read in the middle of a change.
fn content(file: &Path) -> Result<Vec<u8>, String> {
    let opened = File::open(file).map_err(|error| error.to_string())?;
    let locks = FileBackend::new(opened).map_err(|error| cure(&error))?;
    match locks.query_lock_range(Bound::Unbounded, Bound::Unbounded) {
        Ok(true) => Err(cure(&DatabaseError::DatabaseAlreadyOpen)),
        // Where locks cannot be asked for, opening the database asks again.
        _ => std::fs::read(file).map_err(|error| error.to_string()),
    }
}

fn copy(content: &[u8]) -> std::io::Result<InMemoryBackend> {
    let copy = InMemoryBackend::new();
    copy.set_len(content.len() as u64)?;
    copy.write(0, content)?;
    Ok(copy)
}

/// The file, which holds secrets, for its owner only.
fn private_file(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn is_ours(database: &Database) -> Result<bool, StoreError> {
    let tables: Vec<_> = database
        .begin_read()
        .map_err(failed)?
        .list_tables()
        .map_err(failed)?
        .collect();
    // None at all: the first start ended before it wrote anything.
    Ok(tables.is_empty()
        || tables
            .iter()
            .any(|table| table.name() == Tenant::TABLE.name()))
}

fn cure(error: &DatabaseError) -> String {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            "another sandbox is using it; end that one or name another file".into()
        }
        DatabaseError::UpgradeRequired(_) => {
            "it was written by an older version; delete it or name another file".into()
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
