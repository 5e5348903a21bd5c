//! The error of a call, and the methods that return its values.

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

/// The error of a failed call, or of another failed function of the SDK. Most errors contain advice.
///
/// `Display` and `Debug` show the operation, a message of the SDK or of the program, and the status. If the body cannot
/// be decoded, the output also contains the reason. For a JSON value of a wrong type, the reason consists of its path,
/// its type and the documented type.
///
/// `Display` and `Debug` show the error code, the request ids and the content type only if their form is harmless. For
/// example, the error code must have the form of a documented code, such as `DCS.4201`, or must be a code with advice.
/// The error of a wait can also show the last state, if the state is documented or has a harmless form. No other value
/// of a body, a header or a parameter is shown.
///
/// [`error_msg`](Self::error_msg) and [`raw_body`](Self::raw_body) return what the server wrote. The server's message
/// and body can contain secrets, so check them before you log them.
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

/// The values that `Display` and `Debug` must not show, because the request contained them. For example, a server can
/// send back a password as its error code.
#[derive(Default)]
pub(super) struct Hidden {
    pub code: bool,
    pub request_id: bool,
    pub iam_trace_id: bool,
    pub content_type: bool,
    pub body_request_id: bool,
}

/// The parts of the server's answer that an error keeps.
#[derive(Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub request_id: Option<String>,
    pub iam_trace_id: Option<String>,
    pub content_type: Option<String>,
    /// The memory of the body is overwritten when the body is dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl Error {
    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation's name, such as `show_device`. Returns `None` if the error does not belong to a call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// Returns the HTTP status of the answer. Returns `None` if the error contains no answer.
    pub fn status(&self) -> Option<u16> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// Returns the error code of the service or of the gateway, such as `DCS.4201` or `APIGW.0301`. An integer code is
    /// returned as its digits. Returns `None` if the error contains no code.
    pub fn error_code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the error message of the service or of the gateway. Returns `None` if the error contains no such
    /// message. The message can repeat parts of the request.
    pub fn error_msg(&self) -> Option<&str> {
        self.0.error_msg.as_deref()
    }

    /// Returns the answer of an error of the kind [`ErrorKind::Operation`]. Returns `None` if the error has no such
    /// answer, or if the answer does not have the type `T`.
    ///
    /// If the service refused the operation, the answer contains the documented facts about the refusal. Examples are
    /// the number of remaining tries, and the time until a further try is possible.
    pub fn refused_answer<T: Any>(&self) -> Option<&T> {
        self.0.refused.as_ref()?.downcast_ref()
    }

    /// Returns the last state that a [`Wait`](crate::Wait) received for its resource. The state is a string from the
    /// server, and can be undocumented. Returns `None` if the error contains no state.
    pub fn last_state(&self) -> Option<&str> {
        self.0.state.as_deref()
    }

    /// Returns the single reasons that the body lists in `details`, `error_details` or `errors`. Some bodies contain
    /// neither a code nor a message, but list reasons by field name, such as `{"password": ["too short"]}`. For such a
    /// body, the result contains these reasons.
    ///
    /// The list contains at most 100 reasons. The reasons can repeat parts of the request. `Display` does not show the
    /// reasons.
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// Returns the header `X-Request-Id`, by which the gateway identifies the request. Give this id to the cloud's
    /// support. Returns `None` if the error contains no such id.
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// Returns the request id in the body. The service itself chooses this id. The id often differs from
    /// [`request_id`](Self::request_id). Returns `None` if the error contains no such id.
    pub fn body_request_id(&self) -> Option<&str> {
        self.0.body_request_id.as_deref()
    }

    /// Returns the header `X-IAM-Trace-Id`, by which IAM identifies the request. Give this id to the cloud's support.
    /// Returns `None` if the error contains no such id.
    pub fn iam_trace_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.iam_trace_id.as_deref()
    }

    /// Returns the field `encoded_authorization_message`. The field contains the reason why a policy refused the
    /// request, in an encoded form. Returns `None` if the body does not contain the field.
    ///
    /// A user who has the permission to decode the message can decode it with IAM. `Display` does not show the message.
    pub fn encoded_authorization_message(&self) -> Option<&str> {
        self.0.encoded.as_deref()
    }

    /// Returns the body of the answer. Returns `None` if the error contains no answer, or does not belong to a call. If
    /// the answer has no success status, the error contains at most the first 256 KiB of the body.
    ///
    /// If the request or the answer of the operation can contain a secret, the result is also `None`. If an answer with
    /// a success status reports a refusal or a failed state, the result is empty: see
    /// [`refused_answer`](Self::refused_answer).
    pub fn raw_body(&self) -> Option<&[u8]> {
        match self.0.operation {
            Some(operation) if !operation.secret => {
                self.0.answer.as_ref().map(|answer| answer.body.as_slice())
            }
            _ => None,
        }
    }

    /// Returns the body that [`raw_body`](Self::raw_body) does not return, because the operation has secrets. For
    /// example, an answer that cannot be decoded can contain a new password.
    ///
    /// Only the first call returns the body. Returns `None` if the operation has no secrets, or if there is no body.
    /// Bytes that are not UTF-8 become U+FFFD.
    pub fn take_withheld_body(&mut self) -> Option<Secret> {
        let secret = self.0.operation.is_some_and(|operation| operation.secret);
        let answer = self.0.answer.as_mut().filter(|_| secret)?;
        let body = std::mem::take(&mut answer.body);
        (!body.is_empty()).then(|| Secret::from_bytes(&body))
    }

    /// Returns the address of the proxy if the client received no complete answer of the service. An example is
    /// `http://proxy.example.com:3128`. The address contains no user and no password.
    ///
    /// Returns `None` if the request used no proxy, for example because the host is an exception. Also returns `None`
    /// if the program provided the HTTP client.
    pub fn proxy(&self) -> Option<&str> {
        self.0.via.as_ref().map(|via| via.address.as_str())
    }

    /// Returns where and how the body differs from the documented structure. Returns `None` if the kind of the error is
    /// not [`ErrorKind::Decode`].
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.decode.as_ref()
    }

    /// Returns the number of attempts that the retry policy counts. The number is 0 if the call failed before its first
    /// attempt. The number is also 0 if a wait reached its timeout.
    ///
    /// If the client sends the request again at once, the attempt is not counted. This happens after the first renewal
    /// of the credential, and after a correction of the clock.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns whether the answer has status 404, or status 500 with ROMA Connect's code `ROMA.00110002` ("instance
    /// does not exist"). This usually means that the requested resource does not exist. But a gateway also sends status
    /// 404 if it does not know the path.
    pub fn is_not_found(&self) -> bool {
        match self.status() {
            Some(404) => true,
            Some(500) => self.error_code() == Some("ROMA.00110002"),
            _ => false,
        }
    }

    /// Returns whether there were too many requests. In this case, the answer has status 429, or the gateway's code for
    /// too many requests. The service did not execute the request.
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || self.gateway_number() == Some("0308")
    }

    /// Returns whether the credentials are missing, wrong or expired, or do not permit the operation.
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Credentials
            || matches!(self.status(), Some(401 | 403))
            || self.is_signature_refused()
    }

    /// Returns whether the gateway refused the signature or the credential with a code that ends in `0301` or `0303`.
    pub(crate) fn is_signature_refused(&self) -> bool {
        matches!(self.gateway_number(), Some("0301" | "0303"))
    }

    fn gateway_number(&self) -> Option<&str> {
        self.error_code().and_then(gateway::number)
    }

    /// Returns the lines that differ between the gateway's canonical request and the client's canonical request. A
    /// canonical request is a string with the signed parts of a request. Some gateways send their canonical request
    /// when they refuse a signature.
    ///
    /// Returns `None` if the gateway sent no canonical request. If the list is empty, all lines that the gateway sent
    /// are equal to the lines of the client. In this case, the secret key is probably wrong.
    pub fn signature_difference(&self) -> Option<&[LineDifference]> {
        self.0.difference.as_deref()
    }

    /// Returns whether this is an error answer without a code of the gateway. Such a code means that the gateway itself
    /// sent the answer, for example because it does not know the path.
    pub(crate) fn is_services_own(&self) -> bool {
        self.kind() == ErrorKind::Service && self.gateway_number().is_none()
    }

    /// Returns the correction of this machine's clock, in seconds, at the time when the refused request was signed.
    pub(crate) fn clock_offset(&self) -> Option<i64> {
        self.0.clock_offset
    }

    /// Returns whether a time limit ended, such as the limit of the whole call or the limit for connecting.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.0.timed_out
    }

    /// Returns whether the last attempt failed because there was no usable connection. The service did not receive the
    /// request of this attempt.
    pub fn is_connect(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Connect | ErrorKind::Proxy | ErrorKind::Tls
        )
    }

    /// Returns whether a retry could succeed, and is safe for this operation. The client has already made all retries
    /// that the retry policy, the retry budget and the time limit allow.
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
