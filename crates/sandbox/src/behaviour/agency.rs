//! The agency that the account has entrusted to itself, and the identity provider.

use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use subtle::ConstantTimeEq as _;

use super::Call;
use super::temporary::issue;
use crate::answer::Answer;
use crate::problem::Problem;

const HOUR: u64 = 3600;

/// Whether the body's `assume_role` names the agency.
pub(super) fn check(call: &Call<'_>) -> Result<(), Problem> {
    let wanted = &call.values.body["auth"]["identity"]["assume_role"];
    let (tenant, issuers) = (&call.state.tenant, &call.state.issuers);
    let same = |field: &str, own: &str| wanted.get(field).is_none_or(|wanted| wanted == own);
    let names_account = wanted.get("domain_id").is_some() || wanted.get("domain_name").is_some();
    let fits = wanted["agency_name"] == *issuers.agency_name
        && names_account
        && same("domain_id", &tenant.domain_id)
        && same("domain_name", &tenant.domain_name);
    match fits {
        true => Ok(()),
        // Whether it is another's or does not exist is nobody's business.
        false => Err(Problem::WrongProject),
    }
}

/// Whether this is the identity provider's ID token.
pub(super) fn is_vouched(call: &Call<'_>, pointer: &str) -> bool {
    let sent = call.in_body(pointer).unwrap_or_default();
    bool::from(
        sent.as_bytes()
            .ct_eq(call.state.issuers.id_token.as_bytes()),
    )
}

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
            message: "The ID token is not good.",
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
