//! The metadata service of an elastic cloud server, and the service from which a container gets its credentials.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::Call;
use super::temporary::{Key, issue};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::User;

const TOKEN: &str = "x-metadata-token";
/// The lifetime of the temporary credentials.
const LIFE: Duration = Duration::from_secs(3600);

pub(super) fn create_token(call: &Call<'_>) -> Result<Answer, Problem> {
    let token = call.state.issuers.metadata_token.clone();
    let text = HeaderValue::from_static("text/plain");
    Ok(Answer::new(StatusCode::OK, Some(Value::String(token))).header(CONTENT_TYPE, text))
}

/// Returns new temporary credentials for the elastic cloud server.
///
/// A request without a token succeeds, because the older version of the metadata service has no tokens. A request with
/// a wrong token fails.
pub(super) fn show_security_key(call: &Call<'_>) -> Result<Answer, Problem> {
    if call.request.headers.contains_key(TOKEN) {
        check(call, TOKEN, &call.state.issuers.metadata_token)?;
    }
    answer(call)
}

pub(super) fn create_container_credentials(call: &Call<'_>) -> Result<Answer, Problem> {
    check(call, "authorization", &call.state.issuers.container_token)?;
    answer(call)
}

fn check(call: &Call<'_>, header: &'static str, expected: &str) -> Result<(), Problem> {
    let sent = call.request.header(header).unwrap_or_default();
    match bool::from(sent.as_bytes().ct_eq(expected.as_bytes())) {
        true => Ok(()),
        false => Err(Problem::Unauthenticated("The token is wrong".into())),
    }
}

fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = &call.state.issuers.user_id;
    let user: Option<User> = call.state.store.read()?.get(id)?;
    let user = user.ok_or_else(|| Problem::NoSuchResource { id: id.clone() })?;
    let Key {
        access,
        secret,
        security_token,
        expires_at,
    } = issue(call, &user.id, LIFE)?;
    let credential = json!({"access": access, "secret": secret, "securitytoken": security_token, "expires_at": expires_at});
    Ok(Answer::ok(json!({"credential": credential})))
}
