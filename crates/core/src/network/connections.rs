//! The connections of a configuration: a pool for each runtime. If a kept connection must not be used, a new one is
//! made.

use crate::error::Error;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, Id};
use tokio::sync::{Semaphore, SemaphorePermit};

/// If the server has closed a connection during a request, unsafe calls take new connections for this time.
const WARY: Duration = Duration::from_secs(60);

/// A pool with a broken connection is replaced at most once in this time.
const RENEWAL: Duration = Duration::from_secs(10);

/// If a connection answered within this time, it may still exist. No other connection has the same ends.
const KEPT: Duration = Duration::from_secs(5);

/// A pool may have this many more connections than simultaneous requests. Some are made but not used, and each host has
/// its own.
const FEW: usize = 8;

/// The largest number of pools.
const MOST_POOLS: usize = 8;

/// The largest number of large answers that are read at one time. Otherwise many endless answers would fill the memory.
const LARGE_ANSWERS: usize = 8;

/// Whether an HTTP client keeps connections for later requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pool {
    Kept,
    None,
}

/// The local end of a connection, and the remote end.
pub(crate) type Ends = (SocketAddr, SocketAddr);

type Make = dyn Fn(Pool) -> Result<reqwest::Client, Error> + Send + Sync;

/// Shared by all clients of a configuration.
#[derive(Clone)]
pub(crate) struct Connections(Arc<Shared>);

struct Shared {
    /// The client of the program, or the first one that was made.
    client: reqwest::Client,
    /// None if the program gave the client: then there is no other client.
    make: Option<Box<Make>>,
    unpooled: OnceLock<reqwest::Client>,
    /// The number of present requests, and its largest value so far.
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    large_answers: Semaphore,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// A connection is driven by the runtime that made it, so each runtime needs its own pool. The oldest pool comes
    /// first.
    pools: Vec<(Id, reqwest::Client)>,
    /// Unsafe calls take new connections until this time.
    wary_until: Option<Instant>,
    renewed: Option<Instant>,
    /// The connections that have answered, by their two ends.
    answered: HashMap<Ends, Instant>,
}

impl Connections {
    /// The connections of a client of the program.
    pub(crate) fn given(client: reqwest::Client) -> Self {
        Self::new(client, None)
    }

    #[cfg(feature = "rustls")]
    pub(super) fn made_by(
        make: impl Fn(Pool) -> Result<reqwest::Client, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Ok(Self::new(make(Pool::Kept)?, Some(Box::new(make))))
    }

    fn new(client: reqwest::Client, make: Option<Box<Make>>) -> Self {
        Self(Arc::new(Shared {
            client,
            make,
            unpooled: OnceLock::new(),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
            large_answers: Semaphore::new(LARGE_ANSWERS),
            seen: Mutex::default(),
        }))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client of the program, or the pool of the first runtime.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.0.client
    }

    /// The client whose kept connections this runtime drives.
    pub(crate) fn kept(&self) -> reqwest::Client {
        let (Some(make), Ok(runtime)) = (&self.0.make, Handle::try_current()) else {
            return self.0.client.clone();
        };
        let id = runtime.id();
        let mut seen = self.seen();
        if let Some((_, client)) = seen.pools.iter().find(|(known, _)| *known == id) {
            return client.clone();
        }
        let first = seen.pools.is_empty() && seen.renewed.is_none();
        let client = match first {
            true => Ok(self.0.client.clone()),
            false => make(Pool::Kept),
        };
        // The first client was made with the same settings, so this cannot fail.
        let client = client.unwrap_or_else(|_| self.0.client.clone());
        if seen.pools.len() == MOST_POOLS {
            seen.pools.remove(0);
        }
        seen.pools.push((id, client.clone()));
        client
    }

    /// A client that makes a new connection for each request. If the program gave its client, it is that one, with kept
    /// connections.
    pub(crate) fn unpooled(&self) -> reqwest::Client {
        if let (None, Some(make)) = (self.0.unpooled.get(), &self.0.make)
            && let Ok(client) = make(Pool::None)
        {
            let _ = self.0.unpooled.set(client);
        }
        match self.0.unpooled.get() {
            Some(client) => client.clone(),
            None => self.kept(),
        }
    }

    /// Counts a request until the guard is dropped.
    pub(crate) fn begin(&self) -> UnderWay {
        let shared = &*self.0;
        let now = shared.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        // Usually the number is not a new maximum. Then nothing is written.
        if now > shared.most_under_way.load(Ordering::Relaxed) {
            shared.most_under_way.fetch_max(now, Ordering::Relaxed);
        }
        UnderWay(self.clone())
    }

    /// Waits until a large answer may be read. Others wait until the permit is dropped. None cannot happen, because the
    /// semaphore is never closed.
    pub(crate) async fn large_answer(&self) -> Option<SemaphorePermit<'_>> {
        self.0.large_answers.acquire().await.ok()
    }

    /// A kept connection closed during a request, before any part of the answer came. So this server closes idle
    /// connections early.
    pub(crate) fn closed_under_a_request(&self) {
        self.seen().be_wary(Instant::now());
    }

    /// Whether an unsafe request needs a new connection, because it cannot be repeated.
    pub(crate) fn are_closed_early(&self) -> bool {
        let until = self.seen().wary_until;
        until.is_some_and(|until| Instant::now() < until)
    }

    /// A kept connection is broken: it refused a request that a new one accepted. Present requests end on the old pool.
    pub(crate) fn give_up_kept(&self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let (mut seen, now) = (self.seen(), Instant::now());
        let lately = |then: Instant| now.duration_since(then) < RENEWAL;
        if self.0.make.is_some() && !seen.renewed.is_some_and(lately) {
            seen.renewed = Some(now);
            let id = runtime.id();
            seen.pools.retain(|(known, _)| *known != id);
        }
    }

    /// Notes that a connection has answered.
    ///
    /// Returns whether it had answered before, so that the request found it idle. If more connections have answered
    /// recently than requests ran at once, the server closes idle ones early.
    pub(crate) fn has_answered_before(&self, ends: Ends, will_be_kept: bool) -> bool {
        let most = self.0.most_under_way.load(Ordering::Relaxed);
        let (mut seen, now) = (self.seen(), Instant::now());
        let kept = |then: &Instant| now.duration_since(*then) < KEPT;
        // Connections that are no longer kept are removed before the table would grow.
        if seen.answered.len() == seen.answered.capacity() {
            seen.answered.retain(|_, then| kept(then));
        }
        let before = match will_be_kept {
            true => seen.answered.insert(ends, now),
            false => seen.answered.remove(&ends),
        };
        let before = before.is_some_and(|then| kept(&then));
        if !before {
            let answered = seen.answered.iter();
            let lately = answered.filter(|((_, to), then)| *to == ends.1 && kept(then));
            if lately.count() > most + most / 4 + FEW {
                seen.be_wary(now);
            }
        }
        before
    }
}

impl Seen {
    fn be_wary(&mut self, now: Instant) {
        self.wary_until = now.checked_add(WARY);
    }
}

/// A request that is not finished.
pub(crate) struct UnderWay(Connections);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
