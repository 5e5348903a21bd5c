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
//! [`load`] searches these sources in this order, and uses the first source that has credentials. A setting that is
//! empty or contains only white space counts as not set. In these cases, [`load`] returns an error:
//!
//! * No source has credentials. The error lists each source with the reason.
//! * Credentials are incomplete, such as an access key without its secret.
//! * A cloud, a profile, or a file with profiles is named, but is missing or has no credentials.
//! * `OS_CLIENT_CONFIG_FILE` names a file that does not exist. Or the file contains several clouds, and no cloud is
//!   named.
//! * A YAML file contains two clouds with the same name. Or `~/.huaweicloud/credentials` contains two profiles with the
//!   same name.
//!
//! A debug message in the log names the used source, and the later sources that also have settings.
//!
//! | | credentials | settings | project |
//! |---|---|---|---|
//! | 0 | any | [`Loader::with_settings`] | |
//! | 1 | access key | `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK`, `HUAWEICLOUD_SDK_SECURITY_TOKEN`, `HUAWEICLOUD_SDK_DOMAIN_ID` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 2 | access key | `HW_ACCESS_KEY`, `HW_SECRET_KEY`, `HW_SECURITY_TOKEN`, `HW_DOMAIN_ID` | `HW_PROJECT_ID` |
//! | 3 | access key | `OTC_SDK_AK`, `OTC_SDK_SK`, `OTC_SDK_SECURITY_TOKEN` | `OTC_SDK_PROJECT_ID` or `OTC_SDK_PROJECTID` |
//! | 4 | access key | `OS_ACCESS_KEY` (or `OS_ACCESS_KEY_ID`, `OS_AK`), `OS_SECRET_KEY` (or `OS_ACCESS_KEY_SECRET`, `OS_SK`), `OS_SECURITY_TOKEN` (or `OS_AKSK_SECURITY_TOKEN`, `OS_ST`). The variables for the account's id are in row 7. | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 5 | token | `OS_TOKEN`, `OS_TOKEN_ID` or `OS_AUTH_TOKEN`, if `OS_USERNAME` and `OS_USERID` are not set | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 6 | token | `HW_AUTH_TOKEN` | `HW_PROJECT_ID` |
//! | 7 | password | `OS_PASSWORD`, and `OS_USERNAME` or `OS_USERID` (or `OS_USER_ID`). `OS_USERNAME` needs the account: `OS_USER_DOMAIN_NAME`, `OS_DOMAIN_NAME` or `OS_DEFAULT_DOMAIN_NAME`, otherwise `OS_PROJECT_DOMAIN_NAME`. Each of these names can also end in `_ID` instead of `_NAME`. `OS_PASSCODE` is the code of a virtual MFA device, and needs the user's id. | `OS_PROJECT_ID` or `OS_TENANT_ID`, otherwise `OS_PROJECT_NAME` or `OS_TENANT_NAME` |
//! | 8 | password | `HW_USER_PASSWORD`, and `HW_USER_NAME` or `HW_USER_ID`. `HW_USER_NAME` needs `HW_DOMAIN_NAME` or `HW_DOMAIN_ID`. | `HW_PROJECT_ID`, otherwise `HW_PROJECT_NAME` |
//! | 9 | access key, token or password in a cloud of `clouds.yaml` | `OS_CLOUD` or [`Loader::with_cloud`] names the cloud. If no cloud is named, the file must contain only one cloud. See below. | `auth.project_id`, otherwise `auth.project_name` |
//! | 10 | access key or identity provider in a profile of `~/.huaweicloud/credentials` (`HUAWEICLOUD_SDK_CREDENTIALS_FILE`) | `HUAWEICLOUD_PROFILE`, `HW_PROFILE` or [`Loader::with_profile`] names the profile. Otherwise the profile is `[basic]`, `[global]` or `[default]`. The settings are `ak`, `sk`, `security_token`, or `idp_id`, `id_token_file`. Also `domain_id`, `iam_endpoint`, `region`. `HW_PROFILE` may also name a profile of row 11. | `project_id` |
//! | 11 | access key, or the temporary key of a single sign-on (`mode`) | a profile in `~/.hcloud/config.json` (`HW_SHARED_CONFIG_FILE`), the file of Huawei Cloud's command line. The file must not be encrypted. `HW_PROFILE` or the file names the profile. | `projectId` |
//! | 12 | OpenID Connect, at the Security Token Service | `HUAWEICLOUD_OIDC_PROVIDER_URN`, `HUAWEICLOUD_OIDC_AGENCY_URN`, `HUAWEICLOUD_OIDC_TOKEN_FILE` or `HUAWEICLOUD_OIDC_ID_TOKEN`. Also the variables with the same prefix and `SESSION_NAME`, `DURATION_SECONDS`, `POLICY`, `POLICY_IDS`. | as in rows 1 to 4 |
//! | 13 | identity provider, at IAM. If all its settings are set, it overrides an access key of row 1. | `HUAWEICLOUD_SDK_IDP_ID`, `HUAWEICLOUD_SDK_ID_TOKEN_FILE` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 14 | container | `HC_CONTAINER_CREDENTIALS_FULL_URI`, `HC_CONTAINER_AUTHORIZATION_TOKEN_FILE` | as in rows 1 to 4 |
//! | 15 | elastic cloud server | its metadata service (`HUAWEICLOUD_METADATA_ENDPOINT`), if `HUAWEICLOUD_METADATA_DISABLED` is not set or is `false` | as in rows 1 to 4 |
//!
//! `OS_AUTH_TYPE`, and `auth_type` in `clouds.yaml`, set the login method of rows 4, 5, 7 and 9. The methods are
//! `password`, `token`, `v3password`, `v3token`, `v3multifactor` (a password and a code), `aksk` and `v3aksk`. If one
//! of these methods is set, settings of other methods are ignored. If the method is not in this list, [`load`] returns
//! an error before it sends a request. If the only cloud of a file has such a method and is not named, [`load`] skips
//! this cloud instead.
//!
//! As a rule, [`load`] uses the settings of only one row. For example, an access key of row 1 is not used with the
//! project of row 2. This page names the exceptions.
//!
//! A password login without a project uses the project with the region's name, if a region is set. A password needs a
//! region or an address of IAM. Without a region and an address, the password could be sent to the wrong cloud.
//!
//! The settings of rows 2, 4 to 9 and 11 may name an agency. The credentials then act as this agency. A token is
//! exchanged for a token of the agency. An access key is exchanged for temporary keys of the agency. If variables name
//! an agency, but no credentials with the same prefix are set, [`load`] returns an error. Credentials of another row
//! would not act as the agency. They would have other permissions, perhaps in another account.
//!
//! * `OS_AGENCY_NAME` with `OS_AGENCY_DOMAIN_NAME` (or `OS_TARGET_AGENCY_NAME`, `OS_TARGET_DOMAIN_NAME`) and `OS_DELEGATED_PROJECT`
//! * `HW_ASSUME_ROLE_AGENCY_NAME` with `HW_ASSUME_ROLE_DOMAIN_NAME` or `HW_ASSUME_ROLE_DOMAIN_ID`, and `HW_ASSUME_ROLE_DURATION`
//! * `agency_name`, `agency_domain_name` and `delegated_project` in `clouds.yaml`
//! * `agencyName` and `agencyDomainName` in row 11
//!
//! Some tools for Open Telekom Cloud read variables with the prefixes `AWS_` and `S3_`. This crate does not read these
//! variables, because they usually belong to another cloud.
//!
//! This crate does not read `OS_PROFILE` and `HW_MAX_RETRIES`, because they contain no credentials. The program sets
//! the number of retries (`retry`). This crate reads `OS_CLIENT_CONFIG_FILE`, but not `OS_CLIENT_CONFIG_PATH`.
//!
//! # clouds.yaml
//! This crate reads `clouds.yaml` and the other files in this section like openstacksdk, except for a few differences.
//! A test compares the two readers.
//!
//! * `OS_CLIENT_CONFIG_FILE` names the file. Without this variable, the file is `clouds.yaml`, `clouds.yml` or
//!   `clouds.json` in one of these folders: the current folder, `~/.config/openstack` (`XDG_CONFIG_HOME`),
//!   `/etc/xdg/openstack` or `/etc/openstack`.
//! * `secure.yaml` in one of these folders (`OS_CLIENT_SECURE_FILE`) overrides settings of `clouds.yaml`, and may add
//!   clouds. A blank value overrides nothing.
//! * If a cloud is named, `OS_` variables with credentials are ignored. Only `OS_PASSWORD` is read, if the cloud has no
//!   password. If no cloud is named, and a variable such as `OS_AUTH_URL` is set, the only cloud is not used.
//! * `profile` (or `cloud`) adds settings from `clouds-public.yaml` (`OS_CLIENT_VENDOR_FILE`). The settings for `otc`
//!   and `otc-swiss` are built in. `{region_name}` in `auth_url` is replaced by the region.
//! * The program, `HUAWEICLOUD_REGION` or `OS_REGION_NAME` sets the region. Without these settings, the region is the
//!   first of `regions`. A region that is not in this list is an error. The `values` of the region override the
//!   settings of the cloud.
//! * The names of settings may contain hyphens instead of underscores. Settings of `auth` may be outside of `auth`.
//! * If YAML 1.1 reads a name or a password as a number, a boolean or a date, [`load`] returns an error. Other tools
//!   would change the value. With quotation marks around the value, there is no error.
//!
//! # Certificates
//! The settings of rows 4, 5, 7 and 9 may name certificates. The login and all calls use them. `cacert` in
//! `clouds.yaml`, otherwise `OS_CACERT` (or `OS_CA_CERT`), is a file of certificate authorities. These authorities are
//! trusted in addition to the authorities of the platform. `cert` and `key` (`OS_CERT`, `OS_KEY`) are the files of the
//! client's certificate and its key. If only `cert` is set, its file must contain the certificate and the key.
//!
//! Certificates are always checked. If `verify: false` or `insecure: true` is set in `clouds.yaml`, or `OS_INSECURE` or
//! `HW_INSECURE` is true, [`load`] returns an error. The error recommends a setting such as `cacert`. A client
//! certificate in the program's settings overrides the client certificate that [`load`] finds. If the program's
//! settings contain an HTTP client, this client decides about certificates, and none of the settings above has an
//! effect.
//!
//! # Renewal
//! Credentials that this crate fetches are renewed before their end. All callers share one fetch and its result: see
//! [`PasswordCredentials`]. Files with tokens are read again for each fetch.
//!
//! While [`load`] runs, it sends requests only to the metadata service, and only if no earlier source has credentials.
//! These requests show whether the service exists. Outside of the cloud, the attempt to connect takes at most a
//! second, and causes no error.
//!
//! The number of fetches in a period of time has a limit. This limit does not depend on the answers of IAM and of the
//! services. After a refused login, there is a pause. During this pause, calls fail with the error of the refused
//! login.
//!
//! The log contains a warning in these cases:
//!
//! * Other users of the machine can read a file with secrets.
//! * Passwords or tokens are sent to another machine without TLS. If a file such as `clouds.yaml` in the current folder
//!   gives this address as its `auth_url`, [`load`] returns an error instead.
//! * A file at a usual path cannot be read. If the user named the file, or the file is `regions.yaml`, [`load`]
//!   returns an error instead.
//!
//! # Project and account
//! If no project id is set, the first call that needs the id requests the id from IAM. Later calls use the same id.
//!
//! IAM finds the project by its name: `HW_PROJECT_NAME`, `OTC_SDK_PROJECTNAME`, `OS_PROJECT_NAME` or
//! `auth.project_name`. If no name is set, the project is the project with the region's name. Every account has such a
//! project. For signed requests without a project, the first call requests the account id from IAM. See [`Lookup`].
//!
//! # Region and endpoints
//! The region is the first of these values that is set:
//!
//! 1. `HUAWEICLOUD_REGION`
//! 2. the region in the source of the credentials: `HW_REGION_NAME`, `OTC_SDK_REGION`, `OS_REGION_NAME`,
//!    `region_name`, or `region` in a profile
//! 3. the region at the start of the project's name, such as `eu-de` in `eu-de_team`
//! 4. the region in variables with another prefix
//!
//! `HUAWEICLOUD_ENDPOINT_DCS`, `HUAWEICLOUD_ENDPOINT_ROMA_LINK`, `HUAWEICLOUD_ENDPOINT_IAM` and
//! `HUAWEICLOUD_ENDPOINT_STS` (or `HUAWEICLOUD_SDK_STS_ENDPOINT`) are the addresses of services.
//!
//! The source of the credentials may also contain the address of IAM: `HUAWEICLOUD_SDK_IAM_ENDPOINT`, `HW_AUTH_URL`,
//! `OTC_IAM_ENDPOINT`, `OS_AUTH_URL`, `auth.auth_url` or `iam_endpoint`. If the program's settings contain the
//! credentials, `HUAWEICLOUD_SDK_IAM_ENDPOINT` or `OTC_IAM_ENDPOINT` is the address of IAM. `/v3`, `/v3.0` and
//! `/v3/auth/tokens` at the end of an address of IAM are removed. Another version is an error.
//!
//! If these settings contain no address of a service, the following sources are used, in this order. Each source gives
//! the addresses of services in a region:
//!
//! 1. Variables such as `HUAWEICLOUD_SDK_REGION_DCS_EU_DE`. The value is one address, or several addresses with commas
//!    between them. The service is `DCS`, `ROMA`, `IAM` or `STS`. The region is the used region, or a documented region
//!    of IAM.
//! 2. Addresses in the domain `HW_CLOUD`, with the credentials of rows 2, 6 and 8. The addresses have the form
//!    `https://<service>.<region>.<domain>`. The value `myhuaweicloud.com` has no effect, because the documented
//!    addresses are in this domain.
//! 3. The file that `HUAWEICLOUD_SDK_REGIONS_FILE` names, otherwise `~/.huaweicloud/regions.yaml`.
//! 4. The documented addresses.
//!
//! The first three sources may also give addresses for regions that are not documented. This is an example of
//! `regions.yaml`:
//!
//! ```yaml
//! DCS:
//!   - id: eu-de
//!     endpoint: https://dcs.example.com/prefix
//!   - id: lab-1
//!     endpoints: [https://one.example.com, https://two.example.com]
//! ```
//!
//! If a service is not documented in a region, the error names the most similar regions. An endpoint for an unknown
//! service, in a variable or in the program's settings, is also an error. In `regions.yaml`, unknown services are
//! ignored.
//!
//! The settings of a [`Loader`] override all these values. A [`Loader`] can also replace the environment, the folders
//! and the address of the metadata service.

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

/// Returns the configuration of this machine. It comes from variables, from files, and from the identity that the
/// platform gives to the program.
///
/// The first call exchanges a password for a token. This function does not send the password. If no other source has
/// credentials, this function sends requests to the metadata service. Otherwise it sends no request.
///
/// # Errors
/// There are no credentials. The error lists the sources that were searched. Or credentials are incomplete, or a value
/// cannot be used.
pub async fn load() -> Result<Config, Error> {
    Loader::new().load().await
}
