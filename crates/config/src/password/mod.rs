//! A password, and the tokens that it is exchanged for.

mod issued;
mod renewal;

use crate::login::Login;
use huaweicloud_core::{BoxFuture, Config, Credential, Error, ErrorKind, ProvideCredential, Token};
use huaweicloud_iam::Client;
use huaweicloud_iam::types::CreateTokenParams;
use issued::Issued;
use renewal::{Outcome, Renewal, abandoned, failure};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// After a failed renewal, a token that is still good is used for so long before the next try: an account is locked after few
/// wrong passwords.
const PAUSE: Duration = Duration::from_secs(60);

/// Time for a renewal beyond its call's own timeout, after which it is taken for dead.
const SLACK: Duration = Duration::from_secs(5);

/// No timeout is longer than this one here, so that sums of times do not overflow.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Exchanges a password for IAM tokens. Clones share the token.
///
/// * The first call fetches a token (24 hours are usual); it is kept, and its project becomes the sessions' own.
/// * It is renewed a quarter of its life before its end, at most five minutes: in the background, while calls go on with the
///   old one. If that fails, the old one is used on, and a minute later a call tries again.
/// * A token that has ended, or that a service refused with 401, is not used any more: calls wait for the new one.
/// * However many calls want a new token, one request is made, in a task of its own: it goes on if the call is dropped that
///   began it. If it fails, every call that waits gets the error, and the next call tries anew. A wrong password is not repeated.
#[derive(Clone)]
pub struct PasswordCredentials(Arc<Shared>);

struct Shared {
    iam: Client,
    login: Login,
    patience: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Issued>,
    renewal: Option<Renewal>,
    /// Not before this time is a token renewed that is still good.
    pause: Option<Instant>,
}

/// A token to be used, or a renewal to be waited for.
enum Next {
    Use(Token),
    Wait(Renewal),
}

/// Without the tokens.
impl fmt::Debug for PasswordCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordCredentials")
            .field("iam", &self.0.iam.session().endpoint())
            .field("login", &self.0.login)
            .finish_non_exhaustive()
    }
}

impl PasswordCredentials {
    /// Logs in at the IAM of this configuration: its region's, or the endpoint given for `iam`. The configuration's limits and
    /// its HTTP client count for logging in; its credentials do not. Nothing is sent yet.
    ///
    /// # Errors
    /// The configuration has no usable address of IAM.
    pub fn new(config: &Config, login: Login) -> Result<Self, Error> {
        Ok(Self(Arc::new(Shared {
            iam: Client::new(config)?,
            login,
            patience: config.timeout().min(DAY) + SLACK,
            state: Mutex::default(),
        })))
    }
}

impl ProvideCredential for PasswordCredentials {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        Box::pin(async { self.0.token().await.map(Credential::Token) })
    }

    fn refused(&self, credential: &Credential) -> bool {
        let Credential::Token(refused) = credential else {
            return false;
        };
        let mut state = self.0.lock();
        // One that is no longer current was replaced by another already: no reason for a further one.
        if let Some(current) = &state.current
            && current.token.value == refused.value
        {
            state.current = None;
        }
        true
    }
}

impl Shared {
    /// Nothing that holds the lock can be left half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn token(self: &Arc<Self>) -> Result<Token, Error> {
        // Twice: a renewal that its runtime took along is begun anew on this one, which lives.
        for _ in 0..2 {
            match self.next()? {
                Next::Use(token) => return Ok(token),
                Next::Wait(mut renewal) => {
                    if let Some(outcome) = renewal.outcome().await {
                        return outcome.map_err(failure);
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
            return self.renewal(&mut state).map(Next::Wait);
        };
        if now >= good.renew && state.pause.is_none_or(|end| now >= end) {
            // Without a runtime it cannot begin, and need not yet.
            self.renewal(&mut state).ok();
        }
        Ok(Next::Use(good.token))
    }

    /// The renewal that is under way, or a new one.
    fn renewal(self: &Arc<Self>, state: &mut State) -> Result<Renewal, Error> {
        if let Some(renewal) = state.renewal.as_ref().filter(|renewal| renewal.is_alive()) {
            return Ok(renewal.clone());
        }
        let runtime = Handle::try_current().map_err(|_| no_runtime())?;
        let deadline = Instant::now() + self.patience;
        let (sender, renewal) = Renewal::new(deadline);
        state.renewal = Some(renewal.clone());
        let (shared, this) = (Arc::clone(self), renewal.clone());
        runtime.spawn(async move {
            let result = shared.fetch().await;
            let outcome = shared.finish(&this, result);
            // An error here means that nobody waits, which is nobody's loss.
            sender.send(Some(outcome)).ok();
        });
        Ok(renewal)
    }

    async fn fetch(&self) -> Result<Issued, Error> {
        let asked = Instant::now();
        let params = CreateTokenParams::default().with_nocatalog("true");
        let answer = self
            .iam
            .create_token(&self.login.request(), &params)
            .await?;
        Issued::read(&answer, asked)
    }

    fn finish(&self, renewal: &Renewal, result: Result<Issued, Error>) -> Outcome {
        let mut state = self.lock();
        // One that was given up and replaced must not undo what came after it.
        let current = state
            .renewal
            .as_ref()
            .is_some_and(|known| known.is(renewal));
        if current {
            state.renewal = None;
        }
        match result {
            Ok(issued) => {
                tracing::debug!(target: "huaweicloud", "token renewed");
                let token = issued.token.clone();
                if current {
                    state.pause = None;
                    state.current = Some(issued);
                }
                Ok(token)
            }
            Err(error) => {
                tracing::debug!(target: "huaweicloud", %error, "token not renewed");
                if current {
                    state.pause = Some(Instant::now() + PAUSE);
                }
                Err(Arc::new(error))
            }
        }
    }
}

fn no_runtime() -> Error {
    Error::new(ErrorKind::Config, "there is no tokio runtime here")
        .with_help("call from within one, with time and io enabled")
}
