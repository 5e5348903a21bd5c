//! Creates the sources of credentials, and lists the environment variables of each source.

use std::sync::Arc;
use std::time::Duration;

use huaweicloud::config::{
    Agency, AgencyCredentials, ContainerCredentials, IdToken, IdentityProviderCredentials, Login,
    MetadataCredentials, Oidc, OidcCredentials, PasswordCredentials, TemporaryKeyCredentials,
};
use huaweicloud::{AccessKey, Config, ProvideCredential, Token};
use huaweicloud_sandbox::{Details, Service};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Password,
    Passcode,
    /// An agency that a caller with a token assumes.
    AgencyToken,
    /// An agency that a caller with an access key assumes.
    AgencyKey,
    TemporaryKey,
    IdentityProvider,
    Oidc,
    Container,
    Metadata,
}

pub const ALL: [Origin; 9] = [
    Origin::Password,
    Origin::Passcode,
    Origin::AgencyToken,
    Origin::AgencyKey,
    Origin::TemporaryKey,
    Origin::IdentityProvider,
    Origin::Oidc,
    Origin::Container,
    Origin::Metadata,
];

/// The inputs of the sources: a token, and a folder with the token files `id` and `container`.
pub struct Given {
    pub token: String,
    pub files: tempfile::TempDir,
}

impl Given {
    pub fn new(token: &str, details: &Details) -> Self {
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("id"), &details.issuers.id_token).unwrap();
        let container = format!("{}\n", details.issuers.container_token);
        std::fs::write(files.path().join("container"), container).unwrap();
        let token = token.to_owned();
        Self { token, files }
    }

    pub fn file(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }
}

impl Origin {
    /// Returns the service that the source calls.
    pub fn service(self) -> Service {
        match self {
            Self::Container | Self::Metadata => Service::Metadata,
            _ => Service::Iam,
        }
    }

