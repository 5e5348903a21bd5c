//! The names that tools have given to the same settings.

use crate::environment::Names;

/// The names of one kind of tools. A setting that they do not know has none.
pub(crate) struct Family {
    pub access: Names,
    pub secret: Names,
    pub security_token: Names,
    pub token: Names,
    pub user: Names,
    pub password: Names,
    pub domain_name: Names,
    pub domain_id: Names,
    pub project_id: Names,
    pub project_name: Names,
    pub region: Names,
    pub auth_url: Names,
}

const NONE: Family = Family {
    access: &[],
    secret: &[],
    security_token: &[],
    token: &[],
    user: &[],
    password: &[],
    domain_name: &[],
    domain_id: &[],
    project_id: &[],
    project_name: &[],
    region: &[],
    auth_url: &[],
};

/// The official SDKs.
pub(crate) static SDK: Family = Family {
    access: &["HUAWEICLOUD_SDK_AK"],
    secret: &["HUAWEICLOUD_SDK_SK"],
    security_token: &["HUAWEICLOUD_SDK_SECURITY_TOKEN"],
    domain_id: &["HUAWEICLOUD_SDK_DOMAIN_ID"],
    project_id: &["HUAWEICLOUD_SDK_PROJECT_ID"],
    auth_url: &["HUAWEICLOUD_SDK_IAM_ENDPOINT"],
    ..NONE
};

/// The Terraform provider for Huawei Cloud.
pub(crate) static HW: Family = Family {
    access: &["HW_ACCESS_KEY"],
    secret: &["HW_SECRET_KEY"],
    security_token: &["HW_SECURITY_TOKEN"],
    token: &["HW_AUTH_TOKEN"],
    user: &["HW_USER_NAME"],
    password: &["HW_USER_PASSWORD"],
    domain_name: &["HW_DOMAIN_NAME"],
    domain_id: &["HW_DOMAIN_ID"],
    project_id: &["HW_PROJECT_ID"],
    project_name: &["HW_PROJECT_NAME"],
    region: &["HW_REGION_NAME"],
    auth_url: &["HW_AUTH_URL"],
};

/// The community's SDKs for Open Telekom Cloud; they do not agree on the project's name.
pub(crate) static OTC: Family = Family {
    access: &["OTC_SDK_AK"],
    secret: &["OTC_SDK_SK"],
    security_token: &["OTC_SDK_SECURITY_TOKEN"],
    project_id: &["OTC_SDK_PROJECT_ID", "OTC_SDK_PROJECTID"],
    region: &["OTC_SDK_REGION"],
    auth_url: &["OTC_IAM_ENDPOINT"],
    ..NONE
};

/// OpenStack's tools, and those for Open Telekom Cloud that grew from them.
pub(crate) static OS: Family = Family {
    access: &["OS_ACCESS_KEY"],
    secret: &["OS_SECRET_KEY"],
    security_token: &["OS_SECURITY_TOKEN"],
    token: &["OS_TOKEN"],
    user: &["OS_USERNAME"],
    password: &["OS_PASSWORD"],
    domain_name: &["OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"],
    domain_id: &["OS_DOMAIN_ID"],
    project_id: &["OS_PROJECT_ID", "OS_TENANT_ID"],
    project_name: &["OS_PROJECT_NAME", "OS_TENANT_NAME"],
    region: &["OS_REGION_NAME"],
    auth_url: &["OS_AUTH_URL"],
};

/// All, in the order in which they are asked.
pub(crate) static ALL: [&Family; 4] = [&SDK, &HW, &OTC, &OS];
