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
//! These places are searched in this order. The first place with credentials wins. If no place has credentials, the
//! error lists each place with its reason. A half-set credential (an access key without its secret) is an error. If a
//! named cloud, profile or file has no credentials, that is an error. The same is true for a cloud or profile that its
//! file has twice. A blank setting counts as not set. A debug line in the log names
//! the place that was used, and the other places with settings.
//!
//! | | credentials | where | project |
//! |---|---|---|---|
//! | 0 | any | [`Loader::with_settings`] | |
//! | 1 | access key | `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK`, `HUAWEICLOUD_SDK_SECURITY_TOKEN`, `HUAWEICLOUD_SDK_DOMAIN_ID` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 2 | access key | `HW_ACCESS_KEY`, `HW_SECRET_KEY`, `HW_SECURITY_TOKEN`, `HW_DOMAIN_ID` | `HW_PROJECT_ID` |
//! | 3 | access key | `OTC_SDK_AK`, `OTC_SDK_SK`, `OTC_SDK_SECURITY_TOKEN` | `OTC_SDK_PROJECT_ID` or `OTC_SDK_PROJECTID` |
//! | 4 | access key | `OS_ACCESS_KEY` (or `_ID`, `OS_AK`), `OS_SECRET_KEY` (or `OS_ACCESS_KEY_SECRET`, `OS_SK`), `OS_SECURITY_TOKEN` (or `OS_AKSK_SECURITY_TOKEN`, `OS_ST`), the account's id as in row 7 | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 5 | token | `OS_TOKEN`, `OS_TOKEN_ID` or `OS_AUTH_TOKEN`, if there is no `OS_USERNAME` | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 6 | token | `HW_AUTH_TOKEN` | `HW_PROJECT_ID` |
//! | 7 | password | `OS_USERNAME` with `OS_USER_DOMAIN_NAME`, `OS_DOMAIN_NAME`, `OS_DEFAULT_DOMAIN_NAME` or the same with `_ID`, else `OS_PROJECT_DOMAIN_NAME` or `_ID`. Or `OS_USERID` (`OS_USER_ID`). `OS_PASSWORD`. `OS_PASSCODE` for a virtual MFA device, which needs the user's id too | `OS_PROJECT_ID` or `OS_TENANT_ID`, else `OS_PROJECT_NAME` or `OS_TENANT_NAME` |
//! | 8 | password | `HW_USER_NAME` with `HW_DOMAIN_NAME` or `HW_DOMAIN_ID`, or `HW_USER_ID`; `HW_USER_PASSWORD` | `HW_PROJECT_ID`, else `HW_PROJECT_NAME` |
//! | 9 | a cloud of `clouds.yaml`: key, token or password | the one that `OS_CLOUD` or [`Loader::with_cloud`] names, else the only one; see below | `auth.project_id`, else `auth.project_name` |
//! | 10 | a profile of `~/.huaweicloud/credentials` (`HUAWEICLOUD_SDK_CREDENTIALS_FILE`): `ak`, `sk`, `security_token`, or `idp_id`, `id_token_file` | the one that `HUAWEICLOUD_PROFILE`, `HW_PROFILE` or [`Loader::with_profile`] names, else `[basic]`, `[global]` or `[default]`. A named profile is never replaced by another. `HW_PROFILE` may be one of row 11. Also `domain_id`, `iam_endpoint`, `region` | `project_id` |
//! | 11 | access key, or that of a single sign-on (`mode`) | the profile that `HW_PROFILE` or the file names, in `HW_SHARED_CONFIG_FILE` or `~/.hcloud/config.json` of Huawei Cloud's command line, if it is not encrypted | `projectId` |
//! | 12 | OpenID Connect, at the Security Token Service | `HUAWEICLOUD_OIDC_PROVIDER_URN`, `_AGENCY_URN`, `_TOKEN_FILE` or `_ID_TOKEN`; `_SESSION_NAME`, `_DURATION_SECONDS`, `_POLICY`, `_POLICY_IDS` | as in rows 1 to 4 |
//! | 13 | identity provider, at IAM; before an access key beside it | `HUAWEICLOUD_SDK_IDP_ID`, `HUAWEICLOUD_SDK_ID_TOKEN_FILE` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 14 | container | `HC_CONTAINER_CREDENTIALS_FULL_URI`, `HC_CONTAINER_AUTHORIZATION_TOKEN_FILE` | as in rows 1 to 4 |
//! | 15 | elastic cloud server | its metadata service (`HUAWEICLOUD_METADATA_ENDPOINT`), unless `HUAWEICLOUD_METADATA_DISABLED` is set | as in rows 1 to 4 |
//!
//! `OS_AUTH_TYPE`, and `auth_type` in `clouds.yaml`, set the method of rows 4, 5, 7 and 9. The methods are `password`,
//! `token`, their forms with `v3`, `v3multifactor` (a password and a code), and `aksk`. Settings of other methods are
//! then ignored. Another method is an error before anything is sent.
//!
//! Settings of different rows are never mixed; this is true for projects, too. A password without a project is for the
//! project that has the region's name. It needs a region or an address of IAM, so that it is not sent to the wrong
//! cloud.
//!
//! Rows 2, 4 to 9 and 11 may name an agency. The credentials then act as this agency. A token becomes a token of the
//! agency. An access key becomes temporary keys of the agency. If variables name an agency but have no credentials of
//! their kind, that is an error. Credentials of another row would act as themselves, perhaps in another account.
//!
//! * `OS_AGENCY_NAME` with `OS_AGENCY_DOMAIN_NAME` (or `OS_TARGET_AGENCY_NAME`, `OS_TARGET_DOMAIN_NAME`) and `OS_DELEGATED_PROJECT`
//! * `HW_ASSUME_ROLE_AGENCY_NAME` with `HW_ASSUME_ROLE_DOMAIN_NAME` or `_ID`, and `HW_ASSUME_ROLE_DURATION`
//! * `agency_name`, `agency_domain_name` and `delegated_project` in `clouds.yaml`
//! * `agencyName` and `agencyDomainName` in row 11
//!
//! Variables whose names begin with `AWS_` and `S3_` are not read, although some tools for Open Telekom Cloud read
//! them. They usually belong to another cloud.
//!
//! `OS_PROFILE` and `HW_MAX_RETRIES` are not read, because they are no credentials. The program sets retries (`retry`).
//! `OS_CLIENT_CONFIG_FILE` is read, `OS_CLIENT_CONFIG_PATH` is not.
//!
//! # clouds.yaml
//! These files are read as openstacksdk reads them; a test compares the two.
//!
//! * The file is the one in `OS_CLIENT_CONFIG_FILE`, else `clouds.yaml`, `clouds.yml` or `clouds.json` in the current
//!   folder, `~/.config/openstack` (`XDG_CONFIG_HOME`), `/etc/xdg/openstack` or `/etc/openstack`.
//! * `secure.yaml` in one of these folders (`OS_CLIENT_SECURE_FILE`) overrides it, and may add clouds. A blank value
//!   overrides nothing.
//! * If a cloud is named, `OS_` variables with credentials are ignored. `OS_PASSWORD` is read if the cloud has no
//!   password. If no cloud is named, variables such as `OS_AUTH_URL` override the only cloud.
//! * `profile` (or `cloud`) adds settings from `clouds-public.yaml` (`OS_CLIENT_VENDOR_FILE`). For `otc` and
//!   `otc-swiss` they are built in. `{region_name}` in `auth_url` is the region.
//! * The region is that of the program, `HUAWEICLOUD_REGION` or `OS_REGION_NAME`, else the first of `regions`. A region
//!   that is not in that list is an error. The `values` of the region override those of the cloud.
//! * Keys may have hyphens, and settings of `auth` may stand outside of it.
//! * If YAML 1.1 reads a name or a password as a number or a boolean, that is an error. Put it in quotation marks:
//!   other tools change it.
//!
//! # Certificates
//! Rows 4, 5, 7 and 9 may name certificates. They are used for the login and for all calls. `cacert` in `clouds.yaml`,
//! else `OS_CACERT` (`OS_CA_CERT`), is a file of certificate authorities, trusted in addition to those of the platform.
//! `cert` and `key` (`OS_CERT`, `OS_KEY`) are the files of the client's certificate and its key. `cert` alone may hold
//! both.
//!
//! Certificates are always checked. `verify: false` and `insecure: true` in `clouds.yaml`, `OS_INSECURE` and
//! `HW_INSECURE` are errors. The error recommends `cacert`. A certificate in the program's settings overrides
//! the one that is found. An HTTP client in the settings overrides all certificates.
//!
//! # Renewal
//! Credentials that end are renewed in time. All callers share one fetch, and not each call fetches: see
//! [`PasswordCredentials`]. Files with tokens are read again each time. Before the first call, a request goes to the
//! metadata service only, to know whether it exists. Outside of the cloud, this takes a second at most, and is no
//! error.
//!
//! The number of fetches has a limit in time, whatever IAM and the services answer. A refused login is remembered.
//! Until it is tried again, calls fail with the same error.
//!
//! The log has a warning in these cases:
//!
//! * Other users of the machine can read a file with secrets.
//! * Passwords or tokens go to an address without TLS. If the `auth_url` is in a `clouds.yaml` of the current folder, that is an error.
//! * A file in a usual place cannot be read. A named file that cannot be read is an error. So is an unreadable `regions.yaml`.
//!
//! # Project and account
//! If neither the place nor the settings have a project id, the first call that needs it asks IAM, once. IAM finds it
//! by the project's name: `HW_PROJECT_NAME`, `OTC_SDK_PROJECTNAME`, `OS_PROJECT_NAME` or `auth.project_name`. Without a
//! name, it is the project that has the region's name, which every account has. The account id is found in the same
//! way, for signed requests without a project. See [`Lookup`].
//!
//! # Region and endpoints
//! The region is the first of these:
//!
//! 1. `HUAWEICLOUD_REGION`
//! 2. the region in the place of the credentials: `HW_REGION_NAME`, `OTC_SDK_REGION`, `OS_REGION_NAME` or `region_name`
//! 3. the part of the project's name before the underscore, if it looks like a region (`eu-de_team`)
//! 4. the region in variables of another kind
//!
//! `HUAWEICLOUD_ENDPOINT_DCS`, `HUAWEICLOUD_ENDPOINT_ROMA_LINK`, `HUAWEICLOUD_ENDPOINT_IAM` and
//! `HUAWEICLOUD_ENDPOINT_STS` (or `HUAWEICLOUD_SDK_STS_ENDPOINT`) are the addresses of services. The address of IAM may
//! also be in the place of the credentials: `HUAWEICLOUD_SDK_IAM_ENDPOINT`, `HW_AUTH_URL`, `OTC_IAM_ENDPOINT`,
//! `OS_AUTH_URL`, `auth.auth_url` or `iam_endpoint`. `/v3`, `/v3.0` and `/v3/auth/tokens` at the end of an address of
//! IAM are removed. Another version is an error. If the program's settings have the credentials,
//! `HUAWEICLOUD_SDK_IAM_ENDPOINT` or `OTC_IAM_ENDPOINT` is the address of IAM.
//!
//! Next come addresses for one region, and last the documented addresses. The region need not be documented. Variables
//! such as `HUAWEICLOUD_SDK_REGION_DCS_EU_DE` have one address, or several with commas between them. The service is
//! `DCS`, `ROMA`, `IAM` or `STS`. The region is the one in use, or one of IAM. After these variables comes the file
//! that `HUAWEICLOUD_SDK_REGIONS_FILE` names, else `~/.huaweicloud/regions.yaml`:
//!
//! ```yaml
//! DCS:
//!   - id: eu-de
//!     endpoint: https://dcs.example.com/prefix
//!   - id: lab-1
//!     endpoints: [https://one.example.com, https://two.example.com]
//! ```
//!
//! With the credentials of rows 2, 6 and 8, `HW_CLOUD` comes between the variables and the file. It is the domain of
//! all addresses: `https://<service>.<region>.<domain>`. The value `myhuaweicloud.com` changes nothing: the documented
//! addresses are there.
//!
//! If a service is not documented in a region, the error names the most similar regions. An address for an unknown
//! service is an error, too.
//!
//! The settings of a [`Loader`] override all of this. It also takes other environments, folders and addresses.

mod address;
mod chain;
mod context;
mod credential;
mod loader;
mod login;
mod lookup;
mod provider;
mod renewing;
#[rustfmt::skip]
mod services;
mod settings;
mod source;

pub use loader::Loader;
pub use login::{Account, Login, Scope};
pub use lookup::Lookup;
pub use provider::{
    Agency, AgencyCredentials, ContainerCredentials, IdToken, IdentityProviderCredentials,
    MetadataCredentials, Oidc, OidcCredentials, PasswordCredentials, TemporaryKeyCredentials,
};

use huaweicloud_core::{Config, Error};

/// The configuration of this machine: from variables, files, and the identity that the platform gives to the program.
///
/// A password is exchanged for a token at the first call, not before. If no other place has credentials, one request goes to
/// the metadata service. Otherwise nothing is sent.
///
/// # Errors
/// There are no credentials, and the error lists the places that were searched. Credentials are half-set, or a value cannot be used.
pub async fn load() -> Result<Config, Error> {
    Loader::new().load().await
}
