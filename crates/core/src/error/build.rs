//! The functions that make errors.

use super::body::ErrorBody;
use super::difference::{Signed, difference};
use super::kind::ErrorKind;
use super::members::of_resource;
use super::shape::is_header_id;
use super::value::{Answer, Error, Hidden, Inner, Source};
use super::via::Via;
use crate::decode::DecodeError;
use crate::operation::Operation;
use crate::response::{Meta, REQUEST_ID, Response};
use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

const JSON: &str = "application/json";

impl Error {
    /// Makes an error, for example in a credential provider or in a [`Transport`](crate::Transport).
    ///
    /// `Display` shows the message. Never put a secret, or a string from a server, into the message.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::with_message(kind, message.into())
    }

    /// This function is not generic. So it is compiled once, in this crate, and not in each crate that calls `new`.
    fn with_message(kind: ErrorKind, message: Cow<'static, str>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            message,
            help: Cow::Borrowed(""),
            attempts: 0,
            retryable: false,
            timed_out: false,
            answer: None,
            code: None,
            error_msg: None,
            body_request_id: None,
            encoded: None,
            difference: None,
            clock_offset: None,
            decode: None,
            details: Vec::new(),
            via: None,
            source: None,
            hidden: Hidden::default(),
            refused: None,
            state: None,
        }))
    }

    /// Makes the error of an answer that has a success status, but does not report success. For example, a change of a
    /// DCS password can return `"result": "passwordFailed"`.
    ///
    /// `Display` shows the code only if the code has the form of a documented code, or if there is advice for the code.
    /// `Display` does not show the message: only [`error_msg`](Self::error_msg) returns it.
    pub fn outcome(operation: &'static Operation, code: &str, message: &str) -> Self {
        let mut error = Self::new(ErrorKind::Operation, "");
        error.0.operation = Some(operation);
        error.0.code = Some(code.to_owned());
        error.0.error_msg = Some(message.to_owned());
        error
    }

    /// Makes the error of a wait that ended because the resource reached a failure state. The code and the message of
    /// the error come from `body`, which also contains the state.
    pub(crate) fn failed_state(state: &str, body: &[u8]) -> Self {
        let mut error = Self::new(ErrorKind::Operation, format!("the state is `{state}`"));
        (error.0.code, error.0.error_msg) = of_resource(body);
        error
    }

    /// Adds the last state that a wait received for the resource.
    pub(crate) fn with_state(mut self, state: String) -> Self {
        self.0.state = Some(state);
        self
    }

    /// Sets the advice, such as "check ...". `Display` shows the advice at the end.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = help.into();
        self
    }

    /// Sets the cause. `Display` of this error does not show the cause. But a program can print the whole chain of
    /// causes, so the cause must contain no secret.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds the status and the request id of an answer, and the number of attempts of its call. Use this method for the
    /// errors of [`outcome`](Self::outcome).
    #[must_use]
    pub fn with_response<T>(self, response: &Response<T>) -> Self {
        self.with_meta(response.meta())
    }

    /// Adds the whole answer of a refusal. [`refused_answer`](Self::refused_answer) returns this answer.
    pub(crate) fn with_refused(mut self, answer: Box<dyn Any + Send + Sync>) -> Self {
        self.0.refused = Some(answer);
        self
    }

    pub(crate) fn with_meta(mut self, meta: &Meta) -> Self {
        let header = meta.headers.get(REQUEST_ID);
        let header = header.filter(|value| !value.is_sensitive());
        let request_id = header.and_then(|value| value.to_str().ok());
        self.0.answer = Some(Answer {
            status: meta.status,
            request_id: request_id.filter(|id| is_header_id(id)).map(str::to_owned),
            ..Answer::default()
        });
        self.0.attempts = meta.attempts;
        self
    }

    pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    /// Makes the error of an error answer. An error answer has a status of 400 or higher, or a success status and an
    /// error body.
    pub(crate) fn service(answer: Answer) -> Self {
        let body = ErrorBody::new(&answer.body);
        let mut error = Self::new(ErrorKind::Service, "");
        error.0.answer = Some(answer);
        error.0.code = body.code;
        error.0.error_msg = body.message;
        error.0.body_request_id = body.request_id;
        error.0.encoded = body.encoded;
        error.0.details = body.details;
        error
    }

    /// Adds the answer of the service.
    pub(crate) fn with_answer(mut self, answer: Answer) -> Self {
        self.0.answer = Some(answer);
        self
    }

    /// If the refused request was signed, adds the clock correction that the signature used. If the gateway sent its
    /// canonical request, also adds the lines that differ from the client's canonical request.
    pub(crate) fn of_signature(mut self, signed: Option<&Signed>) -> Self {
        if let Some(signed) = signed {
            let message = self.0.error_msg.as_deref().unwrap_or_default();
            self.0.difference = difference(signed.canonical.expose(), message);
            self.0.clock_offset = Some(signed.clock_offset);
        }
        self
    }

    /// Makes `Display` and `Debug` hide the codes, the ids and the content type that the request contained. If the code
    /// equals the status, the code is not hidden, because the output shows the status, too.
    pub(crate) fn hide(mut self, is_carried: &dyn Fn(&str) -> bool) -> Self {
        let status = self.status().map(|status| status.to_string());
        let inner = &mut *self.0;
        let carried = |text: &Option<String>| text.as_deref().is_some_and(is_carried);
        inner.hidden = Hidden {
            code: inner.code != status && carried(&inner.code),
            body_request_id: carried(&inner.body_request_id),
            ..Hidden::default()
        };
        if let Some(answer) = &inner.answer {
            inner.hidden.request_id = carried(&answer.request_id);
            inner.hidden.iam_trace_id = carried(&answer.iam_trace_id);
            // Most requests also contain `application/json`, which is not a secret.
            let kind = answer.content_type.as_deref().filter(|kind| *kind != JSON);
            inner.hidden.content_type = kind.is_some_and(is_carried);
        }
        inner
            .details
            .iter_mut()
            .for_each(|detail| detail.hide(is_carried));
        self
    }

    pub(crate) fn unexpected(message: impl Into<Cow<'static, str>>, answer: Answer) -> Self {
        let mut error = Self::new(ErrorKind::UnexpectedAnswer, message);
        error.0.answer = Some(answer);
        error
    }

    pub(crate) fn decode(decode: DecodeError, answer: Answer) -> Self {
        let mut error = Self::new(ErrorKind::Decode, "");
        error.0.answer = Some(answer);
        error.0.decode = Some(decode);
        error
    }

    /// Adds the proxy between this machine and the service.
    pub(crate) fn through(mut self, via: Arc<Via>) -> Self {
        self.0.via = Some(via);
        self
    }

    /// Copies the proxy of another error.
    pub(crate) fn through_as(mut self, other: &Self) -> Self {
        self.0.via.clone_from(&other.0.via);
        self
    }

    /// Adds the operation of the failed call, and the number of attempts. If the error already contains an operation,
    /// nothing changes. An example is the error of an IAM operation that a source of credentials called.
    pub(crate) fn of_call(mut self, operation: &'static Operation, attempts: u32) -> Self {
        if self.0.operation.is_none() {
            self.0.operation = Some(operation);
            self.0.attempts = attempts;
        }
        self
    }

    pub(crate) fn set_retryable(&mut self, retryable: bool) {
        self.0.retryable = retryable;
    }

    pub(crate) fn set_timed_out(&mut self) {
        self.0.timed_out = true;
    }
}
