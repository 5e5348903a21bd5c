use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::Call;
use super::iam::{invalid, microseconds};
use crate::answer::Answer;
use crate::authenticate::fingerprint;
use crate::clock::{after, timestamp};
use crate::problem::Problem;
use crate::random;
use crate::store::AccessKey;
use crate::store::records::Temporary;

const DURATION: &str = "/auth/identity/token/duration_seconds";
const DEFAULT_SECONDS: u64 = 900;

/// A temporary access key: it expires, and signs only together with its security token.
pub(super) fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    if call.values.body["auth"]["identity"]["methods"] != json!(["token"]) {
        return Err(invalid("auth.identity.methods", "must be [\"token\"]"));
    }
    let seconds = call
        .values
        .body
        .pointer(DURATION)
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(DEFAULT_SECONDS);
    let now = call.state.clock.now_ms();
    let expires_ms = after(now, Duration::from_secs(seconds));
    let (access, secret, security_token) = (
        random::access_key(),
        random::alphanumeric(40),
        random::alphanumeric(128),
    );
    let temporary = Temporary {
        security_token: fingerprint(&security_token),
        expires_ms,
    };
    let key = AccessKey {
        user_id: call.caller()?.user.id.clone(),
        secret: secret.clone(),
        temporary: Some(temporary),
    };
    call.state.store.write(|writer| {
        writer.retain(|key: &AccessKey| {
            key.temporary
                .as_ref()
                .is_none_or(|temporary| temporary.expires_ms > now)
        })?;
        writer.put(&access, &key)
    })?;
    let expires_at = microseconds(timestamp(expires_ms));
    let credential = json!({"access": access, "secret": secret, "securitytoken": security_token, "expires_at": expires_at});
    Ok(Answer::json(
        StatusCode::CREATED,
        json!({"credential": credential}),
    ))
}
