//! The transport that sends the requests of calls instead of the HTTP client.

use crate::credential::BoxFuture;
use crate::error::Error;
use crate::operation::Operation;
use http::{HeaderMap, Method};
use reqwest::Url;
use std::fmt;

/// Sends requests instead of the HTTP client. Examples are a transport for tests without a server, and a transport over
/// another kind of connection. [`ConfigBuilder::transport`](crate::ConfigBuilder::transport) sets the transport.
///
/// All other parts of a call stay unchanged. The client adds the signature or the token, applies timeouts and retries,
/// and decodes answers. `testing::Recorder` is a transport. It needs the feature `test-util`.
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
    /// Sends one request. Returns the answer as soon as the headers of the answer have arrived. The body can arrive
    /// later.
    ///
    /// The client calls this method once for each request. If the program drops the call, or if a time limit ends, the
    /// client drops the future.
    ///
    /// # Errors
    /// If an implementation sent nothing, it returns [`ErrorKind::Connect`](crate::ErrorKind::Connect). Then the client
    /// can retry any operation. If the service may have received the request, an implementation returns
    /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) or [`ErrorKind::Timeout`](crate::ErrorKind::Timeout). Then
    /// the client retries only safe operations. After [`ErrorKind::Tls`](crate::ErrorKind::Tls), the client does not
    /// retry, but tries the next endpoint, if there is one. An error of any other kind ends the call.
    fn send(
        &self,
        request: TransportRequest,
    ) -> BoxFuture<'static, Result<http::Response<reqwest::Body>, Error>>;
}

/// A request in the form in which the client sends it. It can contain credentials and passwords. `Debug` shows only the
/// operation, the method, the path template, the number of headers, and the lengths of URL and body.
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

    /// The body. It is empty if the request has no body. Returns `None` if the body is a stream or a form: only
    /// [`into_reqwest`](Self::into_reqwest) returns such a body.
    pub fn body(&self) -> Option<&[u8]> {
        self.request
            .body()
            .map_or(Some(&[]), reqwest::Body::as_bytes)
    }

    /// Returns the request in the form that an HTTP client takes.
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
