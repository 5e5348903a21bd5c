use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderValue;
use jiff::Timestamp;

/// The time of the sandbox: the system's time, plus the time that [`advance`](Clock::advance) added. All clones of a
/// clock show the same time. A test can keep a clone and advance the clock. Then tokens and password locks expire
/// without real waiting.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Returns a clock that shows the system's time.
    pub fn system() -> Self {
        Self::default()
    }

    /// Moves this clock and all its clones forward. The method ignores fractions of a millisecond.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let _ = self
            .ahead_ms
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| {
                Some(ahead.saturating_add(by))
            });
    }

    /// Returns the number of milliseconds since 1970-01-01 00:00 UTC.
    pub fn now_ms(&self) -> i64 {
        Timestamp::now()
            .as_millisecond()
            .saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }

    /// Returns a separate clock that is ahead of this clock by a number of seconds. With a negative number, the
    /// separate clock is behind.
    pub(crate) fn off_by(&self, seconds: i64) -> Self {
        let ahead = self.ahead_ms.load(Ordering::SeqCst);
        let ahead = ahead.saturating_add(seconds.saturating_mul(1000));
        Self {
            ahead_ms: Arc::new(AtomicI64::new(ahead)),
        }
    }

    /// Returns the time as a timestamp. If the time is outside the range of timestamps, returns the latest timestamp.
    pub fn now(&self) -> Timestamp {
        timestamp(self.now_ms())
    }
}

/// Converts a time in milliseconds since 1970 to a timestamp. A time outside the range of timestamps becomes the latest
/// timestamp.
pub(crate) fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}

/// Formats a time with six digits after the decimal point and a `Z`, as in the examples of the documentation.
pub(crate) fn microseconds(time: Timestamp) -> String {
    format!("{time:.6}")
}

/// Adds a duration to a time. The time and the result are milliseconds since 1970. If the sum is too large, the result
/// is the largest `i64`.
pub(crate) fn after(from: i64, later: Duration) -> i64 {
    from.saturating_add(i64::try_from(later.as_millis()).unwrap_or(i64::MAX))
}

/// 9999-12-31 23:59:59 UTC. An HTTP date has only four digits for the year.
const LAST_HTTP_DATE_MS: u64 = 253_402_300_799_000;

/// Formats a time in milliseconds since 1970 as an HTTP date.
pub(crate) fn http_date(milliseconds: i64) -> HeaderValue {
    let time = u64::try_from(milliseconds)
        .unwrap_or_default()
        .min(LAST_HTTP_DATE_MS);
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(time));
    // An HTTP date is always a valid header value.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_clones_of_a_clock_advance_together() {
        let clock = Clock::system();
        let before = clock.clone().now_ms();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.clone().now_ms() - before >= 3_600_000);
    }

    #[test]
    fn off_by_returns_a_separate_clock_and_does_not_overflow() {
        let clock = Clock::system();
        let off = clock.off_by(-3600);
        assert!((3_599_000..=3_601_000).contains(&(clock.now_ms() - off.now_ms())));
        assert_eq!(Clock::system().off_by(i64::MAX).now(), Timestamp::MAX);
    }

    #[test]
    fn http_dates_stay_between_1970_and_9999() {
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(i64::MIN), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(i64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn a_time_that_is_too_large_becomes_the_latest_time() {
        let clock = Clock::system();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        assert_eq!(after(i64::MAX, Duration::from_secs(1)), i64::MAX);
    }
}
