//! The entries that changes put and remove, before these entries are in the file. A writer looks first at these
//! entries, and then at the file. Readers look only at the file.

use std::collections::BTreeMap;
use std::ops::Bound;

use redb::StorageError;

use super::view::{EntryKey, Span, Stored, Tables, Walk, WriteTables};
use super::{StoreError, failed};

/// `None` means that the entry was removed.
type Changed<V> = BTreeMap<Vec<u8>, Option<V>>;

/// The new and the removed entries of each table.
#[derive(Default)]
pub(super) struct Changes {
    pub keys: Changed<u64>,
    pub records: Changed<Stored>,
    pub entries: Changed<()>,
    pub counts: Changed<u64>,
    pub sequences: BTreeMap<String, u64>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        // Index entries and counts change only together with a record.
        self.keys.is_empty() && self.records.is_empty() && self.sequences.is_empty()
    }

    pub fn add(&mut self, newer: Self) {
        self.keys.extend(newer.keys);
        self.records.extend(newer.records);
        self.entries.extend(newer.entries);
        self.counts.extend(newer.counts);
        self.sequences.extend(newer.sequences);
    }

    /// Writes the changes of each table in the order of the keys, because this order is the fastest.
    pub fn write_to(&self, tables: &mut WriteTables<'_>) -> Result<(), StoreError> {
        self.write(tables).map_err(failed)
    }

    fn write(&self, tables: &mut WriteTables<'_>) -> Result<(), StorageError> {
        for (key, row) in &self.keys {
            match row {
                Some(row) => drop(tables.keys.insert(key.as_slice(), row)?),
                None => drop(tables.keys.remove(key.as_slice())?),
            }
        }
        for (row, record) in &self.records {
            match record {
                Some(record) => drop(tables.records.insert(row.as_slice(), record.bytes())?),
                None => drop(tables.records.remove(row.as_slice())?),
            }
        }
        for (entry, present) in &self.entries {
            match present {
                Some(()) => drop(tables.entries.insert(entry.as_slice(), ())?),
                None => drop(tables.entries.remove(entry.as_slice())?),
            }
        }
        for (of, count) in &self.counts {
            match count {
                Some(count) => drop(tables.counts.insert(of.as_slice(), count)?),
                None => drop(tables.counts.remove(of.as_slice())?),
            }
        }
        for (name, last) in &self.sequences {
            tables.sequences.insert(name.as_str(), last)?;
        }
        Ok(())
    }
}

/// The tables of the file, with changes that are not in the file yet.
pub(super) struct Changing<'t> {
    file: &'t dyn Tables,
    /// The earlier changes, with the oldest first.
    earlier: [&'t Changes; 2],
    pub own: Changes,
}

impl<'t> Changing<'t> {
    pub fn new(file: &'t dyn Tables, earlier: [&'t Changes; 2]) -> Self {
        Self {
            file,
            earlier,
            own: Changes::default(),
        }
    }

    /// Returns all changes, with the newest first.
    fn layers(&self) -> [&Changes; 3] {
        [&self.own, self.earlier[1], self.earlier[0]]
    }

    /// Looks for a key in the changes, with the newest first. The outer `None` means that no change has the key. The
    /// inner `None` means that the entry was removed.
    fn changed<'s, V: 's>(
        &'s self,
        key: &[u8],
        table: impl Fn(&'s Changes) -> &'s Changed<V>,
    ) -> Option<Option<&'s V>> {
        let mut found = self
            .layers()
            .into_iter()
            .filter_map(|layer| table(layer).get(key));
        found.next().map(Option::as_ref)
    }

    fn changed_within<'s, V: Copy + 's>(
        &'s self,
        span: &Span,
        table: impl Fn(&'s Changes) -> &'s Changed<V>,
    ) -> BTreeMap<&'s [u8], Option<V>> {
        let (from, to) = span.bounds();
        let bounds = (Bound::Included(from), Bound::Excluded(to));
        let mut changed = BTreeMap::new();
        for layer in self.layers().into_iter().rev() {
            let range = table(layer).range::<[u8], _>(bounds);
            changed.extend(range.map(|(key, value)| (key.as_slice(), *value)));
        }
        changed
    }
}

impl Tables for Changing<'_> {
    fn row(&self, key: &[u8]) -> Result<Option<u64>, StoreError> {
        match self.changed(key, |layer| &layer.keys) {
            Some(row) => Ok(row.copied()),
            None => self.file.row(key),
        }
    }

    fn stored(&self, row: &[u8]) -> Result<Option<Stored>, StoreError> {
        match self.changed(row, |layer| &layer.records) {
            Some(stored) => Ok(stored.cloned()),
            None => self.file.stored(row),
        }
    }

    fn count(&self, of: &[u8]) -> Result<u64, StoreError> {
        match self.changed(of, |layer| &layer.counts) {
            Some(count) => Ok(count.copied().unwrap_or_default()),
            None => self.file.count(of),
        }
    }

    fn has_entry(&self, entry: &[u8]) -> Result<bool, StoreError> {
        match self.changed(entry, |layer| &layer.entries) {
            Some(present) => Ok(present.is_some()),
            None => self.file.has_entry(entry),
        }
    }

    fn sequence(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let mut layers = self.layers().into_iter();
        match layers.find_map(|layer| layer.sequences.get(name)) {
            Some(last) => Ok(Some(*last)),
            None => self.file.sequence(name),
        }
    }

    fn entries(&self, span: &Span, backwards: bool) -> Result<Walk<'_, ()>, StoreError> {
        let changed = self.changed_within(span, |layer| &layer.entries);
        let file = self.file.entries(span, backwards)?;
        Ok(merge(file, changed, backwards))
    }

    fn counts(&self, span: &Span) -> Result<Walk<'_, u64>, StoreError> {
        let changed = self.changed_within(span, |layer| &layer.counts);
        Ok(merge(self.file.counts(span)?, changed, false))
    }
}

/// Merges the entries of the file with the changes. If a key is in the file and in the changes, the change replaces the
/// entry of the file.
fn merge<'t, V: Copy + 't>(
    file: Walk<'t, V>,
    changed: BTreeMap<&'t [u8], Option<V>>,
    backwards: bool,
) -> Walk<'t, V> {
    if changed.is_empty() {
        return file;
    }
    let changed: Box<dyn Iterator<Item = _>> = match backwards {
        false => Box::new(changed.into_iter()),
        true => Box::new(changed.into_iter().rev()),
    };
    let (mut file, mut changed) = (file.peekable(), changed.peekable());
    Box::new(std::iter::from_fn(move || {
        loop {
            let order = match (file.peek(), changed.peek()) {
                (_, None) | (Some(Err(_)), _) => return file.next(),
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(Ok((key, _))), Some((other, _))) => match backwards {
                    false => key.bytes().cmp(other),
                    true => other.cmp(&key.bytes()),
                },
            };
            if order.is_lt() {
                return file.next();
            }
            if order.is_eq() {
                file.next();
            }
            if let Some((key, Some(value))) = changed.next() {
                return Some(Ok((EntryKey::Memory(key), value)));
            }
        }
    }))
}
