use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderValue;
use jiff::Timestamp;

/// The time of the sandbox: the system's time, plus what [`advance`](Clock::advance) added. Clones share one time. A
/// test that keeps a clone can let tokens expire and locks end without waiting.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that shows the system's time.
    pub fn system() -> Self {
        Self::default()
    }

    /// Moves this clock and all its clones forward, to the millisecond.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let _ = self
            .ahead_ms
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| {
                Some(ahead.saturating_add(by))
            });
    }

    /// Milliseconds since 1970-01-01 00:00 UTC.
    pub fn now_ms(&self) -> i64 {
        Timestamp::now()
            .as_millisecond()
            .saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }

    /// Another clock that is ahead of this one by a number of seconds.
    pub(crate) fn off_by(&self, seconds: i64) -> Self {
        let ahead = self.ahead_ms.load(Ordering::SeqCst);
        let ahead = ahead.saturating_add(seconds.saturating_mul(1000));
        Self {
            ahead_ms: Arc::new(AtomicI64::new(ahead)),
        }
    }

    /// The time as a timestamp. If the clock was moved too far, it is the latest timestamp.
    pub fn now(&self) -> Timestamp {
        timestamp(self.now_ms())
    }
}

/// A stored time as a timestamp. A stored time that is too large becomes the latest timestamp.
pub(crate) fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}

/// Six digits after the point and a Z, as in the examples of the pages.
pub(crate) fn microseconds(time: Timestamp) -> String {
    format!("{time:.6}")
}

/// `later` after `from`, both in milliseconds since 1970. The sum never overflows.
pub(crate) fn after(from: i64, later: Duration) -> i64 {
    from.saturating_add(i64::try_from(later.as_millis()).unwrap_or(i64::MAX))
}

/// 9999-12-31: an HTTP date has four digits for the year.
const LAST_HTTP_DATE_MS: u64 = 253_402_300_799_000;

/// A time in milliseconds since 1970, in the form of HTTP headers.
pub(crate) fn http_date(milliseconds: i64) -> HeaderValue {
    let time = u64::try_from(milliseconds)
        .unwrap_or_default()
        .min(LAST_HTTP_DATE_MS);
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(time));
    // Letters, digits and colons are always a valid header.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_advance_together() {
        let clock = Clock::system();
        let before = clock.clone().now_ms();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.clone().now_ms() - before >= 3_600_000);
    }

    #[test]
    fn a_clock_that_is_off_leaves_the_other_alone() {
        let clock = Clock::system();
        let off = clock.off_by(-3600);
        assert!((3_599_000..=3_601_000).contains(&(clock.now_ms() - off.now_ms())));
        assert_eq!(Clock::system().off_by(i64::MAX).now(), Timestamp::MAX);
    }

    #[test]
    fn http_dates_saturate() {
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(i64::MIN), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(i64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn absurd_times_saturate() {
        let clock = Clock::system();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        assert_eq!(after(i64::MAX, Duration::from_secs(1)), i64::MAX);
    }
}
