//! The time for signatures, and the pause in `Retry-After`. If a server refuses a signature because of this machine's
//! clock, the next signatures use the time of the server. This correction is limited to one day.

use crate::error::Error;
use http::HeaderMap;
use http::header::{AGE, CACHE_CONTROL, DATE, HeaderName, HeaderValue, RETRY_AFTER};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A clock difference of at most this number of seconds is never the reason why a gateway refuses a signature. A larger
/// difference, up to [`ALLOWED`], can be the reason if the error code says that the signature was refused.
const TOLERANCE: u64 = 60;

/// The largest clock difference that the gateways accept, in seconds.
const ALLOWED: u64 = 15 * 60;

/// The largest clock difference that an answer can correct, in seconds. A clock with a wrong time zone usually differs
/// by less than a day. If the difference is larger than a day, the answer could be forged or old.
const CORRECTABLE: u64 = 24 * 60 * 60;

/// The last second of the year 9999, in seconds since 1970. A signature cannot contain a later date.
const LAST: u64 = 253_402_300_799;

/// The clock of this machine, corrected by the time of a server.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// The number of seconds to add to the machine's time.
    offset: AtomicI64,
}

impl Clock {
    /// Returns the present time in the form of a signature's date, such as `20240102T030405Z`.
    pub(crate) fn signature_date(&self) -> String {
        let seconds = u64::try_from(self.now()).unwrap_or_default().min(LAST);
        let time = UNIX_EPOCH
            .checked_add(Duration::from_secs(seconds))
            .unwrap_or(UNIX_EPOCH);
        humantime::format_rfc3339_seconds(time)
            .to_string()
            .replace(['-', ':'], "")
    }

    /// Returns the corrected time in seconds since 1970.
    fn now(&self) -> i64 {
        seconds(SystemTime::now()).saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// Returns the present correction in seconds. The client stores this correction with each signed request.
    pub(crate) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    /// Corrects the clock after a server refused a signature. Returns `true` if a wrong clock can be the cause of the
    /// refusal, and the clock is now corrected.
    ///
    /// Other calls may have corrected the clock after the request was signed. So the function checks the correction
    /// that was valid at the time of the signature.
    pub(crate) fn corrected(&self, refused: &Error, headers: &HeaderMap) -> bool {
        let (Some(limit), Some(offset)) = (limit(refused), refused.clock_offset()) else {
            return false;
        };
        let Some(server) = server_time(refused, headers) else {
            return false;
        };
        let machine = seconds(SystemTime::now());
        let is_right = server.abs_diff(machine.saturating_add(offset)) <= limit;
        if is_right || server.abs_diff(machine) > CORRECTABLE {
            return false;
        }
        let difference = server.saturating_sub(machine);
        self.offset.store(difference, Ordering::Relaxed);
        true
    }
}

/// Returns the difference between this machine's clock and the time of a server that refused a signature. Returns
/// `None` if an answer can correct the difference. Also returns `None` if the clock cannot be the cause, or if the time
/// of the server is not known.
pub(crate) fn difference_beyond_correction(
    refused: &Error,
    headers: &HeaderMap,
) -> Option<Duration> {
    let _signed = refused.clock_offset()?;
    let _limit = limit(refused)?;
    let difference = server_time(refused, headers)?.abs_diff(seconds(SystemTime::now()));
    (difference > CORRECTABLE).then(|| Duration::from_secs(difference))
}

/// Returns the largest clock difference, in seconds, that cannot cause this refusal. Returns `None` if no clock
/// difference can be the cause.
fn limit(refused: &Error) -> Option<u64> {
    match refused.status() {
        Some(401 | 403) if refused.is_signature_refused() => Some(TOLERANCE),
        // If the difference is larger than `ALLOWED`, the gateways refuse the signature, and the error code can have
        // any value.
        Some(401 | 403) => Some(ALLOWED),
        _ => None,
    }
}

/// Returns the time of the gateway that refused the signature, in seconds since 1970. The time in the gateway's message
/// has priority over the header `Date`.
///
/// Returns `None` if the answer contains no time. Also returns `None` if a cache sent the answer, because the date of a
/// cached answer is old.
fn server_time(refused: &Error, headers: &HeaderMap) -> Option<i64> {
    if is_cached(headers) {
        return None;
    }
    let told = refused.error_msg().and_then(told_time);
    let time = told.or_else(|| http_date(headers.get(DATE)?))?;
    Some(seconds(time))
}

/// Reads the time in the message of an expired signature, such as `.., server time:20240102T030405Z`.
fn told_time(message: &str) -> Option<SystemTime> {
    let (_, time) = message.split_once("server time:")?;
    let digits = |range| time.get(range);
    let (year, month, day) = (digits(0..4)?, digits(4..6)?, digits(6..8)?);
    let (hour, minute, second) = (digits(9..11)?, digits(11..13)?, digits(13..15)?);
    humantime::parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()
}

/// Returns whether a cache sent the answer. Such an answer has the header `Age`, or a header such as `X-Cache` contains
/// `hit`.
fn is_cached(headers: &HeaderMap) -> bool {
    let is_hit = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = value.as_bytes().to_ascii_lowercase();
        name != CACHE_CONTROL
            && name.as_str().contains("cache")
            && value.windows(3).any(|word| word == b"hit")
    };
    headers.contains_key(AGE) || headers.iter().any(is_hit)
}

fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}

fn http_date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

/// Returns the pause that the server requests in `Retry-After`. The header contains seconds or a date. The function
/// compares a date with the server's time in the header `Date`. If the answer has no valid `Date`, or if a cache sent
/// the answer, the function uses this machine's clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?;
    let text = value.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // If the number does not fit into `u64`, the pause is longer than any call.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = headers.get(DATE).filter(|_| !is_cached(headers));
    let now = date.and_then(http_date).unwrap_or_else(SystemTime::now);
    Some(http_date(value)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Answer, Signed};
    use crate::secret::Secret;

    fn headers(pairs: &[(http::HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let date = |value| {
            headers(&[
                (DATE, "Tue, 02 Jan 2024 03:04:05 GMT"),
                (RETRY_AFTER, value),
            ])
        };
        assert_eq!(
            retry_after(&headers(&[(RETRY_AFTER, "7")])),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            retry_after(&date("Tue, 02 Jan 2024 03:05:05 GMT")),
            Some(Duration::from_secs(60))
        );
        assert_eq!(
            retry_after(&date("Tue, 02 Jan 2024 03:00:00 GMT")),
            Some(Duration::ZERO)
        );
        let huge = headers(&[(RETRY_AFTER, "99999999999999999999999")]);
        assert_eq!(retry_after(&huge), Some(Duration::from_secs(u64::MAX)));
        for nonsense in ["soon", "", "-1", "1.5"] {
            assert_eq!(retry_after(&headers(&[(RETRY_AFTER, nonsense)])), None);
        }
        assert_eq!(retry_after(&headers(&[])), None);
    }

    /// Makes the error of a refused request. The request was signed with the clock correction `offset`.
    fn refused(status: u16, body: &'static str, offset: i64) -> Error {
        let answer = Answer {
            status,
            body: body.as_bytes().to_vec().into(),
            ..Answer::default()
        };
        let signed = Signed {
            canonical: Secret::default(),
            clock_offset: offset,
        };
        Error::service(answer).of_signature(Some(&signed))
    }

    /// Returns the time that is `ahead` seconds in the future.
    fn in_seconds(ahead: i64) -> SystemTime {
        let then = seconds(SystemTime::now()) + ahead;
        UNIX_EPOCH + Duration::from_secs(then.try_into().unwrap())
    }

    /// Returns the headers of a server. Its clock is `ahead` seconds ahead of this machine's clock.
    fn dated(ahead: i64) -> HeaderMap {
        let date = httpdate::fmt_http_date(in_seconds(ahead));
        HeaderMap::from_iter([(DATE, HeaderValue::from_str(&date).unwrap())])
    }

    /// Returns whether the clock adds about `ahead` seconds.
    fn is_near(clock: &Clock, ahead: i64) -> bool {
        clock.offset().abs_diff(ahead) < 5
    }

    #[test]
    fn a_refused_signature_corrects_a_wrong_clock() {
        let clock = Clock::default();
        let server = dated(-2 * 3600);
        for code in ["APIGW.0301", "APIGW.0303", "APIG.0301", "APIC.0303"] {
            let body = format!(r#"{{"error_code": "{code}"}}"#).leak();
            assert!(clock.corrected(&refused(401, body, 0), &server), "{code}");
            assert!(clock.corrected(&refused(403, body, 0), &server), "{code}");
            assert!(is_near(&clock, -2 * 3600), "{}", clock.offset());
            // The corrected clock was right at the time of the signature, so the clock is not the cause.
            let right = clock.offset();
            assert!(
                !clock.corrected(&refused(401, body, right), &server),
                "{code}"
            );
        }
    }

    #[test]
    fn no_answer_corrects_the_clock_by_more_than_a_day() {
        let body = r#"{"error_code": "APIGW.0301"}"#;
        let day = 24 * 3600;
        for (ahead, corrected) in [
            (day - 60, true),
            (60 - day, true),
            (day + 60, false),
            (-60 - day, false),
            (3650 * day, false),
            (-3650 * day, false),
        ] {
            let (clock, error) = (Clock::default(), refused(401, body, 0));
            let server = dated(ahead);
            assert_eq!(clock.corrected(&error, &server), corrected, "{ahead}");
            assert!(
                is_near(&clock, if corrected { ahead } else { 0 }),
                "{ahead}"
            );
            let beyond = difference_beyond_correction(&error, &server);
            assert_eq!(beyond.is_none(), corrected, "{ahead}");
        }
        // Several corrections together do not change the clock by more than a day.
        let clock = Clock::default();
        for step in 1..9 {
            clock.corrected(&refused(401, body, clock.offset()), &dated(step * day / 2));
        }
        assert!(is_near(&clock, day), "{}", clock.offset());
    }

    #[test]
    fn the_date_of_a_cached_answer_is_ignored() {
        let body = r#"{"error_code": "APIGW.0301"}"#;
        let from = |name: &'static str, value: &'static str| {
            let mut headers = dated(-7200);
            headers.insert(name, HeaderValue::from_static(value));
            let clock = Clock::default();
            !clock.corrected(&refused(403, body, 0), &headers) && clock.offset() == 0
        };
        for (name, value) in [
            ("age", "0"),
            ("age", "3600"),
            ("x-cache", "Hit from cloudfront"),
            ("x-cache-lookup", "HIT from proxy:3128"),
            ("cf-cache-status", "HIT"),
            ("cache-status", "ExampleCache; hit; ttl=376"),
        ] {
            assert!(from(name, value), "{name}: {value}");
        }
        for (name, value) in [("x-cache", "MISS"), ("cache-control", "max-age=1, x=hit")] {
            assert!(!from(name, value), "{name}: {value}");
        }
        // The date of a cached answer does not make a pause longer.
        let then = httpdate::fmt_http_date(in_seconds(10)).leak();
        let mut headers = dated(-3600);
        headers.insert(RETRY_AFTER, HeaderValue::from_static(then));
        headers.insert(AGE, HeaderValue::from_static("3600"));
        assert!(retry_after(&headers).unwrap() <= Duration::from_secs(11));
    }

    #[test]
    fn a_refusal_without_a_signature_code_corrects_only_a_large_difference() {
        let body = r#"{"error": {"code": 401, "message": "m"}}"#;
        let clock = Clock::default();
        let machine = seconds(SystemTime::now());
        for (off, corrected) in [(14 * 60, false), (16 * 60, true), (-16 * 60, true)] {
            let then = UNIX_EPOCH + Duration::from_secs((machine + off).try_into().unwrap());
            let date = HeaderValue::from_str(&httpdate::fmt_http_date(then)).unwrap();
            let server = HeaderMap::from_iter([(DATE, date)]);
            for status in [401, 403] {
                assert_eq!(
                    clock.corrected(&refused(status, body, 0), &server),
                    corrected,
                    "{off}"
                );
            }
            assert!(!clock.corrected(&refused(404, body, 0), &server));
            assert!(!clock.corrected(&refused(500, body, 0), &server));
        }
    }

    #[test]
    fn the_time_in_the_message_has_priority_over_the_date_and_invalid_times_are_ignored() {
        let told = humantime::format_rfc3339_seconds(in_seconds(7200)).to_string();
        let told = told.replace(['-', ':'], "");
        let body = format!(
            r#"{{"error_code": "APIGW.0301", "error_msg": "signature expired, signature time:20200102T030405Z, server time:{told}"}}"#
        );
        for server in [headers(&[]), dated(-7200)] {
            let clock = Clock::default();
            let body: &'static str = body.clone().leak();
            assert!(clock.corrected(&refused(401, body, 0), &server));
            assert!(is_near(&clock, 7200), "{}", clock.offset());
        }
        for nonsense in [
            "server time:",
            "server time:2023",
            "server time:é0230102T030405Z",
            "server time:20231399T999999Z",
        ] {
            assert_eq!(told_time(nonsense), None, "{nonsense}");
        }
        let unknown = Clock::default();
        let unsaid = r#"{"error_code": "APIGW.0301"}"#;
        assert!(!unknown.corrected(&refused(401, unsaid, 0), &headers(&[(DATE, "yesterday")])));
    }

    #[test]
    fn extreme_clock_corrections_cause_no_panic() {
        let clock = Clock::default();
        let body = r#"{"error_code": "APIGW.0301"}"#;
        for offset in [i64::MIN, i64::MAX, -10_000_000_000] {
            clock.offset.store(offset, Ordering::Relaxed);
            let _ = clock.signature_date();
            let date = headers(&[(DATE, "Thu, 01 Jan 1970 00:00:00 GMT")]);
            let _ = clock.corrected(&refused(401, body, offset), &date);
        }
    }
}
