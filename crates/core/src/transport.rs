//! What sends the requests of calls, in place of the HTTP client.

use crate::credential::BoxFuture;
use crate::error::Error;
use crate::operation::Operation;
use http::{HeaderMap, Method};
use reqwest::Url;
use std::fmt;

/// Sends requests in place of the HTTP client: in tests without a server, or over a connection of another kind.
///
/// Give one to [`ConfigBuilder::transport`](crate::ConfigBuilder::transport). Everything above it stays as it is: each request is signed,
/// deadlines and retries hold, and answers are read and judged. `testing::Recorder` is one, behind the feature `test-util`.
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
    /// Sends one request, and gives the answer once its headers are there. The body may come later.
    ///
    /// It is called once for each attempt. The future is dropped when the call is, or when its time is over.
    ///
    /// # Errors
    /// [`ErrorKind::Connect`](crate::ErrorKind::Connect) if nothing was sent: then any operation may be repeated.
    /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) or [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if the service may have
    /// got the request: then only safe operations are repeated. An error of any other kind ends the call.
    fn send(
        &self,
        request: TransportRequest,
    ) -> BoxFuture<'static, Result<http::Response<reqwest::Body>, Error>>;
}

/// A request as it leaves. It holds credentials and passwords; `Debug` shows the method, the path's template and lengths.
pub struct TransportRequest {
    operation: &'static Operation,
    request: reqwest::Request,
}

impl TransportRequest {
    pub(crate) fn new(operation: &'static Operation, request: reqwest::Request) -> Self {
        Self { operation, request }
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The address. Its path and query hold what the caller gave.
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// The headers, signature or token included.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The body, empty if there is none. None if it is a stream, which only [`into_reqwest`](Self::into_reqwest) gives.
    pub fn body(&self) -> Option<&[u8]> {
        self.request
            .body()
            .map_or(Some(&[]), reqwest::Body::as_bytes)
    }

    /// The request for an HTTP client.
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
