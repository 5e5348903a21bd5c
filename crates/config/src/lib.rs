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
//! These places are asked in this order, and the first that has credentials wins. If none has, the error lists each place, and why it has
//! none. A half-set credential (an access key without its secret) is an error. So is a cloud, a profile or a file that is named and has
//! none, or that its file has twice. A blank setting counts as not set. A debug line in the log says what was taken and what else is set.
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
//! | 7 | password | `OS_USERNAME` with `OS_USER_DOMAIN_NAME`, `OS_DOMAIN_NAME`, `OS_DEFAULT_DOMAIN_NAME` or the same with `_ID`, else `OS_PROJECT_DOMAIN_NAME` or `_ID`; or `OS_USERID` (`OS_USER_ID`); `OS_PASSWORD`; `OS_PASSCODE` for a virtual MFA device, which needs the user's id too | `OS_PROJECT_ID` or `OS_TENANT_ID`, else `OS_PROJECT_NAME` or `OS_TENANT_NAME` |
//! | 8 | password | `HW_USER_NAME` with `HW_DOMAIN_NAME` or `HW_DOMAIN_ID`, or `HW_USER_ID`; `HW_USER_PASSWORD` | `HW_PROJECT_ID`, else `HW_PROJECT_NAME` |
//! | 9 | a cloud of `clouds.yaml`: key, token or password | the one that `OS_CLOUD` or [`Loader::with_cloud`] names, else the only one; see below | `auth.project_id`, else `auth.project_name` |
//! | 10 | a profile of `~/.huaweicloud/credentials` (`HUAWEICLOUD_SDK_CREDENTIALS_FILE`): `ak`, `sk`, `security_token`, or `idp_id`, `id_token_file` | the one that `HUAWEICLOUD_PROFILE`, `HW_PROFILE` or [`Loader::with_profile`] names, else `[basic]`, `[global]` or `[default]` (a named one is never replaced by another; `HW_PROFILE` may be one of row 11); also `domain_id`, `iam_endpoint`, `region` | `project_id` |
//! | 11 | access key, or that of a single sign-on (`mode`) | the profile that `HW_PROFILE` or the file names, in `HW_SHARED_CONFIG_FILE` or `~/.hcloud/config.json` of Huawei Cloud's command line, if it is not encrypted | `projectId` |
//! | 12 | OpenID Connect, at the Security Token Service | `HUAWEICLOUD_OIDC_PROVIDER_URN`, `_AGENCY_URN`, `_TOKEN_FILE` or `_ID_TOKEN`; `_SESSION_NAME`, `_DURATION_SECONDS`, `_POLICY`, `_POLICY_IDS` | as in rows 1 to 4 |
//! | 13 | identity provider, at IAM; before an access key beside it | `HUAWEICLOUD_SDK_IDP_ID`, `HUAWEICLOUD_SDK_ID_TOKEN_FILE` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 14 | container | `HC_CONTAINER_CREDENTIALS_FULL_URI`, `HC_CONTAINER_AUTHORIZATION_TOKEN_FILE` | as in rows 1 to 4 |
//! | 15 | elastic cloud server | its metadata service (`HUAWEICLOUD_METADATA_ENDPOINT`), unless `HUAWEICLOUD_METADATA_DISABLED` is set | as in rows 1 to 4 |
//!
//! `OS_AUTH_TYPE`, and `auth_type` in `clouds.yaml`, state the method of rows 4, 5, 7 and 9: `password`, `token`, their forms with `v3`,
//! `v3multifactor` of a password and a code, or `aksk`. What is left over of other methods does not count then. Another method is an
//! error before anything is sent.
//!
//! What belongs together is never mixed between rows, and neither are projects. A password without a project is for the project that
//! has the region's name. It needs a region or an address of IAM, so that it is not sent to the wrong cloud.
//!
//! Rows 2, 4 to 9 and 11 may name an agency that the credentials act as: `OS_AGENCY_NAME` with `OS_AGENCY_DOMAIN_NAME` (or
//! `OS_TARGET_AGENCY_NAME`, `OS_TARGET_DOMAIN_NAME`) and `OS_DELEGATED_PROJECT`; `HW_ASSUME_ROLE_AGENCY_NAME` with
//! `HW_ASSUME_ROLE_DOMAIN_NAME` or `_ID`, and `HW_ASSUME_ROLE_DURATION`; `agency_name`, `agency_domain_name` and `delegated_project` in
//! `clouds.yaml`; `agencyName` and `agencyDomainName` in row 11. A token becomes a token of the agency, an access key temporary keys of it. An agency in variables without any credentials
//! of their kind is an error: those of another row would act as themselves, in another account perhaps.
//!
//! Variables named `AWS_` and `S3_`, which some tools for Open Telekom Cloud read too, are not asked: they belong to another cloud more
//! often than not.
//!
//! Not read either, because they do not say who calls: `OS_PROFILE`, and `HW_MAX_RETRIES`, which belongs into the program's settings
//! (`retry`). `OS_CLIENT_CONFIG_PATH` is not read; `OS_CLIENT_CONFIG_FILE` is.
//!
//! # clouds.yaml
//! These files are read as openstacksdk reads them; a test compares the two.
//!
//! * The file is that of `OS_CLIENT_CONFIG_FILE`, else `clouds.yaml`, `clouds.yml` or `clouds.json` in the current folder,
//!   `~/.config/openstack` (`XDG_CONFIG_HOME`), `/etc/xdg/openstack` or `/etc/openstack`.
//! * `secure.yaml` in one of these folders (`OS_CLIENT_SECURE_FILE`) goes over it, also with clouds of its own. A blank replaces nothing.
//! * If a cloud is named, `OS_` variables with credentials do not count, but for `OS_PASSWORD` where the cloud has no password. If none
//!   is named, variables such as `OS_AUTH_URL` go before the only cloud.
//! * `profile` (or `cloud`) completes a cloud: by `clouds-public.yaml` (`OS_CLIENT_VENDOR_FILE`), else by what is known of `otc` and
//!   `otc-swiss`. `{region_name}` in `auth_url` is the region.
//! * The region is that of the program, `HUAWEICLOUD_REGION` or `OS_REGION_NAME`, else the first of `regions`. One that is not in that
//!   list is an error. The region's own `values` go over the cloud's.
//! * Keys may have hyphens, and settings of `auth` may stand outside of it.
//! * A name or a password without quotation marks that YAML 1.1 takes for a number or a truth value is an error: other tools change it.
//!
//! # Certificates
//! Rows 4, 5, 7 and 9 may name certificates, for logging in and for all calls: `cacert` in `clouds.yaml`, else `OS_CACERT` (`OS_CA_CERT`),
//! is a file of authorities that are trusted besides the platform's; `cert` and `key` (`OS_CERT`, `OS_KEY`) are the files of the client's
//! own certificate and its key, or `cert` alone one file of both.
//!
//! Certificates are always checked: `verify: false` and `insecure: true` in `clouds.yaml`, `OS_INSECURE` and `HW_INSECURE` are errors that
//! say so, and name `cacert` as the cure. A certificate in the settings goes before the one that is found, and an HTTP client in the
//! settings before all of this.
//!
//! # Renewal
//! What ends is renewed in time, by one fetch for all who wait, and never at every call: see [`PasswordCredentials`]. Files with tokens
//! are read again each time. Nothing is sent before the first call, but for the metadata service, which has to be asked whether it is
//! there. Off the cloud that takes a second at most where nothing answers, and is no error by itself.
//!
//! The number of fetches is bounded by time, whatever IAM and services answer: a refused login is remembered, and calls fail with it
//! meanwhile.
//!
//! A file with secrets that others on the machine can read is a warning in the log. So is an address to which passwords or tokens would go in
//! clear; if a `clouds.yaml` of the current folder has such an `auth_url`, it is an error. So is one that nobody named, that is there and
//! cannot be read, and is passed over for that; a `regions.yaml` that cannot be read is an error.
//!
//! # Project and account
//! Where neither the place nor the settings name a project's id, IAM is asked for it, once, at the first call that needs it: for the
//! project's name (`HW_PROJECT_NAME`, `OTC_SDK_PROJECTNAME`, `OS_PROJECT_NAME`, `auth.project_name`), else for the region's, by which
//! every account has one. The account is looked up likewise, for signed requests that belong to no project. See [`Lookup`].
//!
//! # Region and endpoints
//! The region is `HUAWEICLOUD_REGION`, else that of the credentials' own place (`HW_REGION_NAME`, `OTC_SDK_REGION`, `OS_REGION_NAME`,
//! `region_name`), else what stands before the underscore of its project's name if that looks like a region (`eu-de_team`), else that
//! of another kind of variables.
//!
//! `HUAWEICLOUD_ENDPOINT_DCS`, `HUAWEICLOUD_ENDPOINT_ROMA_LINK`, `HUAWEICLOUD_ENDPOINT_IAM` and `HUAWEICLOUD_ENDPOINT_STS` (or
//! `HUAWEICLOUD_SDK_STS_ENDPOINT`) give the address of a service. IAM's is else that of the credentials' own place:
//! `HUAWEICLOUD_SDK_IAM_ENDPOINT`, `HW_AUTH_URL`, `OTC_IAM_ENDPOINT`, `OS_AUTH_URL`, `auth.auth_url` or `iam_endpoint`. `/v3`,
//! `/v3.0` and `/v3/auth/tokens` at the end of an address of IAM are left out, wherever it is given; another version is an error.
//! For credentials in the settings it is `HUAWEICLOUD_SDK_IAM_ENDPOINT` or `OTC_IAM_ENDPOINT`.
//!
//! Behind these, and before the documented addresses, come those for one region, also for one that is not documented:
//! `HUAWEICLOUD_SDK_REGION_DCS_EU_DE` and the like (`DCS`, `ROMA`, `IAM` or `STS`, and the region in use or one that IAM has; several
//! addresses are separated by commas), then the file that `HUAWEICLOUD_SDK_REGIONS_FILE` names or `~/.huaweicloud/regions.yaml`:
//!
//! ```yaml
//! DCS:
//!   - id: eu-de
//!     endpoint: https://dcs.example.com/prefix
//!   - id: lab-1
//!     endpoints: [https://one.example.com, https://two.example.com]
//! ```
//!
//! `HW_CLOUD` goes between the two, with the credentials of rows 2, 6 and 8: the domain of all addresses, which are
//! `https://<service>.<region>.<domain>` then. `myhuaweicloud.com`, where the documented ones are, changes nothing.
//!
//! A region that a service is not documented for is an error that names the nearest ones. So is an address for an
//! unknown service, given by the program or by a variable.
//!
//! [`Loader`] takes settings that go before all of this, and other environments, folders and addresses.

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

/// The configuration that this machine gives: variables, files, and what vouches for the program.
///
/// Nothing is sent, but for the metadata service where nothing else has credentials: a password becomes a token at the first call.
///
/// # Errors
/// No credentials (the error lists where they were looked for), half-set ones, or a value that cannot be used.
pub async fn load() -> Result<Config, Error> {
    Loader::new().load().await
}
