use redb::{ReadableTable as _, Table, TableDefinition, WriteTransaction};

use super::query::{Page, Query};
use super::reader::get;
use super::view::{
    ALL, COUNTS, ENTRIES, KEYS, RECORDS, Stored, Tables as _, View, block_of, key_of, prefix,
    row_in, row_of, with_row,
};
use super::{Record, StoreError, failed};

type Bytes = &'static [u8];

pub(super) const SEQUENCES: TableDefinition<'static, &'static str, u64> =
    TableDefinition::new("sequences");

/// Numbers start behind this one, so that small ones, as people write them into tests of what does not exist, do not exist.
const FIRST_ID: u64 = 100_000;

/// Not the name of a sequence that anything else may have.
const ROWS: &str = " rows";

type WriteTables<'t> = View<
    Table<'t, Bytes, u64>,
    Table<'t, Bytes, Bytes>,
    Table<'t, Bytes, ()>,
    Table<'t, Bytes, u64>,
>;

/// Changes the database. What it did can be undone until it is dropped.
pub(crate) struct Writer<'t> {
    tables: WriteTables<'t>,
    sequences: Table<'t, &'static str, u64>,
    done: Vec<Step>,
}

/// What a step changed, and what was there before.
enum Step {
    Key(Vec<u8>, Option<u64>),
    Record(Vec<u8>, Option<Vec<u8>>),
    Entry(Vec<u8>, bool),
    Count(Vec<u8>, Option<u64>),
    Sequence(String, Option<u64>),
}

impl<'t> Writer<'t> {
    pub(super) fn new(transaction: &'t WriteTransaction) -> Result<Self, StoreError> {
        let tables = View {
            keys: transaction.open_table(KEYS).map_err(failed)?,
            records: transaction.open_table(RECORDS).map_err(failed)?,
            entries: transaction.open_table(ENTRIES).map_err(failed)?,
            counts: transaction.open_table(COUNTS).map_err(failed)?,
        };
        Ok(Self {
            tables,
            sequences: transaction.open_table(SEQUENCES).map_err(failed)?,
            done: Vec::new(),
        })
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
                self.step(Step::Key(key, Some(row)))?;
                (row, None)
            }
        };
        self.index(row, before.as_ref(), Some(record))?;
        let bytes = stored.bytes().to_vec();
        self.step(Step::Record(row_of::<R>(row), Some(bytes)))
    }

    /// Whether there was one.
    pub fn remove<R: Record>(&mut self, key: &str) -> Result<bool, StoreError> {
        let key = key_of::<R>(key);
        let Some(row) = self.tables.row(&key)? else {
            return Ok(false);
        };
        let before = self.record::<R>(row)?;
        self.index(row, before.as_ref(), None)?;
        self.step(Step::Record(row_of::<R>(row), None))?;
        self.step(Step::Key(key, None))?;
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
        let last = self.sequences.get(sequence).map_err(failed)?;
        let next = last.map_or(FIRST_ID, |last| last.value()) + 1;
        self.step(Step::Sequence(sequence.to_owned(), Some(next)))?;
        Ok(next)
    }

    /// As if it had never been called.
    pub(super) fn undo(&mut self) -> Result<(), StoreError> {
        while let Some(step) = self.done.pop() {
            self.set(step)?;
        }
        Ok(())
    }

    /// What was done until now is not undone any more.
    pub(super) fn keep(&mut self) {
        self.done.clear();
    }

    pub(super) fn stored(&self, row: &[u8]) -> Result<Option<Stored>, StoreError> {
        self.tables.stored(row)
    }

    /// Removes all entries and counts of a kind, and names its rows. It is not undone.
    pub(super) fn forget_indexes<R: Record>(&mut self) -> Result<Vec<u64>, StoreError> {
        let (from, to) = ([R::TAG], [R::TAG + 1]);
        let span = || from.as_slice()..to.as_slice();
        let tables = &mut self.tables;
        tables
            .entries
            .retain_in::<&[u8], _>(span(), |_, ()| false)
            .map_err(failed)?;
        tables
            .counts
            .retain_in::<&[u8], _>(span(), |_, _| false)
            .map_err(failed)?;
        let mut rows = Vec::new();
        for entry in tables.records.range::<&[u8]>(span()).map_err(failed)? {
            rows.push(row_in(entry.map_err(failed)?.0.value()));
        }
        Ok(rows)
    }

    /// A record in the place of one without entries.
    pub(super) fn rewrite<R: Record>(
        &mut self,
        row: u64,
        key: &str,
        record: &R,
    ) -> Result<(), StoreError> {
        let bytes = Stored::new(key, record)?.bytes().to_vec();
        self.step(Step::Record(row_of::<R>(row), Some(bytes)))?;
        self.index(row, None, Some(record))
    }

    fn record<R: Record>(&self, row: u64) -> Result<Option<R>, StoreError> {
        let stored = self.stored(&row_of::<R>(row))?;
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
            self.step(Step::Entry(with_row(&[R::TAG, ALL], row), after.is_some()))?;
            self.count(&[R::TAG], after.is_some())?;
            self.count(&block_of(&[R::TAG, ALL], row), after.is_some())?;
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
        self.step(Step::Entry(with_row(prefix, row), present))?;
        match counted {
            true => {
                self.count(prefix, present)?;
                self.count(&block_of(prefix, row), present)
            }
            false => Ok(()),
        }
    }

    fn count(&mut self, of: &[u8], more: bool) -> Result<(), StoreError> {
        let count = self.tables.count(of)?;
        let count = match more {
            true => count + 1,
            false => count.saturating_sub(1),
        };
        self.step(Step::Count(of.to_vec(), (count > 0).then_some(count)))
    }

    fn step(&mut self, step: Step) -> Result<(), StoreError> {
        let back = self.set(step)?;
        self.done.push(back);
        Ok(())
    }

    /// Makes it so, and says what undoes it.
    fn set(&mut self, step: Step) -> Result<Step, StoreError> {
        let tables = &mut self.tables;
        Ok(match step {
            Step::Key(key, row) => {
                let before = match row {
                    Some(row) => tables.keys.insert(key.as_slice(), row),
                    None => tables.keys.remove(key.as_slice()),
                };
                let before = before.map_err(failed)?.map(|row| row.value());
                Step::Key(key, before)
            }
            Step::Record(row, value) => {
                let before = match value {
                    Some(value) => tables.records.insert(row.as_slice(), value.as_slice()),
                    None => tables.records.remove(row.as_slice()),
                };
                let before = before.map_err(failed)?.map(|value| value.value().to_vec());
                Step::Record(row, before)
            }
            Step::Entry(entry, present) => {
                let before = match present {
                    true => tables.entries.insert(entry.as_slice(), ()),
                    false => tables.entries.remove(entry.as_slice()),
                };
                let before = before.map_err(failed)?.is_some();
                Step::Entry(entry, before)
            }
            Step::Count(of, count) => {
                let before = match count {
                    Some(count) => tables.counts.insert(of.as_slice(), count),
                    None => tables.counts.remove(of.as_slice()),
                };
                let before = before.map_err(failed)?.map(|count| count.value());
                Step::Count(of, before)
            }
            Step::Sequence(name, number) => {
                let before = match number {
                    Some(number) => self.sequences.insert(name.as_str(), number),
                    None => self.sequences.remove(name.as_str()),
                };
                let before = before.map_err(failed)?.map(|number| number.value());
                Step::Sequence(name, before)
            }
        })
    }
}
