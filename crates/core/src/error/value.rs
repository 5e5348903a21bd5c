//! The error of a call, and its values.

use super::detail::ErrorDetail;
use super::difference::LineDifference;
use super::gateway;
use super::kind::ErrorKind;
use super::via::Via;
use crate::decode::DecodeError;
use crate::operation::Operation;
use crate::secret::Secret;
use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The error of a failed call, with advice.
///
/// `Display` and `Debug` show the operation, the kind, the status, the request id, and places and types in the body.
/// They show the error code if it has the form of a catalogue's code. They never show a value of the body, a header or
/// a parameter. [`error_msg`](Self::error_msg) and [`raw_body`](Self::raw_body) return the server's text, which may
/// contain secrets: think before you log it.
pub struct Error(pub(super) Box<Inner>);

pub(super) type Source = Box<dyn std::error::Error + Send + Sync>;

pub(super) struct Inner {
    pub kind: ErrorKind,
    pub operation: Option<&'static Operation>,
    pub message: Cow<'static, str>,
    pub help: Cow<'static, str>,
    pub attempts: u32,
    pub retryable: bool,
    pub timed_out: bool,
    pub answer: Option<Answer>,
    pub code: Option<String>,
    pub error_msg: Option<String>,
    pub body_request_id: Option<String>,
    pub encoded: Option<String>,
    pub difference: Option<Vec<LineDifference>>,
    pub clock_offset: Option<i64>,
    pub decode: Option<DecodeError>,
    pub details: Vec<ErrorDetail>,
    pub via: Option<Arc<Via>>,
    pub source: Option<Source>,
    pub hidden: Hidden,
    pub refused: Option<Box<dyn Any + Send + Sync>>,
    pub state: Option<String>,
}

/// Values that are not shown because the call itself carried them. A server may answer with a password as its error
/// code.
#[derive(Default)]
pub(super) struct Hidden {
    pub code: bool,
    pub request_id: bool,
    pub iam_trace_id: bool,
    pub content_type: bool,
    pub body_request_id: bool,
}

