//! Fetches temporary keys of a trust agency, which is an agency with a trust policy. An OpenID Connect provider proves
//! the identity of the caller.

use super::iam::{incomplete, seconds};
use super::id_token::IdToken;
use super::refusals::Refusals;
use crate::renewing::{Fetch, Issued, Renewing, date};
use huaweicloud_core::{
    AccessKey, BoxFuture, Config, Credential, Error, ProvideCredential, Response, Server, Service,
    Session,
};
use huaweicloud_iam::Client;
use huaweicloud_iam::types::{
    AssumeAgencyWithOidcRequest, AssumeAgencyWithOidcRequired, AssumedAgencySession,
};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The default name of a session in the official SDKs.
const SESSION_NAME: &str = "oidc-sts-session";
const HOUR: Duration = Duration::from_secs(3600);

/// The Security Token Service, with the regions that the official SDKs list.
///
/// If no region is set, the official SDKs use cn-north-4. This crate has no default region. A server that receives an
/// ID token can use the token, so the user must choose the server.
static STS: Service =
    Service::new("sts", "Security Token Service (STS)").with_servers(&[Server::new(
        "huaweicloud",
        "https://sts.{region}.myhuaweicloud.com",
    )
    .with_regions(&[
        "af-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "cn-east-3",
        "cn-north-4",
        "cn-south-1",
        "cn-southwest-2",
        "la-south-2",
        "sa-brazil-1",
        "tr-west-1",
    ])]);

/// The settings with which a client acts as a trust agency. An OpenID Connect provider proves the identity of the
/// caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oidc {
    provider_urn: String,
    agency_urn: String,
    token: IdToken,
    session_name: String,
    duration: Duration,
    policy: Option<String>,
    policy_ids: Vec<String>,
}

impl Oidc {
    /// Creates the settings from an ID token and the resource names of a provider and an agency (`iam::<account
    /// id>:oidcProvider:<name>`, `iam::<account id>:agency:<name>`).
    pub fn new(
        provider_urn: impl Into<String>,
        agency_urn: impl Into<String>,
        token: IdToken,
    ) -> Self {
        Self {
            provider_urn: provider_urn.into(),
            agency_urn: agency_urn.into(),
            token,
            session_name: SESSION_NAME.to_owned(),
            duration: HOUR,
            policy: None,
            policy_ids: Vec::new(),
        }
    }

    /// Sets the name of the session in audit logs: 2 to 128 characters. The default is `oidc-sts-session`.
    #[must_use]
    pub fn with_session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = name.into();
        self
    }

    /// Sets the lifetime of the keys: 15 minutes to 12 hours. The default is one hour. The agency can have a lower
    /// limit.
    #[must_use]
    pub fn with_duration(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }

    /// Sets a policy in JSON. The policy limits the permissions of the keys.
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<String>) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// Sets the ids of policies. The policies limit the permissions of the keys.
    #[must_use]
    pub fn with_policy_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.policy_ids = ids.into_iter().map(Into::into).collect();
        self
    }
}

/// Exchanges OpenID Connect ID tokens at the Security Token Service for temporary keys of a trust agency. A trust
/// agency is an agency with a trust policy. Clones share the keys.
///
/// The first call fetches the keys. They are renewed before their end, like the tokens of
/// [`PasswordCredentials`](crate::PasswordCredentials). If the ID token is in a file, each fetch reads the file again.
#[derive(Clone, Debug)]
pub struct OidcCredentials(Renewing);

impl ProvideCredential for OidcCredentials {
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

impl OidcCredentials {
    /// Creates credentials that send their requests to the Security Token Service. This function itself sends no
    /// request.
    ///
    /// The address is the configuration's endpoint for `sts`. If there is no such endpoint, the configuration's region
    /// determines the address.
    ///
    /// # Errors
    /// The configuration has no usable address of the Security Token Service. If the region is missing or unknown, the
    /// error lists the regions that the official SDKs list.
    pub fn new(config: &Config, oidc: Oidc) -> Result<Self, Error> {
        let sts = Session::new(config, &STS)?;
        Ok(Self(Renewing::new(Vouched {
            sts: Client::from(sts),
            oidc,
            limit: config.timeout(),
        })))
    }
}

struct Vouched {
    sts: Client,
    oidc: Oidc,
    limit: Duration,
}

impl fmt::Debug for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vouched")
            .field("sts", &self.sts.session().endpoint())
            .field("oidc", &self.oidc)
            .finish_non_exhaustive()
    }
}

impl Vouched {
    async fn issued(&self) -> Result<Issued, Error> {
        let oidc = &self.oidc;
        let (asked, token) = (Instant::now(), oidc.token.value().await?);
        let mut request = AssumeAgencyWithOidcRequest::new(AssumeAgencyWithOidcRequired {
            provider_urn: &oidc.provider_urn,
            agency_urn: &oidc.agency_urn,
            agency_session_name: &oidc.session_name,
            id_token: token,
        })
        .with_duration_seconds(seconds(oidc.duration));
        request.policy.clone_from(&oidc.policy);
        if !oidc.policy_ids.is_empty() {
            request = request.with_policy_ids(oidc.policy_ids.clone());
        }
        let answer = self
            .sts
            .create_temporary_access_key_with_oidc(&request)
            .await?;
        issued_key(&answer, asked)
    }
}

fn issued_key(answer: &Response<AssumedAgencySession>, asked: Instant) -> Result<Issued, Error> {
    let found = answer.credentials.clone().unwrap_or_default();
    match (
        found.access_key_id,
        found.secret_access_key,
        found.security_token,
    ) {
        (Some(access), Some(secret), Some(token)) => {
            let key = AccessKey::new(access, secret).with_security_token(token);
            Issued::key(
                key,
                asked,
                date(answer.headers()),
                found.expiration.as_deref(),
            )
        }
        _ => Err(incomplete("the Security Token Service").with_response(answer)),
    }
}

impl Fetch for Vouched {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(self.issued())
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        REFUSALS.explain(error)
    }

    fn changed(&self) -> Option<SystemTime> {
        self.oidc.token.changed()
    }

    fn limit(&self) -> Duration {
        self.limit
    }
}

static REFUSALS: Refusals = Refusals {
    who: "the Security Token Service",
    what: "temporary key",
    unauthorized: (
        "the Security Token Service refused the ID token",
        "check that the token has not expired, and that IAM has the provider's current keys and audience",
    ),
    forbidden: (
        "the Security Token Service does not let the bearer of the ID token act as the agency",
        "check the agency's trust policy: its provider, audience and subject",
    ),
    invalid: (
        "the Security Token Service does not know the provider or the agency, or refused another value of the request",
        "check both resource names, the session's name, the duration and the policies",
    ),
};
