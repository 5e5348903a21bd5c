//! Finds credentials, region and endpoints for the unofficial Huawei Cloud and Open Telekom Cloud clients.
//!
//! ```no_run
//! # async fn example() -> Result<(), huaweicloud_core::Error> {
//! let config = huaweicloud_config::load().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Credentials
//! The environment is asked in this order, and the first that answers wins. A half-set one (an access key without its secret) is
//! an error, never passed over. An empty variable counts as not set.
//!
//! | | credentials | variables | project |
//! |---|---|---|---|
//! | 1 | access key | `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK`, `HUAWEICLOUD_SDK_SECURITY_TOKEN`, `HUAWEICLOUD_SDK_DOMAIN_ID` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 2 | access key | `HW_ACCESS_KEY`, `HW_SECRET_KEY`, `HW_SECURITY_TOKEN`, `HW_DOMAIN_ID` | `HW_PROJECT_ID` |
//! | 3 | access key | `OTC_SDK_AK`, `OTC_SDK_SK`, `OTC_SDK_SECURITY_TOKEN` | `OTC_SDK_PROJECT_ID` or `OTC_SDK_PROJECTID` |
//! | 4 | access key | `OS_ACCESS_KEY`, `OS_SECRET_KEY`, `OS_SECURITY_TOKEN`, `OS_DOMAIN_ID` | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 5 | token | `OS_TOKEN` | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 6 | token | `HW_AUTH_TOKEN` | `HW_PROJECT_ID` |
//! | 7 | password | `OS_USERNAME`, `OS_PASSWORD`, `OS_USER_DOMAIN_NAME` or `OS_DOMAIN_NAME` | `OS_PROJECT_ID` or `OS_TENANT_ID`, else `OS_PROJECT_NAME` or `OS_TENANT_NAME` |
//! | 8 | password | `HW_USER_NAME`, `HW_USER_PASSWORD`, `HW_DOMAIN_NAME` | `HW_PROJECT_ID`, else `HW_PROJECT_NAME` |
//!
//! The access key's secret and the password's user name are never mixed between rows, and neither are their projects. A password
//! without a project is for the project that has the region's name. It needs a region or an address of IAM, so that it is not
//! sent to the wrong cloud.
//!
//! # Region and endpoints
//! The region is `HUAWEICLOUD_REGION`, else that of the credentials' own kind of names (`HW_REGION_NAME`, `OTC_SDK_REGION`,
//! `OS_REGION_NAME`), else what stands before the underscore of `OS_PROJECT_NAME` or `HW_PROJECT_NAME` if it looks like a region
//! (`eu-de_team`), else another kind's.
//!
//! `HUAWEICLOUD_ENDPOINT_DCS`, `HUAWEICLOUD_ENDPOINT_ROMA_LINK` and `HUAWEICLOUD_ENDPOINT_IAM` give the address of a service.
//! IAM's is else that of the credentials' own kind of names: `HUAWEICLOUD_SDK_IAM_ENDPOINT`, `HW_AUTH_URL`, `OTC_IAM_ENDPOINT`
//! or `OS_AUTH_URL`, with or without `/v3` at its end.
//!
//! [`Loader`] takes settings that go before all of this, and other environments.

mod environment;
mod family;
mod files;
mod folders;
mod loader;
mod login;
mod lookup;
mod place;
mod provider;
mod regions;
mod renewing;
mod source;
mod table;

pub use loader::Loader;
pub use login::{Account, Login, Scope};
pub use lookup::Lookup;
pub use provider::{
    Agency, AgencyCredentials, ContainerCredentials, IdToken, IdentityProviderCredentials,
    MetadataCredentials, Oidc, OidcCredentials, PasswordCredentials, TemporaryKeyCredentials,
};

use huaweicloud_core::{Config, Error};

/// The configuration that the process environment gives.
///
/// Nothing is sent: a password becomes a token at the first call.
///
/// # Errors
/// No credentials (the error lists where they were looked for), half-set ones, or a value that cannot be used.
pub async fn load() -> Result<Config, Error> {
    Loader::new().load().await
}
