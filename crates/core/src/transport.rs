//! The transport that sends the requests of calls, in place of the HTTP client.

use crate::credential::BoxFuture;
use crate::error::Error;
use crate::operation::Operation;
use http::{HeaderMap, Method};
use reqwest::Url;
use std::fmt;

/// Sends requests in place of the HTTP client. Examples are tests without a server, and a connection of another kind.
/// Give a transport to [`ConfigBuilder::transport`](crate::ConfigBuilder::transport).
///
/// Everything above it stays the same: each request is signed, timeouts and retries apply, and answers are read and
/// judged. `testing::Recorder` is a transport, behind the feature `test-util`.
///
/// ```
/// use huaweicloud_core::{BoxFuture, Error, ErrorKind, Transport, TransportRequest, http, reqwest};
///
/// struct Offline;
///
/// impl Transport for Offline {
///     fn send(
///         &self,
///         _: TransportRequest,
///     ) -> BoxFuture<'static, Result<http::Response<reqwest::Body>, Error>> {
///         Box::pin(async { Err(Error::new(ErrorKind::Connect, "this program is offline")) })
///     }
/// }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends one request, and returns the answer as soon as its headers are there.
    ///
    /// The body may come later. It is called once for each attempt. If the call is dropped or its time is over, the
    /// future is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Connect`](crate::ErrorKind::Connect) if nothing was sent. Then any operation may be repeated.
    /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) or [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if
    /// the service may have got the request. Then only safe operations are repeated. An error of any other kind ends
    /// the call.
    fn send(
        &self,
        request: TransportRequest,
    ) -> BoxFuture<'static, Result<http::Response<reqwest::Body>, Error>>;
}

/// A request as it leaves. It contains credentials and passwords. `Debug` shows the method, the path's template and
/// lengths.
pub struct TransportRequest {
    operation: &'static Operation,
    request: reqwest::Request,
}

impl TransportRequest {
    pub(crate) fn new(operation: &'static Operation, request: reqwest::Request) -> Self {
        Self { operation, request }
    }

    /// The operation of the call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The address. Its path and query contain values of the caller.
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// The headers, including the signature or the token.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The body, empty if there is none. None if the body is a stream, which only [`into_reqwest`](Self::into_reqwest)
    /// gives.
    pub fn body(&self) -> Option<&[u8]> {
        self.request
            .body()
            .map_or(Some(&[]), reqwest::Body::as_bytes)
    }

    /// The request as an HTTP client takes it.
    pub fn into_reqwest(self) -> reqwest::Request {
        self.request
    }
}

impl fmt::Debug for TransportRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportRequest")
            .field("operation", &self.operation.id)
            .field("method", self.method())
            .field("path", &self.operation.path)
            .field("url_length", &self.url().as_str().len())
            .field("headers", &self.headers().len())
            .field("body_length", &self.body().map(<[u8]>::len))
            .finish()
    }
}
