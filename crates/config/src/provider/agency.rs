//! An agency of another account, and the credentials with which a program acts as this agency: tokens or temporary
//! keys.

use super::iam::{self, seconds, temporary_key};
use super::password;
use super::refusals::Refusals;
use crate::login::{Account, Scope};
use crate::renewing::{Fetch, Issued, Renewing};
use huaweicloud_core::{BoxFuture, Config, Credential, Error, ErrorKind, ProvideCredential, Token};
use huaweicloud_iam::Client;
use huaweicloud_iam::types::{
    AgencyIdentity, AuthMethod, CreateTemporaryAccessKeyRequest, CreateTokenRequest,
    TemporaryAccessKeyAuth, TemporaryAccessKeyIdentity, TokenAuth, TokenAuthRequired,
    TokenIdentity,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The lifetime of temporary keys if the program does not set a duration.
const HOUR: Duration = Duration::from_secs(3600);

/// An agency that another account has created for the caller's account. The caller can act with the permissions of
/// the agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    account: Account,
    name: String,
    scope: Scope,
    duration: Duration,
}

impl Agency {
    /// Describes the agency with this name in this account. By default, the scope is the whole account. IAM calls an
    /// account a domain.
    pub fn new(account: impl Into<Account>, name: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            name: name.into(),
            scope: Scope::Account,
            duration: HOUR,
        }
    }

    /// Sets the scope to the project with this id. Temporary keys are still valid for the whole account.
    #[must_use]
    pub fn with_project_id(mut self, id: impl Into<String>) -> Self {
        self.scope = Scope::ProjectId(id.into());
        self
    }

    /// Sets the scope to the project with this name in the agency's account. Temporary keys are still valid for the
    /// whole account.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.scope = Scope::ProjectName(name.into());
        self
    }

    /// Sets the lifetime of temporary keys: 15 minutes to 24 hours. The default is one hour.
    ///
    /// IAM alone determines the lifetime of a token.
    #[must_use]
    pub fn with_duration(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }

    /// Returns the project or the account for which the agency is used.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    fn identity(&self) -> AgencyIdentity {
        let identity = AgencyIdentity::new(&self.name);
        match &self.account {
            Account::Name(name) => identity.with_domain_name(name),
            Account::Id(id) => identity.with_domain_id(id),
        }
    }

    fn token_request(&self) -> CreateTokenRequest {
        let identity =
            TokenIdentity::new([AuthMethod::AssumeRole]).with_assume_role(self.identity());
        let scope = self.scope.request(Some(&self.account));
        CreateTokenRequest::new(TokenAuth::new(TokenAuthRequired { identity, scope }))
    }

    fn key_request(&self) -> CreateTemporaryAccessKeyRequest {
        let agency = self
            .identity()
            .with_duration_seconds(seconds(self.duration));
        let identity = TemporaryAccessKeyIdentity::new([AuthMethod::AssumeRole]);
        CreateTemporaryAccessKeyRequest::new(TemporaryAccessKeyAuth::new(
            identity.with_assume_role(agency),
        ))
    }
}

/// The credentials with which a caller acts as an agency. If the caller has a token, IAM issues a token of the agency.
/// If the caller has an access key, IAM issues temporary keys of the agency. Clones share the token or the keys.
///
/// The first call fetches the token or the keys. The token and the keys are renewed before their end, like the tokens
/// of [`PasswordCredentials`](crate::PasswordCredentials).
#[derive(Clone, Debug)]
pub struct AgencyCredentials(Renewing);

impl ProvideCredential for AgencyCredentials {
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

impl AgencyCredentials {
    /// Creates credentials that send their requests to the IAM of this configuration. This function itself sends no
    /// request.
    ///
    /// The requests use the credentials in `caller`. The caller needs the permission "Agent Operator".
    ///
    /// # Errors
    /// The configuration has no usable address of IAM.
    pub fn new(
        config: &Config,
        caller: impl ProvideCredential,
        agency: Agency,
    ) -> Result<Self, Error> {
        let caller: Arc<dyn ProvideCredential> = Arc::new(caller);
        Ok(Self(Renewing::new(Assumed {
            iam: iam::client(config)?.with_credentials(Arc::clone(&caller)),
            caller,
            agency,
            limit: config.timeout(),
        })))
    }
}

struct Assumed {
    iam: Client,
    caller: Arc<dyn ProvideCredential>,
    agency: Agency,
    limit: Duration,
}

impl fmt::Debug for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assumed")
            .field("iam", &self.iam.session().endpoint())
            .field("agency", &self.agency)
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

impl Assumed {
    async fn issued(&self) -> Result<Issued, Error> {
        let credential = self.caller.credential().await?;
        match &credential {
            Credential::AccessKey(_) => self.key().await,
            Credential::Token(token) => match self.token(token).await {
                // The caller's own token is not valid any more. This code tries the exchange once more with a new token
                // of the caller.
                Err(error)
                    if error.status() == Some(401)
                        && !self.caller.is_unproven(&credential)
                        && self.caller.refused(&credential) =>
                {
                    match self.caller.credential().await? {
                        Credential::Token(token) => self.token(&token).await,
                        _ => Err(error),
                    }
                }
                Ok(issued) => {
                    self.caller.accepted(&credential);
                    Ok(issued)
                }
                Err(error) => Err(error),
            },
            _ => Err(Error::new(
                ErrorKind::Credentials,
                "to act as an agency, the caller needs a token or an access key",
            )),
        }
    }

    async fn token(&self, token: &Token) -> Result<Issued, Error> {
        let asked = Instant::now();
        let request = self.agency.token_request();
        let answer = self.iam.create_agency_token(&token.value, &request).await?;
        password::issued(&answer, asked)
    }

    async fn key(&self) -> Result<Issued, Error> {
        let asked = Instant::now();
        let request = self.agency.key_request();
        let answer = self.iam.create_temporary_access_key(&request).await?;
        let project = match &self.agency.scope {
            Scope::ProjectId(id) => Some(id.as_str()),
            _ => None,
        };
        temporary_key(&answer, asked, project)
    }
}

impl Fetch for Assumed {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(self.issued())
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        REFUSALS.explain(error)
    }

    /// The limit is four times the limit of a call. The caller's own credentials can need a fetch before the exchange.
    /// After a refusal, this type repeats the fetch and the exchange once.
    fn limit(&self) -> Duration {
        self.limit.saturating_mul(4)
    }
}

static REFUSALS: Refusals = Refusals {
    who: "IAM",
    what: "credential of the agency",
    unauthorized: (
        "IAM refused the caller's own credentials in the request for the agency",
        "first test these credentials without the agency",
    ),
    forbidden: (
        "IAM does not let the caller act as the agency",
        "check that the caller has the permission \"Agent Operator\" and that the agency trusts the caller's account",
    ),
    invalid: (
        "IAM does not know the agency, its account or its project",
        "check the names; the account is the account that created the agency, not the caller's account",
    ),
};
