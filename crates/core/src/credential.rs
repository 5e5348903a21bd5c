//! Credentials: a token or an access key, and their sources.

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

/// A boxed future, as the methods of [`ProvideCredential`] return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A source of credentials. The credential is fixed, or the source renews it.
///
/// `Debug` of a configuration shows the `Debug` text of the source, so that text must contain no secrets. If a source
/// wraps another source, it passes each method on.
pub trait ProvideCredential: Debug + Send + Sync + 'static {
    /// The credential for the next request. A source that keeps a credential answers at once.
    ///
    /// # Errors
    /// There is no credential. The error says why and what to do.
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>>;

    /// The server has carried out a request with this credential.
    fn accepted(&self, credential: &Credential) {
        let _ = credential;
    }

    /// Whether this credential is new, and no server has accepted it yet. If a server refuses a new credential, it
    /// refuses the next one too. So [`refused`](Self::refused) is not called then, and no new credential is fetched.
    fn is_unproven(&self, credential: &Credential) -> bool {
        let _ = credential;
        false
    }

    /// The server answered 401 to this credential, and executed nothing. True if the next
    /// [`credential`](Self::credential) returns another one. Then the request is sent again. The first time in a call
    /// this happens at once, later as the retry policy allows.
    ///
    /// A source that logs in must limit its logins by time, because some services answer 401 to each request. It
    /// returns true if it already has a newer credential, or if the refused one is old enough. It returns false, and
    /// keeps the credential, if the credential was issued a moment ago. A new one would be refused as well. Then the
    /// call fails with the service's 401, without a login.
    fn refused(&self, credential: &Credential) -> bool {
        let _ = credential;
        false
    }

    /// The project for an operation that acts in one, if neither the client nor the credential names it. `region` is
    /// the region of the client.
    ///
    /// The default is None: the source does not know the project, and the call is an error.
    ///
    /// # Errors
    /// The project was not found. The error says where the source searched, and what to do.
    fn project_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        let _ = region;
        Box::pin(std::future::ready(Ok(None)))
    }

    /// The account for a signed request that belongs to no project. It is asked for if neither the configuration nor
    /// the credential names an account.
    ///
    /// The default is None: the request goes without an account.
    ///
    /// # Errors
    /// As [`project_id`](Self::project_id).
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

/// The proof of who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// A token, sent as `X-Auth-Token`.
    Token(Token),
    /// An access key. It signs the request by the configuration's [`SigningAlgorithm`](crate::SigningAlgorithm).
    AccessKey(AccessKey),
}

impl Credential {
    /// The project of the credential, if it names one.
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
    /// The token text.
    pub value: Secret,
    /// The project of the token, if it is known.
    pub project_id: Option<String>,
}

impl Token {
    /// A token from IAM.
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
    /// The id of the access key (AK). It is sent in clear text.
    pub access: String,
    /// The secret key (SK). It only signs, and is never sent.
    pub secret: Secret,
    /// The token of a temporary key, sent as `X-Security-Token`.
    pub security_token: Option<Secret>,
    /// The project to act in.
    pub project_id: Option<String>,
    /// The account, for services without projects.
    pub domain_id: Option<String>,
}

impl AccessKey {
    /// A permanent key.
    pub fn new(access: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            access: access.into(),
            secret: secret.into(),
            security_token: None,
            project_id: None,
            domain_id: None,
        }
    }

    /// Makes this key a temporary key.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// Sets the project to act in.
    #[must_use]
    pub fn with_project(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// Sets the account.
    #[must_use]
    pub fn with_domain(mut self, id: impl Into<String>) -> Self {
        self.domain_id = Some(id.into());
        self
    }
}

/// Fails at once if a header cannot carry the text.
fn check(what: &'static str, text: &str) -> Result<(), Error> {
    let wrong = if text.is_empty() {
        "is empty"
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds white space or other characters that no header can carry"
    } else {
        return Ok(());
    };
    Err(
        Error::new(ErrorKind::Credentials, format!("the {what} {wrong}"))
            .with_help("check that it was copied whole, without line breaks"),
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
