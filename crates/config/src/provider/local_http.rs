//! Sends requests to services that issue keys for this machine or container, such as the metadata service. The requests
//! are not signed, are not retried, and never use a proxy.

use crate::address::clear::goes_in_clear;
use crate::renewing::date;
use huaweicloud_core::http::HeaderValue;
use huaweicloud_core::reqwest::{Client, RequestBuilder, Url};
use huaweicloud_core::{Error, ErrorKind, Secret, http_client_builder};
use jiff::Timestamp;
use std::time::Duration;

/// The largest size of an answer's body, in bytes. Keys and tokens have only a few kilobytes.
const LARGEST: usize = 64 << 10;

/// The parts of an answer that this crate uses.
pub(super) struct Reply {
    pub status: u16,
    /// The body as a string. The character U+FFFD replaces bytes that are not UTF-8.
    pub body: Secret,
    /// The time in the header `Date`.
    pub date: Option<Timestamp>,
}

/// Returns a client without proxies, redirects and retries.
pub(super) fn client(connect: Duration) -> Result<Client, Error> {
    http_client_builder(connect)?
        .no_proxy()
        .build()
        .map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client cannot be made")
                .with_source(error.without_url())
        })
}

/// Parses the address of a service that issues keys.
///
/// Returns an error if the address is not an http or https URL, or is plain HTTP to another machine. Also returns an
/// error if the address contains a user or a password, because messages can show the address.
pub(super) fn checked_address(who: &str, address: &str) -> Result<Url, Error> {
    let wrong = |why: &str, help: &'static str| {
        let message = format!("the address of {who} {why}");
        Error::new(ErrorKind::Config, message).with_help(help)
    };
    let url = Url::parse(address).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
    });
    let url = url.ok_or_else(|| {
        let help = "give an http or https URL without user and password";
        wrong("is not usable", help)
    })?;
    if goes_in_clear(&url) {
        let help = "give an https URL; plain http is only for this machine (such as 127.0.0.1) and for link-local addresses such as 169.254.169.254";
        return Err(wrong("is plain http to another machine", help));
    }
    Ok(url)
}

/// Sends the request, and returns the answer with any status.
pub(super) async fn ask(who: &str, request: RequestBuilder) -> Result<Reply, Error> {
    let mut answer = request.send().await.map_err(|error| failure(who, error))?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| failure(who, error))? {
        body.extend_from_slice(&part);
        if body.len() > LARGEST {
            return Err(Error::new(
                ErrorKind::UnexpectedAnswer,
                format!("{who} answered more than {LARGEST} bytes"),
            ));
        }
    }
    Ok(Reply {
        status: answer.status().as_u16(),
        body: Secret::new(String::from_utf8_lossy(&body)),
        date: date(answer.headers()),
    })
}

/// Returns a header value that logs do not show.
pub(super) fn secret_header(what: &str, text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        let message = format!("a header cannot contain {what}");
        Error::new(ErrorKind::Credentials, message)
            .with_help("check it for line breaks and control characters")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn failure(who: &str, error: huaweicloud_core::reqwest::Error) -> Error {
    let (kind, what) = if error.is_connect() {
        (ErrorKind::Connect, "cannot be reached")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "does not answer in time")
    } else if error.is_builder() {
        let what = "gets no request, because its address is not usable";
        (ErrorKind::Config, what)
    } else {
        (ErrorKind::Transport, "broke the connection")
    };
    Error::new(kind, format!("{who} {what}")).with_source(error.without_url())
}
