//! The database: records of several kinds, each with a key and with indexes. Behaviour gets, puts, removes and queries records; it sees no tables.
//!
//! Each change is one transaction. Changes that arrive together share one sync of the file, and nobody is told of a change before that sync.

mod batch;
mod changes;
mod disk;
mod fields;
mod index;
mod layout;
mod open;
mod overlay;
mod query;
mod reader;
pub(crate) mod records;
pub(crate) mod tenant;
#[cfg(test)]
mod tests;
mod view;
mod writer;

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use batch::collect_syncs;
pub(crate) use fields::Fields;
pub(crate) use index::{Index, IndexKey};
pub(crate) use query::{Page, Query};
pub(crate) use reader::Reader;
pub(crate) use records::{
    AccessKey, Authentication, Cache, Device, Item, Product, Step, Timed, Token, User,
};
pub(crate) use writer::Writer;

use batch::Batches;
use disk::Disk;

/// A kind of record, kept as JSON under a text key.
pub(crate) trait Record: Serialize + DeserializeOwned + 'static {
    /// The first byte of every entry of this kind. Each kind has its own byte, and never changes it.
    const TAG: u8;
    /// The name of the kind in errors and in the file.
    const NAME: &'static str;
    /// It grows if the JSON changes and older records have to be changed.
    const VERSION: u32 = 1;
    /// If these change, the next start builds the indexes again.
    const INDEXES: &'static [Index<Self>];

    /// The JSON of an older version, in the form of this version. Files without versions have version 0.
    fn upgrade(_from: u32, json: Value) -> Value {
        json
    }
}

/// The database failed. Nothing of a failed change is kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{0}")]
    Database(String),
    /// The text names the place, but no value, because the values of records are secret.
    #[error("a record of the kind {kind} cannot be read: {reason}")]
    Record { kind: &'static str, reason: String },
}

impl StoreError {
    fn record<R: Record>(error: &serde_json::Error) -> Self {
        Self::Record {
            kind: R::NAME,
            reason: format!("{:?} at column {}", error.classify(), error.column()),
        }
    }
}

pub(crate) struct Store {
    disk: Arc<Disk>,
    batches: Batches,
}

impl Store {
    fn new(disk: Disk) -> Result<Self, StoreError> {
        let disk = Arc::new(disk);
        let batches = Batches::new(Arc::clone(&disk))
            .map_err(|error| StoreError::Database(format!("no thread can be had: {error}")))?;
        Ok(Self { disk, batches })
    }

    /// One state of the database. Drop it before a change: a database that failed cannot be opened again while it is
    /// read.
    pub fn read(&self) -> Result<Reader<'_>, StoreError> {
        batch::wait_for_own()?;
        Reader::new(&self.disk)
    }

    /// Runs `change`, and stores its result if it succeeds. One change runs at a time.
    ///
    /// When this returns, the change is on the disk. Within [`collect_syncs`] it returns earlier. Readers see the
    /// change when it is on the disk, and the same thread waits for that.
    pub fn write<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.batches.write(change)
    }
}

fn failed(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(error.into().to_string())
}
