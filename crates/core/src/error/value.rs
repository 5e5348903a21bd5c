//! What an error holds, and what it tells.

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

/// Why a call failed, and what to do.
///
/// `Display` and `Debug` show the operation, the kind, the status, the request id, and places and types in the body.
/// They show the error code if it has the form of a catalogue's code. They never show a value of the body, a header or
/// a parameter. [`error_msg`](Self::error_msg) and [`raw_body`](Self::raw_body) have the server's words, which may
/// contain secrets: think before you log them.
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

/// What is not shown because the call itself carried it: a server may answer with a password for an error code.
#[derive(Default)]
pub(super) struct Hidden {
    pub code: bool,
    pub request_id: bool,
    pub iam_trace_id: bool,
    pub content_type: bool,
    pub body_request_id: bool,
}

/// What the server answered.
#[derive(Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub request_id: Option<String>,
    pub iam_trace_id: Option<String>,
    pub content_type: Option<String>,
    /// Wiped when dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl Error {
    /// What went wrong, in one word.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation's name: `show_device`. None if the failure came before any call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The service's error code (`DCS.4201`, `APIGW.0301`); an integer code is its digits.
    pub fn error_code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What the service says about the error. It may repeat parts of the request.
    pub fn error_msg(&self) -> Option<&str> {
        self.0.error_msg.as_deref()
    }

    /// The answer of a refusal under a status of success, or of a state that is a failure ([`ErrorKind::Operation`]), if it is of this type. It tells what the documentation
    /// says of the refusal: how many tries are left, how long a lock lasts.
    pub fn refused_answer<T: Any>(&self) -> Option<&T> {
        self.0.refused.as_ref()?.downcast_ref()
    }

    /// The last state that a wait has seen: see [`Wait`](crate::Wait). It is what the server wrote, documented or not.
    pub fn last_state(&self) -> Option<&str> {
        self.0.state.as_deref()
    }

    /// The single reasons, where the body lists several (`details`, `error_details`, `errors`), in its order; the first hundred.
    /// They may repeat parts of the request, and are not shown by `Display`.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// The header `X-Request-Id`: the gateway's name for the request, to give to the cloud's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// The request id that stands in the body: the service's own, often another one.
    pub fn body_request_id(&self) -> Option<&str> {
        self.0.body_request_id.as_deref()
    }

    /// The header `X-IAM-Trace-Id`: IAM's own name for the request, to give to the cloud's support.
    pub fn iam_trace_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.iam_trace_id.as_deref()
    }

    /// Why a policy refused the request, encoded by the cloud (`encoded_authorization_message`): a user with the right to do so can
    /// have IAM decode it. It is not shown by `Display`.
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.encoded.as_deref()
    }

    /// The answer's body as it came. None if there was no answer, and none where the operation carries a secret.
    pub fn raw_body(&self) -> Option<&[u8]> {
        match self.0.operation {
            Some(operation) if !operation.secret => {
                self.0.answer.as_ref().map(|answer| answer.body.as_slice())
            }
            _ => None,
        }
    }

    /// The answer's body where [`raw_body`](Self::raw_body) withholds it, once: a new password may stand in an answer that cannot be read.
    /// None if there was no answer, or if it has been taken. What is not text in it becomes U+FFFD.
    pub fn take_withheld_body(&mut self) -> Option<Secret> {
        let secret = self.0.operation.is_some_and(|operation| operation.secret);
        let answer = self.0.answer.as_mut().filter(|_| secret)?;
        let body = std::mem::take(&mut answer.body);
        (!body.is_empty()).then(|| Secret::from_bytes(&body))
    }

    /// The proxy that the request went through, or was to go through, if no answer came: `http://proxy.example.com:3128`, without user
    /// and password. None where there is none, for a host that is an exception, and for an HTTP client that was given.
    pub fn proxy(&self) -> Option<&str> {
        self.0.via.as_ref().map(|via| via.address.as_str())
    }

    /// Where and how the body differs from the documented one, for [`ErrorKind::Decode`].
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.decode.as_ref()
    }

    /// How many attempts of the retry policy were used; 0 if nothing was sent. The one repeat after a renewed token or a
    /// corrected clock does not count.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The thing does not exist: 404, and ROMA Connect's HTTP 500 with the code `ROMA.00110002` ("instance does not exist").
    pub fn is_not_found(&self) -> bool {
        match self.status() {
            Some(404) => true,
            Some(500) => self.error_code() == Some("ROMA.00110002"),
            _ => false,
        }
    }

    /// Too many requests: 429, or the gateway's code for it. The request was not executed.
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || self.gateway_number() == Some("0308")
    }

    /// The credentials are missing, wrong, expired or not allowed to do this.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Credentials
            || matches!(self.status(), Some(401 | 403))
            || self.is_signature_refused()
    }

    /// The gateway's words for a signature, or a token, that it does not take.
    pub(crate) fn is_signature_refused(&self) -> bool {
        matches!(self.gateway_number(), Some("0301" | "0303"))
    }

    fn gateway_number(&self) -> Option<&str> {
        self.error_code().and_then(gateway::number)
    }

    /// Where the canonical request that the gateway echoes with a refused signature differs from the one that was signed, line by
    /// line. None if it echoes none. Empty if both are the same: then the secret key is the wrong one.
    pub fn signature_difference(&self) -> Option<&[LineDifference]> {
        self.0.difference.as_deref()
    }

    /// Whether the service itself answered so, and not the gateway, which may not know the path.
    pub(crate) fn is_services_own(&self) -> bool {
        self.kind() == ErrorKind::Service && self.gateway_number().is_none()
    }

    /// What was added to this machine's clock when the refused request was signed, in seconds.
    pub(crate) fn clock_offset(&self) -> Option<i64> {
        self.0.clock_offset
    }

    /// The time was over: the whole call's, or the one for connecting.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.0.timed_out
    }

    /// No connection was made, or none that lasted, so the request was not sent.
    pub fn is_connect(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Connect | ErrorKind::Proxy | ErrorKind::Tls
        )
    }

    /// A repeat could succeed, and is safe for this operation. The retry policy has already made the ones that it allows.
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
