//! Changes that arrive together share a transaction, and so one sync of the file.
//!
//! A change runs in the transaction of those before it while these still wait for their sync. Whoever sees nobody waiting to join commits for
//! all. During a commit, new changes gather behind it. Threads need not wait for the commit: [`collect_syncs`] leaves that to a task.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

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
    state: Mutex<EndState>,
    told: Condvar,
}

#[derive(Default)]
struct EndState {
    outcome: Option<Result<(), String>>,
    waiting: Vec<Waker>,
}

/// A change that is not on the disk yet.
struct Sync(Arc<End>);

/// The changes of [`collect_syncs`]. Before all are on the disk, nobody may be told of them.
#[must_use]
pub(crate) struct Syncs(Vec<Sync>);

thread_local! {
    /// What the changes of this thread leave to be waited for, if they do not wait themselves.
    static COLLECTED: RefCell<Option<Vec<Sync>>> = const { RefCell::new(None) };
}

/// The changes that `work` makes do not wait for the disk.
pub(crate) fn collect_syncs<T>(work: impl FnOnce() -> T) -> (T, Syncs) {
    struct Collecting;
    impl Drop for Collecting {
        fn drop(&mut self) {
            COLLECTED.take();
        }
    }
    COLLECTED.set(Some(Vec::new()));
    // After a panic as well, the next work of the thread waits for its changes.
    let _collecting = Collecting;
    let done = work();
    (done, Syncs(COLLECTED.take().unwrap_or_default()))
}

impl Syncs {
    /// Waits until all changes are on the disk.
    pub async fn finish(self) -> Result<(), StoreError> {
        for sync in self.0 {
            sync.await.map_err(StoreError::Database)?;
        }
        Ok(())
    }
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
        match COLLECTED.take() {
            Some(mut collected) => {
                collected.push(Sync(end));
                COLLECTED.set(Some(collected));
            }
            None => end.wait().map_err(StoreError::Database)?,
        }
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
    fn state(&self) -> MutexGuard<'_, EndState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, outcome: Result<(), String>) {
        let mut state = self.state();
        state.outcome = Some(outcome);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        self.told.notify_all();
        waiting.into_iter().for_each(Waker::wake);
    }

    fn wait(&self) -> Result<(), String> {
        let unknown = |state: &mut EndState| state.outcome.is_none();
        let told = self.told.wait_while(self.state(), unknown);
        let told = told.unwrap_or_else(PoisonError::into_inner);
        told.outcome.clone().unwrap_or(Ok(()))
    }
}

impl Future for Sync {
    type Output = Result<(), String>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.state();
        match &state.outcome {
            Some(outcome) => Poll::Ready(outcome.clone()),
            None => {
                state.waiting.push(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
