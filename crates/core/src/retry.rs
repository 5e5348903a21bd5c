//! Decides when the client retries a request, and after which pause.

use crate::error::Error;
use backon::{BackoffBuilder, ExponentialBuilder};
use std::time::Duration;

/// The rules for when and how often the client retries a request.
///
/// The client retries safe operations after a failed or broken connection, and after a timeout of one attempt. It also
/// retries them after the statuses 408, 421, 425, 429, 502, 503 and 504. After status 500, it retries them only if the
/// error code is transient ([`Hint::is_transient`](crate::Hint::is_transient)).
///
/// The client retries unsafe operations only if the service certainly did not execute the request. So it retries them
/// if no connection was made, and after the statuses 421, 425 and 429. It also retries them if a server ended an idle
/// connection with status 408. The gateway's error code for too many requests counts as status 429.
///
/// After a broken connection or a timeout, the retry uses a new connection. The retry also uses a new connection after
/// the statuses 408, 421, 425, 502, 503 and 504. If the program set the HTTP client, the retry can use an open
/// connection.
///
/// If the retry of a deletion gets status 404 from the service, an earlier attempt may have deleted the resource. Then
/// the call succeeds under three conditions. First, the earlier attempt ended with a broken connection, a timeout, or
/// the status 500, 502 or 504. Second, the operation deletes one resource. Third, the documented answer has no body.
///
/// All attempts and pauses are within the timeout of the call. The [`RetryBudget`](crate::RetryBudget) limits the
/// retries of all calls that share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The largest number of attempts. 1 means no retries.
    pub attempts: u32,
    /// The longest pause before the first retry. For each further retry, the longest pause doubles. The actual pause is
    /// a random part of the longest pause ("full jitter"). With random pauses, callers do not all retry at the same
    /// time.
    pub base_delay: Duration,
    /// The limit for the doubled pause. If the server sends `Retry-After`, the client adds the time in this header to
    /// the pause. If the remaining time of the call is too short for the pause, the client does not retry the request.
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
    /// Returns a policy without retries.
    pub fn none() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.attempts == 0 {
            return Err(Error::config("the retry policy allows no attempt")
                .with_help("set attempts to 1 to disable retries"));
        }
        if self.max_delay < self.base_delay {
            return Err(
                Error::config("the retry policy's max_delay is less than its base_delay")
                    .with_help("set max_delay to at least base_delay"),
            );
        }
        Ok(())
    }

    /// Returns the pauses, in their order. For each retry, the crate `backon` computes the longest pause. The returned
    /// pause is a random part of the longest pause. The jitter of `backon` is not used, because it makes the longest
    /// pause longer.
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

/// Returns a random part of a time, from zero to the whole time.
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
    fn pauses_are_random_parts_of_growing_limits() {
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
    fn pauses_with_maximal_durations_do_not_panic() {
        let policy = RetryPolicy {
            attempts: u32::MAX,
            base_delay: Duration::MAX,
            max_delay: Duration::MAX,
        };
        assert_eq!(policy.waits().take(99).count(), 99);
    }

    #[test]
    fn check_refuses_invalid_policies() {
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
