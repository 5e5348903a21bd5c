//! Sends a request to one address, and reads the answer. If the answer is a file, the module does not necessarily read
//! the whole file.

use super::answer::{Expected, HttpAnswer, content_encoding, keep_for_error};
use super::carried::Carried;
use super::download::FileBody;
use super::failure::{Failure, is_closed_after, late};
use super::signed_request::{AUTH_TOKEN, Prepared, SECURITY_TOKEN};
use super::state::SessionState;
use super::transport;
use crate::budget::Bucket;
use crate::credential::BoxFuture;
use crate::decode::{compression, decompressed};
use crate::error::{Error, ErrorKind, LARGEST_ERROR, Signed};
use crate::network::Connections;
use crate::operation::Operation;
use crate::transport::TransportRequest;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, SET_COOKIE};
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::Url;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

/// The headers that can contain a token or another secret.
static HIDDEN: [HeaderName; 5] = [
    HeaderName::from_static("x-subject-token"),
    AUTH_TOKEN,
    SECURITY_TOKEN,
    SET_COOKIE,
    AUTHORIZATION,
];

/// The connection that an attempt uses.
pub(crate) struct Connection<'a> {
    pub is_new: bool,
    /// The time within which the answer must begin. After this time, the attempt fails, so the client can retry. This
    /// limit is necessary, because in rare cases hyper neither sends nor refuses a request. A probable cause is that
    /// the connection ends while hyper takes the request.
    pub patience: Option<Duration>,
    /// The retry budget. If the budget has too few tokens for a retry, the client ignores `patience`.
    pub bucket: &'a Bucket,
}

impl Prepared {
    /// Returns a future that sends the request when the future is awaited.
    ///
    /// If another future awaits this future, the other future also contains the data of this future. To keep this data
    /// small, the function calls `execute` of reqwest outside of the future. `execute` stores the HTTP request on the
    /// heap.
    pub(crate) fn send(
        self,
        session: &SessionState,
        operation: &'static Operation,
        expected: Expected,
        max_answer: usize,
        connection: Connection<'_>,
    ) -> impl Future<Output = Result<HttpAnswer, Failure>> {
        let (url, signed, carried) = (self.url, self.signed, self.carried);
        let connections = session.config.connections();
        let Connection {
            is_new: new_connection,
            patience,
            bucket,
        } = connection;
        let client = match new_connection {
            true => connections.unpooled(),
            false => connections.kept(),
        };
        let transport = session.config.transport();
        let pending = match transport {
            None => Pending::Http(client.execute(self.request)),
            Some(own) => Pending::Own(own.send(TransportRequest::new(operation, self.request))),
        };
        async move {
            let under_way = connections.begin();
            let mut pending = pin!(pending);
            let pending = match patience {
                Some(limit) => match tokio::time::timeout(limit, pending.as_mut()).await {
                    Ok(answered) => answered,
                    Err(_) if !bucket.has_enough() => pending.await,
                    Err(_) => {
                        let route = session.config.route();
                        let late = late(limit, operation.retry);
                        return Err(route.explain(late, url.as_str()).into());
                    }
                },
                None => pending.await,
            };
            let broken = |broken| match broken {
                Broken::Connection(error) => unanswered(session, &url, error),
                Broken::Known(error) => error,
            };
            let mut response = pending.map_err(|error| {
                let error = broken(error);
                if error.kind() == ErrorKind::Transport && !new_connection {
                    connections.closed_under_a_request();
                }
                error
            })?;
            let info = response.extensions().get::<HttpInfo>();
            let ends = info.map(|info| (info.local_addr(), info.remote_addr()));
            let will_be_kept = !is_closed_after(response.headers());
            let on_kept_connection = !new_connection
                && ends.is_some_and(|ends| connections.has_answered_before(ends, will_be_kept));
            let redirected = transport.is_none() && response.url() != &url;
            let status = response.status().as_u16();
            let headers = hide(std::mem::take(response.headers_mut()), &carried);
            let is_success = (200..=299).contains(&status);
            let (body, file) = match expected.is_file() && is_success {
                true => {
                    let file = FileBody::begin(response, under_way).await;
                    let file = file.map_err(|error| unanswered(session, &url, error))?;
                    (file.start.clone(), Some(file))
                }
                false => {
                    let (limit, body) = match is_success {
                        true => (
                            max_answer,
                            body(&mut response, max_answer, connections).await,
                        ),
                        false => {
                            let limit = max_answer.min(LARGEST_ERROR);
                            (limit, start_of_body(&mut response, limit).await)
                        }
                    };
                    let body = body.map_err(broken)?;
                    (unpacked(body, &headers, limit, !is_success), None)
                }
            };
            let answer = HttpAnswer {
                status,
                body,
                file,
                headers,
                carried,
            };
            let interceptors = session.config.interceptors();
            let intercepted = interceptors.after_answer(operation, status, &answer.headers, || {
                keep_for_error(status, &answer.headers, &answer.body)
            });
            let intercepted =
                intercepted.map_err(|error| error.hide(&|text| answer.carried.holds(text)));
            intercepted?;
            if redirected {
                let error = |kept| Error::unexpected("the HTTP client followed a redirect", kept);
                return Err(Failure::answered(error, answer));
            }
            judged(session, &url, signed.as_ref(), answer).map_err(|failure| Failure {
                on_kept_connection,
                ..failure
            })
        }
    }
}

