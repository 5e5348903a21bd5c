//! Credentials that IAM, the Security Token Service, a metadata service or a container's credentials service issues.
//! Each kind of credentials has its own file. The other files contain types and functions that several of these
//! files use.

mod agency;
mod container;
pub(crate) mod iam;
mod id_token;
mod identity_provider;
mod key_json;
mod local_http;
mod metadata;
mod oidc;
mod password;
mod refusals;
mod temporary;

pub use agency::{Agency, AgencyCredentials};
pub use container::ContainerCredentials;
pub use id_token::IdToken;
pub use identity_provider::IdentityProviderCredentials;
pub use metadata::MetadataCredentials;
pub use oidc::{Oidc, OidcCredentials};
pub use password::PasswordCredentials;
pub use temporary::TemporaryKeyCredentials;
