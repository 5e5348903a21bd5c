//! Credentials that end, and are renewed in time.

mod failures;
mod issued;
mod renewal;

pub(crate) use issued::{Issued, date};

pub(crate) use failures::doubled;

use failures::Failures;
use huaweicloud_core::{BoxFuture, Credential, Error, ErrorKind, ProvideCredential};
use renewal::{Outcome, Renewal, abandoned};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;
use tokio::time::Instant;

/// Pause after a renewal that failed or gave no newer credential, while the present one is still valid. A few wrong
/// passwords lock an account. If a service has no newer key yet, not each call asks it.
const PAUSE: Duration = Duration::from_secs(60);

/// If a credential is younger than this, and no service has accepted it yet, a new one would be no better.
const YOUNG: Duration = Duration::from_secs(60);

/// This number of refused credentials is replaced at once. Then one is replaced in each [`PAUSE`].
const REPLACEMENTS: usize = 3;

/// Pause after the first refusal of the issuer. Each further refusal doubles it.
const REFUSAL: Duration = Duration::from_secs(60);

/// If a renewal takes longer than its limit and this time, it counts as failed.
const SLACK: Duration = Duration::from_secs(5);

/// The longest limit, so that sums of times do not overflow.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Gets a new credential. Its `Debug` is shown, so it must not show secrets.
pub(crate) trait Fetch: fmt::Debug + Send + Sync + 'static {
    /// Fetches one credential from its issuer.
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>>;

    /// The error of a call that waited for a failed fetch. Each call gets its own error, with the same source.
    fn explain(&self, error: Arc<Error>) -> Error;

    /// The longest time of a fetch.
    fn limit(&self) -> Duration;

    /// The pause after the first refusal.
    fn refusal_pause(&self) -> Duration {
        REFUSAL
    }

    /// The time of the last change of the data that the fetch uses. None if it is unknown. After a change, a fetch is
    /// tried at once.
    fn changed(&self) -> Option<SystemTime> {
        None
    }
}

/// A credential that is fetched at the first call, kept, and renewed before its end. Clones share it.
///
/// * It is renewed before its end: by a quarter of its life, at most five minutes. The renewal runs in the background,
///   and calls use the old one meanwhile. If it fails, the old one stays in use, and a minute later a call tries again.
/// * If it has ended, or a service refused it with 401, it is not used again. Calls wait for the new one.
/// * Several calls that need a new one share one fetch. It runs in its own task, so it goes on if the first call is
///   dropped. If it fails, each waiting call gets the error.
/// * The number of fetches has a limit in time, whatever the number of calls. A refusal is remembered, and calls fail
///   with it meanwhile. The first failure of another kind is not remembered. A new credential that no service has
///   accepted yet is kept if a service refuses it.
#[derive(Clone)]
pub(crate) struct Renewing(Arc<Shared>);

struct Shared {
    source: Box<dyn Fetch>,
    state: Mutex<State>,
    /// Whether a service has accepted the current credential.
    accepted: AtomicBool,
}

#[derive(Default)]
struct State {
    current: Option<Issued>,
    renewal: Option<Renewal>,
    /// A valid credential is not renewed before this time.
    pause: Option<Instant>,
    failures: Failures,
    /// The number of credentials in a row that had already ended when they came.
    lifeless: u32,
    /// The times when refused credentials were replaced.
    replaced: VecDeque<Instant>,
}

/// A credential, or a renewal to wait for.
enum Next {
    Use(Credential),
    Wait(Renewal),
    /// A fetch failed a moment ago.
    Fail(Error),
}

/// Without the credentials.
impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source.fmt(f)
    }
}

impl Renewing {
    pub(crate) fn new(source: impl Fetch) -> Self {
        Self(Arc::new(Shared {
            source: Box::new(source),
            state: Mutex::default(),
            accepted: AtomicBool::new(false),
        }))
    }
}

impl ProvideCredential for Renewing {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        Box::pin(self.0.credential())
    }

    fn accepted(&self, accepted: &Credential) {
        if self.0.accepted.load(Ordering::Relaxed) {
            return;
        }
        let state = self.0.lock();
        if state.is_current(accepted) {
            self.0.accepted.store(true, Ordering::Relaxed);
        }
    }

    fn is_unproven(&self, credential: &Credential) -> bool {
        let state = self.0.lock();
        let current = state.current.as_ref();
        let is_young = current.is_some_and(|current| Instant::now() < current.came + YOUNG);
        is_young && state.is_current(credential) && !self.0.accepted.load(Ordering::Relaxed)
    }

    fn refused(&self, refused: &Credential) -> bool {
        let mut state = self.0.lock();
        // If the credential is not the current one, another one has replaced it already. No further renewal is needed.
        if !state.is_current(refused) {
            return true;
        }
        let replace = state.may_replace(Instant::now());
        if replace {
            state.current = None;
        } else {
            tracing::debug!(target: "huaweicloud", "credentials are refused again and again, so for a while no other is fetched");
        }
        replace
    }
}

