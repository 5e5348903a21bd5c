//! Fetches the temporary keys that an elastic cloud server gets for its agency.

use super::key_json;
use super::local_http::{Reply, ask, checked_address, client, secret_header};
use crate::renewing::{Fetch, Issued, Renewing};
use huaweicloud_core::reqwest::Client;
use huaweicloud_core::{BoxFuture, Credential, Error, ErrorKind, ProvideCredential};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

pub(crate) const ADDRESS: &str = "http://169.254.169.254";
const WHO: &str = "the metadata service";

/// The longest time for opening a connection. The service runs on the host of this server, so a connection usually
/// needs much less time. If nothing accepts the connection, the fetch fails within this time.
const CONNECT: Duration = Duration::from_secs(1);

/// The longest duration of a fetch, which sends two requests.
const LIMIT: Duration = Duration::from_millis(2500);

/// The lifetime of a metadata token in seconds. Each token is used once.
const TOKEN_LIFE: &str = "60";

/// The temporary keys of the agency that is assigned to this elastic cloud server. The metadata service of the server
/// issues the keys. Clones share the keys.
///
/// The first request gets a token (`PUT /meta-data/latest/api/token`). If the service requires a token, an attacker who
/// can only make this machine send GET requests gets no keys. If the service does not support tokens (status 404, 405
/// or 503), the second request has no token.
///
/// The second request gets the keys (`GET /openstack/latest/securitykey`), which are valid for an hour. The first call
/// fetches the keys. They are renewed before their end, like the tokens of
/// [`PasswordCredentials`](crate::PasswordCredentials).
///
/// Opening a connection takes at most one second, and a whole fetch takes at most two and a half seconds. The requests
/// use no proxy.
#[derive(Clone, Debug)]
pub struct MetadataCredentials(Renewing);

impl ProvideCredential for MetadataCredentials {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        self.0.credential()
    }

    fn accepted(&self, credential: &Credential) {
        self.0.accepted(credential);
    }

    fn is_unproven(&self, credential: &Credential) -> bool {
        self.0.is_unproven(credential)
    }

    fn refused(&self, credential: &Credential) -> bool {
        self.0.refused(credential)
    }
}

impl MetadataCredentials {
    /// Creates credentials that send their requests to `http://169.254.169.254`. This function itself sends no request.
    ///
    /// # Errors
    /// The HTTP client cannot be created.
    pub fn new() -> Result<Self, Error> {
        Self::at(ADDRESS)
    }

    /// Creates credentials that send their requests to another address, such as `http://127.0.0.1:8080` in a test.
    ///
    /// # Errors
    /// The address is not an http or https URL, contains a user or a password, or is plain http to another machine. Or
    /// the HTTP client cannot be created.
    pub fn at(address: impl Into<String>) -> Result<Self, Error> {
        let address = address.into();
        checked_address(WHO, &address)?;
        Ok(Self(Renewing::new(Machine {
            address: address.trim_end_matches('/').to_owned(),
            client: client(CONNECT)?,
        })))
    }
}

struct Machine {
    address: String,
    client: Client,
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Machine {
    async fn issued(&self) -> Result<Issued, Error> {
        let (asked, token) = (Instant::now(), self.token().await?);
        let mut request = self
            .client
            .get(format!("{}/openstack/latest/securitykey", self.address));
        if let Some(token) = &token {
            let token = secret_header("the metadata service's token", token.body.expose().trim())?;
            request = request.header("X-Metadata-Token", token);
        }
        let reply = ask(WHO, request).await?;
        match reply.status {
            200 => key_json::read_key(WHO, &reply, asked),
            status => Err(refused(status)),
        }
    }

    /// Returns the answer that contains a token. `None` if the service does not support tokens.
    async fn token(&self) -> Result<Option<Reply>, Error> {
        let request = self
            .client
            .put(format!("{}/meta-data/latest/api/token", self.address))
            .header("X-Metadata-Token-Ttl-Seconds", TOKEN_LIFE);
        let reply = ask(WHO, request).await?;
        match reply.status {
            200 if is_token(reply.body.expose().trim()) => Ok(Some(reply)),
            200 => Err(Error::new(
                ErrorKind::UnexpectedAnswer,
                "the metadata service sent an answer that is not a token",
            )
            .with_help("check that no proxy answers instead of the service")),
            404 | 405 | 503 => Ok(None),
            status => Err(refused(status)),
        }
    }
}

/// Returns whether the string is one word that a header can contain, and not a web page.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'<')
}

fn refused(status: u16) -> Error {
    let message = format!("the metadata service answered HTTP {status}");
    let help = match status {
        401 | 403 | 404 => "assign an agency for the Elastic Cloud Server service to this server",
        _ => "try again; if the error remains, check the server's agency",
    };
    Error::new(ErrorKind::Credentials, message).with_help(help)
}

impl Fetch for Machine {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(async {
            let late = |_| {
                let message = format!("the metadata service does not answer within {LIMIT:?}");
                Err(Error::new(ErrorKind::Timeout, message))
            };
            tokio::time::timeout(LIMIT, self.issued())
                .await
                .unwrap_or_else(late)
        })
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        let message = format!("the metadata service at {} gave no key", self.address);
        Error::new(error.kind(), message)
            .with_help("see the source of this error; only an elastic cloud server with an agency gets these keys")
            .with_source(error)
    }

    fn limit(&self) -> Duration {
        LIMIT
    }
}
