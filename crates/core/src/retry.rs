//! When a request is repeated, and after which wait.

use crate::error::{Error, ErrorKind};
use crate::operation::Retry;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;

/// When and how often a request is repeated.
///
/// Safe operations are repeated after a failed or broken connection, 429, 502, 503 and 504; unsafe ones only where the request
/// was surely not executed: no connection, and 429. HTTP 500 is never repeated: the services use it for permanent errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is sent at most; 1 means no repeats.
    pub attempts: u32,
    /// The wait before the first repeat. It doubles each time, and up to as much again is added by chance.
    pub base_delay: Duration,
    /// The longest wait, before what chance adds. A longer `Retry-After` of the server is kept to, within the call's timeout.
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
    /// Sends once.
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

    /// The waits, in their order.
    pub(crate) fn waits(&self) -> ExponentialBackoff {
        let repeats = usize::try_from(self.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        ExponentialBuilder::new()
            .with_min_delay(self.base_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(repeats)
            .with_jitter()
            .build()
    }
}

/// Whether a repeat could succeed, and does no harm.
pub(crate) fn worth_it(retry: Retry, error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect => true,
        ErrorKind::Transport | ErrorKind::Timeout => retry == Retry::Safe,
        ErrorKind::Service if error.is_throttled() => true,
        ErrorKind::Service => retry == Retry::Safe && matches!(error.status(), Some(502..=504)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_their_bounds() {
        let policy = RetryPolicy {
            attempts: 6,
            base_delay: Duration::from_millis(100),
            max_delay: Duration::from_millis(400),
        };
        let waits: Vec<_> = policy.waits().collect();
        assert_eq!(waits.len(), 5);
        for (wait, least) in waits.iter().zip([100, 200, 400, 400, 400]) {
            let least = Duration::from_millis(least);
            assert!((least..=least * 2).contains(wait), "{waits:?}");
        }
        assert_eq!(RetryPolicy::none().waits().count(), 0);
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
