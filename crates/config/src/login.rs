//! Describes a login (a user, a password, and the scope of the token), and makes the request for a token.

use huaweicloud_core::Secret;
use huaweicloud_iam::types::{
    AuthMethod, CreateTokenRequest, PasswordIdentity, PasswordUser, PasswordUserDomain, TokenAuth,
    TokenAuthRequired, TokenIdentity, TokenScope, TokenScopeDomain, TokenScopeProject,
    TotpIdentity, TotpUser, TotpUserRequired,
};

/// A user, the password of the user, and the scope of the requested token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    user: User,
    password: Secret,
    passcode: Option<Passcode>,
    scope: Scope,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum User {
    Named { name: String, account: Account },
    Id(String),
}

/// An account. IAM calls an account a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Account {
    /// The name of the account.
    Name(String),
    /// The id of the account.
    Id(String),
}

/// Makes an account from its name.
impl From<&str> for Account {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

/// Makes an account from its name.
impl From<String> for Account {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

/// Makes an account from its name.
impl From<&String> for Account {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}

/// The code that a virtual MFA device shows, and the id of the user of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Passcode {
    user_id: String,
    code: Secret,
}

/// The scope of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// The whole account. The token is valid for services that belong to no region.
    Account,
    /// The project with this id.
    ProjectId(String),
    /// The project with this name, such as `eu-de` or `eu-de_team`.
    ProjectName(String),
}

impl Login {
    /// Creates a login for a user of this account. By default, the scope of the token is the whole account.
    pub fn new(
        account: impl Into<Account>,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let (name, account) = (user.into(), account.into());
        Self::for_user(User::Named { name, account }, password.into())
    }

    /// Creates a login for the user with this id. The login contains no account. By default, the token has no project.
    pub fn by_user_id(id: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::for_user(User::Id(id.into()), password.into())
    }

    fn for_user(user: User, password: Secret) -> Self {
        Self {
            user,
            password,
            passcode: None,
            scope: Scope::Account,
        }
    }

    /// Sets the scope of the token to the project with this id.
    #[must_use]
    pub fn with_project_id(mut self, id: impl Into<String>) -> Self {
        self.scope = Scope::ProjectId(id.into());
        self
    }

    /// Sets the scope of the token to the project with this name, such as `eu-de`. IAM returns the token and the id of
    /// the project.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.scope = Scope::ProjectName(name.into());
        self
    }

    /// Adds the code that the user's virtual MFA device shows now. With a code, IAM also needs the id of the user.
    ///
    /// IAM accepts a code only once. The token is valid for 24 hours. After this time, calls fail, because a new login
    /// needs a new code.
    #[must_use]
    pub fn with_passcode(mut self, user_id: impl Into<String>, code: impl Into<Secret>) -> Self {
        self.passcode = Some(Passcode {
            user_id: user_id.into(),
            code: code.into(),
        });
        self
    }

    /// Returns the scope of the token.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns whether the login contains a code of an MFA device.
    pub(crate) fn has_passcode(&self) -> bool {
        self.passcode.is_some()
    }

    pub(crate) fn request(&self) -> CreateTokenRequest {
        let user = PasswordUser::new(self.password.clone());
        let (user, account) = match &self.user {
            User::Named { name, account } => {
                let domain = PasswordUserDomain::new();
                let domain = match account {
                    Account::Name(name) => domain.with_name(name),
                    Account::Id(id) => domain.with_id(id),
                };
                (user.with_name(name).with_domain(domain), Some(account))
            }
            User::Id(id) => (user.with_id(id), None),
        };
        let mut identity =
            TokenIdentity::new([AuthMethod::Password]).with_password(PasswordIdentity::new(user));
        if let Some(Passcode { user_id, code }) = &self.passcode {
            identity.methods.push(AuthMethod::Totp);
            let user = TotpUser::new(TotpUserRequired {
                id: user_id,
                passcode: code.clone(),
            });
            identity = identity.with_totp(TotpIdentity::new(user));
        }
        CreateTokenRequest::new(TokenAuth::new(TokenAuthRequired {
            identity,
            scope: self.scope.request(account),
        }))
    }
}

impl Scope {
    /// Returns the scope in the form that IAM expects.
    ///
    /// If the scope is the account and `account` is `None`, the result is empty. An empty scope means the services that
    /// belong to no region.
    pub(crate) fn request(&self, account: Option<&Account>) -> TokenScope {
        let project = TokenScopeProject::new();
        match (self, account) {
            (Self::Account, None) => TokenScope::new(),
            (Self::Account, Some(account)) => {
                let domain = TokenScopeDomain::new();
                TokenScope::new().with_domain(match account {
                    Account::Name(name) => domain.with_name(name),
                    Account::Id(id) => domain.with_id(id),
                })
            }
            (Self::ProjectId(id), _) => TokenScope::new().with_project(project.with_id(id)),
            (Self::ProjectName(name), _) => TokenScope::new().with_project(project.with_name(name)),
        }
    }
}