impl State {
    fn is_renewing(&self) -> bool {
        self.renewal.as_ref().is_some_and(Renewal::is_alive)
    }

    fn is_current(&self, credential: &Credential) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|current| same(&current.credential, credential))
    }

    /// Whether one more refused credential may be replaced now.
    fn may_replace(&mut self, now: Instant) -> bool {
        while self
            .replaced
            .front()
            .is_some_and(|then| now >= *then + PAUSE)
        {
            self.replaced.pop_front();
        }
        if self.replaced.len() >= REPLACEMENTS {
            return false;
        }
        self.replaced.push_back(now);
        true
    }
}

/// Compares the parts that prove the identity. A caller may have added a project to the credential.
fn same(one: &Credential, other: &Credential) -> bool {
    match (one, other) {
        (Credential::Token(one), Credential::Token(other)) => one.value == other.value,
        (Credential::AccessKey(one), Credential::AccessKey(other)) => {
            one.access == other.access && one.security_token == other.security_token
        }
        _ => false,
    }
}

impl Shared {
    /// The lock is never held while data is half changed, so a poisoned lock is no problem.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn credential(self: &Arc<Self>) -> Result<Credential, Error> {
        // If a runtime ends, its renewal ends with it. The second try starts it on this runtime.
        for _ in 0..2 {
            match self.next()? {
                Next::Use(credential) => return Ok(credential),
                Next::Fail(error) => return Err(error),
                Next::Wait(mut renewal) => {
                    if let Some(outcome) = renewal.outcome().await {
                        return outcome.map_err(|error| self.source.explain(error));
                    }
                }
            }
        }
        Err(abandoned())
    }

    fn next(self: &Arc<Self>) -> Result<Next, Error> {
        let mut state = self.lock();
        let now = Instant::now();
        let Some(good) = state.current.clone().filter(|issued| now < issued.end) else {
            let remembered = state.failures.remembered(now, || self.source.changed());
            return match remembered {
                Some(failure) if !state.is_renewing() => {
                    let explained = self.source.explain(failure.error);
                    Ok(Next::Fail(failures::again(explained, failure.left)))
                }
                _ => self.renewal(&mut state).map(Next::Wait),
            };
        };
        if now >= good.renew && state.pause.is_none_or(|end| now >= end) {
            // Without a runtime, the renewal cannot start. A later call starts it.
            self.renewal(&mut state).ok();
        }
        Ok(Next::Use(good.credential))
    }

    /// The renewal that is running, or a new one.
    fn renewal(self: &Arc<Self>, state: &mut State) -> Result<Renewal, Error> {
        if let Some(renewal) = state.renewal.as_ref().filter(|renewal| renewal.is_alive()) {
            return Ok(renewal.clone());
        }
        let runtime = Handle::try_current().map_err(|_| no_runtime())?;
        let changed = self.source.changed();
        let deadline = Instant::now() + self.source.limit().min(DAY) + SLACK;
        let (sender, renewal) = Renewal::new(deadline);
        state.renewal = Some(renewal.clone());
        let (shared, this) = (Arc::clone(self), renewal.clone());
        runtime.spawn(async move {
            let result = shared.source.fetch().await;
            let outcome = shared.finish(&this, result, changed);
            // If this fails, no call waits for the result any more.
            sender.send(Some(outcome)).ok();
        });
        Ok(renewal)
    }

    /// `changed` is the last change of the fetch's data when the fetch began.
    fn finish(
        &self,
        renewal: &Renewal,
        result: Result<Issued, Error>,
        changed: Option<SystemTime>,
    ) -> Outcome {
        let mut state = self.lock();
        // A renewal that was replaced must not overwrite newer results.
        let current = state
            .renewal
            .as_ref()
            .is_some_and(|known| known.is(renewal));
        if current {
            state.renewal = None;
        }
        let now = Instant::now();
        match result {
            Ok(mut issued) => {
                tracing::debug!(target: "huaweicloud", "credential renewed");
                let credential = issued.credential.clone();
                if current {
                    state.failures = Failures::default();
                    state.lifeless = if issued.end <= now {
                        state.lifeless + 1
                    } else {
                        0
                    };
                    // A credential that has already ended is still used by the calls that waited. If several in a row
                    // have ended, later calls use them, too.
                    issued.end = issued.end.max(now + doubled(state.lifeless));
                    issued.came = now;
                    self.accepted.store(false, Ordering::Relaxed);
                    state.pause = (issued.renew <= now).then(|| now + PAUSE);
                    state.current = Some(issued);
                }
                Ok(credential)
            }
            Err(error) => {
                tracing::debug!(target: "huaweicloud", %error, "credential not renewed");
                let error = Arc::new(error);
                if current {
                    let pause = self.source.refusal_pause();
                    let until = state.failures.add(now, Arc::clone(&error), pause, changed);
                    state.pause = Some(until.max(now + PAUSE));
                }
                Err(error)
            }
        }
    }
}

fn no_runtime() -> Error {
    Error::new(ErrorKind::Config, "there is no tokio runtime here")
        .with_help("call from a task of a tokio runtime with time and io enabled")
}
