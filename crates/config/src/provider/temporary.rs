//! Exchanges a token for temporary keys of IAM.

use super::iam::{self, seconds, temporary_key};
use super::refusals::Refusals;
use crate::renewing::{Fetch, Issued, Renewing};
use huaweicloud_core::{BoxFuture, Config, Credential, Error, ProvideCredential};
use huaweicloud_iam::Client;
use huaweicloud_iam::types::{
    AuthMethod, CreateTemporaryAccessKeyRequest, TemporaryAccessKeyAuth,
    TemporaryAccessKeyIdentity, TemporaryAccessKeyToken,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Exchanges tokens for temporary access keys, for services or gateways that need signed requests. Clones share the
/// keys.
///
/// The first call fetches the keys. They are renewed before their end, like the tokens of
/// [`PasswordCredentials`](crate::PasswordCredentials).
///
/// The keys are valid for the project of the token. Set this project in the configuration, because the keys do not
/// contain the project's id.
#[derive(Clone, Debug)]
pub struct TemporaryKeyCredentials(Renewing);

impl ProvideCredential for TemporaryKeyCredentials {
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

impl TemporaryKeyCredentials {
    /// Creates credentials that send their requests to the IAM of this configuration. This function itself sends no
    /// request.
    ///
    /// `caller` provides a token. On Huawei Cloud, `caller` can also provide a permanent access key. `duration` is the
    /// lifetime of the keys: 15 minutes to 24 hours.
    ///
    /// # Errors
    /// The configuration has no usable address of IAM.
    pub fn new(
        config: &Config,
        caller: impl ProvideCredential,
        duration: Duration,
    ) -> Result<Self, Error> {
        Ok(Self(Renewing::new(Exchanged {
            iam: iam::client(config)?.with_credentials(caller),
            duration,
            limit: config.timeout(),
        })))
    }
}

struct Exchanged {
    iam: Client,
    duration: Duration,
    limit: Duration,
}

impl fmt::Debug for Exchanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchanged")
            .field("iam", &self.iam.session().endpoint())
            .field("duration", &self.duration)
            .finish_non_exhaustive()
    }
}

impl Fetch for Exchanged {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(async {
            let asked = Instant::now();
            let answer = self
                .iam
                .create_temporary_access_key(&request(self.duration))
                .await?;
            temporary_key(&answer, asked, None)
        })
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        REFUSALS.explain(error)
    }

    fn limit(&self) -> Duration {
        self.limit
    }
}

/// Returns the request for keys. IAM issues the keys for the token that authenticates this request.
pub(super) fn request(duration: Duration) -> CreateTemporaryAccessKeyRequest {
    let token = TemporaryAccessKeyToken::new().with_duration_seconds(seconds(duration));
    let identity = TemporaryAccessKeyIdentity::new([AuthMethod::Token]).with_token(token);
    CreateTemporaryAccessKeyRequest::new(TemporaryAccessKeyAuth::new(identity))
}

static REFUSALS: Refusals = Refusals {
    who: "IAM",
    what: "temporary key",
    unauthorized: (
        "IAM refused the caller's credentials in the request for temporary keys",
        "check that the token has not expired, or that the access key is valid; the client can get a new token only with a password",
    ),
    forbidden: (
        "IAM issues no temporary keys to the caller",
        "check the user's permissions; an agency's token cannot be exchanged",
    ),
    invalid: (
        "IAM does not accept the request for temporary keys",
        "check the duration: 15 minutes to 24 hours",
    ),
};
