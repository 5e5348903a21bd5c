//! Credentials that IAM, the Security Token Service or the machine issue. One file holds one kind.

mod agency;
mod container;
mod id_token;
mod identity_provider;
mod json;
mod metadata;
mod oidc;
mod password;
mod plain;
mod temporary;

pub use agency::{Agency, AgencyCredentials};
pub use container::ContainerCredentials;
pub use id_token::IdToken;
pub use identity_provider::IdentityProviderCredentials;
pub use metadata::MetadataCredentials;
pub use oidc::{Oidc, OidcCredentials};
pub use password::PasswordCredentials;
pub use temporary::TemporaryKeyCredentials;

use crate::place::without_version;
use crate::renewing::{Issued, date};
use huaweicloud_core::{AccessKey, Config, Error, ErrorKind, Response, Secret, Token};
use huaweicloud_iam::Client;
use huaweicloud_iam::types::TemporaryAccessKey;
use std::sync::Arc;
use tokio::time::Instant;

/// IAM at the configuration's address, which may be one that other tools take too.
pub(crate) fn iam(config: &Config) -> Result<Client, Error> {
    let client = Client::new(config)?;
    match config.endpoint("iam") {
        Some(given) => client.with_endpoint(&without_version("iam", given)),
        None => Ok(client),
    }
}

/// What a failure of somebody who issues credentials means: message and help by HTTP status.
struct Refusals {
    /// `IAM`
    who: &'static str,
    /// `token`
    what: &'static str,
    unauthorized: (&'static str, &'static str),
    forbidden: (&'static str, &'static str),
    /// Statuses 400 and 404: something that the request names.
    invalid: (&'static str, &'static str),
}

impl Refusals {
    /// What a call reports that waited for the credential.
    fn explain(&self, error: Arc<Error>) -> Error {
        let Self { who, what, .. } = self;
        let kind = error.kind();
        let refused = match error.status() {
            _ if kind != ErrorKind::Service => None,
            Some(401) => Some(self.unauthorized),
            Some(403) => Some(self.forbidden),
            Some(400 | 404) => Some(self.invalid),
            _ => None,
        };
        let explained = match refused {
            Some((message, help)) => Error::new(ErrorKind::Credentials, message).with_help(help),
            None if kind == ErrorKind::Service => {
                let message = format!("{who} issued no {what}");
                Error::new(ErrorKind::Credentials, message).with_help("see the source of this error")
            }
            None => Error::new(kind, format!("no {what} could be had from {who}")).with_help(format!(
                "see the source of this error; check the address of {who}, the region and the network"
            )),
        };
        explained.with_source(error)
    }
}

/// Temporary keys as IAM issues them.
fn temporary_key(
    answer: &Response<TemporaryAccessKey>,
    asked: Instant,
    project: Option<&str>,
) -> Result<Issued, Error> {
    let credential = answer.credential.as_ref();
    let parts = credential.and_then(|key| {
        let parts = (
            key.access.clone(),
            key.secret.clone(),
            key.securitytoken.clone(),
        );
        match parts {
            (Some(access), Some(secret), Some(token)) => Some((access, secret, token)),
            _ => None,
        }
    });
    let (access, secret, token) = parts.ok_or_else(|| incomplete("IAM").with_response(answer))?;
    let mut key = AccessKey::new(access, secret).with_security_token(token);
    if let Some(project) = project {
        key = key.with_project(project);
    }
    let expires = credential.and_then(|key| key.expires_at.as_deref());
    Issued::key(key, asked, date(answer.headers()), expires)
}

fn incomplete(who: &str) -> Error {
    let message =
        format!("{who} answered without an access key, its secret, or the security token");
    Error::new(ErrorKind::UnexpectedAnswer, message)
        .with_help("check the address, and that no proxy answers in its place")
}

/// The token in the header of IAM's answer.
fn subject_token<T>(answer: &Response<T>, token: Option<Secret>) -> Result<Token, Error> {
    let missing = || {
        let message = "IAM's answer has no token in its header X-Subject-Token";
        Error::new(ErrorKind::UnexpectedAnswer, message)
            .with_help("check that the endpoint is IAM's and no proxy removes headers")
            .with_response(answer)
    };
    token.map(Token::new).ok_or_else(missing)
}

/// Seconds as the documents' 32-bit integers hold them.
fn seconds(time: std::time::Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}
