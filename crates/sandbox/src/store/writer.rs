use super::changes::{Changes, Changing};
use super::query::{Page, Query};
use super::view::{ALL, Stored, Tables, block_of, get, key_of, prefix, row_of, with_row};
use super::{Record, StoreError};

/// Numbers start behind this one, so that small ones, as people write them into tests of what does not exist, do not exist.
const FIRST_ID: u64 = 100_000;

/// Not the name of a sequence that anything else may have.
const ROWS: &str = " rows";

/// Changes the database. It sees what it and those before it have changed; nothing of that is in the file yet.
pub(crate) struct Writer<'t> {
    tables: Changing<'t>,
}

impl<'t> Writer<'t> {
    /// After some earlier changes, the oldest first.
    pub(super) fn new(file: &'t dyn Tables, earlier: [&'t Changes; 2]) -> Self {
        Self {
            tables: Changing::new(file, earlier),
        }
    }

    pub(super) fn into_changes(self) -> Changes {
        self.tables.own
    }

    pub fn get<R: Record>(&self, key: &str) -> Result<Option<R>, StoreError> {
        get(&self.tables, key)
    }

    /// The records of the page, and how many there are in all.
    pub fn page<R: Record>(&self, query: &Query<'_, R>) -> Result<Page<R>, StoreError> {
        query.page(&self.tables)
    }

    /// The records of the page.
    pub fn list<R: Record>(&self, query: &Query<'_, R>) -> Result<Vec<R>, StoreError> {
        query.list(&self.tables)
    }

    pub fn put<R: Record>(&mut self, key: &str, record: &R) -> Result<(), StoreError> {
        let stored = Stored::new(key, record)?;
        let key = key_of::<R>(key);
        let (row, before) = match self.tables.row(&key)? {
            Some(row) => (row, self.record::<R>(row)?),
            None => {
                let row = self.next_id(ROWS)?;
                self.tables.own.keys.insert(key, Some(row));
                (row, None)
            }
        };
        self.index(row, before.as_ref(), Some(record))?;
        let records = &mut self.tables.own.records;
        records.insert(row_of::<R>(row), Some(stored));
        Ok(())
    }

    /// Whether there was one.
    pub fn remove<R: Record>(&mut self, key: &str) -> Result<bool, StoreError> {
        let key = key_of::<R>(key);
        let Some(row) = self.tables.row(&key)? else {
            return Ok(false);
        };
        let before = self.record::<R>(row)?;
        self.index(row, before.as_ref(), None)?;
        self.tables.own.records.insert(row_of::<R>(row), None);
        self.tables.own.keys.insert(key, None);
        Ok(true)
    }

    /// Removes the records of the page.
    pub fn remove_all<R: Record>(&mut self, query: &Query<'_, R>) -> Result<(), StoreError> {
        for key in query.keys(&self.tables)? {
            self.remove::<R>(&key)?;
        }
        Ok(())
    }

    /// The next number of a sequence. Numbers are never given twice, not even after what had them is gone.
    pub fn next_id(&mut self, sequence: &str) -> Result<u64, StoreError> {
        let next = self.tables.sequence(sequence)?.unwrap_or(FIRST_ID) + 1;
        self.tables.own.sequences.insert(sequence.to_owned(), next);
        Ok(next)
    }

    /// A record in the place of one without entries.
    pub(super) fn rewrite<R: Record>(
        &mut self,
        row: u64,
        key: &str,
        record: &R,
    ) -> Result<(), StoreError> {
        let stored = Stored::new(key, record)?;
        let records = &mut self.tables.own.records;
        records.insert(row_of::<R>(row), Some(stored));
        self.index(row, None, Some(record))
    }

    fn record<R: Record>(&self, row: u64) -> Result<Option<R>, StoreError> {
        let stored = self.tables.stored(&row_of::<R>(row))?;
        stored.map(|stored| stored.record()).transpose()
    }

    /// Replaces the entries of a record by those of its new state; none stands for no record.
    fn index<R: Record>(
        &mut self,
        row: u64,
        before: Option<&R>,
        after: Option<&R>,
    ) -> Result<(), StoreError> {
        for index in R::INDEXES {
            let keys = |record: Option<&R>| record.map(|record| index.of(record));
            let (before, after) = (
                keys(before).unwrap_or_default(),
                keys(after).unwrap_or_default(),
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
