//! The time, as the server sees it.

use http::HeaderMap;
use http::header::{DATE, HeaderValue, RETRY_AFTER};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A difference that a signature may have without being refused for it, in seconds. The gateways allow 15 minutes.
const TOLERANCE: u64 = 60;

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

    /// Takes the server's time over, if ours is wrong enough to be refused. True if it was.
    pub(crate) fn learn(&self, headers: &HeaderMap) -> bool {
        let Some(server) = headers.get(DATE).and_then(http_date) else {
            return false;
        };
        if seconds(server).abs_diff(self.now()) <= TOLERANCE {
            return false;
        }
        self.offset.store(
            seconds(server) - seconds(SystemTime::now()),
            Ordering::Relaxed,
        );
        true
    }
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
    if let Ok(seconds) = value.to_str().ok()?.trim().parse() {
        return Some(Duration::from_secs(seconds));
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
        assert_eq!(retry_after(&headers(&[(RETRY_AFTER, "soon")])), None);
        assert_eq!(retry_after(&headers(&[])), None);
    }

    #[test]
    fn a_wrong_clock_is_corrected_once() {
        let clock = Clock::default();
        let server = headers(&[(DATE, "Tue, 02 Jan 2024 03:04:05 GMT")]);
        assert!(clock.learn(&server));
        assert!(
            clock.signature_date().starts_with("20240102T0304"),
            "{}",
            clock.signature_date()
        );
        assert!(!clock.learn(&server));
        assert!(!clock.learn(&headers(&[(DATE, "yesterday")])));
    }

    #[test]
    fn a_date_before_1970_or_far_ahead_is_no_panic() {
        let clock = Clock::default();
        for offset in [i64::MIN, i64::MAX, -10_000_000_000] {
            clock.offset.store(offset, Ordering::Relaxed);
            let _ = clock.signature_date();
            let _ = clock.learn(&headers(&[(DATE, "Thu, 01 Jan 1970 00:00:00 GMT")]));
        }
    }
}
