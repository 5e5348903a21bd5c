//! Changes that arrive together share a transaction, and so one sync of the file.
//!
//! A change runs in the transaction of those before it while these still wait for their sync. Whoever sees nobody waiting to join commits for
//! all. During a commit, new changes gather behind it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use redb::WriteTransaction;

use super::disk::Disk;
use super::{StoreError, Writer, failed};

/// So many changes are committed even if more are waiting.
const LARGEST_BATCH: usize = 256;

#[derive(Default)]
pub(super) struct Batches {
    open: Mutex<Option<Batch>>,
    /// How many are about to run their change.
    arriving: AtomicUsize,
}

struct Batch {
    transaction: WriteTransaction,
    /// Changes that wait for the commit.
    members: usize,
    /// Why nothing of this batch can be committed.
    broken: Option<String>,
    end: Arc<End>,
}

/// How a batch ended, for all its members.
#[derive(Default)]
struct End {
    outcome: Mutex<Option<Result<(), String>>>,
    told: Condvar,
}

impl Batches {
    pub fn write<T, E: From<StoreError>>(
        &self,
        disk: &Disk,
        change: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.arriving.fetch_add(1, Ordering::SeqCst);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.arriving.fetch_sub(1, Ordering::SeqCst);
        let mut batch = match open.take() {
            Some(batch) => batch,
            None => Batch::begin(disk)?,
        };
        // A panic must not leave the others waiting.
        let done = catch_unwind(AssertUnwindSafe(|| batch.run(change)));
        let joined = matches!(done, Ok(Ok(_)));
        batch.members += usize::from(joined);
        let end = Arc::clone(&batch.end);
        if batch.members < LARGEST_BATCH && self.arriving.load(Ordering::SeqCst) > 0 {
            *open = Some(batch);
            drop(open);
        } else {
            drop(open);
            batch.commit();
        }
        let done = done.unwrap_or_else(|panic| resume_unwind(panic))?;
        end.wait().map_err(StoreError::Database)?;
        Ok(done)
    }
}

impl Batch {
    fn begin(disk: &Disk) -> Result<Self, StoreError> {
        Ok(Self {
            transaction: disk.begin_write()?,
            members: 0,
            broken: None,
            end: Arc::default(),
        })
    }

    /// What a failed change did is undone, so that those of the others can stay.
    fn run<T, E: From<StoreError>>(
        &mut self,
        change: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = Writer::new(&self.transaction)?;
        let done = catch_unwind(AssertUnwindSafe(|| change(&mut writer)));
        if !matches!(done, Ok(Ok(_)))
            && let Err(error) = writer.undo()
        {
            self.broken.get_or_insert(error.to_string());
        }
        done.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn commit(self) {
        let outcome = match (self.members, self.broken) {
            (0, _) => self
                .transaction
                .abort()
                .map_err(|error| failed(error).to_string()),
            (_, Some(reason)) => Err(reason),
            _ => self
                .transaction
                .commit()
                .map_err(|error| failed(error).to_string()),
        };
        self.end.tell(outcome);
    }
}

impl End {
    fn tell(&self, outcome: Result<(), String>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.told.notify_all();
    }

    fn wait(&self) -> Result<(), String> {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        let told = self.told.wait_while(outcome, |outcome| outcome.is_none());
        told.unwrap_or_else(PoisonError::into_inner)
            .clone()
            .unwrap_or(Ok(()))
    }
}
