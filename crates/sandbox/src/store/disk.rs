//! The open database. After an error of the disk it is opened again. So it works again when the disk does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, TryLockError};

use redb::{Database, ReadableDatabase as _, WriteTransaction};

use super::layout::bring_up_to_date;
use super::view::ReadTables;
use super::{StoreError, failed};

/// Pages that stay in memory. The system caches more of the file.
pub(super) const CACHE: usize = 32 * 1024 * 1024;

/// The file or the memory of the database.
pub(super) trait Medium: Send + Sync {
    /// The reason why the database cannot be written.
    fn check_space(&self) -> Result<(), String>;
    /// Opens the database, which is not open elsewhere.
    fn open(&self) -> Result<Database, String>;
}

pub(super) type OpenDatabase<'a> = RwLockReadGuard<'a, Option<Opened>>;

pub(super) struct Opened {
    /// The last state that is on the disk. All readers share it.
    tables: Mutex<Arc<ReadTables>>,
    /// A transaction failed because of the disk. Its data is not trusted.
    failed: AtomicBool,
    database: Database,
}

impl Opened {
    fn new(database: Database) -> Result<Self, StoreError> {
        Ok(Self {
            tables: Mutex::new(Arc::new(present(&database)?)),
            failed: AtomicBool::new(false),
            database,
        })
    }

    fn tables(&self) -> Arc<ReadTables> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&tables)
    }

    fn commit(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        commit(&self.database, change)?;
        let tables = Arc::new(present(&self.database)?);
        let mut shared = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        *shared = tables;
        Ok(())
    }
}

fn present(database: &Database) -> Result<ReadTables, StoreError> {
    ReadTables::open(&database.begin_read().map_err(failed)?)
}

fn commit(
    database: &Database,
    change: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = database.begin_write().map_err(failed)?;
    change(&transaction)?;
    transaction.commit().map_err(failed)
}

pub(super) struct Disk {
    /// None after a failure, until the database can be opened again.
    database: RwLock<Option<Opened>>,
    medium: Box<dyn Medium>,
}

impl Disk {
    pub fn open(medium: impl Medium + 'static) -> Result<Self, StoreError> {
        let database = medium.open().map_err(StoreError::Database)?;
        commit(&database, bring_up_to_date)?;
        Ok(Self {
            database: RwLock::new(Some(Opened::new(database)?)),
            medium: Box::new(medium),
        })
    }

    /// The last state that is on the disk. The open database outlives it.
    pub fn tables(&self) -> Result<(OpenDatabase<'_>, Arc<ReadTables>), StoreError> {
        let opened = self.opened()?;
        let tables = opened.as_ref().ok_or_else(closed)?.tables();
        Ok((opened, tables))
    }

    /// The state that the next change begins with. After a failure, the database is first opened again.
    pub fn tables_to_change(&self) -> Result<(OpenDatabase<'_>, Arc<ReadTables>), StoreError> {
        let (opened, tables) = self.tables()?;
        let has_failed = |opened: &Opened| opened.failed.load(Ordering::SeqCst);
        if !opened.as_ref().is_some_and(has_failed) {
            return Ok((opened, tables));
        }
        drop((opened, tables));
        self.open_again(true)?;
        self.tables()
    }

    /// Changes run one after the other. When this returns, the change is on the disk and visible to readers.
    pub fn commit(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let opened = self.opened()?;
        let opened = opened.as_ref().ok_or_else(closed)?;
        // Every waiting caller must hear of the end, also after a panic.
        let done = catch_unwind(AssertUnwindSafe(|| opened.commit(change)));
        let done = done.unwrap_or_else(|_| Err(StoreError::Database("it panicked".into())));
        if done.is_err() {
            opened.failed.store(true, Ordering::SeqCst);
        }
        done
    }

    fn opened(&self) -> Result<OpenDatabase<'_>, StoreError> {
        let open = self.database.read().unwrap_or_else(PoisonError::into_inner);
        if open.is_some() {
            return Ok(open);
        }
        drop(open);
        self.open_again(false)?;
        Ok(self.database.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// This does not wait, because a reader may wait for this change. The next change tries again.
    fn open_again(&self, failed: bool) -> Result<(), StoreError> {
        let mut database = match self.database.try_write() {
            Ok(database) => database,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                let reason = "the disk failed, and the database is still being read; try again";
                return Err(StoreError::Database(reason.into()));
            }
        };
        if database.is_some() && !failed {
            return Ok(());
        }
        let still = |reason| {
            StoreError::Database(format!("it failed and cannot be opened again: {reason}"))
        };
        // While a new attempt would fail as well, the old database can still be read.
        self.medium.check_space().map_err(still)?;
        *database = None;
        let opened = self.medium.open().map_err(still)?;
        *database = Some(Opened::new(opened)?);
        tracing::warn!("the database was opened again after an error of the disk");
        Ok(())
    }
}

#[cfg(test)]
impl Disk {
    pub fn database(&self) -> impl std::ops::Deref<Target = Database> {
        struct Open<'a>(OpenDatabase<'a>);
        impl std::ops::Deref for Open<'_> {
            type Target = Database;
            fn deref(&self) -> &Database {
                &self.0.as_ref().expect("it is open").database
            }
        }
        Open(self.opened().expect("it opens"))
    }
}

fn closed() -> StoreError {
    StoreError::Database("it failed and is not open".into())
}
