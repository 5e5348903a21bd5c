//! Credentials: a token or an access key, and their sources.

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

/// A boxed future, which methods of [`ProvideCredential`] and [`Transport`](crate::Transport) return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A source of credentials. The source returns a fixed credential, or it renews the credential.
///
/// The `Debug` output of a configuration contains the `Debug` output of the source. So the `Debug` output of the source
/// must contain no secrets. If a source wraps another source, each method must call the same method of the inner
/// source.
pub trait ProvideCredential: Debug + Send + Sync + 'static {
    /// Returns the credential for the next request. If the source has stored a valid credential, it returns that
    /// credential at once.
    ///
    /// # Errors
    /// Fails if there is no credential. The error contains the reason and advice.
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>>;

    /// The client calls this method after a successful attempt with this credential. The answer to such an attempt has
    /// a status of 200 to 299.
    fn accepted(&self, credential: &Credential) {
        let _ = credential;
    }

    /// Returns whether the credential is new and no server has accepted it yet.
    ///
    /// If a server refuses a new credential, the server would probably also refuse the next credential. So after the
    /// refusal of such a credential, the client does not call [`refused`](Self::refused), and the call fails.
    fn is_unproven(&self, credential: &Credential) -> bool {
        let _ = credential;
        false
    }

    /// The client calls this method if a server refused this credential with status 401. The server has not executed
    /// the request.
    ///
    /// Returns `true` if the next call of [`credential`](Self::credential) returns another credential. Then the client
    /// sends the request again. For the first refusal in a call, the client does so at once. For later refusals, the
    /// retry policy decides.
    ///
    /// A source that logs in must limit its logins, because a service can answer every request with status 401. If the
    /// source has a newer credential, or if the limit allows another login, the source returns `true`. In all other
    /// cases, the source returns `false`. Then the call fails with status 401, without a new login.
    fn refused(&self, credential: &Credential) -> bool {
        let _ = credential;
        false
    }

    /// Returns the project for an operation that acts in a project. The client calls this method if neither the client
    /// nor the credential contains a project. `region` is the region of the client.
    ///
    /// The default implementation returns `None`: the source does not know the project. Then the call returns an error.
    ///
    /// # Errors
    /// Fails if the source did not find the project. The error contains the locations where the source searched, and
    /// advice.
    fn project_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        let _ = region;
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Returns the account for a signed request that does not need a project. The client calls this method if neither
    /// the client nor the credential contains a project or an account.
    ///
    /// The default implementation returns `None`. Then the client sends the request without an account.
    ///
    /// # Errors
    /// Fails if the source did not find the account. The error contains the locations where the source searched,
    /// and advice.
    fn domain_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        let _ = region;
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl<T: ProvideCredential + ?Sized> ProvideCredential for Arc<T> {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        (**self).credential()
    }
    fn accepted(&self, credential: &Credential) {
        (**self).accepted(credential);
    }
    fn is_unproven(&self, credential: &Credential) -> bool {
        (**self).is_unproven(credential)
    }
    fn refused(&self, credential: &Credential) -> bool {
        (**self).refused(credential)
    }
    fn project_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        (**self).project_id(region)
    }
    fn domain_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        (**self).domain_id(region)
    }
}

/// A credential, which proves the identity of the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// A token. The client sends the token in the header `X-Auth-Token`.
    Token(Token),
    /// An access key. The client uses the key to sign requests with the [`SigningAlgorithm`](crate::SigningAlgorithm)
    /// of the configuration.
    AccessKey(AccessKey),
}

impl Credential {
    /// Returns the project of the credential. `None` if the credential contains no project.
    pub fn project_id(&self) -> Option<&str> {
        match self {
            Self::Token(token) => token.project_id.as_deref(),
            Self::AccessKey(key) => key.project_id.as_deref(),
        }
    }
}

/// An IAM token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// The value of the token.
    pub value: Secret,
    /// The project of the token. `None` if the project is not known.
    pub project_id: Option<String>,
}

impl Token {
    /// Makes a token from a value that IAM has issued.
    pub fn new(value: impl Into<Secret>) -> Self {
        Self {
            value: value.into(),
            project_id: None,
        }
    }

    /// Sets the project of the token.
    #[must_use]
    pub fn with_project(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }
}

/// A permanent or temporary access key (AK and SK).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessKey {
    /// The id of the access key (AK). Requests contain the id in clear text.
    pub access: String,
    /// The secret key (SK). The client uses the key to sign requests, and never sends the key.
    pub secret: Secret,
    /// The security token of a temporary key. The client sends the token in the header `X-Security-Token`. `None` if
    /// the key is permanent.
    pub security_token: Option<Secret>,
    /// The project in which operations act. `None` if the project is not known.
    pub project_id: Option<String>,
    /// The id of the account, for requests without a project. `None` if the account is not known.
    pub domain_id: Option<String>,
}

impl AccessKey {
    /// Makes a permanent key.
    pub fn new(access: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            access: access.into(),
            secret: secret.into(),
            security_token: None,
            project_id: None,
            domain_id: None,
        }
    }

    /// Sets the security token. A key with a security token is a temporary key.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// Sets the project in which operations act.
    #[must_use]
    pub fn with_project(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// Sets the id of the account.
    #[must_use]
    pub fn with_domain(mut self, id: impl Into<String>) -> Self {
        self.domain_id = Some(id.into());
        self
    }
}

/// Returns an error if `text` is empty, or contains a character that is not visible ASCII.
fn check(what: &'static str, text: &str) -> Result<(), Error> {
    let wrong = if text.is_empty() {
        "is empty"
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "contains white space or a character other than visible ASCII"
    } else {
        return Ok(());
    };
    Err(
        Error::new(ErrorKind::Credentials, format!("the {what} {wrong}"))
            .with_help("check that it was copied completely and without line breaks"),
    )
}

impl ProvideCredential for Token {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        let checked = check("token", self.value.expose());
        Box::pin(std::future::ready(
            checked.map(|()| Credential::Token(self.clone())),
        ))
    }
}

impl ProvideCredential for AccessKey {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        let token = self
            .security_token
            .as_ref()
            .map_or(Ok(()), |token| check("security token", token.expose()));
        let checked = check("access key", &self.access)
            .and(check("secret key", self.secret.expose()))
            .and(token);
        Box::pin(std::future::ready(
            checked.map(|()| Credential::AccessKey(self.clone())),
        ))
    }
}
