//! Lists the names that different tools use for the same settings.

use crate::settings::environment::Names;

/// The names of the settings in one family of tools. If the tools do not have a setting, its list of names is empty.
pub(crate) struct Family {
    pub access: Names,
    pub secret: Names,
    pub security_token: Names,
    pub token: Names,
    /// `method` states the login method. `method_parts` lists the methods that `v3multifactor` combines.
    pub method: Names,
    pub method_parts: Names,
    /// Settings for identities that this crate does not support. `other_credentials` are the settings of an application
    /// credential. `other_scopes` are the settings of a trust or of the system scope.
    ///
    /// If no login method is stated, `other_credentials` cause an error. `other_scopes` cause an error even if a login
    /// method is stated.
    pub other_credentials: Names,
    pub other_scopes: Names,
    pub user: Names,
    pub user_id: Names,
    pub password: Names,
    /// The code of a virtual MFA device.
    pub passcode: Names,
    pub domain_name: Names,
    pub domain_id: Names,
    /// The account of the project. If no other account is named, this account is also the account of the user.
    pub project_domain_name: Names,
    pub project_domain_id: Names,
    pub project_id: Names,
    pub project_name: Names,
    pub region: Names,
    pub auth_url: Names,
    pub agency: Names,
    pub agency_domain_name: Names,
    pub agency_domain_id: Names,
    /// The lifetime of the agency's temporary keys, in seconds.
    pub agency_duration: Names,
    pub agency_project: Names,
    pub provider_id: Names,
    pub id_token_file: Names,
    /// The domain at the end of the addresses of all services.
    pub cloud: Names,
    /// A file with certificate authorities to trust.
    pub authorities: Names,
    /// The files of the client's own certificate and of its key.
    pub certificate: Names,
    pub key: Names,
    /// In other tools, the value `false` of `verify`, or the value `true` of `insecure`, turns off the check of
    /// certificates. In this crate, these values are an error, unless the program sets the HTTP client.
    pub verify: Names,
    pub insecure: Names,
}

const NONE: Family = Family {
    access: &[],
    secret: &[],
    security_token: &[],
    token: &[],
    method: &[],
    method_parts: &[],
    other_credentials: &[],
    other_scopes: &[],
    user: &[],
    user_id: &[],
    password: &[],
    passcode: &[],
    domain_name: &[],
    domain_id: &[],
    project_domain_name: &[],
    project_domain_id: &[],
    project_id: &[],
    project_name: &[],
    region: &[],
    auth_url: &[],
    agency: &[],
    agency_domain_name: &[],
    agency_domain_id: &[],
    agency_duration: &[],
    agency_project: &[],
    provider_id: &[],
    id_token_file: &[],
    cloud: &[],
    authorities: &[],
    certificate: &[],
    key: &[],
    verify: &[],
    insecure: &[],
};

/// The names in the official SDKs.
pub(crate) static SDK: Family = Family {
    access: &["HUAWEICLOUD_SDK_AK"],
    secret: &["HUAWEICLOUD_SDK_SK"],
    security_token: &["HUAWEICLOUD_SDK_SECURITY_TOKEN"],
    domain_id: &["HUAWEICLOUD_SDK_DOMAIN_ID"],
    project_id: &["HUAWEICLOUD_SDK_PROJECT_ID"],
    auth_url: &["HUAWEICLOUD_SDK_IAM_ENDPOINT"],
    provider_id: &["HUAWEICLOUD_SDK_IDP_ID"],
    id_token_file: &["HUAWEICLOUD_SDK_ID_TOKEN_FILE"],
    ..NONE
};

/// The names in the Terraform provider for Huawei Cloud.
pub(crate) static HW: Family = Family {
    access: &["HW_ACCESS_KEY"],
    secret: &["HW_SECRET_KEY"],
    security_token: &["HW_SECURITY_TOKEN"],
    token: &["HW_AUTH_TOKEN"],
    user: &["HW_USER_NAME"],
    user_id: &["HW_USER_ID"],
    password: &["HW_USER_PASSWORD"],
    domain_name: &["HW_DOMAIN_NAME"],
    domain_id: &["HW_DOMAIN_ID"],
    project_id: &["HW_PROJECT_ID"],
    project_name: &["HW_PROJECT_NAME"],
    region: &["HW_REGION_NAME"],
    auth_url: &["HW_AUTH_URL"],
    agency: &["HW_ASSUME_ROLE_AGENCY_NAME"],
    agency_domain_name: &["HW_ASSUME_ROLE_DOMAIN_NAME"],
    agency_domain_id: &["HW_ASSUME_ROLE_DOMAIN_ID"],
    agency_duration: &["HW_ASSUME_ROLE_DURATION"],
    cloud: &["HW_CLOUD"],
    insecure: &["HW_INSECURE"],
    ..NONE
};

/// The names in the community's SDKs for Open Telekom Cloud. These SDKs do not all use the same name for the project's
/// id.
pub(crate) static OTC: Family = Family {
    access: &["OTC_SDK_AK"],
    secret: &["OTC_SDK_SK"],
    security_token: &["OTC_SDK_SECURITY_TOKEN"],
    project_id: &["OTC_SDK_PROJECT_ID", "OTC_SDK_PROJECTID"],
    project_name: &["OTC_SDK_PROJECTNAME"],
    region: &["OTC_SDK_REGION"],
    auth_url: &["OTC_IAM_ENDPOINT"],
    ..NONE
};

