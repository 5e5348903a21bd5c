//! Who calls: a token or an access key, and where they come from.

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

/// A future on the heap, as [`ProvideCredential`] gives one.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A source of credentials: a fixed one, or one that renews itself. Its `Debug` is shown with the configuration's, so it must
/// not show secrets. A source that wraps another one passes every method on.
pub trait ProvideCredential: Debug + Send + Sync + 'static {
    /// The credential for the next request. A source that keeps one answers at once.
    ///
    /// # Errors
    /// None can be had; the error says why and what to do.
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>>;

    /// The server has carried out a request with this credential.
    fn accepted(&self, credential: &Credential) {
        let _ = credential;
    }

    /// Whether this credential is new, and no server has accepted it yet. A server that refuses it would refuse its
    /// successor, too. So [`refused`](Self::refused) is not called then, and no successor is fetched.
    fn is_unproven(&self, credential: &Credential) -> bool {
        let _ = credential;
        false
    }

    /// The server answered 401 to this credential, and executed nothing. True if the next
    /// [`credential`](Self::credential) will be another one. Then the request is sent again: at once the first time in
    /// a call, later as the retry policy allows.
    ///
    /// A source that logs in must bound its logins by time, because some services answer 401 whatever they are sent. It returns true if the
    /// credential has a successor already, or is old enough for one. It returns false, and keeps the credential, if it was issued a moment
    /// ago: a new one would be refused as well. Then the call fails with the service's 401, and no login was made for it.
    fn refused(&self, credential: &Credential) -> bool {
        let _ = credential;
        false
    }

    /// The project for an operation that acts in one, where neither the client nor the credential names it; `region` is the
    /// client's. None, which is the default: the source does not know either, and the call is an error.
    ///
    /// # Errors
    /// It was not found. The error says where it was searched, and what to do.
    fn project_id<'a>(
        &'a self,
        region: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        let _ = region;
        Box::pin(std::future::ready(Ok(None)))
    }

    /// The account, for signing a request that belongs to no project, where neither the configuration nor the credential names
    /// it. None, which is the default: the request goes without.
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

/// What authenticates a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// Sent as `X-Auth-Token`.
    Token(Token),
    /// Signs the request, by the configuration's [`SigningAlgorithm`](crate::SigningAlgorithm).
    AccessKey(AccessKey),
}

impl Credential {
    /// The project that the credential is for, if it says so.
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
    /// The token itself.
    pub value: Secret,
    /// The project that it was issued for.
    pub project_id: Option<String>,
}

impl Token {
    /// A token as IAM issued it.
    pub fn new(value: impl Into<Secret>) -> Self {
        Self {
            value: value.into(),
            project_id: None,
        }
    }

    /// Names the project that it was issued for.
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
    /// The access key's id (AK). It is sent in clear text.
    pub access: String,
    /// The secret key (SK). It only signs, and is never sent.
    pub secret: Secret,
    /// Sent as `X-Security-Token` with a temporary key.
    pub security_token: Option<Secret>,
    /// The project to act in.
    pub project_id: Option<String>,
    /// The account, for services that know no projects.
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

    /// Makes it a temporary key.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// Names the project to act in.
    #[must_use]
    pub fn with_project(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// Names the account.
    #[must_use]
    pub fn with_domain(mut self, id: impl Into<String>) -> Self {
        self.domain_id = Some(id.into());
        self
    }
}

/// Says no at once where a header could not carry the text.
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
