use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Addresses, Issuers};

/// What a client needs to talk to a running sandbox: the line of JSON that the binary prints.
///
/// The passwords and keys in it open nothing but this sandbox. `Debug` still leaves them out, because a test that
/// prints a value rarely wants to print a credential.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Details {
    /// Base addresses by service.
    #[serde(flatten)]
    pub addresses: Addresses,
    /// The certificate that clients have to trust if an address is https, as PEM. If no address is https, it is not in
    /// the JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<String>,
    /// The user, the project and the instance that exist at the start.
    #[serde(flatten)]
    pub tenant: Tenant,
    /// Other sources of credentials of the same user.
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

/// The content of a new database. A database in a file keeps it.
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
    /// Secret key that belongs to the access key.
    pub secret_key: String,
    /// ID of a ROMA Connect instance that exists.
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