/// Returns the answer if its status is a success status. Returns a failure for every other status.
fn judged(
    session: &SessionState,
    url: &Url,
    signed: Option<&Signed>,
    answer: HttpAnswer,
) -> Result<HttpAnswer, Failure> {
    let failure = match answer.status {
        200..=299 => return Ok(answer),
        // Only proxies answer with status 407. The body is not from the service, so the error does not contain it.
        407 => {
            let error = transport::asks_for_credentials();
            session.config.route().explain(error, url.as_str()).into()
        }
        400.. => {
            let packed = packed(&answer.body, &answer.headers);
            let error = |kept| Error::service(kept).of_signature(signed);
            Failure::answered(
                |kept| {
                    match packed {
                    Some(kind) => error(kept).with_help(format!(
                        "the reason cannot be read: the body is compressed by {kind}, although the request did not allow compression"
                    )),
                    None => error(kept),
                }
                },
                answer,
            )
        }
        300..=399 => Failure::answered(
            |kept| Error::unexpected("the answer is a redirect", kept),
            answer,
        ),
        _ => Failure::answered(|kept| Error::unexpected("", kept), answer),
    };
    Err(failure)
}

/// Decompresses a body that the server compressed, although the request did not allow compression.
///
/// Some proxies compress a body that is already compressed. So the body is decompressed up to two times. If
/// decompression fails, the body stays compressed, and a later step reports the compression.
fn unpacked(mut body: Bytes, headers: &HeaderMap, limit: usize, may_be_cut: bool) -> Bytes {
    for _ in 0..2 {
        let kind = packed(&body, headers);
        match kind.and_then(|kind| decompressed(&body, kind, limit, may_be_cut)) {
            Some(unpacked) => body = unpacked.into(),
            None => break,
        }
    }
    body
}

fn packed(body: &[u8], headers: &HeaderMap) -> Option<&'static str> {
    compression(body, content_encoding(headers))
}

/// Marks headers of the answer as sensitive, so `Debug` does not show their values. These are the headers in
/// [`HIDDEN`], and the headers that repeat a value of the request.
fn hide(mut headers: HeaderMap, carried: &Carried) -> HeaderMap {
    for (name, value) in &mut headers {
        if HIDDEN.contains(name) {
            value.set_sensitive(true);
        }
    }
    carried.hide(&mut headers);
    headers
}

/// Makes an error from a failure to send the request or to receive the answer. If a request to `url` uses the proxy,
/// the error names the proxy.
fn unanswered(session: &SessionState, url: &Url, error: reqwest::Error) -> Error {
    let route = session.config.route();
    route.explain(transport::failure(error), url.as_str())
}

/// The reason why an answer or its body is missing.
enum Broken {
    Connection(reqwest::Error),
    /// The answer is too large, or the program's own transport returned an error.
    Known(Error),
}

/// An answer that has not begun yet.
enum Pending<F> {
    Http(F),
    /// The answer of the program's own transport.
    Own(BoxFuture<'static, Result<http::Response<reqwest::Body>, Error>>),
}

impl<F: Future<Output = Result<reqwest::Response, reqwest::Error>> + Unpin> Future for Pending<F> {
    type Output = Result<reqwest::Response, Broken>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Http(answer) => Pin::new(answer).poll(context).map_err(Broken::Connection),
            Self::Own(answer) => {
                let answer = answer.as_mut().poll(context);
                answer.map_ok(Into::into).map_err(Broken::Known)
            }
        }
    }
}

/// Reads at most `limit` bytes of the body of an answer without a success status. With this limit, an endless body
/// cannot fill the memory.
async fn start_of_body(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, Broken> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Broken::Connection)? {
        let fits = chunk.len().min(limit - body.len());
        body.extend_from_slice(&chunk[..fits]);
        if fits < chunk.len() {
            break;
        }
    }
    Ok(body.into())
}

/// An answer with more than this number of bytes is a large answer. The number of large answers that are read at the
/// same time is limited.
const LARGE: usize = 1024 * 1024;

/// Reads the whole body. Returns an error if the body is larger than `limit`.
async fn body(
    response: &mut reqwest::Response,
    limit: usize,
    connections: &Connections,
) -> Result<Bytes, Broken> {
    let mut permit = None;
    let promised = response.content_length().unwrap_or_default();
    if usize::try_from(promised).is_ok_and(|promised| promised > limit) {
        return Err(Broken::Known(too_large(limit)));
    }
    let mut body = Bytes::new();
    let mut longer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Broken::Connection)? {
        let length = body.len().max(longer.len()).saturating_add(chunk.len());
        if length > limit {
            return Err(Broken::Known(too_large(limit)));
        }
        if length > LARGE && permit.is_none() {
            permit = connections.large_answer().await;
        }
        // Most bodies consist of one chunk. A single chunk is not copied.
        if body.is_empty() && longer.is_empty() {
            body = chunk;
            continue;
        }
        // If the buffer is too small, its size is at least doubled, but not beyond the limit.
        if length > longer.capacity() {
            let room = length.max(longer.capacity().saturating_mul(2)).min(limit);
            longer.reserve_exact(room - longer.len());
        }
        longer.extend_from_slice(&std::mem::take(&mut body));
        longer.extend_from_slice(&chunk);
    }
    Ok(match longer.is_empty() {
        true => body,
        false => longer.into(),
    })
}

fn too_large(limit: usize) -> Error {
    let message = format!("the answer is larger than {limit} bytes");
    Error::new(ErrorKind::UnexpectedAnswer, message)
        .with_help("request fewer elements, or raise max_answer")
}
