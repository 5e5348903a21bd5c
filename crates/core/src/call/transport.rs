//! Converts the failures of the HTTP client into errors.

use crate::error::{Error, ErrorKind};
use std::error::Error as _;

/// Converts a failure of reqwest into an error. The error does not contain the URL, because the path and the query can
/// contain ids.
pub(crate) fn failure(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let timed_out = error.is_timeout();
    let (kind, message, help) = meaning(&error, timed_out);
    let mut failure = Error::new(kind, message).with_source(error);
    if !help.is_empty() {
        failure = failure.with_help(help);
    }
    if timed_out {
        failure.set_timed_out();
    }
    failure
}

/// The message of hyper for a request that hyper did not begin to write.
const HANDED_BACK: &str = "client error (Canceled)";

/// Returns the kind, the message and the advice for a failure. If the message or the advice is empty, the error uses
/// the default of its kind.
fn meaning(error: &reqwest::Error, timed_out: bool) -> (ErrorKind, &'static str, &'static str) {
    if wants_certificate(error) {
        return (
            ErrorKind::Tls,
            "the service requires a client certificate, or does not accept the given certificate",
            "give an accepted client certificate by identity() or identity_files()",
        );
    }
    if error.is_connect() {
        return connecting(error, timed_out);
    }
    if says(error, &[HANDED_BACK]) {
        let message = "the connection closed before the request was sent";
        return (ErrorKind::Connect, message, "");
    }
    if timed_out {
        (ErrorKind::Timeout, "", "")
    } else if error.is_builder() {
        (ErrorKind::InvalidRequest, "", "")
    } else if error.is_redirect() {
        (ErrorKind::UnexpectedAnswer, "the answer is a redirect", "")
    } else {
        (ErrorKind::Transport, "", "")
    }
}

/// Returns the reason why there is no connection. The client sent no request to the service.
fn connecting(error: &reqwest::Error, timed_out: bool) -> (ErrorKind, &'static str, &'static str) {
    const UNREACHED: [&str; 2] = [
        "tunnel error: failed to create underlying connection",
        "SOCKS error: failed to create underlying connection",
    ];
    const CREDENTIALS: [&str; 4] = [
        "tunnel error: proxy authorization required",
        // If hyper offers no credentials, and the SOCKS server requires credentials, RFC 1928 allows only the reply
        // "no acceptable methods". hyper then returns the following message.
        "SOCKS error: server does not support user/pass authentication",
        "SOCKS error: server implements authentication incorrectly",
        "SOCKS error: credentials not accepted",
    ];
    const REFUSED: [&str; 2] = ["tunnel error: ", "SOCKS error: "];
    const UNKNOWN: [&str; 2] = ["dns error", "error resolving for socks proxy"];
    let (kind, message) = if timed_out {
        (ErrorKind::Connect, "no connection in time")
    } else if says(error, &CREDENTIALS) {
        (ErrorKind::Proxy, ASKS)
    } else if says(error, &UNREACHED) {
        (ErrorKind::Connect, "no connection to the proxy")
    } else if says(error, &REFUSED) {
        (
            ErrorKind::Connect,
            "the proxy makes no connection to the service",
        )
    } else if is_tls(error) {
        (ErrorKind::Tls, "")
    } else if says(error, &UNKNOWN) {
        (
            ErrorKind::Connect,
            "no connection: the host's name cannot be resolved",
        )
    } else {
        (ErrorKind::Connect, "")
    };
    (kind, message, "")
}

const ASKS: &str =
    "the proxy requires a user and a password, or does not accept the given user and password";

/// Makes the error of an answer with status 407. The answer comes from a proxy.
pub(crate) fn asks_for_credentials() -> Error {
    Error::new(ErrorKind::Proxy, ASKS)
}

/// Returns the causes of an error, beginning with the outermost cause. An I/O error hides its inner error, so the
/// function reads the inner error with `get_ref`.
fn causes<'a>(
    error: &'a reqwest::Error,
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&error| {
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io
                .get_ref()
                .map(|carried| carried as &(dyn std::error::Error + 'static)),
            None => error.source(),
        }
    })
}

#[cfg(feature = "rustls")]
fn is_tls(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.is::<rustls::Error>())
}

/// Returns whether the server requires a client certificate, or refused the given client certificate.
///
/// With TLS 1.3, the server reports this problem only after the client has opened the connection. But the server has
/// not read a request yet.
#[cfg(feature = "rustls")]
fn wants_certificate(error: &reqwest::Error) -> bool {
    use rustls::{AlertDescription as Alert, Error};
    causes(error).any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(Error::AlertReceived(
                Alert::CertificateRequired
                    | Alert::BadCertificate
                    | Alert::CertificateExpired
                    | Alert::CertificateRevoked
                    | Alert::CertificateUnknown
                    | Alert::UnknownCA
                    | Alert::UnsupportedCertificate
            ))
        )
    })
}

#[cfg(not(feature = "rustls"))]
fn wants_certificate(_: &reqwest::Error) -> bool {
    false
}

#[cfg(not(feature = "rustls"))]
fn is_tls(_: &reqwest::Error) -> bool {
    false
}

/// Returns whether the message of a cause begins with one of the strings in `words`. The function compares messages,
/// because no public type or method distinguishes these errors.
fn says(error: &reqwest::Error, words: &[&str]) -> bool {
    causes(error).any(|cause| {
        let text = cause.to_string();
        words.iter().any(|words| text.starts_with(words))
    })
}
