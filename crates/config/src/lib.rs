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
//! [`load`] searches the sources in the table below, in the order of the rows. It uses the first source that has
//! credentials. A setting that is empty or contains only white space counts as not set. An entry of `clouds.yaml` is
//! called a cloud.
//!
//! In these cases, among others, the search ends, and [`load`] returns an error:
//!
//! * No source has credentials. The error lists each source with the reason.
//! * A source has incomplete credentials, such as an access key without its secret.
//! * A cloud, a profile, or a file with profiles is missing or has no credentials, although a setting names it.
//! * `OS_CLIENT_CONFIG_FILE` names a file that does not exist.
//! * The file in `OS_CLIENT_CONFIG_FILE` contains several clouds, and no setting names a cloud.
//! * A YAML file contains a key twice in the same mapping, such as the name of a cloud.
//! * `~/.huaweicloud/credentials` contains a profile twice, or a setting of a profile twice.
//!
//! A debug message in the log names the used source, and the sources in later rows that also have settings.
//!
//! If a variable in parentheses follows a path or an address, its value replaces the path or the address. `~`
//! is the folder in `HOME`, otherwise the folder in `USERPROFILE`.
//!
//! | | credentials | settings | project |
//! |---|---|---|---|
//! | 0 | any | [`Loader::with_settings`] | |
//! | 1 | access key | `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK`, `HUAWEICLOUD_SDK_SECURITY_TOKEN`, `HUAWEICLOUD_SDK_DOMAIN_ID` | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 2 | access key | `HW_ACCESS_KEY`, `HW_SECRET_KEY`, `HW_SECURITY_TOKEN`, `HW_DOMAIN_ID` | `HW_PROJECT_ID` |
//! | 3 | access key | `OTC_SDK_AK`, `OTC_SDK_SK`, `OTC_SDK_SECURITY_TOKEN` | `OTC_SDK_PROJECT_ID` or `OTC_SDK_PROJECTID` |
//! | 4 | access key | `OS_ACCESS_KEY` (or `OS_ACCESS_KEY_ID`, `OS_AK`), `OS_SECRET_KEY` (or `OS_ACCESS_KEY_SECRET`, `OS_SK`), `OS_SECURITY_TOKEN` (or `OS_AKSK_SECURITY_TOKEN`, `OS_ST`). Row 7 lists the variables for the account's id. | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 5 | token | `OS_TOKEN`, `OS_TOKEN_ID` or `OS_AUTH_TOKEN`, if `OS_AUTH_TYPE` requests a token, or if neither `OS_USERNAME` nor `OS_USERID` is set | `OS_PROJECT_ID` or `OS_TENANT_ID` |
//! | 6 | token | `HW_AUTH_TOKEN` | `HW_PROJECT_ID` |
//! | 7 | password | `OS_PASSWORD`, and either `OS_USERNAME` (or `OS_USER_NAME`) or `OS_USERID` (or `OS_USER_ID`). `OS_USERNAME` needs the account: `OS_USER_DOMAIN_NAME`, `OS_DOMAIN_NAME` or `OS_DEFAULT_DOMAIN_NAME`, otherwise `OS_PROJECT_DOMAIN_NAME`. For the account's id, these names end in `_ID` instead of `_NAME`. `OS_PASSCODE` is the code of a virtual MFA device, and needs `OS_USERID`. | `OS_PROJECT_ID` or `OS_TENANT_ID`, otherwise `OS_PROJECT_NAME` or `OS_TENANT_NAME` |
//! | 8 | password | `HW_USER_PASSWORD`, and either `HW_USER_NAME` or `HW_USER_ID`. `HW_USER_NAME` needs `HW_DOMAIN_NAME` or `HW_DOMAIN_ID`. | `HW_PROJECT_ID`, otherwise `HW_PROJECT_NAME` |
//! | 9 | access key, token or password in a cloud of `clouds.yaml` | [`Loader::with_cloud`] or `OS_CLOUD` names the cloud. If no cloud is named, the file must contain exactly one cloud. The section "clouds.yaml" lists the files and rules. | `auth.project_id`, otherwise `auth.project_name` |
//! | 10 | access key or identity provider in a profile of `~/.huaweicloud/credentials` (`HUAWEICLOUD_SDK_CREDENTIALS_FILE`) | [`Loader::with_profile`], `HUAWEICLOUD_PROFILE` or `HW_PROFILE` names the profile. Otherwise the profile is `[basic]`, `[global]` or `[default]`. An access key has the settings `ak`, `sk` and `security_token`. An identity provider has the settings `idp_id` and `id_token_file`. Other settings are `domain_id`, `iam_endpoint` and `region`. `HW_PROFILE` can also name a profile of row 11. | `project_id` |
//! | 11 | access key, or the temporary key of a single sign-on, in a profile of `~/.hcloud/config.json` (`HW_SHARED_CONFIG_FILE`) | `HW_PROFILE`, or `current` in the file, names the profile. Otherwise the profile is `default`. If `mode` is `SSO`, the profile contains the temporary key. The file belongs to KooCLI, the command line of Huawei Cloud, and must not be encrypted. | `projectId` |
//! | 12 | temporary key from the Security Token Service, in exchange for an ID token of an OpenID Connect provider | `HUAWEICLOUD_OIDC_PROVIDER_URN`, `HUAWEICLOUD_OIDC_AGENCY_URN`, and either `HUAWEICLOUD_OIDC_TOKEN_FILE` or `HUAWEICLOUD_OIDC_ID_TOKEN`. Optional variables are `HUAWEICLOUD_OIDC_SESSION_NAME`, `HUAWEICLOUD_OIDC_DURATION_SECONDS`, `HUAWEICLOUD_OIDC_POLICY` and `HUAWEICLOUD_OIDC_POLICY_IDS`. | the first variable that is set in this column of rows 1 to 4 |
//! | 13 | temporary key from IAM, in exchange for an ID token of an identity provider | `HUAWEICLOUD_SDK_IDP_ID` and `HUAWEICLOUD_SDK_ID_TOKEN_FILE`. If both variables are set, [`load`] uses this row before row 1. | `HUAWEICLOUD_SDK_PROJECT_ID` |
//! | 14 | temporary key of a container's service account | `HC_CONTAINER_CREDENTIALS_FULL_URI` and `HC_CONTAINER_AUTHORIZATION_TOKEN_FILE` | as in row 12 |
//! | 15 | temporary key of an elastic cloud server | the metadata service at `http://169.254.169.254` (`HUAWEICLOUD_METADATA_ENDPOINT`), if `HUAWEICLOUD_METADATA_DISABLED` is not set, or is `false`, `no`, `off` or `0` | as in row 12 |
//!
//! An access key needs its secret. The security token, the account's id and the project are optional. IAM calls an
//! account a domain. For example, `HW_DOMAIN_ID` contains the id of an account.
//!
//! `OS_AUTH_TYPE` (or `OS_AUTH_PLUGIN`) sets the login method of rows 4, 5 and 7. `auth_type` in a cloud sets the login
//! method of row 9. Supported methods are `password`, `token`, `v3password`, `v3token`, `v3multifactor`, `aksk` and
//! `v3aksk`. If one of these methods is set, [`load`] ignores credentials for other methods. `v3multifactor` needs
//! `v3password` in the list `OS_AUTH_METHODS` or `auth_methods`. This list can also contain `v3totp`, but no other
//! method.
//!
//! [`load`] also returns an error in the cases of the following list. It checks variables for these cases only if rows
//! 0 to 3 have no credentials. It checks a cloud only if rows 0 to 8 have no credentials.
//!
//! * The method is not supported.
//! * A method is set, but the source contains only credentials for other methods.
//! * No method is set, and `OS_APPLICATION_CREDENTIAL_ID`, `OS_APPLICATION_CREDENTIAL_NAME` or
//!   `OS_APPLICATION_CREDENTIAL_SECRET` is set. The same rule applies to application credentials in `clouds.yaml`.
//! * `OS_TRUST_ID` or `OS_SYSTEM_SCOPE` is set, or `trust_id` or `system_scope` in `clouds.yaml`.
//!
//! As an exception, if no setting names the only cloud of a file, [`load`] skips this cloud instead.
//!
//! As a rule, [`load`] uses the settings of only one row. For example, [`load`] never combines an access key of row 1
//! with the project of row 2. This page names the exceptions.
//!
//! A password login without a project uses the project with the region's name, if a region is set. A password needs a
//! region or an address of IAM. If neither is set, [`load`] returns an error. It cannot know whether the password is
//! for Huawei Cloud or Open Telekom Cloud.
//!
//! The settings of rows 2, 4 to 9 and 11 can name an agency:
//!
//! * `OS_AGENCY_NAME` and `OS_AGENCY_DOMAIN_NAME` (or `OS_TARGET_AGENCY_NAME` and `OS_TARGET_DOMAIN_NAME`), and
//!   optionally `OS_DELEGATED_PROJECT`
//! * `HW_ASSUME_ROLE_AGENCY_NAME`, either `HW_ASSUME_ROLE_DOMAIN_NAME` or `HW_ASSUME_ROLE_DOMAIN_ID`, and optionally
//!   `HW_ASSUME_ROLE_DURATION`
//! * `agency_name`, `agency_domain_name`, and optionally `delegated_project`, in `clouds.yaml`
//! * `agencyName`, and either `agencyDomainName` or `agencyDomainId`, in row 11
//!
//! The client then acts as this agency. The client exchanges a token for a token of the agency, or an access key for
//! temporary keys of the agency. If variables name an agency, but no credentials with the same prefix are set, [`load`]
//! returns an error. Without this error, calls would act with other permissions, perhaps in another account.
//! If the credentials come from row 0, [`load`] does not check the variables for an agency.
//!
//! Some tools for Open Telekom Cloud read variables with the prefixes `AWS_` and `S3_`. This crate does not read these
//! variables, because they usually belong to another cloud.
//!
//! This crate does not read `OS_PROFILE`, `HW_MAX_RETRIES` or `OS_CLIENT_CONFIG_PATH`. The program sets the number of
//! retries with [`ConfigBuilder::retry`](huaweicloud_core::ConfigBuilder::retry).
//!
//! # clouds.yaml
//! This crate reads the files of this section with the rules of openstacksdk, except for a few differences. A test
//! compares this crate with openstacksdk.
//!
//! * `OS_CLIENT_CONFIG_FILE` names the file with the clouds. Without this variable, the file is `clouds.yaml`,
//!   `clouds.yml` or `clouds.json`. This crate then searches these folders in this order: the current folder,
//!   `openstack` in `XDG_CONFIG_HOME`, `~/.config/openstack`, `/etc/xdg/openstack`, `/etc/openstack`.
//! * `secure.yaml` (`OS_CLIENT_SECURE_FILE`) in one of these folders overrides settings of `clouds.yaml`, and can add
//!   clouds. A blank value in `secure.yaml` overrides nothing.
//! * If a cloud is named, this crate ignores credentials in `OS_` variables. As an exception, this crate reads
//!   `OS_PASSWORD` if the cloud has no password.
//! * If a cloud is named, an `OS_` variable that names an agency, such as `OS_AGENCY_NAME`, is an error.
//! * If no cloud is named, and a variable such as `OS_AUTH_URL` is set, this crate does not use the file.
//! * In a cloud, `profile` (or `cloud`) names a profile of `clouds-public.yaml` (`OS_CLIENT_VENDOR_FILE`). Settings of
//!   the cloud override settings of the profile. The profiles `otc` and `otc-swiss` are built in.
//! * In `auth_url`, the region replaces `{region_name}`.
//! * The program, `HUAWEICLOUD_REGION` or `OS_REGION_NAME` sets the region. Otherwise the region is the first in the
//!   list `regions`, or `region_name`. A region that is not in the list is an error. Without a list,
//!   `OS_REGION_NAME` must not set another region than `region_name`. The `values` of a region in the list override
//!   settings of the cloud.
//! * The names of settings can contain hyphens instead of underscores. Settings that belong in `auth` can be outside of
//!   `auth`.
//! * If YAML 1.1 reads a name or a password as a number, a boolean or a date, [`load`] returns an error. Other tools
//!   would change the value. Quotation marks around the value prevent the error.
//!
//! # Certificates
//! The settings of rows 4, 5, 7 and 9 can name files with certificates. The client uses these certificates for the
//! login and for all calls.
//!
//! | content of the file | rows 4, 5 and 7 | row 9 |
//! |---|---|---|
//! | certificate authorities | `OS_CACERT` or `OS_CA_CERT` | `cacert`, otherwise `OS_CACERT` or `OS_CA_CERT` |
//! | the client's certificate | `OS_CERT` | `cert` |
//! | the key of the client's certificate | `OS_KEY` | `key` |
//!
//! The client also trusts the certificate authorities of the platform. If no setting names the key, the file with the
//! client's certificate must also contain the key. A client certificate in the program's settings overrides the client
//! certificate in these files.
//!
//! The client always checks certificates. If `verify: false` or `insecure: true` is set in the used cloud, [`load`]
//! returns an error. If the credentials come from `OS_` variables, `OS_INSECURE=true` is an error. The same rule
//! applies to `HW_` variables and `HW_INSECURE`. The error recommends a setting such as `cacert`.
//!
//! If the program's settings contain an HTTP client, this HTTP client decides which certificates are trusted. The
//! settings in this section then have no effect.
//!
//! # Renewal
//! The client renews the credentials that it fetched, before they expire. All calls share one fetch and its result:
//! see [`PasswordCredentials`]. Each fetch reads files with tokens again.
//!
//! [`load`] sends requests only to the metadata service, and only if rows 0 to 14 contain no credentials. These
//! requests get a key, and show whether the service exists. On a machine without this service, the attempt to connect
//! takes at most a second.
//!
//! The number of fetches in a period of time has a limit. This limit does not depend on the number of calls. If IAM
//! refuses a login, there is a pause before the next login. During this pause, calls that need a new token fail with
//! the same error.
//!
//! # Warnings
//! The log contains a warning in these cases:
//!
//! * On Unix, other users of the machine can read a file with secrets.
//! * A password or a token of rows 1 to 15 goes to another machine, at an `http` address in a variable or a file. If
//!   the address is `auth_url`, and a file of the cloud is in the current folder, [`load`] returns an error instead.
//! * A cloud gets its password from `OS_PASSWORD`, and a file of the cloud is in the current folder.
//! * A file in the current folder, such as `secure.yaml`, adds settings to `clouds.yaml` in another folder.
//! * A cloud names an unknown profile, but has an `auth_url`. Without `auth_url`, [`load`] returns an error instead.
//! * A file at a default path exists, but cannot be read. If a variable names the file, or the file is `regions.yaml`,
//!   [`load`] returns an error instead.
//!
//! # Project and account
//! If neither a setting nor the token contains the project's id, the first call that needs the id requests it from IAM.
//! Later calls use the same id.
//!
//! The client finds the project by its name: `HW_PROJECT_NAME`, `OTC_SDK_PROJECTNAME`, `OS_PROJECT_NAME` (or
//! `OS_TENANT_NAME`) or `auth.project_name`. If a setting such as `OS_AGENCY_NAME` names an agency, the name is
//! `OS_DELEGATED_PROJECT` or `auth.delegated_project` instead. If no name is set, the client uses the project with the
//! region's name. Every account has such a project.
//!
//! If a signed request needs the account's id, and no such id is set, the client requests this id from IAM. See
//! [`Lookup`].
//!
//! # Region and endpoints
//! The region is the first of these values that is set:
//!
//! 1. `HUAWEICLOUD_REGION`
//! 2. the region in the source of the credentials: `HW_REGION_NAME`, `OTC_SDK_REGION`, `OS_REGION_NAME` (or
//!    `OS_REGION_ID`), `region_name` in `clouds.yaml`, or `region` in a profile
//! 3. the region at the start of the project's name in the source of the credentials, such as `eu-de` in `eu-de_team`
//! 4. `HW_REGION_NAME`, `OTC_SDK_REGION` or `OS_REGION_NAME` (or `OS_REGION_ID`), in this order, even if the
//!    credentials have another source
//!
//! `HUAWEICLOUD_ENDPOINT_DCS`, `HUAWEICLOUD_ENDPOINT_ROMA_LINK`, `HUAWEICLOUD_ENDPOINT_IAM` and
//! `HUAWEICLOUD_ENDPOINT_STS` (or `HUAWEICLOUD_SDK_STS_ENDPOINT`) set the addresses of services.
//!
//! The source of the credentials can also contain the address of IAM: `HUAWEICLOUD_SDK_IAM_ENDPOINT`, `HW_AUTH_URL`,
//! `OTC_IAM_ENDPOINT`, `OS_AUTH_URL`, `auth.auth_url` or `iam_endpoint`. If the program's settings contain the
//! credentials, `HUAWEICLOUD_SDK_IAM_ENDPOINT` or `OTC_IAM_ENDPOINT` sets the address of IAM. This crate removes `/v3`,
//! `/v3.0` and `/v3/auth/tokens` from the end of an address of IAM. If the address in a setting of this
//! paragraph, or in `HUAWEICLOUD_ENDPOINT_IAM`, ends in another version, [`load`] returns an error.
//!
//! If these settings contain no address of a service, the address depends on the region. This crate uses the first of
//! these sources that contains such an address:
//!
//! 1. Variables such as `HUAWEICLOUD_SDK_REGION_DCS_EU_DE`. The value is one address, or several addresses with commas
//!    between them. The service is `DCS`, `ROMA`, `IAM` or `STS`. The region is the used region, or a documented region
//!    of IAM.
//! 2. The domain in `HW_CLOUD`, if the credentials come from row 2, 6 or 8. The addresses have the form
//!    `https://<service>.<region>.<domain>`. The value `myhuaweicloud.com` has no effect, because most documented
//!    addresses of Huawei Cloud are in this domain.
//! 3. The file that `HUAWEICLOUD_SDK_REGIONS_FILE` names, otherwise `~/.huaweicloud/regions.yaml`.
//! 4. The documented addresses.
//!
//! The first three sources can also contain addresses for regions that are not documented. This is an example of
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
//! If no source contains an address of the service in the region, the program cannot create a client of the service.
//! The error lists the documented regions. If an endpoint is for an unknown service, in a variable such as
//! `HUAWEICLOUD_ENDPOINT_ECS` or in the program's settings, [`load`] returns an error. This crate ignores unknown
//! services in `regions.yaml`.
//!
//! A setting of [`Loader::with_settings`] overrides the same setting on this page. As an exception, certificate
//! authorities do not override each other: the client trusts all of them. A [`Loader`] can also replace the
//! environment, the folders and the address of the metadata service.

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

/// Returns a configuration with the credentials, the region and the endpoints that this crate finds. The [crate's
/// documentation](crate) lists the sources.
///
/// This function sends requests only to the metadata service, and only if no other source has credentials. If the
/// credentials are a password, the first call of a client exchanges the password for a token.
///
/// # Errors
/// No source has credentials, the credentials are incomplete, or a setting is not valid.
pub async fn load() -> Result<Config, Error> {
    Loader::new().load().await
}
