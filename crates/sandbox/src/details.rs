use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Addresses, Issuers};

/// The data that a client needs to use a running sandbox. The program `huaweicloud-sandbox` prints this data as one
/// line of JSON.
///
/// The password and the keys are valid only for this sandbox, and for later sandboxes with the same data file. `Debug`
/// does not print the secrets, because a test that prints this struct rarely needs them.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Details {
    /// The base address of each service.
    #[serde(flatten)]
    pub addresses: Addresses,
    /// The certificate of the sandbox's certificate authority, as PEM. If an address begins with `https`, clients must
    /// trust this certificate. Otherwise, the value is `None`, and the JSON does not contain this field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<String>,
    /// The user, the project and the instance that exist at the start.
    #[serde(flatten)]
    pub tenant: Tenant,
    /// Other sources of credentials for the user, such as an agency and an identity provider.
    #[serde(flatten)]
    pub issuers: Issuers,
}

impl std::ops::Deref for Details {
    type Target = Tenant;

    fn deref(&self) -> &Tenant {
        &self.tenant
    }
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details")
            .field("addresses", &self.addresses)
            .field("tenant", &self.tenant)
            .field("issuers", &self.issuers)
            .finish()
    }
}

/// The names, IDs and credentials that the sandbox stores in a new database. A data file keeps these values for later
/// runs.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tenant {
    /// ID of the project, 32 hexadecimal digits.
    pub project_id: String,
    /// Name of the project.
    pub project_name: String,
    /// ID of the domain (the account), 32 hexadecimal digits.
    pub domain_id: String,
    /// Name of the domain.
    pub domain_name: String,
    /// Name of the user.
    pub user_name: String,
    /// Password of the user.
    pub password: String,
    /// Permanent access key of the user.
    pub access_key: String,
    /// Secret key of the access key.
    pub secret_key: String,
    /// ID of the ROMA Connect instance that exists at the start.
    pub instance_id: String,
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant")
            .field("project_id", &self.project_id)
            .field("project_name", &self.project_name)
            .field("domain_id", &self.domain_id)
            .field("domain_name", &self.domain_name)
            .field("user_name", &self.user_name)
            .field("password", &"***")
            .field("access_key", &self.access_key)
            .field("secret_key", &"***")
            .field("instance_id", &self.instance_id)
            .finish()
    }
}
