//! The replies of a recorder.

use crate::error::{Error, ErrorKind};
use crate::secret::ShowSecrets;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use serde::Serialize;
use serde_json::json;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// The answer to one request, or a failure in place of an answer.
#[derive(Clone)]
#[must_use]
pub struct Reply {
    what: What,
    headers: HeaderMap,
    delay: Duration,
}

#[derive(Clone)]
enum What {
    Answer {
        status: u16,
        body: Bytes,
        is_cut: bool,
    },
    NoConnection,
    Broken,
    Silent,
    /// The test made a reply that cannot be sent. The strings are the fault and the advice.
    Unusable(&'static str, &'static str),
}

impl Reply {
    /// Makes an answer with a JSON body. The body contains its secrets unmasked.
    pub fn json(status: u16, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(&ShowSecrets(body)) {
            Ok(body) => Self::bytes(status, "application/json", body),
            Err(_) => Self::new(What::Unusable(
                "the recorder's reply cannot be written as JSON",
                "check it for maps with keys that JSON does not allow, such as structs",
            )),
        }
    }

    /// Makes an error answer in the form that the gateway and most services use.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"error_code": code, "error_msg": message}))
    }

    /// Makes an answer without a body.
    pub fn empty(status: u16) -> Self {
        Self::answer(status, Bytes::new())
    }

    /// Makes an answer with a body that is not JSON, such as a file.
    pub fn bytes(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self::answer(status, body.into()).with_header("content-type", content_type)
    }

    /// Makes a failure to connect. The client sends nothing.
    pub fn no_connection() -> Self {
        Self::new(What::NoConnection)
    }

    /// Makes a failure: the connection breaks before the answer comes. The service may have executed the request.
    pub fn broken() -> Self {
        Self::new(What::Broken)
    }

    /// Makes a reply that never comes.
    pub fn silent() -> Self {
        Self::new(What::Silent)
    }

    /// Makes the connection break in the middle of the answer's body. If the reply is not an answer, nothing changes.
    pub fn cut(mut self) -> Self {
        if let What::Answer { is_cut, .. } = &mut self.what {
            *is_cut = true;
        }
        self
    }

    /// Delays the reply by this duration. If the test has a paused clock (`#[tokio::test(start_paused = true)]`), the
    /// delay takes no real time.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets a header. The value replaces all earlier values of this header. If the header is not valid, the call that
    /// gets this reply returns an error.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
                self
            }
            _ => Self::new(What::Unusable(
                "the recorder's reply has a header that is not valid in an answer",
                "check its name, and its value for line breaks",
            )),
        }
    }

    fn answer(status: u16, body: Bytes) -> Self {
        let is_cut = false;
        Self::new(What::Answer {
            status,
            body,
            is_cut,
        })
    }

    fn new(what: What) -> Self {
        Self {
            what,
            headers: HeaderMap::new(),
            delay: Duration::ZERO,
        }
    }

    /// Waits for the delay, and returns the answer or the failure.
    pub(super) async fn play(self) -> Result<http::Response<reqwest::Body>, Error> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match self.what {
            What::Answer {
                status,
                body,
                is_cut,
            } => answer(status, self.headers, body, is_cut),
            What::NoConnection => Err(Error::new(ErrorKind::Connect, "")),
            What::Broken => Err(Error::new(ErrorKind::Transport, "")),
            What::Silent => std::future::pending().await,
            What::Unusable(message, help) => Err(Error::config(message).with_help(help)),
        }
    }
}

fn answer(
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    is_cut: bool,
) -> Result<http::Response<reqwest::Body>, Error> {
    let status = http::StatusCode::from_u16(status).map_err(|_| {
        Error::config(format!(
            "the recorder's reply has the invalid HTTP status {status}"
        ))
        .with_help("give a status from 100 to 999")
    })?;
    let length = HeaderValue::from(body.len());
    let body = match is_cut {
        false => reqwest::Body::from(body),
        true => reqwest::Body::wrap(CutBody {
            half: Some(body.slice(..body.len() / 2)),
        }),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let headers = response.headers_mut();
    headers.entry(CONTENT_LENGTH).or_insert(length);
    Ok(response)
}

/// A body that breaks after its first half.
struct CutBody {
    half: Option<Bytes>,
}

impl Body for CutBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(match self.half.take() {
            Some(half) => Ok(Frame::data(half)),
            None => Err(std::io::ErrorKind::UnexpectedEof.into()),
        }))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// `Debug` shows neither the body nor the headers, because a reply may contain a secret.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = match &self.what {
            What::Answer {
                status,
                body,
                is_cut,
            } => {
                let mut debug = f.debug_struct("Answer");
                debug
                    .field("status", status)
                    .field("body_length", &body.len())
                    .field("is_cut", is_cut);
                debug
            }
            What::NoConnection => f.debug_struct("NoConnection"),
            What::Broken => f.debug_struct("Broken"),
            What::Silent => f.debug_struct("Silent"),
            What::Unusable(..) => f.debug_struct("Unusable"),
        };
        debug.field("delay", &self.delay).finish()
    }
}
