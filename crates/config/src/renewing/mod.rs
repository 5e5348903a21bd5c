//! Credentials with a limited lifetime, which are renewed before their end.

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

/// The shortest pause between two renewals of a valid credential. The pause follows a renewal that failed, or that
/// returned a credential close to its end. During the pause, the credential stays in use.
///
/// Without the pause, each call would start another renewal. After a few wrong passwords, IAM locks the account.
const PAUSE: Duration = Duration::from_secs(60);

/// A credential counts as new for this time after its fetch. If a service refuses a new credential that no service has
/// accepted yet, the service would probably also refuse another credential.
const YOUNG: Duration = Duration::from_secs(60);

/// The largest number of refused credentials that are replaced within one [`PAUSE`].
const REPLACEMENTS: usize = 3;

/// The default pause after the first refusal of the issuer. Each further refusal doubles the pause.
const REFUSAL: Duration = Duration::from_secs(60);

/// Calls wait for a renewal until the limit of its fetch plus this time has passed.
const SLACK: Duration = Duration::from_secs(5);

/// The upper bound for the limit of a fetch. With this bound, sums of times do not overflow.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Gets a new credential. The `Debug` output must not contain secrets, because [`Renewing`] shows this output.
pub(crate) trait Fetch: fmt::Debug + Send + Sync + 'static {
    /// Fetches one credential from its issuer.
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>>;

    /// Returns the error of one call after a failed fetch. Each call gets its own error. All these errors have the same
    /// source.
    fn explain(&self, error: Arc<Error>) -> Error;

    /// Returns the longest duration of a fetch.
    fn limit(&self) -> Duration;

    /// Returns the pause after the first refusal of the issuer.
    fn refusal_pause(&self) -> Duration {
        REFUSAL
    }

    /// Returns the time of the last change of the data that the fetch uses. `None` if the time is unknown.
    ///
    /// If there is no valid credential, a change of the data ends the pause after a failed fetch.
    fn changed(&self) -> Option<SystemTime> {
        None
    }
}

/// A credential that is fetched at the first call, kept, and renewed before its end. Clones share the credential.
///
/// * A call starts the renewal if at most a quarter of the lifetime and at most five minutes remain.
/// * The renewal runs in the background. Calls use the old credential until the new credential arrives. If the renewal
///   fails, the old credential stays in use until its end. After a pause of at least a minute, a call tries the renewal
///   again.
/// * If a credential has ended, or a service refused the credential with status 401, calls wait for a new credential.
///   The last three items describe exceptions.
/// * Several calls that need a new credential share one fetch. The fetch runs in its own task, so it continues if the
///   first call is dropped. If the fetch fails, each waiting call gets the error.
/// * The number of fetches in a period of time has a limit. This limit does not depend on the number of calls. After a
///   refusal, calls that need a new credential fail with the same error during a pause. There is no pause after the
///   first failure of another kind.
/// * If a service refuses a new credential that no service has accepted yet, the credential stays in use.
/// * At most [`REPLACEMENTS`] refused credentials are replaced within one [`PAUSE`]. Further refused credentials stay
///   in use.
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
    /// The number of credentials in a row that had already ended when this machine received them.
    lifeless: u32,
    /// The times when refused credentials were replaced.
    replaced: VecDeque<Instant>,
}

/// The result for one call: a credential, a renewal to wait for, or an error.
enum Next {
    Use(Credential),
    Wait(Renewal),
    /// A fetch failed, and the pause after this failure is not over.
    Fail(Error),
}

/// The output does not contain the credentials.
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
        // A credential that is not current was already replaced or removed.
        if !state.is_current(refused) {
            return true;
        }
        let replace = state.may_replace(Instant::now());
        if replace {
            state.current = None;
        } else {
            tracing::debug!(target: "huaweicloud", "services refused several credentials within a minute, so the last refused credential stays in use");
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

    /// Returns whether one more refused credential can be replaced now. If so, counts the replacement.
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

/// Returns whether two credentials have the same token or the same key. The project is not compared, because a caller
/// can add a project.
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
    /// Returns the locked state. A panic cannot leave the state half changed, so a poisoned lock is no problem.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn credential(self: &Arc<Self>) -> Result<Credential, Error> {
        // If the runtime of a renewal ends, the renewal ends without a result. The second attempt starts a renewal on
        // the current runtime.
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
            // Without a runtime, the renewal cannot start. A later call starts the renewal.
            self.renewal(&mut state).ok();
        }
        Ok(Next::Use(good.credential))
    }

    /// Returns the running renewal. If no renewal is running, starts one.
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
            // If sending fails, no call waits for the result any more.
            sender.send(Some(outcome)).ok();
        });
        Ok(renewal)
    }

    /// Stores the result of a renewal. `changed` is the result of [`Fetch::changed`] at the start of the fetch.
    fn finish(
        &self,
        renewal: &Renewal,
        result: Result<Issued, Error>,
        changed: Option<SystemTime>,
    ) -> Outcome {
        let mut state = self.lock();
        // A renewal that another renewal has replaced must not overwrite newer results.
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
                    // If the new credential has already ended, only the waiting calls use it. After two or more
                    // such credentials in a row, later calls also use the newest credential for some time. Otherwise
                    // later calls would cause one fetch after another.
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
        .with_help("make the call in a task of a tokio runtime with timers and I/O")
}
