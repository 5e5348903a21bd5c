//! Changes that arrive together share a transaction, and so one sync of the file.
//!
//! A change runs in its caller's thread, upon the file and the changes before it, and leaves only what it puts and removes. A thread of the store
//! writes that to the file, for all changes that came while it wrote the last ones. [`collect_syncs`] leaves the waiting to a task.

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
    /// None once it has ended.
    committer: Option<JoinHandle<()>>,
}

struct Shared {
    disk: Arc<Disk>,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    /// What is being written to the file.
    committing: Arc<Changes>,
    /// What is written next.
    open: Batch,
    /// The thread waits to be woken.
    is_idle: bool,
    is_closing: bool,
}

#[derive(Default)]
struct Batch {
    changes: Changes,
    /// Whether anybody waits for its end.
    has_members: bool,
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

/// Waits for what this thread has changed: what it reads next shall have that.
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
        // What reads within the change does not wait: the changes before this one cannot be written meanwhile.
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
    /// All that was changed is written before.
    fn drop(&mut self) {
        self.shared.state().is_closing = true;
        self.shared.arrived.notify_one();
        // It panics only where the process has nothing left to tell.
        self.committer.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a change, and says what to wait for. If it fails or panics, nothing of it stays.
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
        // A change that only reads waits as well: what it saw may be lost until then.
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
            // What came meanwhile was built upon what is lost.
            let lost = outcome.is_err().then(|| std::mem::take(&mut state.open));
            drop(state);
            if let Some(lost) = lost {
                lost.end.tell(outcome.clone());
            }
            end.tell(outcome);
        }
    }

    /// None at the end.
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
