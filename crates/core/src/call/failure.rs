//! The reason why an attempt failed, and the decision whether a retry is possible.

use super::answer::{HttpAnswer, keep_for_error};
use crate::error::{Answer, Error, ErrorKind};
use crate::operation::{Operation, Retry};
use http::HeaderMap;
use http::header::CONNECTION;
use std::time::Duration;

/// A failed attempt.
pub(crate) struct Failure {
    pub error: Error,
    /// The headers of the answer. Empty if the client received no answer.
    pub headers: HeaderMap,
    /// Whether the answer arrived on a connection that had already carried an earlier answer.
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
    /// Makes the failure of an attempt that received an answer.
    pub(crate) fn answered(error: impl FnOnce(Answer) -> Error, answer: HttpAnswer) -> Self {
        let kept = keep_for_error(answer.status, &answer.headers, &answer.body);
        Self {
            error: error(kept).hide(&|text| answer.carried.holds(text)),
            headers: answer.headers,
            on_kept_connection: false,
        }
    }

    /// Returns whether a retry can succeed, and is safe for this operation.
    pub(crate) fn may_repeat(&self, operation: &'static Operation) -> bool {
        self.was_not_executed() || (operation.retry == Retry::Safe && self.may_pass(operation))
    }

    /// If the result is `true`, the service certainly did not execute the request. So a retry is safe for every
    /// operation. For the error kinds `Tls` and `Proxy`, the result is `false`, because a retry would not help.
    fn was_not_executed(&self) -> bool {
        match (self.error.kind(), self.error.status()) {
            (ErrorKind::Connect, _) => true,
            // Status 421 (misdirected request) and status 425 (too early) mean that the service has not processed the
            // request.
            (ErrorKind::Service, Some(421 | 425)) => true,
            (ErrorKind::Service, Some(408)) => self.met_the_end_of_an_idle_connection(),
            (ErrorKind::Service, _) => self.error.is_throttled(),
            _ => false,
        }
    }

    /// Returns whether an answer with status 408 means only that the server closed an idle connection. If the client
    /// sends a request at the same moment, it reads this status as the answer to the request.
    fn met_the_end_of_an_idle_connection(&self) -> bool {
        self.on_kept_connection && is_closed_after(&self.headers)
    }

    /// Returns whether the failure can be temporary, so that a later attempt can succeed. For status 500, only the
    /// error code shows whether the failure is temporary. For example, LINK answers a wrong instance id with status
    /// 500, and this failure is permanent.
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

    /// Returns whether the connection may be the cause of the answer. If so, a retry must use another connection.
    pub(crate) fn is_of_a_sick_connection(&self) -> bool {
        let status = self.error.status();
        self.error.kind() == ErrorKind::Service
            && matches!(status, Some(408 | 421 | 425 | 502..=504))
    }

    /// Returns whether the service may have executed the request, although the client received no confirmation. For
    /// example, the answer of the service was lost on the path to the client.
    pub(crate) fn may_have_been_executed(&self) -> bool {
        match (self.error.kind(), self.error.status()) {
            (ErrorKind::Transport | ErrorKind::Timeout, _) => true,
            (ErrorKind::Service, status) => matches!(status, Some(500 | 502 | 504)),
            _ => false,
        }
    }
}

/// Returns whether the answer announces that the server will close the connection.
pub(crate) fn is_closed_after(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONNECTION).iter();
    let mut options = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
}

/// Makes the error of a call or an attempt that reached its time limit.
pub(crate) fn late(timeout: Duration, retry: Retry) -> Error {
    let mut error = Error::new(ErrorKind::Timeout, format!("no answer within {timeout:?}"));
    error.set_retryable(retry == Retry::Safe);
    error
}
