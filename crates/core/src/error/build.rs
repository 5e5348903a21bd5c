//! The constructors of errors.

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
    /// An error of this SDK, for credential providers and hand-written extensions.
    ///
    /// `Display` shows the message: never put a secret, or text of a server, into it.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::with_message(kind, message.into())
    }

    /// Not generic, because callers see a generic function: this part is compiled once, here.
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

    /// An answer of HTTP 200 whose body says that nothing was done. An example is a DCS password change, with
    /// `"result": "passwordFailed"`. The code is shown only if it has the form of a catalogue's code. The message
    /// is shown only by [`error_msg`](Self::error_msg).
    pub fn outcome(operation: &'static Operation, code: &str, message: &str) -> Self {
        let mut error = Self::new(ErrorKind::Operation, "");
        error.0.operation = Some(operation);
        error.0.code = Some(code.to_owned());
        error.0.error_msg = Some(message.to_owned());
        error
    }

    /// The error of a wait that has ended in a state of failure. The resource's own code and message are in its body.
    pub(crate) fn failed_state(state: &str, body: &[u8]) -> Self {
        let mut error = Self::new(ErrorKind::Operation, format!("the state is `{state}`"));
        (error.0.code, error.0.error_msg) = of_resource(body);
        error
    }

    /// Adds the last state that a wait has seen.
    pub(crate) fn with_state(mut self, state: String) -> Self {
        self.0.state = Some(state);
        self
    }

    /// Adds advice: a sentence such as "check ...". `Display` shows it at the end.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = help.into();
        self
    }

    /// Adds the cause. `Display` of this error does not show its text, but a caller may print the whole chain. So the
    /// cause must contain no secret.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds the status and the request id of the answer that [`outcome`](Self::outcome) is about.
    #[must_use]
    pub fn with_response<T>(self, response: &Response<T>) -> Self {
        self.with_meta(response.meta())
    }

    /// Adds the whole answer of a refusal.
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

    /// The error of HTTP status 400 or higher, or of an error under a status of success.
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

    /// Adds how the refused request was signed.
    pub(crate) fn of_signature(mut self, signed: Option<&Signed>) -> Self {
        if let Some(signed) = signed {
            let message = self.0.error_msg.as_deref().unwrap_or_default();
            self.0.difference = difference(signed.canonical.expose(), message);
            self.0.clock_offset = Some(signed.clock_offset);
        }
        self
    }

    /// Never shows codes and ids that the call itself carried. The status is not compared, because it is a known
    /// number.
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
            // The request contains `application/json` as well.
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

    /// Adds the proxy of another error.
    pub(crate) fn through_as(mut self, other: &Self) -> Self {
        self.0.via.clone_from(&other.0.via);
        self
    }

    /// Adds the name of the failed call. If an error already names a call (that of a provider), it keeps the name.
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
