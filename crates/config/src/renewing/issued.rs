//! A credential that was issued, with its end and the start of its renewal.

use huaweicloud_core::http::{HeaderMap, header};
use huaweicloud_core::{AccessKey, Credential, Error, ErrorKind, Token};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// The assumed lifetime of a credential if the answer does not state a valid end. This is the shortest documented
/// lifetime.
///
/// If the credential ends earlier, a service answers status 401, and the credential is renewed.
const UNKNOWN_LIFE: Duration = Duration::from_secs(900);
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// The longest time between the start of a renewal and the end of the credential.
const LONGEST_WINDOW: Duration = Duration::from_secs(300);

/// A credential and its times. The times are times of this machine's monotonic clock, so a change of the system time
/// has no effect.
#[derive(Clone)]
pub(crate) struct Issued {
    pub credential: Credential,
    /// The time of the request. `Shared::finish` replaces this time with the time when the credential was received.
    pub came: Instant,
    pub renew: Instant,
    pub end: Instant,
}

impl Issued {
    /// Makes a credential from a token that was requested at the time `asked`.
    ///
    /// `issued` and `expires` are times of the server's clock. If `issued` is missing or not valid, this machine's
    /// clock determines the start of the lifetime. If `expires` is before the start, the lifetime is zero.
    pub(crate) fn token(
        token: Token,
        asked: Instant,
        issued: Option<&str>,
        expires: Option<&str>,
    ) -> Self {
        let start = issued.and_then(timestamp).unwrap_or_else(Timestamp::now);
        let life = expires.and_then(timestamp).map(|end| between(start, end));
        Self::new(
            Credential::Token(token),
            asked,
            life.unwrap_or(UNKNOWN_LIFE),
        )
    }

    /// Makes a credential from a temporary key that was requested at the time `asked`.
    ///
    /// `now` is the date of the answer, because this machine's clock can be wrong. The lifetime is the time from `now`
    /// to `expires`. If the answer has no date, this machine's clock determines the start of the lifetime.
    ///
    /// # Errors
    /// The key has already expired, so no service would accept its signatures.
    pub(crate) fn key(
        key: AccessKey,
        asked: Instant,
        now: Option<Timestamp>,
        expires: Option<&str>,
    ) -> Result<Self, Error> {
        let now = now.unwrap_or_else(Timestamp::now);
        let life = expires.and_then(timestamp).map(|end| between(now, end));
        if life == Some(Duration::ZERO) {
            let message = "the issued temporary key has already expired";
            return Err(Error::new(ErrorKind::Credentials, message)
                .with_help("check the clocks of this machine and of the issuer"));
        }
        Ok(Self::new(
            Credential::AccessKey(key),
            asked,
            life.unwrap_or(UNKNOWN_LIFE),
        ))
    }

    fn new(credential: Credential, asked: Instant, life: Duration) -> Self {
        let life = life.min(LONGEST_LIFE);
        let end = asked + life;
        Self {
            credential,
            came: asked,
            renew: end - (life / 4).min(LONGEST_WINDOW),
            end,
        }
    }
}

/// Returns the time from `start` to `end`. Returns zero if `end` is before `start`.
fn between(start: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(start)).unwrap_or_default()
}

/// Parses a time such as `2015-11-09T01:42:57.527363Z`. The fraction and the `Z` can be missing.
fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
}

/// Returns the time in the header `Date` of an answer.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    let time = httpdate::parse_http_date(text).ok()?;
    Timestamp::try_from(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamp_reads_times_without_fraction_or_z_and_refuses_invalid_times() {
        let with = timestamp("2015-11-09T01:42:57.527363Z").unwrap();
        let without = timestamp("2015-11-09T01:42:57Z").unwrap();
        assert_eq!(with.duration_since(without).as_micros(), 527_363);
        assert_eq!(timestamp("2015-11-09T01:42:57"), Some(without));
        for text in ["", "Z", "tomorrow", "2015-13-09T01:42:57Z"] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn the_times_of_the_server_determine_the_lifetime() {
        let asked = Instant::now();
        let life = |issued, expires| {
            Issued::token(Token::new("t"), asked, Some(issued), expires).end - asked
        };
        let start = "2015-11-09T00:00:00Z";
        for (end, expected) in [
            (
                Some("2015-11-10T00:00:00.000000Z"),
                Duration::from_secs(24 * 3600),
            ),
            (Some("2015-11-08T00:00:00Z"), Duration::ZERO),
            (Some("never"), UNKNOWN_LIFE),
            (None, UNKNOWN_LIFE),
        ] {
            assert_eq!(life(start, end), expected, "{end:?}");
        }
    }

    #[test]
    fn the_date_of_the_answer_determines_the_lifetime_of_a_key() {
        let asked = Instant::now();
        let mut headers = HeaderMap::new();
        headers.insert(
            header::DATE,
            "Mon, 09 Nov 2015 00:00:00 GMT".parse().unwrap(),
        );
        let key = |end| Issued::key(AccessKey::new("a", "s"), asked, date(&headers), end);
        let end = |end| key(end).unwrap().end - asked;
        let hour = Duration::from_secs(3600);
        assert_eq!(end(Some("2015-11-09T01:00:00Z")), hour);
        assert_eq!(end(Some("2015-11-09T01:00:00.000Z")), hour);
        assert_eq!(end(None), UNKNOWN_LIFE);
        let error = key(Some("2015-11-08T23:00:00Z")).err().unwrap();
        assert!(error.to_string().contains("already expired"), "{error}");
    }

    #[test]
    fn the_renewal_begins_at_most_five_minutes_before_the_end() {
        let asked = Instant::now();
        for (life, window) in [(24 * 3600, 300), (1200, 300), (100, 25), (0, 0)] {
            let token = Credential::Token(Token::new("t"));
            let issued = Issued::new(token, asked, Duration::from_secs(life));
            assert_eq!(issued.end - asked, Duration::from_secs(life));
            assert_eq!(issued.end - issued.renew, Duration::from_secs(window));
        }
    }
}
