//! Exchanges a password for tokens of IAM, and explains refused logins.

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
/// * The first call fetches a token, which is usually valid for 24 hours. Later calls use the same token. A client
///   without a project uses the project of the token.
/// * The client renews a token before its end. A call starts the renewal if at most a quarter of the lifetime and at
///   most five minutes remain.
/// * The renewal runs in the background. Calls use the old token until the new token arrives. If the renewal fails,
///   the old token stays in use until its end. After a pause of at least a minute, a call tries the renewal again.
/// * If a token has ended, or a service refused the token with status 401, calls wait for a new token. The last four
///   items describe exceptions.
/// * Several calls that need a new token share one request. The request runs in its own task, so it continues if the
///   first call is dropped. If the request fails, each waiting call gets the error.
/// * The number of logins in a period of time has a limit. This limit does not depend on the number of calls.
/// * If IAM refuses the login, the client sends no login for five minutes. During this pause, calls that need a new
///   token fail with the same refusal. After the pause, such a call sends the password again. Each further pause is
///   twice as long, up to an hour.
/// * If no token is valid and IAM cannot be reached, the next call tries again. Pauses after further failures grow from
///   one second to one minute.
/// * If a service refuses a new token that no service has accepted yet, the token stays in use. The service would
///   probably also refuse another token.
/// * At most three refused tokens are replaced within a minute. Further refused tokens stay in use.
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
    /// Creates credentials that log in at the IAM of this configuration. This function itself sends no request.
    ///
    /// The address of IAM is the configuration's endpoint for `iam`. If there is no such endpoint, the configuration's
    /// region determines the address. The login uses the configuration's limits and its HTTP client, but not its
    /// credentials.
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

/// The pause after the first refusal.
///
/// IAM locks an account after a few wrong passwords within a quarter of an hour. Each further pause is twice as long,
/// so the client sends a wrong password at most twice in this time.
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

/// Reads IAM's answer to a request for a token. `asked` is the time of the request.
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
        "check them; the account's name can differ from the user's name, and a federated user needs a password that IAM stores",
    ),
    forbidden: (
        "IAM does not let the user log in with a password",
        "check that the user has programmatic access and needs no second factor",
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
        "check them; a code is valid for half a minute and only once, so a new token needs a new code",
    ),
    forbidden: (
        "IAM does not let the user log in with a password",
        "check that the user has programmatic access",
    ),
    invalid: (
        "IAM does not accept the login",
        "check the names of the account and of the project, or the project's id, and the user's id",
    ),
};
