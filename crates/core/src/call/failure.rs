//! The reason why an attempt failed, and its effect on a repeat.

use super::answer::{HttpAnswer, keep_for_error};
use crate::error::{Answer, Error, ErrorKind};
use crate::operation::{Operation, Retry};
use http::HeaderMap;
use http::header::CONNECTION;
use std::time::Duration;

/// A failed attempt.
pub(crate) struct Failure {
    pub error: Error,
    /// The status of the answer, if one came.
    pub headers: HeaderMap,
    /// Whether the answer came on a connection that had answered before.
    pub on_kept_connection: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            headers: HeaderMap::new(),
            on_kept_connection: false,
        }
    }
}

impl Failure {
    /// A failure that came with an answer.
    pub(crate) fn answered(error: impl FnOnce(Answer) -> Error, answer: HttpAnswer) -> Self {
        let kept = keep_for_error(answer.status, &answer.headers, &answer.body);
        Self {
            error: error(kept).hide(&|text| answer.carried.holds(text)),
            headers: answer.headers,
            on_kept_connection: false,
        }
    }

    /// Whether a repeat could succeed, and does no harm.
    pub(crate) fn may_repeat(&self, operation: &'static Operation) -> bool {
        self.was_not_executed() || (operation.retry == Retry::Safe && self.may_pass(operation))
    }

    /// Whether the service certainly did nothing, so that any operation may be repeated.
    fn was_not_executed(&self) -> bool {
        match (self.error.kind(), self.error.status()) {
            (ErrorKind::Connect, _) => true,
            // 421 (misdirected) and 425 (too early): the service has not looked at the request.
            (ErrorKind::Service, Some(421 | 425)) => true,
            (ErrorKind::Service, Some(408)) => self.met_the_end_of_an_idle_connection(),
            (ErrorKind::Service, _) => self.error.is_throttled(),
            _ => false,
        }
    }

    /// Some servers end an idle connection by HTTP 408. A request at that moment takes it as its answer.
    fn met_the_end_of_an_idle_connection(&self) -> bool {
        self.on_kept_connection && is_closed_after(&self.headers)
    }

    /// Whether another answer is possible in a moment. For 500, only a code shows that, because LINK answers a wrong
    /// instance id with 500.
    fn may_pass(&self, operation: &'static Operation) -> bool {
        match (self.error.kind(), self.error.status()) {
            (ErrorKind::Transport | ErrorKind::Timeout, _) => true,
            (ErrorKind::Service, Some(408 | 502..=504)) => true,
            (ErrorKind::Service, Some(500)) => {
                let hint = self.error.hint_in(operation.service);
                hint.is_some_and(|hint| hint.transient)
            }
            _ => false,
        }
    }

    /// Whether the connection may be the cause of the answer, so that a repeat must take another one.
    pub(crate) fn is_of_a_sick_connection(&self) -> bool {
        let status = self.error.status();
        self.error.kind() == ErrorKind::Service
            && matches!(status, Some(408 | 421 | 425 | 502..=504))
    }

    /// Whether the request may have been executed without a confirmation: the answer was lost, here or behind the
    /// gateway.
    pub(crate) fn may_have_been_executed(&self) -> bool {
        match (self.error.kind(), self.error.status()) {
            (ErrorKind::Transport | ErrorKind::Timeout, _) => true,
            (ErrorKind::Service, status) => matches!(status, Some(500 | 502 | 504)),
            _ => false,
        }
    }
}

/// Whether an answer announces that its connection ends with it.
pub(crate) fn is_closed_after(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONNECTION).iter();
    let mut options = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
}

/// The time for the call, or for one attempt, is over.
pub(crate) fn late(timeout: Duration, retry: Retry) -> Error {
    let mut error = Error::new(ErrorKind::Timeout, format!("no answer within {timeout:?}"));
    error.set_retryable(retry == Retry::Safe);
    error
}
