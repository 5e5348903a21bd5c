//! The kinds of errors.

use std::fmt;

/// What went wrong, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is incomplete or wrong; nothing was sent.
    Config,
    /// A parameter or body cannot be sent; nothing was sent.
    InvalidRequest,
    /// There are no credentials, or none could be had.
    Credentials,
    /// An interceptor of the program failed the call; its own error is the source.
    Interceptor,
    /// No connection: the name is unknown, the port is closed, the network is down. Or the proxy has none. Or there was one that closed
    /// before anything was sent.
    Connect,
    /// The proxy asks for credentials, or for others; nothing was sent to the service.
    Proxy,
    /// No secure connection: a certificate, or the protocol.
    Tls,
    /// The time for the whole call was over.
    Timeout,
    /// The connection broke before the whole answer was there. Whether the request was executed is not known.
    Transport,
    /// The service refused: HTTP status 400 or higher.
    Service,
    /// The answer is none of the documented ones: a redirect, HTML, an empty body where one is documented.
    UnexpectedAnswer,
    /// The answer's body has another structure than the documented one.
    Decode,
    /// A file that was to be saved cannot be written on this machine.
    File,
    /// The service answered HTTP 200, and says in the body that it did not do it.
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
