//! Remembers failed fetches of a credential. So the number of attempts depends on the time, and not on the number of
//! calls.

use huaweicloud_core::{Error, ErrorKind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The longest pause after a refusal.
const LONGEST: Duration = Duration::from_secs(3600);
/// The longest pause after a failure of another kind.
const LONGEST_OUTAGE: Duration = Duration::from_secs(60);

/// The failures since the last success.
#[derive(Default)]
pub(super) struct Failures {
    refusals: u32,
    /// Failures of other kinds, such as a failure of the network.
    others: u32,
    last: Option<Last>,
}

struct Last {
    error: Arc<Error>,
    until: Instant,
    changed: Option<SystemTime>,
}

/// A failure with a pause that is not over.
pub(super) struct Remembered {
    pub error: Arc<Error>,
    /// The remaining time of the pause after the failure.
    pub left: Duration,
}

impl Failures {
    /// Remembers a failure, and returns the end of the pause after this failure.
    pub(super) fn add(
        &mut self,
        now: Instant,
        error: Arc<Error>,
        first_pause: Duration,
        changed: Option<SystemTime>,
    ) -> Instant {
        let pause = if is_refusal(&error) {
            let doublings = self.refusals.min(16);
            self.refusals += 1;
            first_pause.saturating_mul(1 << doublings).min(LONGEST)
        } else {
            self.others = self.others.saturating_add(1);
            doubled(self.others)
        };
        let until = now + pause;
        self.last = Some(Last {
            error,
            until,
            changed,
        });
        until
    }

    /// Returns the last failure if its pause is not over. Returns `None` if the data that the fetch uses has changed
    /// since the start of the fetch.
    pub(super) fn remembered(
        &self,
        now: Instant,
        changed: impl FnOnce() -> Option<SystemTime>,
    ) -> Option<Remembered> {
        let last = self.last.as_ref().filter(|last| now < last.until)?;
        (last.changed == changed()).then(|| Remembered {
            error: Arc::clone(&last.error),
            left: last.until - now,
        })
    }
}

/// Returns whether the issuer has refused the values of the request. In the next request, the issuer would refuse the
/// same values again, and could lock the account.
fn is_refusal(error: &Error) -> bool {
    error.kind() == ErrorKind::Service && matches!(error.status(), Some(400 | 401 | 403 | 404))
}

/// Returns the pause after this number of failures in a row.
///
/// There is no pause after the first failure. The second failure causes a pause of one second. Each further pause is
/// twice as long, up to a minute.
pub(crate) fn doubled(count: u32) -> Duration {
    match count {
        0 | 1 => Duration::ZERO,
        more => Duration::from_secs(1 << (more - 2).min(16)).min(LONGEST_OUTAGE),
    }
}

/// Returns the error for a call during the pause after a failure.
pub(super) fn again(error: Error, left: Duration) -> Error {
    let seconds = left.as_secs() + 1;
    let message = format!(
        "{error} (remembered: nothing was sent again, and nothing will be sent for {seconds} s)"
    );
    let kind = error.kind();
    Error::new(kind, message)
        .with_help("correct the cause and load the configuration again, or wait")
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_after_connection_failures_grow_to_a_minute() {
        let mut failures = Failures::default();
        let now = Instant::now();
        for seconds in [0, 1, 2, 4, 8, 16, 32, 60, 60] {
            let error = Arc::new(Error::new(ErrorKind::Connect, "down"));
            let until = failures.add(now, error, Duration::from_secs(300), None);
            assert_eq!(until - now, Duration::from_secs(seconds));
        }
    }

    #[test]
    fn a_failure_is_remembered_until_its_pause_ends_or_the_data_changes() {
        let mut failures = Failures::default();
        let (now, then) = (Instant::now(), SystemTime::now());
        let error = Arc::new(Error::new(ErrorKind::Connect, "down"));
        for _ in 0..3 {
            failures.add(now, Arc::clone(&error), Duration::ZERO, Some(then));
        }
        assert!(failures.remembered(now, || Some(then)).is_some());
        let later = then + Duration::from_secs(1);
        assert!(failures.remembered(now, || Some(later)).is_none());
        let end = now + Duration::from_secs(2);
        assert!(failures.remembered(end, || Some(then)).is_none());
    }
}
