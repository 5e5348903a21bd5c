//! Exchanges an ID token at IAM for temporary keys, with two requests. `oidc.rs` uses the newer Security Token Service
//! instead.

use super::iam::{self, subject_token, temporary_key};
use super::id_token::IdToken;
use super::refusals::Refusals;
use super::temporary::request;
use crate::renewing::{Fetch, Issued, Renewing};
use huaweicloud_core::{BoxFuture, Config, Credential, Error, ProvideCredential};
use huaweicloud_iam::types::{CreateTokenWithIdTokenRequest, IdToken as Sent, IdTokenAuth};
use huaweicloud_iam::{Client, IssuedTokenExt};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The lifetime of the keys. The official SDKs request the same lifetime.
const LIFE: Duration = Duration::from_secs(6 * 3600);

/// Exchanges OpenID Connect ID tokens at IAM for temporary keys of a federated user.
///
/// The first request returns a token without a scope, and the second request returns the keys. Clones share the keys.
///
/// The keys are valid for six hours. The first call fetches the keys. They are renewed before their end, like the
/// tokens of [`PasswordCredentials`](crate::PasswordCredentials). If the ID token is in a file, each fetch reads the
/// file again.
#[derive(Clone, Debug)]
pub struct IdentityProviderCredentials(Renewing);

impl ProvideCredential for IdentityProviderCredentials {
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

impl IdentityProviderCredentials {
    /// Creates credentials of the identity provider with this id. The credentials send their requests to the IAM of
    /// this configuration. This function itself sends no request.
    ///
    /// # Errors
    /// The configuration has no usable address of IAM.
    pub fn new(
        config: &Config,
        provider_id: impl Into<String>,
        token: IdToken,
    ) -> Result<Self, Error> {
        Ok(Self(Renewing::new(Federated {
            iam: iam::client(config)?,
            provider_id: provider_id.into(),
            token,
            limit: config.timeout(),
        })))
    }
}

struct Federated {
    iam: Client,
    provider_id: String,
    token: IdToken,
    limit: Duration,
}

impl fmt::Debug for Federated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Federated")
            .field("iam", &self.iam.session().endpoint())
            .field("provider_id", &self.provider_id)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

impl Federated {
    async fn issued(&self) -> Result<Issued, Error> {
        let asked = Instant::now();
        let sent = Sent::new(self.token.value().await?);
        let body = CreateTokenWithIdTokenRequest::new(IdTokenAuth::new(sent));
        let answer = self
            .iam
            .create_token_with_id_token(&self.provider_id, &body)
            .await?;
        let token = subject_token(&answer, answer.subject_token())?;
        let answer = self
            .iam
            .with_credentials(token)
            .create_temporary_access_key(&request(LIFE))
            .await?;
        temporary_key(&answer, asked, None)
    }
}

impl Fetch for Federated {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(self.issued())
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        REFUSALS.explain(error)
    }

    fn changed(&self) -> Option<SystemTime> {
        self.token.changed()
    }

    /// A fetch sends two requests.
    fn limit(&self) -> Duration {
        self.limit.saturating_mul(2)
    }
}

static REFUSALS: Refusals = Refusals {
    who: "IAM",
    what: "temporary key",
    unauthorized: (
        "IAM refused the ID token",
        "check that the token has not expired, and that IAM has the provider's current keys and client ID",
    ),
    forbidden: (
        "IAM issues no temporary keys to the federated user",
        "check the identity provider's conversion rules and the permissions of the groups in these rules",
    ),
    invalid: (
        "IAM does not know the identity provider, or the provider's protocol is not OpenID Connect",
        "check the provider's id",
    ),
};
