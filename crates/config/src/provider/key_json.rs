//! Reads a temporary key from the JSON of a metadata service or a container's credentials service.
//!
//! The parts of the key are in the object `credential` or `credentials`, or at the top level. Each part can have one of
//! several field names, because three APIs use different names.

use super::iam::incomplete;
use super::local_http::Reply;
use crate::renewing::Issued;
use huaweicloud_core::{AccessKey, Error, ErrorKind};
use serde_json::Value;
use tokio::time::Instant;

const ACCESS: [&str; 3] = ["access", "accessKeyId", "access_key_id"];
const SECRET: [&str; 3] = ["secret", "secretAccessKey", "secret_access_key"];
const TOKEN: [&str; 3] = ["securitytoken", "securityToken", "security_token"];
const END: [&str; 2] = ["expires_at", "expiration"];

/// Reads the key in a successful answer.
pub(super) fn read_key(who: &str, reply: &Reply, asked: Instant) -> Result<Issued, Error> {
    let body: Value = serde_json::from_str(reply.body.expose()).map_err(|_| {
        let message = format!("{who} sent an answer that is not JSON");
        Error::new(ErrorKind::UnexpectedAnswer, message)
            .with_help("check the address, and that no proxy answers instead of the service")
    })?;
    let inner = ["credential", "credentials"]
        .iter()
        .find_map(|name| body.get(name));
    let credential = inner.unwrap_or(&body);
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| credential.get(name)?.as_str());
        found.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    match (text(&ACCESS), text(&SECRET), text(&TOKEN)) {
        (Some(access), Some(secret), Some(token)) => {
            let key = AccessKey::new(access, secret).with_security_token(token);
            Issued::key(key, asked, reply.date, text(&END).as_deref())
        }
        _ => Err(incomplete(who)),
    }
}
