//! Fetches the temporary keys that a container gets for its service account.

use super::id_token::read_secret;
use super::key_json;
use super::local_http::{ask, checked_address, client, secret_header};
use crate::renewing::{Fetch, Issued, Renewing};
use crate::settings::file::last_change;
use huaweicloud_core::reqwest::{Client, Url, header::CONTENT_TYPE};
use huaweicloud_core::{BoxFuture, Credential, Error, ErrorKind, ProvideCredential};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

const WHO: &str = "the container's credentials service";
const CONNECT: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(5);

/// The temporary keys of a container's service account (pod identity of the Cloud Container Engine). Clones share the
/// keys.
///
/// The first call fetches the keys. The `Authorization` header of the request contains the content of the token file.
/// The keys are renewed before their end, like the tokens of [`PasswordCredentials`](crate::PasswordCredentials).
///
/// Opening a connection takes at most one second, and a whole fetch takes at most five seconds. The requests use no
/// proxy.
#[derive(Clone, Debug)]
pub struct ContainerCredentials(Renewing);

impl ProvideCredential for ContainerCredentials {
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

impl ContainerCredentials {
    /// Creates credentials that request their keys from this address, with the token in this file. This function itself
    /// sends no request.
    ///
    /// Each request reads the file again.
    ///
    /// # Errors
    /// The address is not an http or https URL, contains a user or a password, or is plain http to another machine. Or
    /// the HTTP client cannot be created.
    pub fn new(uri: &str, token_file: impl Into<PathBuf>) -> Result<Self, Error> {
        let uri = checked_address(WHO, uri)?;
        Ok(Self(Renewing::new(Pod {
            uri,
            token_file: token_file.into(),
            client: client(CONNECT)?,
        })))
    }
}

struct Pod {
    uri: Url,
    token_file: PathBuf,
    client: Client,
}

/// Of the address, the output contains only the host, because the query can contain a secret.
impl fmt::Debug for Pod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pod")
            .field("host", &self.uri.host_str())
            .field("token_file", &self.token_file)
            .finish_non_exhaustive()
    }
}

impl Pod {
    async fn issued(&self) -> Result<Issued, Error> {
        let asked = Instant::now();
        let token = read_secret(self.token_file.clone()).await?;
        let request = self
            .client
            .post(self.uri.clone())
            .header(
                "Authorization",
                secret_header("the token file's text", token.expose())?,
            )
            .header(CONTENT_TYPE, "application/json")
            .body("{}");
        let reply = ask(WHO, request).await?;
        match reply.status {
            200 | 201 => key_json::read_key(WHO, &reply, asked),
            status => Err(Error::new(
                ErrorKind::Credentials,
                format!("{WHO} answered HTTP {status}"),
            )
            .with_help("check that the pod's service account is bound to an agency")),
        }
    }
}

impl Fetch for Pod {
    fn fetch(&self) -> BoxFuture<'_, Result<Issued, Error>> {
        Box::pin(async {
            let late = |_| {
                let message = format!("{WHO} does not answer within {LIMIT:?}");
                Err(Error::new(ErrorKind::Timeout, message))
            };
            tokio::time::timeout(LIMIT, self.issued())
                .await
                .unwrap_or_else(late)
        })
    }

    fn explain(&self, error: Arc<Error>) -> Error {
        Error::new(error.kind(), format!("{WHO} gave no key"))
            .with_help("see the source of this error")
            .with_source(error)
    }

    fn changed(&self) -> Option<SystemTime> {
        last_change(&self.token_file)
    }

    fn limit(&self) -> Duration {
        LIMIT
    }
}
