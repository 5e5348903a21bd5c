//! The metrics of a call. The metrics need the feature `metrics`.

use crate::error::Error;
use crate::operation::Operation;

/// Records one call with its result and its duration. The result of a dropped call is `dropped`.
pub(crate) struct Meter {
    #[cfg(feature = "metrics")]
    call: measured::Call,
}

impl Meter {
    #[cfg(feature = "metrics")]
    pub(crate) fn start(operation: &'static Operation) -> Self {
        Self {
            call: measured::Call::new(operation),
        }
    }

    /// Stores the result of a call that ended.
    #[cfg(feature = "metrics")]
    pub(crate) fn stop<T>(mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.call.outcome = match &result {
            Ok(_) => "ok",
            Err(error) => measured::outcome(error.kind()),
        };
        result
    }

    /// Counts an attempt to send a request to one address. If an attempt of a call tries several addresses, the counter
    /// counts each address.
    #[cfg(feature = "metrics")]
    pub(crate) fn sent(operation: &'static Operation) {
        measured::count("huaweicloud_attempts_total", operation);
    }

    /// Counts a retry that the retry policy allows.
    #[cfg(feature = "metrics")]
    pub(crate) fn repeated(operation: &'static Operation) {
        measured::count("huaweicloud_retries_total", operation);
    }

    #[cfg(not(feature = "metrics"))]
    pub(crate) fn start(_: &'static Operation) -> Self {
        Self {}
    }
    #[cfg(not(feature = "metrics"))]
    pub(crate) fn stop<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result
    }
    #[cfg(not(feature = "metrics"))]
    pub(crate) fn sent(_: &'static Operation) {}
    #[cfg(not(feature = "metrics"))]
    pub(crate) fn repeated(_: &'static Operation) {}
}

#[cfg(feature = "metrics")]
mod measured {
    use crate::error::ErrorKind;
    use crate::operation::Operation;
    use std::time::Instant;

    pub(super) struct Call {
        operation: &'static Operation,
        started: Instant,
        pub(super) outcome: &'static str,
    }

    impl Call {
        pub(super) fn new(operation: &'static Operation) -> Self {
            Self {
                operation,
                started: Instant::now(),
                outcome: "dropped",
            }
        }
    }

    impl Drop for Call {
        fn drop(&mut self) {
            let labels = [
                ("service", self.operation.service.name),
                ("operation", self.operation.id),
                ("outcome", self.outcome),
            ];
            metrics::counter!("huaweicloud_calls_total", &labels).increment(1);
            metrics::histogram!("huaweicloud_call_duration_seconds", &labels)
                .record(self.started.elapsed());
        }
    }

    pub(super) fn count(name: &'static str, operation: &'static Operation) {
        let labels = [
            ("service", operation.service.name),
            ("operation", operation.id),
        ];
        metrics::counter!(name, &labels).increment(1);
    }

    /// Returns the kind as the value of the label `outcome`.
    pub(super) fn outcome(kind: ErrorKind) -> &'static str {
        match kind {
            ErrorKind::Config => "config",
            ErrorKind::InvalidRequest => "invalid_request",
            ErrorKind::Credentials => "credentials",
            ErrorKind::Interceptor => "interceptor",
            ErrorKind::Connect => "connect",
            ErrorKind::Proxy => "proxy",
            ErrorKind::Tls => "tls",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Transport => "transport",
            ErrorKind::Service => "service",
            ErrorKind::UnexpectedAnswer => "unexpected_answer",
            ErrorKind::Decode => "decode",
            ErrorKind::File => "file",
            ErrorKind::Operation => "operation",
        }
    }
}
