//! Collects changes that arrive at the same time, and writes them to the file in one transaction with one sync.
//!
//! A change runs in the thread of its caller. The change reads the file and the earlier changes, and collects the
//! entries that it puts and removes. A thread of the store writes the changes in batches. Changes that arrive during a
//! write form the next batch. With [`collect_syncs`], an async task can wait for a batch without blocking a thread.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;

use super::changes::Changes;
use super::disk::Disk;
use super::view::WriteTables;
use super::{StoreError, Writer};

pub(super) struct Batches {
    shared: Arc<Shared>,
    /// The handle of the store's thread. `None` after `drop` has taken the handle.
    committer: Option<JoinHandle<()>>,
}

struct Shared {
    disk: Arc<Disk>,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    /// The batch that the thread is writing to the file.
    committing: Arc<Changes>,
    /// The batch that the thread will write next.
    open: Batch,
    /// Whether the thread waits until a change arrives.
    is_idle: bool,
    is_closing: bool,
}

#[derive(Default)]
struct Batch {
    changes: Changes,
    /// Whether the batch has at least one change. A change that only reads counts if it must wait for earlier changes.
    has_members: bool,
    end: Arc<End>,
}

/// The end of a batch. All callers with a change in the batch wait until this struct contains the result of the batch.
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

/// A future that completes when a change is on the disk, or when the write to the disk has failed.
struct Sync(Arc<End>);

/// The changes that ran in [`collect_syncs`]. The sandbox must not report their success before all of them are on the
/// disk.
#[must_use]
pub(crate) struct Syncs(Vec<Sync>);

thread_local! {
    /// The changes for which this thread must wait later. `None` outside of [`collect_syncs`], and while a change runs.
    static COLLECTED: RefCell<Option<Vec<Sync>>> = const { RefCell::new(None) };
}

/// Runs `work`. In `work`, `Store::write` returns before the change is on the disk. To wait for the disk, call `finish`
/// of the returned [`Syncs`].
pub(crate) fn collect_syncs<T>(work: impl FnOnce() -> T) -> (T, Syncs) {
    struct Collecting;
    impl Drop for Collecting {
        fn drop(&mut self) {
            COLLECTED.take();
        }
    }
    COLLECTED.set(Some(Vec::new()));
    // This guard also resets `COLLECTED` after a panic. Without the reset, later changes of this thread would not wait
    // for the disk.
    let _collecting = Collecting;
    let done = work();
    (done, Syncs(COLLECTED.take().unwrap_or_default()))
}

/// Waits until the changes of this thread are on the disk. Then the next read sees these changes.
pub(super) fn wait_for_own() -> Result<(), StoreError> {
    let Some(collected) = COLLECTED.take() else {
        return Ok(());
    };
    COLLECTED.set(Some(Vec::new()));
    for Sync(end) in collected {
        end.wait().map_err(StoreError::Database)?;
    }
    Ok(())
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
    pub fn new(disk: Arc<Disk>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            disk,
            state: Mutex::default(),
            arrived: Condvar::new(),
        });
        let own = Arc::clone(&shared);
        let committer = std::thread::Builder::new().name("store".into());
        Ok(Self {
            committer: Some(committer.spawn(move || own.commit_batches())?),
            shared,
        })
    }

    pub fn write<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // `COLLECTED` is `None` while the change runs, so a read within the change does not wait for earlier changes.
        // Such a wait could last forever, because the thread of the store needs the lock that the change holds.
        let collected = COLLECTED.take();
        let ran = self.shared.run(change);
        let Some(mut collected) = collected else {
            let (done, end) = ran?;
            end.map_or(Ok(()), |end| end.wait())
                .map_err(StoreError::Database)?;
            return Ok(done);
        };
        let ran = ran.map(|(done, end)| {
            collected.extend(end.map(Sync));
            done
        });
        COLLECTED.set(Some(collected));
        ran
    }
}

impl Drop for Batches {
    /// The thread writes all changes before it ends.
    fn drop(&mut self) {
        self.shared.state().is_closing = true;
        self.shared.arrived.notify_one();
        // An error means that the thread panicked. No caller waits for a change any more, so the error is ignored.
        self.committer.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a change, and returns the [`End`] of its batch. If the change fails or panics, the store keeps none of its
    /// entries. The `End` is `None` if the change has nothing to wait for.
    fn run<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<(T, Option<Arc<End>>), E> {
        let mut state = self.state();
        let (opened, tables) = self.disk.tables_to_change()?;
        let mut writer = Writer::new(&*tables, [&state.committing, &state.open.changes]);
        let done = change(&mut writer)?;
        let changes = writer.into_changes();
        drop((opened, tables));
        let nothing_before = state.committing.is_empty() && !state.open.has_members;
        if nothing_before && changes.is_empty() {
            return Ok((done, None));
        }
        // A change that only reads must also wait. The write of the entries that this change has read can still fail.
        state.open.changes.add(changes);
        state.open.has_members = true;
        let end = Arc::clone(&state.open.end);
        if std::mem::take(&mut state.is_idle) {
            self.arrived.notify_one();
        }
        Ok((done, Some(end)))
    }

    fn commit_batches(&self) {
        while let Some((changes, end)) = self.next_batch() {
            let done = self
                .disk
                .commit(|transaction| changes.write_to(&mut WriteTables::open(transaction)?));
            let outcome = done.map_err(|error| error.to_string());
            let mut state = self.state();
            state.committing = Arc::default();
            // The open batch depends on the failed batch, so the open batch fails, too.
            let lost = outcome.is_err().then(|| std::mem::take(&mut state.open));
            drop(state);
            if let Some(lost) = lost {
                lost.end.tell(outcome.clone());
            }
            end.tell(outcome);
        }
    }

    /// Waits for the next batch. Returns `None` if the store is closing and no changes remain.
    fn next_batch(&self) -> Option<(Arc<Changes>, Arc<End>)> {
        let mut state = self.state();
        state.is_idle = true;
        let nothing = |state: &mut State| !state.open.has_members && !state.is_closing;
        let woken = self.arrived.wait_while(state, nothing);
        state = woken.unwrap_or_else(PoisonError::into_inner);
        state.is_idle = false;
        let Batch {
            changes,
            has_members,
            end,
        } = std::mem::take(&mut state.open);
        state.committing = Arc::new(changes);
        has_members.then(|| (Arc::clone(&state.committing), end))
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
