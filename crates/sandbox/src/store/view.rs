//! The tables of the database in a read transaction or in a write transaction.
//!
//! Each record has a row: a number that increases with each new record. The key of a record gives its row, and the row
//! gives the record. An index entry consists of the kind, the index, the value and the row. So the entries of a value
//! are sorted by row.

use redb::{
    AccessGuard, ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition,
    WriteTransaction,
};

use super::index::{Index, IndexKey};
use super::{Record, StoreError, failed};

type Bytes = &'static [u8];
type Name = &'static str;

/// Maps a kind and a key to a row.
const KEYS: TableDefinition<'static, Bytes, u64> = TableDefinition::new("keys");
/// Maps a kind and a row to a record.
const RECORDS: TableDefinition<'static, Bytes, Bytes> = TableDefinition::new("records");
/// Contains a kind, an index, a value and a row for each index entry.
const ENTRIES: TableDefinition<'static, Bytes, ()> = TableDefinition::new("entries");
/// Maps a key to a number of records. The key is a kind of record or a value in an index, with or without a block of
/// rows. [`BLOCK`] explains the blocks.
const COUNTS: TableDefinition<'static, Bytes, u64> = TableDefinition::new("counts");
/// Maps the name of a sequence to its last number.
const SEQUENCES: TableDefinition<'static, Name, u64> = TableDefinition::new("sequences");

/// This byte replaces the number of the index in entries that list all records of a kind by row.
pub(super) const ALL: u8 = u8::MAX;

/// The number of rows in a counted block. To find a page of a long list, a query skips whole blocks. Then the query
/// reads at most one block of entries before the page.
pub(super) const BLOCK: u64 = 1024;

pub(super) struct View<K, R, E, C, S> {
    pub keys: K,
    pub records: R,
    pub entries: E,
    pub counts: C,
    pub sequences: S,
}

pub(super) type ReadTables = View<
    ReadOnlyTable<Bytes, u64>,
    ReadOnlyTable<Bytes, Bytes>,
    ReadOnlyTable<Bytes, ()>,
    ReadOnlyTable<Bytes, u64>,
    ReadOnlyTable<Name, u64>,
>;

pub(super) type WriteTables<'t> = View<
    Table<'t, Bytes, u64>,
    Table<'t, Bytes, Bytes>,
    Table<'t, Bytes, ()>,
    Table<'t, Bytes, u64>,
    Table<'t, Name, u64>,
>;

impl ReadTables {
    pub fn open(transaction: &ReadTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            keys: transaction.open_table(KEYS).map_err(failed)?,
            records: transaction.open_table(RECORDS).map_err(failed)?,
            entries: transaction.open_table(ENTRIES).map_err(failed)?,
            counts: transaction.open_table(COUNTS).map_err(failed)?,
            sequences: transaction.open_table(SEQUENCES).map_err(failed)?,
        })
    }
}

impl<'t> WriteTables<'t> {
    /// Opens the tables, and creates missing tables.
    pub fn open(transaction: &'t WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            keys: transaction.open_table(KEYS).map_err(failed)?,
            records: transaction.open_table(RECORDS).map_err(failed)?,
            entries: transaction.open_table(ENTRIES).map_err(failed)?,
            counts: transaction.open_table(COUNTS).map_err(failed)?,
            sequences: transaction.open_table(SEQUENCES).map_err(failed)?,
        })
    }

    /// Removes all index entries and counts of a kind of record. Returns the rows of all records of this kind.
    pub fn forget_indexes<R: Record>(&mut self) -> Result<Vec<u64>, StoreError> {
        let (from, to) = ([R::TAG], [R::TAG + 1]);
        let span = || from.as_slice()..to.as_slice();
        let entries = self.entries.retain_in::<&[u8], _>(span(), |_, ()| false);
        entries.map_err(failed)?;
        let counts = self.counts.retain_in::<&[u8], _>(span(), |_, _| false);
        counts.map_err(failed)?;
        let mut rows = Vec::new();
        for record in self.records.range::<&[u8]>(span()).map_err(failed)? {
            rows.push(row_in(record.map_err(failed)?.0.value()));
        }
        Ok(rows)
    }
}

/// A range of keys in a table.
pub(super) struct Span {
    from: Vec<u8>,
    /// The end of the range, which is not included.
    to: Vec<u8>,
}

