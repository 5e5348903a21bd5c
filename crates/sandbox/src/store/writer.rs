use std::cell::RefCell;

use super::changes::{Changes, Changing};
use super::index::IndexKey;
use super::query::{Page, Query};
use super::view::{ALL, Stored, Tables, block_of, key_of, prefix, row_of, with_row};
use super::{Record, StoreError};

/// The numbers of a sequence begin after this number. So tests can use small numbers for resources that do not exist.
const FIRST_ID: u64 = 100_000;

/// The name of the sequence of rows. No other sequence has this name.
const ROWS: &str = " rows";

/// Changes the database. The writer sees its own changes and all earlier changes, even those that are not in the file
/// yet.
pub(crate) struct Writer<'t> {
    tables: Changing<'t>,
    /// The row and the index keys of the record that `get` read last. A caller usually puts this record next. Then the
    /// writer does not have to read the record again.
    last_read: RefCell<Option<(u64, Keys)>>,
}

/// The keys of a record in each of its indexes.
type Keys = Vec<Vec<IndexKey>>;

fn keys_of_index(keys: &Option<Keys>, index: usize) -> &[IndexKey] {
    let keys = keys.as_ref().and_then(|keys| keys.get(index));
    keys.map_or(&[], Vec::as_slice)
}

fn keys<R: Record>(record: &R) -> Keys {
    R::INDEXES.iter().map(|index| index.of(record)).collect()
}

impl<'t> Writer<'t> {
    /// Returns a writer that sees the changes in `earlier`. The first element contains the older changes.
    pub(super) fn new(file: &'t dyn Tables, earlier: [&'t Changes; 2]) -> Self {
        Self {
            tables: Changing::new(file, earlier),
            last_read: RefCell::default(),
        }
    }

    pub(super) fn into_changes(self) -> Changes {
        self.tables.own
    }

    pub fn get<R: Record>(&self, key: &str) -> Result<Option<R>, StoreError> {
        let Some(row) = self.tables.row(&key_of::<R>(key))? else {
            return Ok(None);
        };
        let record: Option<R> = self.record(row)?;
        let read = record.as_ref().map(|record| (row, keys(record)));
        self.last_read.replace(read);
        Ok(record)
    }

    /// Returns the records of the query's page, and the number of all matching records.
    pub fn page<R: Record>(&self, query: &Query<'_, R>) -> Result<Page<R>, StoreError> {
        query.page(&self.tables)
    }

    /// Returns the records of the query's page.
    pub fn list<R: Record>(&self, query: &Query<'_, R>) -> Result<Vec<R>, StoreError> {
        query.list(&self.tables)
    }

    pub fn put<R: Record>(&mut self, key: &str, record: &R) -> Result<(), StoreError> {
        let stored = Stored::new(key, record)?;
        let key = key_of::<R>(key);
        let (row, before) = match self.tables.row(&key)? {
            Some(row) => (row, self.keys_before::<R>(row)?),
            None => {
                let row = self.next_id(ROWS)?;
                self.tables.own.keys.insert(key, Some(row));
                (row, None)
            }
        };
        self.index::<R>(row, before, Some(keys(record)))?;
        let records = &mut self.tables.own.records;
        records.insert(row_of::<R>(row), Some(stored));
        Ok(())
    }

    /// Removes a record. Returns whether the record existed.
    pub fn remove<R: Record>(&mut self, key: &str) -> Result<bool, StoreError> {
        let key = key_of::<R>(key);
        let Some(row) = self.tables.row(&key)? else {
            return Ok(false);
        };
        let before = self.keys_before::<R>(row)?;
        self.index::<R>(row, before, None)?;
        self.tables.own.records.insert(row_of::<R>(row), None);
        self.tables.own.keys.insert(key, None);
        Ok(true)
    }

    /// Removes the records of the query's page.
    pub fn remove_all<R: Record>(&mut self, query: &Query<'_, R>) -> Result<(), StoreError> {
        for key in query.keys(&self.tables)? {
            self.remove::<R>(&key)?;
        }
        Ok(())
    }

    /// Returns the next number of a sequence. The sequence never repeats a number of a successful change, even after a
    /// record is removed.
    pub fn next_id(&mut self, sequence: &str) -> Result<u64, StoreError> {
        let next = self.tables.sequence(sequence)?.unwrap_or(FIRST_ID) + 1;
        self.tables.own.sequences.insert(sequence.to_owned(), next);
        Ok(next)
    }

    /// Replaces a record that has no index entries, and adds its index entries.
    pub(super) fn rewrite<R: Record>(
        &mut self,
        row: u64,
        key: &str,
        record: &R,
    ) -> Result<(), StoreError> {
        let stored = Stored::new(key, record)?;
        let records = &mut self.tables.own.records;
        records.insert(row_of::<R>(row), Some(stored));
        self.index::<R>(row, None, Some(keys(record)))
    }

    /// Returns the index keys of a record before its change.
    fn keys_before<R: Record>(&self, row: u64) -> Result<Option<Keys>, StoreError> {
        match self.last_read.take() {
            Some((read, keys)) if read == row => Ok(Some(keys)),
            _ => Ok(self.record::<R>(row)?.as_ref().map(keys)),
        }
    }

    fn record<R: Record>(&self, row: u64) -> Result<Option<R>, StoreError> {
        let stored = self.tables.stored(&row_of::<R>(row))?;
        stored.map(|stored| stored.record()).transpose()
    }

    /// Replaces the index entries of a record. `before` contains the keys of the old record, and `after` the keys of
    /// the new record. `None` means that there is no such record, or that the old record has no index entries.
    fn index<R: Record>(
        &mut self,
        row: u64,
        before: Option<Keys>,
        after: Option<Keys>,
    ) -> Result<(), StoreError> {
        for (number, index) in R::INDEXES.iter().enumerate() {
            let (before, after) = (
                keys_of_index(&before, number),
                keys_of_index(&after, number),
            );
            for key in before.iter().filter(|key| !after.contains(key)) {
                self.entry(&prefix(index, key), row, false, index.counted)?;
            }
            for key in after.iter().filter(|key| !before.contains(key)) {
                self.entry(&prefix(index, key), row, true, index.counted)?;
            }
        }
        if before.is_none() != after.is_none() {
            let (all, present) = ([R::TAG, ALL], after.is_some());
            let entries = &mut self.tables.own.entries;
            entries.insert(with_row(&all, row), present.then_some(()));
            self.count(vec![R::TAG], present)?;
            self.count(block_of(&all, row), present)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        prefix: &[u8],
        row: u64,
        present: bool,
        counted: bool,
    ) -> Result<(), StoreError> {
        let entries = &mut self.tables.own.entries;
        entries.insert(with_row(prefix, row), present.then_some(()));
        match counted {
            true => {
                self.count(prefix.to_vec(), present)?;
                self.count(block_of(prefix, row), present)
            }
            false => Ok(()),
        }
    }

    fn count(&mut self, of: Vec<u8>, more: bool) -> Result<(), StoreError> {
        let count = self.tables.count(&of)?;
        let count = match more {
            true => count + 1,
            false => count.saturating_sub(1),
        };
        let counts = &mut self.tables.own.counts;
        counts.insert(of, (count > 0).then_some(count));
        Ok(())
    }
}
