//! The Security Token Service, which issues temporary access keys for an ID token.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::Call;
use super::agency::is_vouched;
use super::temporary::issue;
use crate::answer::Answer;
use crate::problem::Problem;

const HOUR: u64 = 3600;

pub(super) fn create_temporary_access_key_with_oidc(call: &Call<'_>) -> Result<Answer, Problem> {
    let issuers = &call.state.issuers;
    for (field, own) in [
        ("provider_urn", &issuers.provider_urn),
        ("agency_urn", &issuers.agency_urn),
    ] {
        if call.values.body[field] != **own {
            return Err(Problem::NoSuchResource {
                id: field.to_owned(),
            });
        }
    }
    if !is_vouched(call, "/id_token") {
        return Err(Problem::Catalogued {
            status: StatusCode::FORBIDDEN,
            code: "STS.0003",
            message: "The ID token is not valid.",
        });
    }
    let seconds = call.values.body["duration_seconds"].as_u64();
    let life = Duration::from_secs(seconds.unwrap_or(HOUR));
    let key = issue(call, &issuers.user_id, life)?;
    let session = call.in_body("/agency_session_name").unwrap_or_default();
    Ok(Answer::ok(json!({
        "assumed_agency": {
            "urn": format!("sts::{}:assumed-agency:{}/{session}", call.state.tenant.domain_id, issuers.agency_name),
            "id": format!("{}:{session}", issuers.user_id),
        },
        "credentials": {
            "access_key_id": key.access,
            "secret_access_key": key.secret,
            "security_token": key.security_token,
            "expiration": key.expires_at,
        },
        "provider": issuers.provider_urn,
        "subject_from_id_token": Value::from("sandbox"),
    })))
}