/// The answer of the server.
#[derive(Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub request_id: Option<String>,
    pub iam_trace_id: Option<String>,
    pub content_type: Option<String>,
    /// Overwritten when it is dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl Error {
    /// The kind of failure, in one word.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation's name, such as `show_device`. None if the failure came before any call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The service's error code (`DCS.4201`, `APIGW.0301`). An integer code becomes its digits.
    pub fn error_code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's text about the error. It may repeat parts of the request.
    pub fn error_msg(&self) -> Option<&str> {
        self.0.error_msg.as_deref()
    }

    /// The answer of a refusal under a status of success, or of a failed state ([`ErrorKind::Operation`]). None if it is
    /// not of this type.
    ///
    /// It has the documented facts of the refusal: the number of remaining tries, the length of a lock.
    pub fn refused_answer<T: Any>(&self) -> Option<&T> {
        self.0.refused.as_ref()?.downcast_ref()
    }

    /// The last state that a wait has seen: see [`Wait`](crate::Wait). It is the server's text, documented or not.
    pub fn last_state(&self) -> Option<&str> {
        self.0.state.as_deref()
    }

    /// The single reasons, if the body lists several (`details`, `error_details`, `errors`). They are in the order of
    /// the body, at most a hundred. They may repeat parts of the request, and `Display` does not show them.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// The header `X-Request-Id`: the gateway's name for the request. Give it to the cloud's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// The request id in the body. It is the service's own id, which often differs.
    pub fn body_request_id(&self) -> Option<&str> {
        self.0.body_request_id.as_deref()
    }

    /// The header `X-IAM-Trace-Id`: IAM's own name for the request. Give it to the cloud's support.
    pub fn iam_trace_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.iam_trace_id.as_deref()
    }

    /// The reason why a policy refused the request, encoded by the cloud (`encoded_authorization_message`). A user with
    /// the right to do so can decode it with IAM. `Display` does not show it.
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.encoded.as_deref()
    }

    /// The answer's body as it came. None if there was no answer, or if the operation carries a secret.
    pub fn raw_body(&self) -> Option<&[u8]> {
        match self.0.operation {
            Some(operation) if !operation.secret => {
                self.0.answer.as_ref().map(|answer| answer.body.as_slice())
            }
            _ => None,
        }
    }

    /// The answer's body that [`raw_body`](Self::raw_body) withholds. An answer that cannot be read may contain a new
    /// password. Only the first call returns it.
    ///
    /// None if there was no answer, or if the body has been taken. Bytes that are not text become U+FFFD.
    pub fn take_withheld_body(&mut self) -> Option<Secret> {
        let secret = self.0.operation.is_some_and(|operation| operation.secret);
        let answer = self.0.answer.as_mut().filter(|_| secret)?;
        let body = std::mem::take(&mut answer.body);
        (!body.is_empty()).then(|| Secret::from_bytes(&body))
    }

    /// The proxy of a request without an answer, such as `http://proxy.example.com:3128`, without user and password.
    ///
    /// None if there is no proxy, if the host is an exception, and if the program gave the HTTP client.
    pub fn proxy(&self) -> Option<&str> {
        self.0.via.as_ref().map(|via| via.address.as_str())
    }

    /// The place and the kind of the difference between the body and the documented one, for [`ErrorKind::Decode`].
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.decode.as_ref()
    }

    /// The number of attempts of the retry policy. 0 if nothing was sent. The one repeat after a renewed token or a
    /// corrected clock does not count.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the thing does not exist. This is 404, and ROMA Connect's HTTP 500 with the code `ROMA.00110002`
    /// ("instance does not exist").
    pub fn is_not_found(&self) -> bool {
        match self.status() {
            Some(404) => true,
            Some(500) => self.error_code() == Some("ROMA.00110002"),
            _ => false,
        }
    }

    /// Whether there were too many requests: 429, or the gateway's code for it. The request was not executed.
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || self.gateway_number() == Some("0308")
    }

    /// Whether the credentials are missing, wrong, expired or not allowed to do this.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Credentials
            || matches!(self.status(), Some(401 | 403))
            || self.is_signature_refused()
    }

    /// Whether the gateway did not accept the signature or the token.
    pub(crate) fn is_signature_refused(&self) -> bool {
        matches!(self.gateway_number(), Some("0301" | "0303"))
    }

    fn gateway_number(&self) -> Option<&str> {
        self.error_code().and_then(gateway::number)
    }

    /// The lines that differ between the gateway's canonical request and the signed one. Some gateways return theirs
    /// with a refused signature.
    ///
    /// None if the gateway returns none. Empty if both are the same: then the secret key is the wrong one.
    pub fn signature_difference(&self) -> Option<&[LineDifference]> {
        self.0.difference.as_deref()
    }

    /// Whether the service itself gave this answer, and not the gateway. The gateway may not know the path.
    pub(crate) fn is_services_own(&self) -> bool {
        self.kind() == ErrorKind::Service && self.gateway_number().is_none()
    }

    /// The correction of this machine's clock when the refused request was signed, in seconds.
    pub(crate) fn clock_offset(&self) -> Option<i64> {
        self.0.clock_offset
    }

    /// Whether the time was over: that of the whole call, or that to connect.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.0.timed_out
    }

    /// Whether the request was not sent, because there was no connection or it did not last.
    pub fn is_connect(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Connect | ErrorKind::Proxy | ErrorKind::Tls
        )
    }

    /// Whether a repeat could succeed, and is safe for this operation. The retry policy has already made all repeats
    /// that it allows.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match (&self.0.source, &self.0.decode) {
            (Some(source), _) => Some(&**source),
            (None, Some(decode)) => Some(decode),
            (None, None) => None,
        }
    }
}
