//! The kinds of errors.

use std::fmt;

/// The kind of failure, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is incomplete or wrong. Nothing was sent.
    Config,
    /// A parameter or body cannot be sent. Nothing was sent.
    InvalidRequest,
    /// There are no credentials, or getting them failed.
    Credentials,
    /// An interceptor of the program failed the call. Its own error is the source.
    Interceptor,
    /// There is no connection: the name is unknown, the port is closed, the network is down. Or the proxy has no
    /// connection. Or a connection closed before anything was sent.
    Connect,
    /// The proxy asks for credentials, or for others. Nothing was sent to the service.
    Proxy,
    /// There is no secure connection: the certificate or the protocol was not accepted.
    Tls,
    /// The time for the whole call was over.
    Timeout,
    /// The connection broke before the whole answer was there. It is not known whether the request was executed.
    Transport,
    /// The service refused: HTTP status 400 or higher.
    Service,
    /// The answer is not a documented one: a redirect, HTML, or an empty body in place of a documented one.
    UnexpectedAnswer,
    /// The structure of the answer's body differs from the documented one.
    Decode,
    /// A file that should be saved cannot be written on this machine.
    File,
    /// The service answered HTTP 200, and the body says that the operation was not done.
    Operation,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "the configuration is not usable",
            Self::InvalidRequest => "the request cannot be sent",
            Self::Credentials => "no usable credentials",
            Self::Interceptor => "an interceptor failed the call",
            Self::Connect => "no connection",
            Self::Proxy => "the proxy refused",
            Self::Tls => "no secure connection",
            Self::Timeout => "no answer in time",
            Self::Transport => "the connection broke",
            Self::Service => "the service refused",
            Self::UnexpectedAnswer => "not a documented answer",
            Self::Decode => "the answer's body is not the documented one",
            Self::File => "the file cannot be saved",
            Self::Operation => "the service did not do it",
        })
    }
}