    /// Returns the operations that the source calls, in the order of the calls.
    pub fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Password | Self::Passcode | Self::AgencyToken => &["create_token"],
            Self::AgencyKey | Self::TemporaryKey => &["create_temporary_access_key"],
            Self::IdentityProvider => {
                &["create_token_with_id_token", "create_temporary_access_key"]
            }
            Self::Oidc => &["create_temporary_access_key_with_oidc"],
            Self::Container => &["create_container_credentials"],
            Self::Metadata => &["create_metadata_token", "show_security_key"],
        }
    }

    /// Creates the credentials without environment variables. Most sources use the endpoints and the retry policy of
    /// `config`.
    pub fn credentials(
        self,
        config: &Config,
        details: &Details,
        given: &Given,
    ) -> Arc<dyn ProvideCredential> {
        let issuers = &details.issuers;
        let login = || {
            Login::new(
                &details.domain_name,
                &details.user_name,
                details.password.as_str(),
            )
        };
        let agency = || Agency::new(&details.domain_name, &issuers.agency_name);
        let id_token = || IdToken::File(given.file("id").into());
        match self {
            Self::Password => {
                let login = login().with_project_name(&details.project_name);
                Arc::new(PasswordCredentials::new(config, login).unwrap())
            }
            Self::Passcode => {
                let login = login().with_passcode(&issuers.user_id, issuers.passcode.as_str());
                let login = login.with_project_id(&details.project_id);
                Arc::new(PasswordCredentials::new(config, login).unwrap())
            }
            Self::AgencyToken => {
                let (caller, agency) = (Token::new(given.token.as_str()), agency());
                let agency = agency.with_project_name(&details.project_name);
                Arc::new(AgencyCredentials::new(config, caller, agency).unwrap())
            }
            Self::AgencyKey => {
                let caller = AccessKey::new(&details.access_key, details.secret_key.as_str());
                Arc::new(AgencyCredentials::new(config, caller, agency()).unwrap())
            }
            Self::TemporaryKey => {
                let caller = Token::new(given.token.as_str());
                let hour = Duration::from_secs(3600);
                Arc::new(TemporaryKeyCredentials::new(config, caller, hour).unwrap())
            }
            Self::IdentityProvider => {
                let id = &issuers.identity_provider;
                Arc::new(IdentityProviderCredentials::new(config, id, id_token()).unwrap())
            }
            Self::Oidc => {
                let oidc = Oidc::new(&issuers.provider_urn, &issuers.agency_urn, id_token());
                Arc::new(OidcCredentials::new(config, oidc).unwrap())
            }
            Self::Container => {
                let file = given.file("container");
                Arc::new(ContainerCredentials::new(&issuers.container_uri, file).unwrap())
            }
            Self::Metadata => {
                Arc::new(MetadataCredentials::at(&details.addresses.metadata).unwrap())
            }
        }
    }

    /// Returns the environment variables by which a loader finds this source. The list is empty if no variables select
    /// the source.
    pub fn variables(self, details: &Details, given: &Given) -> Vec<(&'static str, String)> {
        let issuers = &details.issuers;
        let iam = format!("{}/v3/", details.addresses.iam);
        let named = [
            ("OS_USERNAME", details.user_name.clone()),
            ("OS_USER_DOMAIN_NAME", details.domain_name.clone()),
            ("OS_PASSWORD", details.password.clone()),
            ("OS_PROJECT_NAME", details.project_name.clone()),
            ("OS_AUTH_URL", iam.clone()),
        ];
        let project = ("HUAWEICLOUD_SDK_PROJECT_ID", details.project_id.clone());
        match self {
            Self::Password => named.into(),
            Self::Passcode => vec![
                ("OS_USERID", issuers.user_id.clone()),
                ("OS_PASSCODE", issuers.passcode.clone()),
                ("OS_PASSWORD", details.password.clone()),
                ("OS_PROJECT_ID", details.project_id.clone()),
                ("OS_AUTH_URL", iam),
            ],
            Self::AgencyToken => {
                let mut all = Vec::from(named);
                all.push(("OS_AGENCY_NAME", issuers.agency_name.clone()));
                all.push(("OS_AGENCY_DOMAIN_NAME", details.domain_name.clone()));
                all.push(("OS_DELEGATED_PROJECT", details.project_name.clone()));
                all
            }
            Self::AgencyKey => vec![
                ("HW_ACCESS_KEY", details.access_key.clone()),
                ("HW_SECRET_KEY", details.secret_key.clone()),
                ("HW_AUTH_URL", iam),
                ("HW_ASSUME_ROLE_AGENCY_NAME", issuers.agency_name.clone()),
                ("HW_ASSUME_ROLE_DOMAIN_ID", details.domain_id.clone()),
                ("HW_ASSUME_ROLE_DURATION", "1800".to_owned()),
            ],
            Self::TemporaryKey => Vec::new(),
            Self::IdentityProvider => vec![
                ("HUAWEICLOUD_SDK_IDP_ID", issuers.identity_provider.clone()),
                ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", given.file("id")),
                (
                    "HUAWEICLOUD_SDK_IAM_ENDPOINT",
                    details.addresses.iam.clone(),
                ),
                project,
            ],
            Self::Oidc => vec![
                (
                    "HUAWEICLOUD_OIDC_PROVIDER_URN",
                    issuers.provider_urn.clone(),
                ),
                ("HUAWEICLOUD_OIDC_AGENCY_URN", issuers.agency_urn.clone()),
                ("HUAWEICLOUD_OIDC_TOKEN_FILE", given.file("id")),
                (
                    "HUAWEICLOUD_SDK_STS_ENDPOINT",
                    details.addresses.iam.clone(),
                ),
                project,
            ],
            Self::Container => vec![
                (
                    "HC_CONTAINER_CREDENTIALS_FULL_URI",
                    issuers.container_uri.clone(),
                ),
                (
                    "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                    given.file("container"),
                ),
                project,
            ],
            Self::Metadata => vec![
                (
                    "HUAWEICLOUD_METADATA_ENDPOINT",
                    details.addresses.metadata.clone(),
                ),
                project,
            ],
        }
    }
}
