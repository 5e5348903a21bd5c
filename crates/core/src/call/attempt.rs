//! One attempt: send, and take the whole answer in.

use super::answer::{HttpAnswer, keep_for_error};
use super::failure::{Failure, refused};
use super::prepare::{AUTH_TOKEN, Prepared, SECURITY_TOKEN};
use super::state::SessionState;
use super::transport;
use crate::error::{Error, ErrorKind, Signed};
use crate::operation::Operation;
use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, SET_COOKIE};
use reqwest::Url;

static HIDDEN: [HeaderName; 5] = [
    HeaderName::from_static("x-subject-token"),
    AUTH_TOKEN,
    SECURITY_TOKEN,
    SET_COOKIE,
    AUTHORIZATION,
];

impl Prepared {
    /// Sends it, when awaited. The future holds only what is needed once the request has left: whatever takes a future copies it.
    pub(crate) fn send(
        self,
        session: &SessionState,
        operation: &'static Operation,
        max_answer: usize,
    ) -> impl Future<Output = Result<HttpAnswer, Failure>> {
        let (url, signed) = (self.url, self.signed);
        let pending = session.config.http_client().execute(self.request);
        async move {
            let response = pending.await;
            let mut response = response.map_err(|error| unanswered(session, &url, error))?;
            let redirected = response.url() != &url;
            let status = response.status().as_u16();
            let headers = hide(std::mem::take(response.headers_mut()));
            let body = body(&mut response, max_answer).await;
            let body = body.map_err(|broken| match broken {
                Broken::Connection(error) => unanswered(session, &url, error),
                Broken::Limit(error) => error,
            })?;
            let answer = HttpAnswer {
                status,
                headers,
                body,
            };
            let interceptors = session.config.interceptors();
            interceptors.after_answer(operation, status, &answer.headers, || {
                keep_for_error(status, &answer.headers, &answer.body)
            })?;
            if redirected {
                let message = "the HTTP client followed a redirect";
                return Err(refused(|answer| Error::unexpected(message, answer), answer));
            }
            judged(session, &url, signed.as_ref(), answer)
        }
    }
}

/// What the status says.
fn judged(
    session: &SessionState,
    url: &Url,
    signed: Option<&Signed>,
    answer: HttpAnswer,
) -> Result<HttpAnswer, Failure> {
    match answer.status {
        200..=299 => Ok(answer),
        // Only proxies answer so; what they say is not the service's.
        407 => {
            let error = transport::asks_for_credentials();
            Err(session.config.route().explain(error, url.as_str()).into())
        }
        400.. => Err(refused(
            |answer| Error::service(answer).of_signature(signed),
            answer,
        )),
        300..=399 => Err(refused(
            |answer| Error::unexpected("the answer is a redirect", answer),
            answer,
        )),
        _ => Err(refused(|answer| Error::unexpected("", answer), answer)),
    }
}

/// Marks what must not be shown.
fn hide(mut headers: HeaderMap) -> HeaderMap {
    for (name, value) in &mut headers {
        if HIDDEN.contains(name) {
            value.set_sensitive(true);
        }
    }
    headers
}

/// What a failure to send or to receive means, with the proxy that was in between.
fn unanswered(session: &SessionState, url: &Url, error: reqwest::Error) -> Error {
    let route = session.config.route();
    route.explain(transport::failure(error), url.as_str())
}

/// Why a body is not there.
enum Broken {
    Connection(reqwest::Error),
    Limit(Error),
}

/// The whole body, up to a limit.
async fn body(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, Broken> {
    let mut body = Bytes::new();
    while let Some(chunk) = response.chunk().await.map_err(Broken::Connection)? {
        if body.len().saturating_add(chunk.len()) > limit {
            let message = format!("the answer is larger than {limit} bytes");
            return Err(Broken::Limit(
                Error::new(ErrorKind::UnexpectedAnswer, message)
                    .with_help("ask for fewer things, or raise max_answer"),
            ));
        }
        // Most answers are one chunk, which is taken as it is.
        body = if body.is_empty() {
            chunk
        } else {
            let mut longer = BytesMut::from(body);
            longer.extend_from_slice(&chunk);
            longer.freeze()
        };
    }
    Ok(body)
}
