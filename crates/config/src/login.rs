//! Who logs in, and for what.

use huaweicloud_core::Secret;
use huaweicloud_iam::types::{
    AuthMethod, CreateTokenRequest, PasswordIdentity, PasswordUser, PasswordUserDomain, TokenAuth,
    TokenIdentity, TokenScope, TokenScopeDomain, TokenScopeProject,
};

/// A user's name and password, and what the token shall be good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    domain: String,
    user: String,
    password: Secret,
    scope: Scope,
}

/// What a token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// The whole account, for services that know no projects.
    Account,
    /// The project with this id.
    ProjectId(String),
    /// The project with this name: `eu-de`, `eu-de_team`.
    ProjectName(String),
}

impl Login {
    /// A user of this account (which IAM calls domain), for the whole account.
    pub fn new(
        account: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        Self {
            domain: account.into(),
            user: user.into(),
            password: password.into(),
            scope: Scope::Account,
        }
    }

    /// For the project with this id.
    #[must_use]
    pub fn with_project_id(mut self, id: impl Into<String>) -> Self {
        self.scope = Scope::ProjectId(id.into());
        self
    }

    /// For the project with this name, such as `eu-de`. The id comes with the token.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.scope = Scope::ProjectName(name.into());
        self
    }

    /// What the token shall be good for.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) fn request(&self) -> CreateTokenRequest {
        let domain = PasswordUserDomain::new(&self.domain);
        let user = PasswordUser::new(domain, &self.user, self.password.clone());
        let identity =
            TokenIdentity::new([AuthMethod::Password]).with_password(PasswordIdentity::new(user));
        CreateTokenRequest::new(TokenAuth::new(identity, self.token_scope()))
    }

    fn token_scope(&self) -> TokenScope {
        let project = TokenScopeProject::new();
        match &self.scope {
            Scope::Account => {
                TokenScope::new().with_domain(TokenScopeDomain::new().with_name(&self.domain))
            }
            Scope::ProjectId(id) => TokenScope::new().with_project(project.with_id(id)),
            Scope::ProjectName(name) => TokenScope::new().with_project(project.with_name(name)),
        }
    }
}
