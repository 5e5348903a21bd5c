//! The connections of a configuration. If the program passed its own HTTP client, all requests use this client. In all
//! other cases, each async runtime has its own pool of connections, and a request can require a new connection.

use crate::error::Error;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, Id};
use tokio::sync::{Semaphore, SemaphorePermit};

/// After a sign that a server closes idle connections early, unsafe calls use new connections for this time. Unsafe
/// calls are calls that are unsafe to retry.
const WARY: Duration = Duration::from_secs(60);

/// The shortest time between two replacements of pools. A pool is replaced if one of its connections is broken.
const RENEWAL: Duration = Duration::from_secs(10);

/// The time for which a connection counts as open after an answer. During this time, connections with equal local and
/// remote addresses count as the same connection.
const KEPT: Duration = Duration::from_secs(5);

/// `has_answered_before` counts the connections to one address that answered recently, and compares the result with a
/// limit. The limit is 5/4 of the largest number of simultaneous requests, plus `FEW`. Above the limit, the server
/// probably closes idle connections early.
const FEW: usize = 8;

/// The largest number of pools.
const MOST_POOLS: usize = 8;

/// The largest number of large answers that are read at the same time. With this limit, many endless answers cannot
/// fill the memory.
const LARGE_ANSWERS: usize = 8;

/// States whether an HTTP client keeps connections open for later requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pool {
    Kept,
    None,
}

/// The local and the remote address of a connection.
pub(crate) type Ends = (SocketAddr, SocketAddr);

type Make = dyn Fn(Pool) -> Result<reqwest::Client, Error> + Send + Sync;

/// The connections that all clients of a configuration share.
#[derive(Clone)]
pub(crate) struct Connections(Arc<Shared>);

struct Shared {
    /// The HTTP client that the program passed, or the first HTTP client that this crate made.
    client: reqwest::Client,
    /// Makes another HTTP client. `None` if the program passed its own HTTP client, because no other client is used
    /// then.
    make: Option<Box<Make>>,
    unpooled: OnceLock<reqwest::Client>,
    /// The number of requests that are not finished. `most_under_way` is the largest value of this number so far.
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    large_answers: Semaphore,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// The HTTP client of each runtime. The oldest client is first.
    ///
    /// The runtime that opens a connection also drives the connection. So each runtime needs its own pool.
    pools: Vec<(Id, reqwest::Client)>,
    /// The end of the time in which unsafe calls use new connections.
    wary_until: Option<Instant>,
    renewed: Option<Instant>,
    /// The time of the last answer on a connection that stays open after the answer. The key consists of the two
    /// addresses of the connection.
    answered: HashMap<Ends, Instant>,
}

impl Connections {
    /// Makes the connections from the HTTP client that the program passed.
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

    /// Returns the HTTP client that the program passed, or the first HTTP client that this crate made.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.0.client
    }

    /// Returns the client with the open connections of this runtime. If the program passed its own client, returns the
    /// client of the program.
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
        // Making a client cannot fail here, because the first client was made with the same settings.
        let client = client.unwrap_or_else(|_| self.0.client.clone());
        if seen.pools.len() == MOST_POOLS {
            seen.pools.remove(0);
        }
        seen.pools.push((id, client.clone()));
        client
    }

    /// Returns a client that opens a new connection for each request. If the program passed its own client, returns the
    /// client of the program. That client can use an open connection.
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

    /// Counts a request as unfinished until the returned guard is dropped.
    pub(crate) fn begin(&self) -> UnderWay {
        let shared = &*self.0;
        let now = shared.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        if now > shared.most_under_way.load(Ordering::Relaxed) {
            shared.most_under_way.fetch_max(now, Ordering::Relaxed);
        }
        UnderWay(self.clone())
    }

    /// Waits until the client can read another large answer. The caller must keep the permit until the answer is read.
    ///
    /// `None` is never returned, because the semaphore is never closed.
    pub(crate) async fn large_answer(&self) -> Option<SemaphorePermit<'_>> {
        self.0.large_answers.acquire().await.ok()
    }

    /// Notes that a server closed a connection during a request, before the server sent a part of the answer. Such a
    /// server probably closes idle connections early. So unsafe calls use new connections for some time.
    pub(crate) fn closed_under_a_request(&self) {
        self.seen().be_wary(Instant::now());
    }

    /// Returns whether unsafe requests need new connections at present. An unsafe request cannot be retried if the
    /// server closes its connection.
    pub(crate) fn are_closed_early(&self) -> bool {
        let until = self.seen().wary_until;
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Replaces the pool of this runtime, because a connection of the pool is broken. A request failed on the broken
    /// connection, but succeeded on a new connection.
    ///
    /// Unfinished requests continue in the old pool. If a pool was replaced shortly before, or if the program passed
    /// its own client, nothing changes.
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

    /// Notes that a connection has answered. `ends` are the addresses of the connection. `will_be_kept` is `false` if
    /// the server closes the connection after this answer.
    ///
    /// Returns whether this connection has recently answered an earlier request. If so, the connection was idle before
    /// the present request.
    ///
    /// If many connections have answered recently, but few requests were unfinished at the same time, the server
    /// probably closes idle connections early. Then unsafe calls use new connections for some time.
    pub(crate) fn has_answered_before(&self, ends: Ends, will_be_kept: bool) -> bool {
        let most = self.0.most_under_way.load(Ordering::Relaxed);
        let (mut seen, now) = (self.seen(), Instant::now());
        let kept = |then: &Instant| now.duration_since(*then) < KEPT;
        // Connections that do not count as open are removed before the table must grow.
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

/// A request that is not finished. When this guard is dropped, the request is finished.
pub(crate) struct UnderWay(Connections);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
