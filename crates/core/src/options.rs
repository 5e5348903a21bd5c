//! Settings that can differ between calls of one configuration.

use crate::budget::{Bucket, RetryBudget};
use crate::check::check_times;
use crate::config::Config;
use crate::error::Error;
use crate::retry::RetryPolicy;
use std::sync::Arc;
use std::time::Duration;

/// A server that sends a file makes no pauses of this length.
const IDLE: Duration = Duration::from_secs(30);

/// Limits for some calls, in place of the configuration's limits.
///
/// An option that is not set stays as it was. A client takes the options by `with_options`. They are valid for that
/// client and its clones only:
///
/// ```
/// # use huaweicloud_core::{CallOptions, RetryPolicy, Session};
/// # use std::time::Duration;
/// # fn example(client: &Session) {
/// let options = CallOptions::new().timeout(Duration::from_secs(5)).retry(RetryPolicy::none());
/// let impatient = client.with_options(options);
/// # }
/// ```
///
/// If a value is not valid, the call is an error and sends nothing.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct CallOptions {
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    max_answer: Option<usize>,
    retry: Option<RetryPolicy>,
    bucket: Option<Arc<Bucket>>,
}

impl CallOptions {
    /// Options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time for a whole call, as [`ConfigBuilder::timeout`](crate::ConfigBuilder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The time for one attempt, as [`ConfigBuilder::attempt_timeout`](crate::ConfigBuilder::attempt_timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// The time to wait for the next bytes of a file: 30 seconds by default. The time in which the program does not
    /// read does not count.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// The largest answer that is read, in bytes, as [`ConfigBuilder::max_answer`](crate::ConfigBuilder::max_answer).
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = Some(bytes);
        self
    }

    /// The rules of when and how often a request is repeated, as [`ConfigBuilder::retry`](crate::ConfigBuilder::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Gives the client and its clones their own bucket. Without this, all clients of the configuration share one
    /// bucket.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.bucket = Some(Arc::new(Bucket::new(budget)));
        self
    }

    /// These options. A value that is not set is taken from `earlier`.
    pub(crate) fn or(self, earlier: Self) -> Self {
        Self {
            timeout: self.timeout.or(earlier.timeout),
            attempt_timeout: self.attempt_timeout.or(earlier.attempt_timeout),
            idle_timeout: self.idle_timeout.or(earlier.idle_timeout),
            max_answer: self.max_answer.or(earlier.max_answer),
            retry: self.retry.or(earlier.retry),
            bucket: self.bucket.or(earlier.bucket),
        }
    }

    /// The limits that are valid for a call.
    pub(crate) fn limits<'a>(&'a self, config: &'a Config) -> Result<Limits<'a>, Error> {
        check_times(&[
            ("timeout", self.timeout),
            ("attempt_timeout", self.attempt_timeout),
            ("idle_timeout", self.idle_timeout),
        ])?;
        if let Some(policy) = &self.retry {
            policy.check()?;
        }
        Ok(Limits {
            timeout: self.timeout.unwrap_or(config.timeout()),
            attempt_timeout: self.attempt_timeout.or(config.attempt_timeout()),
            idle_timeout: self.idle_timeout.unwrap_or(IDLE),
            max_answer: self.max_answer.unwrap_or(config.max_answer()),
            retry: self.retry.unwrap_or(*config.retry_policy()),
            bucket: self.bucket.as_deref().unwrap_or(config.bucket()),
        })
    }
}

/// The limits of one call.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    pub timeout: Duration,
    pub attempt_timeout: Option<Duration>,
    pub idle_timeout: Duration,
    pub max_answer: usize,
    pub retry: RetryPolicy,
    pub bucket: &'a Bucket,
}