/// The bytes of a key, from the file or from memory.
pub(super) enum EntryKey<'t> {
    File(AccessGuard<'t, Bytes>),
    Memory(&'t [u8]),
}

impl EntryKey<'_> {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::File(key) => key.value(),
            Self::Memory(key) => key,
        }
    }
}

/// An iterator over sorted keys and their values.
pub(super) type Walk<'t, V> = Box<dyn Iterator<Item = Result<(EntryKey<'t>, V), StoreError>> + 't>;

/// The functions with which readers, writers and queries read the tables.
pub(super) trait Tables {
    fn row(&self, key: &[u8]) -> Result<Option<u64>, StoreError>;
    /// Returns the stored key and the stored JSON of the record in a row.
    fn stored(&self, row: &[u8]) -> Result<Option<Stored>, StoreError>;
    fn count(&self, of: &[u8]) -> Result<u64, StoreError>;
    fn has_entry(&self, entry: &[u8]) -> Result<bool, StoreError>;
    /// Returns the last number of a sequence. `None` if the sequence has not begun.
    fn sequence(&self, name: &str) -> Result<Option<u64>, StoreError>;
    fn entries(&self, span: &Span, backwards: bool) -> Result<Walk<'_, ()>, StoreError>;
    fn counts(&self, span: &Span) -> Result<Walk<'_, u64>, StoreError>;
}

impl<K, R, E, C, S> Tables for View<K, R, E, C, S>
where
    K: ReadableTable<Bytes, u64>,
    R: ReadableTable<Bytes, Bytes>,
    E: ReadableTable<Bytes, ()>,
    C: ReadableTable<Bytes, u64>,
    S: ReadableTable<Name, u64>,
{
    fn row(&self, key: &[u8]) -> Result<Option<u64>, StoreError> {
        let found = self.keys.get(key).map_err(failed)?;
        Ok(found.map(|row| row.value()))
    }

    fn stored(&self, row: &[u8]) -> Result<Option<Stored>, StoreError> {
        let found = self.records.get(row).map_err(failed)?;
        Ok(found.map(|value| Stored(value.value().to_vec())))
    }

    fn count(&self, of: &[u8]) -> Result<u64, StoreError> {
        let found = self.counts.get(of).map_err(failed)?;
        Ok(found.map_or(0, |count| count.value()))
    }

    fn has_entry(&self, entry: &[u8]) -> Result<bool, StoreError> {
        Ok(self.entries.get(entry).map_err(failed)?.is_some())
    }

    fn sequence(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let found = self.sequences.get(name).map_err(failed)?;
        Ok(found.map(|last| last.value()))
    }

    fn entries(&self, span: &Span, backwards: bool) -> Result<Walk<'_, ()>, StoreError> {
        let (from, to) = span.bounds();
        let entries = self.entries.range::<&[u8]>(from..to).map_err(failed)?;
        let entry = |(key, _)| (EntryKey::File(key), ());
        let entry = move |found: Result<_, _>| found.map(entry).map_err(failed);
        Ok(match backwards {
            false => Box::new(entries.map(entry)),
            true => Box::new(entries.rev().map(entry)),
        })
    }

    fn counts(&self, span: &Span) -> Result<Walk<'_, u64>, StoreError> {
        let (from, to) = span.bounds();
        let counts = self.counts.range::<&[u8]>(from..to).map_err(failed)?;
        Ok(Box::new(counts.map(|count| {
            let (key, count) = count.map_err(failed)?;
            Ok((EntryKey::File(key), count.value()))
        })))
    }
}

pub(super) fn get<R: Record>(tables: &dyn Tables, key: &str) -> Result<Option<R>, StoreError> {
    let Some(row) = tables.row(&key_of::<R>(key))? else {
        return Ok(None);
    };
    let stored = tables.stored(&row_of::<R>(row))?;
    stored.map(|stored| stored.record()).transpose()
}

/// Returns the key for the count of the block that contains a row.
pub(super) fn block_of(prefix: &[u8], row: u64) -> Vec<u8> {
    with_row(prefix, row / BLOCK)
}

/// Skips whole blocks of entries. Returns the range of the remaining entries, and the number of skipped entries. This
/// number is at most `skip`.
pub(super) fn jump(
    tables: &dyn Tables,
    prefix: &[u8],
    skip: u64,
) -> Result<(Span, u64), StoreError> {
    let mut skipped = 0;
    for count in tables.counts(&Span::from_row(prefix, 0))? {
        let (block, count) = count?;
        if skipped + count > skip {
            let row = row_in(block.bytes()).saturating_mul(BLOCK);
            return Ok((Span::from_row(prefix, row), skipped));
        }
        skipped += count;
    }
    // The list has at most `skip` entries, so no entries remain.
    Ok((Span::from_row(prefix, u64::MAX), skipped))
}

