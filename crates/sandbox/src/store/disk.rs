//! The open database. After a disk error, the store closes the database and opens it again. So the store works again
//! when the disk works again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, TryLockError};

use redb::{Database, ReadableDatabase as _, WriteTransaction};

use super::layout::bring_up_to_date;
use super::view::ReadTables;
use super::{StoreError, failed};

/// The number of bytes for cached pages of the database. The operating system caches more of the file.
pub(super) const CACHE: usize = 32 * 1024 * 1024;

/// The storage of a database: a file or memory.
pub(super) trait Medium: Send + Sync {
    /// Checks whether the store can write to the medium. The error is the reason why the store cannot write.
    fn check_space(&self) -> Result<(), String>;
    /// Opens the database. If the database is already open, the caller must close it first.
    fn open(&self) -> Result<Database, String>;
}

pub(super) type OpenDatabase<'a> = RwLockReadGuard<'a, Option<Opened>>;

pub(super) struct Opened {
    /// The tables with the last state that is on the disk. All new readers share these tables.
    tables: Mutex<Arc<ReadTables>>,
    /// Whether a write failed. After a failed write, the next change first opens the database again.
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
    /// `None` if the store has closed the database after a failure, and has not been able to open it again.
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

    /// Returns the tables with the last state that is on the disk. The first value keeps the database open.
    pub fn tables(&self) -> Result<(OpenDatabase<'_>, Arc<ReadTables>), StoreError> {
        let opened = self.opened()?;
        let tables = opened.as_ref().ok_or_else(closed)?.tables();
        Ok((opened, tables))
    }

    /// Returns the tables with which the next change begins. After a failure, the method first opens the database
    /// again.
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

    /// Commits a change. Commits run one after the other. When the method succeeds, the change is on the disk, and
    /// readers see the change.
    pub fn commit(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let opened = self.opened()?;
        let opened = opened.as_ref().ok_or_else(closed)?;
        // All waiting callers must get a result, even after a panic.
        let done = catch_unwind(AssertUnwindSafe(|| opened.commit(change)));
        let done = done.unwrap_or_else(|_| Err(StoreError::Database("a write panicked".into())));
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

    /// Opens the database again. If the database is open and `failed` is `false`, the method does nothing.
    ///
    /// The method does not wait for readers, because a reader could itself wait for the change that calls this method.
    /// If the database is in use, the method fails, and the next change tries again.
    fn open_again(&self, failed: bool) -> Result<(), StoreError> {
        let mut database = match self.database.try_write() {
            Ok(database) => database,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                let reason = "a write failed, and the database is still in use; try again";
                return Err(StoreError::Database(reason.into()));
            }
        };
        if database.is_some() && !failed {
            return Ok(());
        }
        let still = |reason| {
            StoreError::Database(format!(
                "after a failure, the database cannot be opened again: {reason}"
            ))
        };
        // If the disk has no space, the old database stays open for reads.
        self.medium.check_space().map_err(still)?;
        *database = None;
        let opened = self.medium.open().map_err(still)?;
        *database = Some(Opened::new(opened)?);
        tracing::warn!("the database was opened again after a failed write");
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
                &self.0.as_ref().expect("an open database").database
            }
        }
        Open(self.opened().expect("an open database"))
    }
}

fn closed() -> StoreError {
    StoreError::Database("after a failure, the database is not open".into())
}
