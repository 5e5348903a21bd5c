//! The database: records by key, each change one transaction that is on disk (if there is a file) before anybody is told.

mod fields;
mod open;
pub(crate) mod records;
pub(crate) mod tenant;

use redb::{
    Database, ReadTransaction, ReadableDatabase as _, ReadableTable, TableDefinition,
    WriteTransaction,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use fields::Fields;
pub(crate) use records::{AccessKey, Authentication, Cache, Device, Product, Token, User};

type Definition = TableDefinition<'static, &'static str, &'static [u8]>;

/// A kind of record, in a table of its own, as JSON under a string key.
pub(crate) trait Record: Serialize + DeserializeOwned {
    const TABLE: Definition;
}

/// The database failed. Nothing of a failed change is kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{0}")]
    Database(#[from] redb::Error),
    #[error("a record in table {table} cannot be read: {reason}")]
    Record { table: String, reason: String },
}

pub(crate) struct Store {
    database: Database,
}

/// Looks at one state of the database.
pub(crate) struct Reader(ReadTransaction);

/// Changes the database, all or nothing.
pub(crate) struct Writer(WriteTransaction);

impl Store {
    pub fn read(&self) -> Result<Reader, StoreError> {
        Ok(Reader(
            self.database.begin_read().map_err(redb::Error::from)?,
        ))
    }

    /// Runs `change` and keeps what it did if it succeeds. One change runs at a time.
    pub fn write<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&Writer) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = Writer(self.database.begin_write().map_err(failed)?);
        let done = change(&writer)?;
        writer.0.commit().map_err(failed)?;
        Ok(done)
    }
}

impl Reader {
    pub fn get<R: Record>(&self, key: &str) -> Result<Option<R>, StoreError> {
        get(&self.0.open_table(R::TABLE).map_err(failed)?, key)
    }

    pub fn list<R: Record>(&self, prefix: &str) -> Result<Vec<R>, StoreError> {
        list(&self.0.open_table(R::TABLE).map_err(failed)?, prefix)
    }
}

impl Writer {
    pub fn get<R: Record>(&self, key: &str) -> Result<Option<R>, StoreError> {
        get(&self.0.open_table(R::TABLE).map_err(failed)?, key)
    }

    pub fn list<R: Record>(&self, prefix: &str) -> Result<Vec<R>, StoreError> {
        list(&self.0.open_table(R::TABLE).map_err(failed)?, prefix)
    }

    pub fn put<R: Record>(&self, key: &str, record: &R) -> Result<(), StoreError> {
        let value = serde_json::to_vec(record).map_err(|error| unreadable::<R>(&error))?;
        self.0
            .open_table(R::TABLE)
            .map_err(failed)?
            .insert(key, value.as_slice())
            .map_err(failed)?;
        Ok(())
    }

    /// Whether there was one.
    pub fn remove<R: Record>(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self
            .0
            .open_table(R::TABLE)
            .map_err(failed)?
            .remove(key)
            .map_err(failed)?
            .is_some())
    }

    /// Keeps the records of which `keep` is true.
    pub fn retain<R: Record>(&self, keep: impl Fn(&R) -> bool) -> Result<(), StoreError> {
        let mut table = self.0.open_table(R::TABLE).map_err(failed)?;
        // What cannot be read is kept: it is not ours to throw away.
        table
            .retain(|_, value| serde_json::from_slice(value).map_or(true, |record| keep(&record)))
            .map_err(failed)
    }

    /// The next number of a sequence. Numbers are never given twice, not even after what had them is gone.
    pub fn next_id(&self, sequence: &str) -> Result<u64, StoreError> {
        let mut table = self.0.open_table(records::SEQUENCES).map_err(failed)?;
        let last = table
            .get(sequence)
            .map_err(failed)?
            .map_or(records::FIRST_ID, |value| value.value());
        table.insert(sequence, last + 1).map_err(failed)?;
        Ok(last + 1)
    }
}

fn get<R: Record>(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
    key: &str,
) -> Result<Option<R>, StoreError> {
    table
        .get(key)
        .map_err(failed)?
        .map(|value| decode(value.value()))
        .transpose()
}

/// The records whose keys begin with the prefix, in the order of their keys.
fn list<R: Record>(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
    prefix: &str,
) -> Result<Vec<R>, StoreError> {
    let mut records = Vec::new();
    for entry in table.range(prefix..).map_err(failed)? {
        let (key, value) = entry.map_err(failed)?;
        if !key.value().starts_with(prefix) {
            break;
        }
        records.push(decode(value.value())?);
    }
    Ok(records)
}

fn decode<R: Record>(value: &[u8]) -> Result<R, StoreError> {
    serde_json::from_slice(value).map_err(|error| unreadable::<R>(&error))
}

/// Says where, but not what: the values of records are secret.
fn unreadable<R: Record>(error: &serde_json::Error) -> StoreError {
    use redb::TableHandle as _;
    StoreError::Record {
        table: R::TABLE.name().to_owned(),
        reason: format!("{:?} at column {}", error.classify(), error.column()),
    }
}

fn failed(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(error.into())
}
