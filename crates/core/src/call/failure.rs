//! Why an attempt failed.

use super::answer::{HttpAnswer, keep_for_error};
use crate::error::{Answer, Error, ErrorKind};
use crate::operation::Retry;
use http::HeaderMap;
use std::time::Duration;

/// A failed attempt, with the headers of the answer if one came.
pub(crate) struct Failure {
    pub error: Error,
    pub headers: HeaderMap,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            headers: HeaderMap::new(),
        }
    }
}

/// A failure that came with an answer.
pub(crate) fn refused(error: impl FnOnce(Answer) -> Error, response: HttpAnswer) -> Failure {
    let error = error(keep_for_error(
        response.status,
        &response.headers,
        &response.body,
    ));
    Failure {
        error,
        headers: response.headers,
    }
}

/// The time for the call, or for one attempt, is over.
pub(crate) fn late(timeout: Duration, retry: Retry) -> Error {
    let mut error = Error::new(ErrorKind::Timeout, format!("no answer within {timeout:?}"));
    error.set_retryable(retry == Retry::Safe);
    error
}
