use huaweicloud_core::sign::{
    ALGORITHM, DATE_HEADER, SignableRequest, canonical_request, payload_hash, signature,
    string_to_sign,
};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use subtle::ConstantTimeEq as _;

use super::{Caller, Reach, fingerprint, unauthenticated};
use crate::problem::Problem;
use crate::received::Received;
use crate::state::State;
use crate::store::records::Temporary;
use crate::store::{AccessKey, User};

const CONTENT_HASH: &str = "x-sdk-content-sha256";
const SECURITY_TOKEN: &str = "x-security-token";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
/// A signature that is older, or newer, is refused.
const MOST_SKEW_MS: u64 = 15 * 60 * 1000;

/// The parts of the header `Authorization`.
struct Authorization<'a> {
    access: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

pub(super) fn caller(state: &State, request: &Received) -> Result<Caller, Problem> {
    let header = request
        .header("authorization")
        .ok_or_else(|| unauthenticated("Authorization is not text, or sent more than once"))?;
    let authorization = Authorization::read(header)?;
    let reader = state.store.read()?;
    let key = reader
        .get::<AccessKey>(authorization.access)?
        .ok_or_else(|| unauthenticated("The access key is not known"))?;
    if let Some(temporary) = &key.temporary {
        check_temporary(temporary, request, request.clock.now_ms())?;
    }
    check_signature(request, &authorization, &key.secret)?;
    // After the signature: only who has the secret learns our time from the error, as well as from the header Date.
    check_date(request)?;
    let user = reader
        .get::<User>(&key.user_id)?
        .ok_or_else(|| unauthenticated("The access key's user does not exist"))?;
    Ok(Caller {
        user,
        reach: Reach::Every,
    })
}

impl<'a> Authorization<'a> {
    fn read(header: &'a str) -> Result<Self, Problem> {
        let malformed = || {
            unauthenticated(
                "Authorization is not of the form `SDK-HMAC-SHA256 Access=.., SignedHeaders=.., Signature=..`",
            )
        };
        let fields = header
            .strip_prefix(ALGORITHM)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or_else(malformed)?;
        let field = |name: &str| {
            let mut found = fields
                .split(',')
                .filter_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
            found.next().filter(|value| !value.is_empty())
        };
        let (access, signed, signature) =
            (field("Access"), field("SignedHeaders"), field("Signature"));
        let (Some(access), Some(signed), Some(signature)) = (access, signed, signature) else {
            return Err(malformed());
        };
        let signed_headers: Vec<_> = signed.split(';').collect();
        if !signed_headers.contains(&DATE_HEADER) {
            return Err(unauthenticated("SignedHeaders lacks x-sdk-date"));
        }
        Ok(Self {
            access,
            signed_headers,
            signature,
        })
    }
}

/// The security token need not be among the signed headers: clients in use add it after they have signed.
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
            "The security token is not that of the access key",
        ))
    }
}

/// Makes the signature again, of the request as it arrived, and compares in constant time.
fn check_signature(
    request: &Received,
    authorization: &Authorization<'_>,
    secret: &str,
) -> Result<(), Problem> {
    let body_hash = body_hash(request);
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
    let expected = signature(secret, &string_to_sign(date, &canonical));
    if bool::from(
        expected
            .as_bytes()
            .ct_eq(authorization.signature.as_bytes()),
    ) {
        return Ok(());
    }
    // As the gateway does, with the server's view of the request, so that a client can see where it differs. The header values stay out of it.
    let seen = canonical.lines().take(3).collect::<Vec<_>>().join("|");
    Err(Problem::Unauthenticated(format!(
        "verify aksk signature fail, canonicalRequest:{seen}|.."
    )))
}

/// The hash that the signature covers: of what arrived, whatever the client says it is, unless it leaves the body unsigned.
fn body_hash(request: &Received) -> String {
    match request.header(CONTENT_HASH) {
        // Of an empty body the hash is signed all the same.
        Some(UNSIGNED) if !request.body.is_empty() => UNSIGNED.to_owned(),
        _ => payload_hash(&request.body),
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