/// The names with the prefix `OS_`: the names of OpenStack's tools, and names that tools for Open Telekom Cloud add.
pub(crate) static OS: Family = Family {
    access: &["OS_ACCESS_KEY", "OS_ACCESS_KEY_ID", "OS_AK"],
    secret: &["OS_SECRET_KEY", "OS_ACCESS_KEY_SECRET", "OS_SK"],
    security_token: &["OS_SECURITY_TOKEN", "OS_AKSK_SECURITY_TOKEN", "OS_ST"],
    token: &["OS_TOKEN", "OS_TOKEN_ID", "OS_AUTH_TOKEN"],
    user: &["OS_USERNAME", "OS_USER_NAME"],
    user_id: &["OS_USERID", "OS_USER_ID"],
    password: &["OS_PASSWORD"],
    passcode: &["OS_PASSCODE"],
    domain_name: &[
        "OS_USER_DOMAIN_NAME",
        "OS_DOMAIN_NAME",
        "OS_DEFAULT_DOMAIN_NAME",
    ],
    domain_id: &["OS_USER_DOMAIN_ID", "OS_DOMAIN_ID", "OS_DEFAULT_DOMAIN_ID"],
    project_domain_name: &["OS_PROJECT_DOMAIN_NAME"],
    project_domain_id: &["OS_PROJECT_DOMAIN_ID"],
    project_id: &["OS_PROJECT_ID", "OS_TENANT_ID"],
    project_name: &["OS_PROJECT_NAME", "OS_TENANT_NAME"],
    region: &["OS_REGION_NAME", "OS_REGION_ID"],
    auth_url: &["OS_AUTH_URL"],
    method: &["OS_AUTH_TYPE", "OS_AUTH_PLUGIN"],
    method_parts: &["OS_AUTH_METHODS"],
    other_credentials: &[
        "OS_APPLICATION_CREDENTIAL_ID",
        "OS_APPLICATION_CREDENTIAL_NAME",
        "OS_APPLICATION_CREDENTIAL_SECRET",
    ],
    other_scopes: &["OS_TRUST_ID", "OS_SYSTEM_SCOPE"],
    agency: &["OS_AGENCY_NAME", "OS_TARGET_AGENCY_NAME"],
    agency_domain_name: &["OS_AGENCY_DOMAIN_NAME", "OS_TARGET_DOMAIN_NAME"],
    agency_project: &["OS_DELEGATED_PROJECT"],
    authorities: &["OS_CACERT", "OS_CA_CERT"],
    certificate: &["OS_CERT"],
    key: &["OS_KEY"],
    insecure: &["OS_INSECURE"],
    ..NONE
};

/// All families of variables, in the order of a search for a region, a project or an account.
pub(crate) static ALL: [&Family; 4] = [&SDK, &HW, &OTC, &OS];

/// The names in a cloud of `clouds.yaml`: the names of OpenStack's tools, and names that tools for Open Telekom Cloud
/// add.
pub(crate) static CLOUDS: Family = Family {
    access: &[
        "auth.access_key",
        "auth.access_key_id",
        "auth.ak",
        "access_key",
        "ak",
    ],
    secret: &[
        "auth.secret_key",
        "auth.access_key_secret",
        "auth.sk",
        "secret_key",
        "sk",
    ],
    security_token: &["auth.security_token", "security_token"],
    token: &["auth.token", "auth.auth_token"],
    user: &["auth.username", "auth.user_name"],
    user_id: &["auth.user_id"],
    password: &["auth.password"],
    passcode: &["auth.passcode"],
    domain_name: &[
        "auth.user_domain_name",
        "auth.domain_name",
        "auth.default_domain_name",
    ],
    domain_id: &[
        "auth.user_domain_id",
        "auth.domain_id",
        "auth.default_domain_id",
    ],
    project_domain_name: &["auth.project_domain_name"],
    project_domain_id: &["auth.project_domain_id"],
    project_id: &["auth.project_id", "auth.tenant_id"],
    project_name: &["auth.project_name", "auth.tenant_name"],
    region: &["region_name"],
    auth_url: &["auth.auth_url"],
    method: &[
        "auth_type",
        "auth_plugin",
        "auth.auth_type",
        "auth.auth_plugin",
    ],
    other_credentials: &[
        "auth.application_credential_id",
        "auth.application_credential_name",
        "auth.application_credential_secret",
        "application_credential_id",
        "application_credential_name",
        "application_credential_secret",
    ],
    other_scopes: &[
        "auth.trust_id",
        "auth.system_scope",
        "trust_id",
        "system_scope",
    ],
    method_parts: &[
        "auth_methods",
        "auth_methods.0",
        "auth_methods.1",
        "auth_methods.2",
    ],
    agency: &["auth.agency_name", "auth.target_agency_name"],
    agency_domain_name: &["auth.agency_domain_name", "auth.target_domain_name"],
    agency_project: &["auth.delegated_project"],
    authorities: &["cacert"],
    certificate: &["cert"],
    key: &["key"],
    verify: &["verify"],
    insecure: &["insecure"],
    ..NONE
};

/// The names in a profile of the official SDKs' file.
pub(crate) static PROFILE: Family = Family {
    access: &["ak"],
    secret: &["sk"],
    security_token: &["security_token"],
    domain_id: &["domain_id"],
    project_id: &["project_id"],
    region: &["region"],
    auth_url: &["iam_endpoint"],
    provider_id: &["idp_id"],
    id_token_file: &["id_token_file"],
    ..NONE
};

/// The names in a profile of Huawei Cloud's command line (KooCLI).
pub(crate) static KOOCLI: Family = Family {
    access: &["accessKeyId"],
    secret: &["secretAccessKey"],
    security_token: &["securityToken"],
    domain_id: &["domainId"],
    project_id: &["projectId"],
    region: &["region"],
    agency: &["agencyName"],
    agency_domain_name: &["agencyDomainName"],
    agency_domain_id: &["agencyDomainId"],
    ..NONE
};
