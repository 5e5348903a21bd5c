//! A password, and the tokens that it is exchanged for.

use super::iam::{self, subject_token};
use super::refusals::Refusals;
use crate::login::Login;
use crate::renewing::{Fetch, Issued, Renewing};
use huaweicloud_core::{BoxFuture, Config, Credential, Error, ProvideCredential, Response};
use huaweicloud_iam::types::{CreateTokenParams, IssuedToken};
use huaweicloud_iam::{Client, IssuedTokenExt};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Exchanges a password for IAM tokens. Clones share the token.
///
/// * The first call fetches a token (24 hours are usual); it is kept, and its project becomes the sessions' own.
/// * It is renewed a quarter of its life before its end, at most five minutes: in the background, while calls go on with the
///   old one. If that fails, the old one is used on, and a minute later a call tries again.
/// * A token that has ended, or that a service refused with 401, is not used any more: calls wait for the new one.
/// * However many calls want a new token, one request is made, in a task of its own: it goes on if the call is dropped that
///   began it. If it fails, every call that waits gets the error.
/// * The number of logins is bounded by time, not by calls. A wrong password is tried once: for five minutes calls fail with IAM's
///   refusal and send nothing, then it is tried again, after twice as long each time, an hour at most. If IAM is not there,
///   the next call tries anew, and later ones after a pause that grows to a minute.
/// * A token that a service refuses, though it is new and none has accepted it yet, is kept: another one would fare no better.
#[derive(Clone, Debug)]
pub struct PasswordCredentials(Renewing);

impl ProvideCredential for PasswordCredentials {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        self.0.credential()
    }

    fn accepted(&self, credential: &Credential) {
        self.0.accepted(credential);
    }

    fn is_unproven(&self, credential: &Credential) -> bool {
        self.0.is_unproven(credential)
    }

    fn refused(&self, credential: &Credential) -> bool {
        self.0.refused(credential)
    }
}

impl PasswordCredentials {
    /// Logs in at the IAM of this configuration: its region's, or the endpoint given for `iam`. The configuration's limits and
    /// its HTTP client count for logging in; its credentials do not. Nothing is sent yet.
    ///
    /// # Errors
    /// The configuration has no usable address of IAM.
    pub fn new(config: &Config, login: Login) -> Result<Self, Error> {
        Ok(Self(Renewing::new(Password {
            iam: iam::client(config)?,
            login,
            limit: config.timeout(),
        })))
    }
}

/// IAM locks an account after a few wrong passwords within a quarter of an hour; with these pauses there are at most two.
const REFUSAL: Duration = Duration::from_secs(300);

struct Password {
    iam: Client,
    login: Login,
    limit: Duration,
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Password")
            .field("iam", &self.iam.session().endpoint())
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

impl Fetch for Password {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(async {
            let asked = Instant::now();
            let params = CreateTokenParams::default().with_nocatalog("true");
            let answer = self
                .iam
                .create_token(&self.login.request(), &params)
                .await?;
            issued(&answer, asked)
        })
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        let refusals = if self.login.has_passcode() {
            &WITH_PASSCODE
        } else {
            &REFUSALS
        };
        refusals.explain(error)
    }

    fn limit(&self) -> Duration {
        self.limit
    }

    fn refusal_pause(&self) -> Duration {
        REFUSAL
    }
}

/// What IAM answered to a request for a token of this time.
pub(super) fn issued(answer: &Response<IssuedToken>, asked: Instant) -> Result<Issued, Error> {
    let mut token = subject_token(answer, answer.subject_token())?;
    let properties = answer.token.as_ref();
    let project = properties.and_then(|properties| properties.project.as_ref());
    if let Some(id) = project.and_then(|project| project.id.as_ref()) {
        token = token.with_project(id);
    }
    let start = properties.and_then(|token| token.issued_at.as_deref());
    let end = properties.and_then(|token| token.expires_at.as_deref());
    Ok(Issued::token(token, asked, start, end))
}

static REFUSALS: Refusals = Refusals {
    who: "IAM",
    what: "token",
    unauthorized: (
        "IAM refused the user's name, password or account",
        "check them; the account's name is not the user's, and a federated user needs a password of IAM's own",
    ),
    forbidden: (
        "IAM does not let the user log in with a password",
        "check that the user may access the cloud by programs and needs no second factor",
    ),
    invalid: (
        "IAM does not accept the login",
        "check the names of the account and of the project, or the project's id",
    ),
};

static WITH_PASSCODE: Refusals = Refusals {
    who: "IAM",
    what: "token",
    unauthorized: (
        "IAM refused the user's name, password, account, id or code",
        "check them; a code is good for half a minute and only once, so that a new token needs a new code",
    ),
    forbidden: (
        "IAM does not let the user log in with a password",
        "check that the user may access the cloud by programs",
    ),
    invalid: (
        "IAM does not accept the login",
        "check the names of the account and of the project, or the project's id, and the user's id",
    ),
};
