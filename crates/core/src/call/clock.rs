//! The time, as the server sees it.

use crate::error::Error;
use http::HeaderMap;
use http::header::{DATE, HeaderValue, RETRY_AFTER};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A difference that a signature may have without being refused for it, in seconds: less than the gateways allow.
const TOLERANCE: u64 = 60;

/// What the gateways allow, in seconds.
const ALLOWED: u64 = 15 * 60;

/// The last second of the year 9999, in seconds since 1970: no signature's date can be written after it.
const LAST: u64 = 253_402_300_799;

/// This machine's clock, corrected by what a server said.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// Seconds to add.
    offset: AtomicI64,
}

impl Clock {
    /// Now, as a signature's date: `20240102T030405Z`.
    pub(crate) fn signature_date(&self) -> String {
        let seconds = u64::try_from(self.now()).unwrap_or_default().min(LAST);
        let time = UNIX_EPOCH
            .checked_add(Duration::from_secs(seconds))
            .unwrap_or(UNIX_EPOCH);
        humantime::format_rfc3339_seconds(time)
            .to_string()
            .replace(['-', ':'], "")
    }

    /// Seconds since 1970.
    fn now(&self) -> i64 {
        seconds(SystemTime::now()).saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// What is added now, to be kept with what is signed now.
    pub(crate) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    /// A signature was refused. Takes the server's time over, and says whether the refused one was made by a clock that was wrong
    /// enough for it. Other calls may have put the clock right meanwhile, so that one's offset counts, not today's.
    pub(crate) fn corrected(&self, refused: &Error, headers: &HeaderMap) -> bool {
        let (Some(limit), Some(offset)) = (limit(refused), refused.clock_offset()) else {
            return false;
        };
        let Some(server) = server_time(refused, headers) else {
            return false;
        };
        let machine = seconds(SystemTime::now());
        if server.abs_diff(machine.saturating_add(offset)) <= limit {
            return false;
        }
        let difference = server.saturating_sub(machine);
        self.offset.store(difference, Ordering::Relaxed);
        true
    }
}

/// From which difference on, in seconds, the clock is the cause of this refusal; None if it is none that a clock can cause.
fn limit(refused: &Error) -> Option<u64> {
    match refused.status() {
        Some(401 | 403) if refused.is_signature_refused() => Some(TOLERANCE),
        // Whatever else they say of it, the gateways refuse such a signature.
        Some(401 | 403) => Some(ALLOWED),
        _ => None,
    }
}

/// The time of the gateway that refused the signature, which its message tells, else of whoever answered. In seconds since 1970.
fn server_time(refused: &Error, headers: &HeaderMap) -> Option<i64> {
    let told = refused.error_msg().and_then(told_time);
    let time = told.or_else(|| http_date(headers.get(DATE)?))?;
    Some(seconds(time))
}

/// `.., server time:20240102T030405Z`, in the message of an expired signature.
fn told_time(message: &str) -> Option<SystemTime> {
    let (_, time) = message.split_once("server time:")?;
    let digits = |range| time.get(range);
    let (year, month, day) = (digits(0..4)?, digits(4..6)?, digits(6..8)?);
    let (hour, minute, second) = (digits(9..11)?, digits(11..13)?, digits(13..15)?);
    humantime::parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()
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

/// How long the server asks to wait: seconds, or until a date (by the server's own clock, if it tells it).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?;
    let text = value.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is longer than any call.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let now = headers
        .get(DATE)
        .and_then(http_date)
        .unwrap_or_else(SystemTime::now);
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

    /// A refusal of a request that was signed with this offset.
    fn refused(status: u16, body: &'static str, offset: i64) -> Error {
        let answer = Answer {
            status,
            body: body.into(),
            ..Answer::default()
        };
        let signed = Signed {
            canonical: Secret::default(),
            clock_offset: offset,
        };
        Error::service(answer).of_signature(Some(&signed))
    }

    const DATED: &str = "Tue, 02 Jan 2024 03:04:05 GMT";

    #[test]
    fn a_wrong_clock_is_corrected_for_all_that_were_signed_by_it() {
        let clock = Clock::default();
        let server = headers(&[(DATE, DATED)]);
        for code in ["APIGW.0301", "APIGW.0303", "APIG.0301", "APIC.0303"] {
            let body = format!(r#"{{"error_code": "{code}"}}"#).leak();
            assert!(clock.corrected(&refused(401, body, 0), &server), "{code}");
            assert!(clock.corrected(&refused(403, body, 0), &server), "{code}");
            let date = clock.signature_date();
            assert!(date.starts_with("20240102T0304"), "{date}");
            // Signed by the right clock: something else is wrong.
            let right = clock.offset();
            assert!(
                !clock.corrected(&refused(401, body, right), &server),
                "{code}"
            );
        }
    }

    #[test]
    fn other_refusals_are_the_clocks_fault_only_beyond_what_gateways_allow() {
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
    fn the_time_in_the_message_goes_before_the_date() {
        let body = r#"{"error_code": "APIGW.0301", "error_msg": "signature expired, signature time:20200102T030405Z, server time:20230102T030405Z"}"#;
        for server in [headers(&[]), headers(&[(DATE, DATED)])] {
            let clock = Clock::default();
            assert!(clock.corrected(&refused(401, body, 0), &server));
            let date = clock.signature_date();
            assert!(date.starts_with("20230102T0304"), "{date}");
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
    fn a_date_before_1970_or_far_ahead_is_no_panic() {
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
