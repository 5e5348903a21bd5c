//! Shared functions for credentials that IAM issues. They make a client, and read tokens and temporary keys in answers.

use crate::address::iam_version::without_version;
use crate::renewing::{Issued, date};
use huaweicloud_core::{AccessKey, Config, Error, ErrorKind, Response, Secret, Token};
use huaweicloud_iam::Client;
use huaweicloud_iam::types::TemporaryAccessKey;
use tokio::time::Instant;

/// Returns a client of IAM for the address or the region in the configuration. If the address ends in a version, which
/// other tools need, this function removes the version.
pub(crate) fn client(config: &Config) -> Result<Client, Error> {
    let client = Client::new(config)?;
    match config.endpoint("iam") {
        Some(given) => client.with_endpoint(&without_version("iam", given)),
        None => Ok(client),
    }
}

/// Reads the temporary key in IAM's answer. `asked` is the time of the request. `project` is the id of the project in
/// which operations with the key act.
pub(super) fn temporary_key(
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

pub(super) fn incomplete(who: &str) -> Error {
    let message =
        format!("{who} answered without an access key, its secret, or the security token");
    Error::new(ErrorKind::UnexpectedAnswer, message)
        .with_help("check the address, and that no proxy answers instead of the service")
}

/// Makes a token from `token`, which is the value of the header `X-Subject-Token` in IAM's answer. If the answer has no
/// such header, returns an error.
pub(super) fn subject_token<T>(
    answer: &Response<T>,
    token: Option<Secret>,
) -> Result<Token, Error> {
    let missing = || {
        let message = "IAM's answer has no token in its header X-Subject-Token";
        Error::new(ErrorKind::UnexpectedAnswer, message)
            .with_help(
                "check that the endpoint is the address of IAM, and that no proxy removes headers",
            )
            .with_response(answer)
    };
    token.map(Token::new).ok_or_else(missing)
}

/// Returns the duration in seconds as a 32-bit integer, which is the documented type. If the duration is too long,
/// returns the largest integer.
pub(super) fn seconds(time: std::time::Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}
