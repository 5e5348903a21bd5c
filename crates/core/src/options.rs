//! Limits that can differ between calls of one configuration.

use crate::budget::{Bucket, RetryBudget};
use crate::check::check_times;
use crate::config::Config;
use crate::error::Error;
use crate::retry::RetryPolicy;
use std::sync::Arc;
use std::time::Duration;

/// The default time to wait for the next bytes of a file. A working server makes no pauses of this length.
const IDLE: Duration = Duration::from_secs(30);

/// Limits for some calls. These limits replace the limits of the configuration.
///
/// The method `with_options` of a client returns a client with these options. For an option that is not set, the
/// returned client uses the limit of the original client. The options are valid only for the returned client and its
/// clones:
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
/// If a value is not valid, the call sends nothing and returns an error.
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
    /// Makes options in which no value is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time limit of a whole call, like [`ConfigBuilder::timeout`](crate::ConfigBuilder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the time limit of one attempt, like
    /// [`ConfigBuilder::attempt_timeout`](crate::ConfigBuilder::attempt_timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the longest time to wait for the next bytes of a file: 30 seconds by default. The time during which the
    /// program does not read is not counted.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Sets the largest size of an answer, in bytes, like
    /// [`ConfigBuilder::max_answer`](crate::ConfigBuilder::max_answer).
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = Some(bytes);
        self
    }

    /// Sets the rules for when and how often the client retries a request, like
    /// [`ConfigBuilder::retry`](crate::ConfigBuilder::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Sets a separate retry budget. All clients that are made with these options share this budget. Without this
    /// option, all clients of the configuration share one budget.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.bucket = Some(Arc::new(Bucket::new(budget)));
        self
    }

    /// Returns these options. If an option is not set, the result contains the option of `earlier`.
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

    /// Returns the limits of a call. Returns an error if a value is not valid.
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
