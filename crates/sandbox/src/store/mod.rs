//! The database: records of several kinds. Each record has a key. With indexes, queries find records by other values.
//! The code in `behaviour` gets, puts, removes and queries records. It has no access to the tables of the database.
//!
//! The store keeps a change as a whole, or does not keep it at all. Changes that arrive together share a transaction
//! and a sync of the file. The sandbox reports the success of a change only after this sync.

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

/// A kind of record. The database contains the records as JSON, each with a string as its key.
pub(crate) trait Record: Serialize + DeserializeOwned + 'static {
    /// The first byte of all keys of this kind in the tables of the module `view`. Each kind has its own byte, which
    /// must never change.
    const TAG: u8;
    /// The name of the kind in errors and in the file.
    const NAME: &'static str;
    /// The version of the JSON. A change of the JSON that requires a conversion of older records must increase this
    /// version.
    const VERSION: u32 = 1;
    /// The indexes of this kind. If the names in this list or their order change, the next start builds the indexes
    /// again.
    const INDEXES: &'static [Index<Self>];

    /// Converts the JSON of an older version to this version. Records in files without versions have version 0.
    fn upgrade(_from: u32, json: Value) -> Value {
        json
    }
}

/// The database failed, or the store cannot read or write a record. The store never keeps only a part of a failed
/// change. If the write to the disk fails, the database can still contain the whole change.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{0}")]
    Database(String),
    /// The reason contains the type of the error and its column in the JSON. An unknown column is 0. The reason
    /// contains no value, because the values of records can be secret.
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
            .map_err(|error| StoreError::Database(format!("cannot start a thread: {error}")))?;
        Ok(Self { disk, batches })
    }

    /// Returns a reader for one state of the database. The caller should drop the reader before a change. After a disk
    /// error, a change must open the database again, and this is impossible while there are readers.
    pub fn read(&self) -> Result<Reader<'_>, StoreError> {
        batch::wait_for_own()?;
        Reader::new(&self.disk)
    }

    /// Runs `change`. If `change` succeeds, stores its changes of records. Only one change runs at a time.
    ///
    /// When this method succeeds outside of [`collect_syncs`], the change is on the disk. Within `collect_syncs`, the
    /// method returns earlier. Readers see the change after it is on the disk. A read in the same thread waits until
    /// the change is on the disk.
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