/// A stored record as bytes: the length of its key, the key, and the JSON.
#[derive(Clone)]
pub(super) struct Stored(Vec<u8>);

impl Stored {
    pub fn new<R: Record>(key: &str, record: &R) -> Result<Self, StoreError> {
        let length = u32::try_from(key.len()).unwrap_or(u32::MAX);
        let mut bytes = length.to_be_bytes().to_vec();
        bytes.extend(key.as_bytes());
        serde_json::to_writer(&mut bytes, record)
            .map_err(|error| StoreError::record::<R>(&error))?;
        Ok(Self(bytes))
    }

    /// Returns the key and the JSON. Both are empty if the bytes do not have the form of a stored record.
    fn parts(&self) -> (&[u8], &[u8]) {
        let parts = self.0.split_first_chunk().and_then(|(length, rest)| {
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            rest.split_at_checked(length)
        });
        parts.unwrap_or_default()
    }

    pub fn key(&self) -> String {
        String::from_utf8_lossy(self.parts().0).into_owned()
    }

    pub fn json(&self) -> &[u8] {
        self.parts().1
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn record<R: Record>(&self) -> Result<R, StoreError> {
        serde_json::from_slice(self.json()).map_err(|error| StoreError::record::<R>(&error))
    }
}

pub(super) fn key_of<R: Record>(key: &str) -> Vec<u8> {
    [&[R::TAG], key.as_bytes()].concat()
}

pub(super) fn row_of<R: Record>(row: u64) -> Vec<u8> {
    [&[R::TAG][..], &row.to_be_bytes()].concat()
}

/// Returns the common beginning of all index entries with this value.
pub(super) fn prefix<R: Record>(index: &Index<R>, key: &IndexKey) -> Vec<u8> {
    [&[R::TAG, position(index)], key.bytes()].concat()
}

pub(super) fn with_row(prefix: &[u8], row: u64) -> Vec<u8> {
    [prefix, &row.to_be_bytes()].concat()
}

/// Returns the row at the end of an index entry.
pub(super) fn row_in(entry: &[u8]) -> u64 {
    entry.last_chunk().map_or(0, |row| u64::from_be_bytes(*row))
}

/// Returns the number of an index: its position in the list of the kind. If the index is not in the list, no entries
/// have the returned number.
fn position<R: Record>(index: &Index<R>) -> u8 {
    let position = R::INDEXES.iter().position(|own| own.name == index.name);
    debug_assert!(
        position.is_some(),
        "{} lacks the index {}",
        R::NAME,
        index.name
    );
    position.map_or(ALL - 1, |position| {
        u8::try_from(position).unwrap_or(ALL - 1)
    })
}

impl Span {
    /// Returns the range of all keys that begin with `prefix`. Rows and values never begin with the byte 0xFF. So this
    /// byte marks the end of the range.
    pub fn beginning(prefix: &[u8]) -> Self {
        Self {
            from: prefix.to_vec(),
            to: [prefix, &[0xFF; 9]].concat(),
        }
    }

    /// Returns the range of the entries that begin with `prefix`, from this row on.
    pub fn from_row(prefix: &[u8], row: u64) -> Self {
        Self {
            from: with_row(prefix, row),
            ..Self::beginning(prefix)
        }
    }

    pub fn all<R: Record>() -> Self {
        Self::beginning(&[R::TAG, ALL])
    }

    /// Returns both ends of the range. The end is never before the beginning, because redb does not allow such a range.
    pub fn bounds(&self) -> (&[u8], &[u8]) {
        let from = self.from.as_slice();
        (from, self.to.as_slice().max(from))
    }

    /// Returns the range of the entries from one value to another. Both values are included.
    pub fn between<R: Record>(
        index: &Index<R>,
        from: Option<&IndexKey>,
        to: Option<&IndexKey>,
    ) -> Self {
        let all = [R::TAG, position(index)];
        let start = from.map_or_else(|| all.to_vec(), |from| prefix(index, from));
        let end = to.map_or_else(|| all.to_vec(), |to| prefix(index, to));
        Self {
            from: start,
            to: Self::beginning(&end).to,
        }
    }
}
