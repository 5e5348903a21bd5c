//! The kinds of errors.

use std::fmt;

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is incomplete or wrong. The client did not send the request.
    Config,
    /// The request is not valid, for example because of a parameter or the body. The client did not send the request.
    InvalidRequest,
    /// There are no usable credentials, or the client failed to get credentials.
    Credentials,
    /// An interceptor of the program returned an error. The source of this error is the interceptor's error.
    Interceptor,
    /// There is no connection to the service. Examples of causes are an unknown host name, a closed port and a network
    /// that is down.
    ///
    /// Further causes are an unreachable proxy, and a connection that closed before the client began to send the
    /// request.
    Connect,
    /// The proxy requires credentials, or did not accept the given credentials. The client sent nothing to the service.
    Proxy,
    /// There is no secure connection. The TLS certificate or the TLS protocol was not accepted.
    Tls,
    /// A time limit ended, such as the limit of the whole call or of one attempt.
    Timeout,
    /// The connection broke before the client received the whole answer. The client does not know whether the service
    /// executed the request.
    Transport,
    /// The service answered with an error: a status of 400 or higher, or a success status with an error body.
    Service,
    /// The answer is not a documented answer. Examples are a redirect, HTML, and an empty body where a body is
    /// documented. With a success status, an answer that exceeds [`max_answer`](crate::ConfigBuilder::max_answer) also
    /// causes this error.
    UnexpectedAnswer,
    /// The answer's body is broken JSON, or its structure differs from the documented structure.
    Decode,
    /// The client cannot write a downloaded file, or cannot read a file to upload, on this machine.
    File,
    /// The service answered with a success status. But a documented field of the body, such as `result`, reports a
    /// refusal or a failed state. The error also has this kind if the value of this field is missing or undocumented.
    /// The error of a wait also has this kind if the polled list does not contain the resource.
    Operation,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "the configuration is not usable",
            Self::InvalidRequest => "the request cannot be sent",
            Self::Credentials => "no usable credentials",
            Self::Interceptor => "an interceptor ended the call with an error",
            Self::Connect => "no connection",
            Self::Proxy => "the proxy refused",
            Self::Tls => "no secure connection",
            Self::Timeout => "no answer in time",
            Self::Transport => "the connection broke",
            Self::Service => "the service refused",
            Self::UnexpectedAnswer => "not a documented answer",
            Self::Decode => "the answer's body does not have the documented structure",
            Self::File => "the file cannot be read or written",
            Self::Operation => "the answer does not report success",
        })
    }
}
