//! Creates temporary access keys, and removes expired records from the database.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::Call;
use super::agency;
use crate::answer::Answer;
use crate::authenticate::fingerprint;
use crate::clock::{after, microseconds, timestamp};
use crate::problem::Problem;
use crate::random;
use crate::store::records::Temporary;
use crate::store::{AccessKey, Index, IndexKey, Query, Record, StoreError, Writer};

const DEFAULT_SECONDS: u64 = 900;

/// A new temporary access key.
pub(super) struct Key {
    pub access: String,
    pub secret: String,
    pub security_token: String,
    pub expires_at: String,
}

/// Creates a temporary access key. A request that is signed with this key must also contain the security token of the
/// key.
pub(super) fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let identity = &call.values.body["auth"]["identity"];
    let method = match identity["methods"].as_array().map(Vec::as_slice) {
        Some([Value::String(method)]) => method.as_str(),
        _ => "",
    };
    match method {
        "token" => {}
        "assume_role" => agency::check(call)?,
        _ => {
            let reason = "must be [\"token\"] or [\"assume_role\"]";
            return Err(Problem::invalid("auth.identity.methods", reason));
        }
    }
    let seconds = identity[method]["duration_seconds"].as_u64();
    let life = Duration::from_secs(seconds.unwrap_or(DEFAULT_SECONDS));
    let key = issue(call, &call.caller()?.user.id, life)?;
    let credential = json!({
        "access": key.access,
        "secret": key.secret,
        "securitytoken": key.security_token,
        "expires_at": key.expires_at,
    });
    Ok(Answer::json(
        StatusCode::CREATED,
        json!({"credential": credential}),
    ))
}

/// Issues a temporary access key with this lifetime for this user.
pub(super) fn issue(call: &Call<'_>, user_id: &str, life: Duration) -> Result<Key, Problem> {
    let now = call.state.clock.now_ms();
    let expires_ms = after(now, life);
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
        user_id: user_id.to_owned(),
        secret: secret.clone(),
        temporary: Some(temporary),
    };
    call.state.store.write(|writer| {
        forget_ended(writer, &AccessKey::BY_END, now)?;
        writer.put(&access, &key)
    })?;
    Ok(Key {
        access,
        secret,
        security_token,
        expires_at: microseconds(timestamp(expires_ms)),
    })
}

/// The highest number of expired records that one request removes.
///
/// A request for a new token or key adds one record, and removes at most this number of expired records. So expired
/// records do not accumulate, and the removal never takes long.
const FORGOTTEN_AT_ONCE: usize = 8;

/// Removes at most [`FORGOTTEN_AT_ONCE`] expired records, beginning with the record that expired first.
pub(super) fn forget_ended<R: Record>(
    writer: &mut Writer<'_>,
    by_end: &'static Index<R>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let now = IndexKey::new(&json!(now_ms));
    let ended = Query::default().between(by_end, None, Some(now));
    writer.remove_all(&ended.sorted(by_end).take(FORGOTTEN_AT_ONCE))
}
