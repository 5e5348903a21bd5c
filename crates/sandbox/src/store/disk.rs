//! The open database. After an error of the disk it is opened again, so that it works again once the disk does.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, TryLockError};

use redb::{Database, ReadTransaction, ReadableDatabase as _, WriteTransaction};

use super::{StoreError, failed};

/// Pages that are kept in memory. The system keeps more of the file.
pub(super) const CACHE: usize = 32 * 1024 * 1024;

/// What the database is kept in.
pub(super) trait Medium: Send + Sync {
    /// Why nothing can be written now.
    fn check_space(&self) -> Result<(), String>;
    /// Opens the database that nobody has open.
    fn open(&self) -> Result<Database, String>;
}

pub(super) type OpenDatabase<'a> = RwLockReadGuard<'a, Option<Database>>;

pub(super) struct Disk {
    /// None after a failure, until it could be opened again.
    database: RwLock<Option<Database>>,
    medium: Box<dyn Medium>,
}

impl Disk {
    pub fn open(medium: impl Medium + 'static) -> Result<Self, String> {
        Ok(Self {
            database: RwLock::new(Some(medium.open()?)),
            medium: Box::new(medium),
        })
    }

    /// A transaction that reads, and the open database that it must not outlive.
    pub fn begin_read(&self) -> Result<(OpenDatabase<'_>, ReadTransaction), StoreError> {
        let open = self.opened()?;
        let transaction = open.as_ref().ok_or_else(closed)?.begin_read();
        Ok((open, transaction.map_err(failed)?))
    }

    /// One transaction at a time; another waits here.
    pub fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        let begin = |open: OpenDatabase<'_>| {
            let begun = open.as_ref().ok_or_else(closed)?.begin_write();
            begun.map_err(failed)
        };
        match begin(self.opened()?) {
            Ok(transaction) => Ok(transaction),
            // An earlier transaction met an error of the disk. What it wrote is not trusted.
            Err(_) => {
                self.open_again(true)?;
                begin(self.opened()?)
            }
        }
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

    /// Waits for nobody: whoever reads now may wait for this change, and the next one tries again.
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
        // As long as it would only fail again, the one that failed can still be read.
        self.medium.check_space().map_err(still)?;
        *database = None;
        let opened = self.medium.open().map_err(still)?;
        tracing::warn!("the database was opened again after an error of the disk");
        *database = Some(opened);
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
                self.0.as_ref().expect("it is open")
            }
        }
        Open(self.opened().expect("it opens"))
    }
}

fn closed() -> StoreError {
    StoreError::Database("it failed and is not open".into())
}
