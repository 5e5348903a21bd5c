use huaweicloud_core::sign::{
    DATE_HEADER, SignableRequest, Signer, SigningAlgorithm, UNSIGNED_PAYLOAD, canonical_request,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use subtle::ConstantTimeEq as _;

use super::authorization::Authorization;
use super::{Caller, Reach, fingerprint, unauthenticated};
use crate::problem::Problem;
use crate::received::Received;
use crate::state::State;
use crate::store::records::Temporary;
use crate::store::{AccessKey, User};

const SECURITY_TOKEN: &str = "x-security-token";
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
/// The maximum difference between the time of a signature and the time of the sandbox.
const MOST_SKEW_MS: u64 = 15 * 60 * 1000;

pub(super) fn caller(state: &State, request: &Received) -> Result<Caller, Problem> {
    let header = request
        .header("authorization")
        .ok_or_else(|| unauthenticated("Authorization is not text, or was sent more than once"))?;
    // `parse` does not require a signature of the header `Host`, because the official Go SDK does not sign this header.
    let authorization = Authorization::parse(header)?;
    let reader = state.store.read()?;
    let key = reader
        .get::<AccessKey>(authorization.access)?
        .ok_or_else(|| unauthenticated("The access key is not known"))?;
    if let Some(temporary) = &key.temporary {
        check_temporary(temporary, request, request.clock.now_ms())?;
    }
    check_signature(request, &authorization, &key.secret)?;
    // The check of the signature comes before the check of the date. If the secret key and the clock of a client are
    // both wrong, the error is about the signature.
    check_date(request)?;
    let user = reader
        .get::<User>(&key.user_id)?
        .ok_or_else(|| unauthenticated("The access key's user does not exist"))?;
    Ok(Caller {
        user,
        reach: Reach::Every,
    })
}

/// Checks the expiry and the security token of a temporary access key. The signature does not have to include the
/// security token, because some clients sign before they add the token.
fn check_temporary(temporary: &Temporary, request: &Received, now_ms: i64) -> Result<(), Problem> {
    if temporary.expires_ms <= now_ms {
        return Err(unauthenticated("The temporary access key has expired"));
    }
    let sent = request
        .header(SECURITY_TOKEN)
        .ok_or_else(|| unauthenticated("The temporary access key needs X-Security-Token"))?;
    if bool::from(
        fingerprint(sent)
            .as_bytes()
            .ct_eq(temporary.security_token.as_bytes()),
    ) {
        Ok(())
    } else {
        Err(unauthenticated(
            "The security token does not belong to the access key",
        ))
    }
}

/// Computes the signature of the request, and compares it with the client's signature in constant time. If `Credential`
/// contains a day, `X-Sdk-Date` must have the same day.
fn check_signature(
    request: &Received,
    authorization: &Authorization<'_>,
    secret: &str,
) -> Result<(), Problem> {
    let body_hash = body_hash(authorization.algorithm, request);
    let mut headers = Vec::new();
    for name in &authorization.signed_headers {
        let value = request.header(name).ok_or_else(|| {
            Problem::Unauthenticated(format!("The signed header {name} is missing or repeated"))
        })?;
        headers.push((*name, value));
    }
    let pairs = request.query();
    let query: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let (method, path) = (request.method.as_str(), request.uri.path());
    let canonical = canonical_request(&SignableRequest {
        method,
        path,
        query: &query,
        headers: &headers,
        body_hash: &body_hash,
    });
    let date = request.header(DATE_HEADER).unwrap_or_default();
    if authorization
        .day
        .is_some_and(|day| date.get(..8) != Some(day))
    {
        return Err(unauthenticated(
            "The day in Credential differs from the day in X-Sdk-Date",
        ));
    }
    let signer = Signer::new(authorization.access, secret)
        .with_algorithm(authorization.algorithm)
        .with_scope(authorization.region, authorization.service);
    let expected = signer.signature(date, &signer.string_to_sign(date, &canonical));
    if bool::from(
        expected
            .as_bytes()
            .ct_eq(authorization.signature.as_bytes()),
    ) {
        return Ok(());
    }
    // Like the API gateway, the sandbox answers with the canonical request that it computed. The author of a client can
    // compare this canonical request with the canonical request of the client. The answer does not show the secret key.
    let seen = canonical.replace('\n', "|");
    Err(Problem::Unauthenticated(format!(
        "verify aksk signature fail, canonicalRequest:{seen}"
    )))
}

/// Returns the hash of the body for the signature. If the client does not sign the body, the result is
/// `UNSIGNED_PAYLOAD`. An empty body always counts as signed.
fn body_hash(algorithm: SigningAlgorithm, request: &Received) -> String {
    match request.header(algorithm.content_header()) {
        Some(UNSIGNED_PAYLOAD) if !request.body.is_empty() => UNSIGNED_PAYLOAD.to_owned(),
        _ => algorithm.payload_hash(&request.body),
    }
}

fn check_date(request: &Received) -> Result<(), Problem> {
    let signed = request.header(DATE_HEADER).unwrap_or_default();
    let time =
        DateTime::strptime(DATE_FORMAT, signed).and_then(|time| time.to_zoned(TimeZone::UTC));
    let time =
        time.map_err(|_| unauthenticated("X-Sdk-Date is not of the form YYYYMMDDTHHMMSSZ"))?;
    let skew = time
        .timestamp()
        .as_millisecond()
        .saturating_sub(request.clock.now_ms());
    if skew.unsigned_abs() <= MOST_SKEW_MS {
        return Ok(());
    }
    let now = request
        .clock
        .now()
        .to_zoned(TimeZone::UTC)
        .strftime(DATE_FORMAT)
        .to_string();
    Err(Problem::Skewed {
        signed: signed.to_owned(),
        now,
    })
}
