//! The sources of credentials in the sandbox, such as an agency and an identity provider.

use std::fmt;

use serde::Serialize;

use crate::random;

/// Names and secrets with which a client gets credentials. The client can use a second factor, an agency, an identity
/// provider or a container. The tokens are new in each run. All credentials belong to the user with the ID `user_id`.
/// The account of this user owns the agency.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Issuers {
    /// ID of the user.
    pub user_id: String,
    /// The code of the user's virtual MFA device, for a login with a password and a second factor. In the sandbox, the
    /// code never changes.
    pub passcode: String,
    /// Name of an agency. In the sandbox, the account of the user delegates its rights to itself with this agency.
    pub agency_name: String,
    /// URN (resource name) of the agency, for the Security Token Service.
    pub agency_urn: String,
    /// ID of an identity provider in IAM.
    pub identity_provider: String,
    /// URN (resource name) of the identity provider, for the Security Token Service.
    pub provider_urn: String,
    /// An ID token of the identity provider.
    pub id_token: String,
    /// The URL from which a container gets credentials.
    pub container_uri: String,
    /// The token that a container sends to `container_uri`.
    pub container_token: String,
    /// The token that the metadata service issues.
    #[serde(skip)]
    pub(crate) metadata_token: String,
}

impl Issuers {
    pub(crate) fn new(user_id: String, domain_id: &str, metadata: &str) -> Self {
        // An ID token has three parts, like a JSON Web Token. The parts are random text, because the sandbox only
        // compares the whole token.
        let part = || random::alphanumeric(40);
        Self {
            user_id,
            passcode: "314159".to_owned(),
            agency_name: "sandbox-agency".to_owned(),
            agency_urn: format!("iam::{domain_id}:agency:sandbox-agency"),
            identity_provider: "sandbox-provider".to_owned(),
            provider_urn: format!("iam::{domain_id}:oidcProvider:sandbox-provider"),
            id_token: format!("{}.{}.{}", part(), part(), part()),
            container_uri: format!("{metadata}/container/credentials"),
            container_token: random::alphanumeric(64),
            metadata_token: random::alphanumeric(64),
        }
    }
}

impl fmt::Debug for Issuers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuers")
            .field("user_id", &self.user_id)
            .field("agency_name", &self.agency_name)
            .field("agency_urn", &self.agency_urn)
            .field("identity_provider", &self.identity_provider)
            .field("provider_urn", &self.provider_urn)
            .field("container_uri", &self.container_uri)
            .finish_non_exhaustive()
    }
}
