//! When a request is repeated, and after which pause.

use crate::error::Error;
use backon::{BackoffBuilder, ExponentialBuilder};
use std::time::Duration;

/// When and how often a request is repeated.
///
/// Safe operations are repeated after a failed or broken connection, and after a timeout of one attempt. They are
/// repeated after the statuses 408, 421, 425, 429, 502, 503 and 504. After 500 they are repeated if the code is
/// transient in the catalogue of error codes ([`Hint::is_transient`](crate::Hint::is_transient)).
///
/// Unsafe operations are repeated only if the request was certainly not executed. This is the case without a
/// connection, and after 421, 425 and 429. It is also the case after 408 at the end of an idle connection.
///
/// After a broken connection, 408, 421, 425, 502, 503 and 504 the repeat takes a new connection.
///
/// If a repeated deletion finds nothing (404), an earlier attempt may have deleted the resource. The call then succeeds
/// under three conditions. The answer of that attempt was lost: a broken connection, a timeout, 500, 502 or 504. The
/// operation deletes one resource. Its answer has no body.
///
/// All attempts and pauses happen within the call's timeout, and all calls together within the
/// [`RetryBudget`](crate::RetryBudget).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The largest number of attempts. 1 means no repeats.
    pub attempts: u32,
    /// The longest pause before the first repeat. It doubles each time. The pause is a random part of it ("full
    /// jitter"), so that many callers do not repeat at the same time.
    pub base_delay: Duration,
    /// The upper limit of the longest pause. If the server sends `Retry-After`, the client waits for that time first,
    /// within the call's timeout.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(10),
        }
    }
}

impl RetryPolicy {
    /// Sends each request once.
    pub fn none() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.attempts == 0 {
            return Err(Error::config("the retry policy allows no attempt")
                .with_help("set attempts to 1 for no repeats"));
        }
        if self.max_delay < self.base_delay {
            return Err(
                Error::config("the retry policy's max_delay is less than its base_delay")
                    .with_help("make it at least as long"),
            );
        }
        Ok(())
    }

    /// The longest pauses, in their order. backon gives them, and the pause is a random part of each. backon's own
    /// jitter adds to the limit instead.
    pub(crate) fn waits(&self) -> impl Iterator<Item = Duration> + use<> {
        let repeats = usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        ExponentialBuilder::new()
            .with_min_delay(self.base_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(repeats)
            .build()
            .map(part)
    }
}

/// A random part of a time, from zero to all of it.
fn part(time: Duration) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * fastrand::f64()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        attempts: 6,
        base_delay: Duration::from_millis(100),
        max_delay: Duration::from_millis(400),
    };

    #[test]
    fn waits_are_random_parts_of_growing_limits() {
        let bounds = [100, 200, 400, 400, 400].map(Duration::from_millis);
        let samples: Vec<Vec<Duration>> = (0..200).map(|_| POLICY.waits().collect()).collect();
        for (place, bound) in bounds.into_iter().enumerate() {
            let waits = || samples.iter().map(|sample| sample[place]);
            assert!(waits().all(|wait| wait <= bound), "{bound:?}");
            assert!(waits().any(|wait| wait < bound / 4), "{bound:?}");
            assert!(waits().any(|wait| wait > bound * 3 / 4), "{bound:?}");
        }
        assert!(samples.iter().all(|sample| sample.len() == bounds.len()));
        assert_eq!(RetryPolicy::none().waits().count(), 0);
    }

    #[test]
    fn waits_without_limits_do_not_panic() {
        let policy = RetryPolicy {
            attempts: u32::MAX,
            base_delay: Duration::MAX,
            max_delay: Duration::MAX,
        };
        assert_eq!(policy.waits().take(99).count(), 99);
    }

    #[test]
    fn impossible_policies_are_refused() {
        assert!(
            RetryPolicy {
                attempts: 0,
                ..RetryPolicy::default()
            }
            .check()
            .is_err()
        );
        assert!(
            RetryPolicy {
                max_delay: Duration::ZERO,
                ..RetryPolicy::default()
            }
            .check()
            .is_err()
        );
        assert!(RetryPolicy::none().check().is_ok());
    }
}
