use std::sync::Arc;

use super::disk::{Disk, OpenDatabase};
use super::query::{Page, Query};
use super::view::{ReadTables, get};
use super::{Record, StoreError};

/// Reads one state of the database.
pub(crate) struct Reader<'a> {
    tables: Arc<ReadTables>,
    /// Keeps the database open. The store opens a database again only if there are no readers.
    _open: OpenDatabase<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(disk: &'a Disk) -> Result<Self, StoreError> {
        let (open, tables) = disk.tables()?;
        Ok(Self {
            tables,
            _open: open,
        })
    }

    pub fn get<R: Record>(&self, key: &str) -> Result<Option<R>, StoreError> {
        get(&*self.tables, key)
    }

    /// Returns the records of the query's page, and the number of all matching records.
    pub fn page<R: Record>(&self, query: &Query<'_, R>) -> Result<Page<R>, StoreError> {
        query.page(&*self.tables)
    }

    /// Returns the records of the query's page.
    pub fn list<R: Record>(&self, query: &Query<'_, R>) -> Result<Vec<R>, StoreError> {
        query.list(&*self.tables)
    }
}
