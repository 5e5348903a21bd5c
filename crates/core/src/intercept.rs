//! Interceptors: code of the program between a call and the network.

use crate::error::{Answer, Error, ErrorKind};
use crate::operation::Operation;
use crate::response::REQUEST_ID;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use reqwest::Url;
use std::fmt;
use std::sync::Arc;

/// The error with which an interceptor fails a call.
pub type InterceptError = Box<dyn std::error::Error + Send + Sync>;

/// Looks at each request before it leaves and at each answer. It can add headers or fail the call.
/// [`ConfigBuilder::intercept`](crate::ConfigBuilder::intercept) takes interceptors.
///
/// Interceptors run in the order in which they were given. All `before_signing` methods run before the request is
/// signed. All `before_sending` methods run after the signature, and all `after_answer` methods after the answer. They
/// run for **each attempt**. They run again if an attempt goes to another endpoint, because each request is signed
/// again. They also run for the requests that renew credentials with the same configuration. Without a connection, a
/// request has no answer for them.
///
/// If an interceptor fails, the call ends, and is not repeated. The error's kind is [`ErrorKind::Interceptor`]. Its
/// source is the error of the interceptor.
///
/// Bodies are not shown, because they can contain passwords. Headers that carry tokens, keys, signatures and values of
/// the caller are marked as sensitive, so that `Debug` does not show them.
///
/// The methods run within the call's future: they must not block. A panic in a method reaches the task that awaits the
/// call. The client stays usable: no lock is held meanwhile. If the panic happens during a renewal of credentials, the
/// waiting calls get an error.
///
/// ```
/// use huaweicloud_core::{Config, Intercept, InterceptError, OutgoingRequest};
///
/// struct Tenant;
///
/// impl Intercept for Tenant {
///     fn before_signing(&self, request: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
///         Ok(request.insert_header("X-Tenant", "blue")?)
///     }
/// }
///
/// # fn example() -> Result<(), huaweicloud_core::Error> {
/// let config = Config::builder().intercept(Tenant).build()?;
/// # Ok(())
/// # }
/// ```
pub trait Intercept: Send + Sync + 'static {
    /// The name of the interceptor in errors. The default is the name of its type.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }

    /// Can add or replace headers. The request is complete, except for the proof of who calls. The signature does not
    /// include the added headers, except `Content-Type`.
    ///
    /// # Errors
    /// Any error fails the call. Nothing has been sent in this attempt.
    fn before_signing(&self, request: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        let _ = request;
        Ok(())
    }

    /// Looks at the request as it will leave.
    ///
    /// # Errors
    /// Any error fails the call. Nothing has been sent in this attempt.
    fn before_sending(&self, request: &OutgoingRequest<'_>) -> Result<(), InterceptError> {
        let _ = request;
        Ok(())
    }

    /// Looks at the answer, whatever its status. It also runs if the request will be repeated because of this answer.
    ///
    /// # Errors
    /// Any error fails the call. The service may have executed the request.
    fn after_answer(&self, answer: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        let _ = answer;
        Ok(())
    }
}

/// A request on its way out, without its body.
pub struct OutgoingRequest<'a> {
    operation: &'static Operation,
    url: &'a Url,
    headers: Headers<'a>,
}

/// The headers can be changed only before the request is signed.
enum Headers<'a> {
    Open(&'a mut HeaderMap),
    Signed(&'a HeaderMap),
}

impl<'a> OutgoingRequest<'a> {
    /// The operation of the call: its name, method, and path without parameters.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The address. Its path and query contain values of the caller, such as ids: think before you log it.
    pub fn url(&self) -> &Url {
        self.url
    }

    /// The headers. Those that carry secrets, or values of the caller, are marked as sensitive.
    pub fn headers(&self) -> &HeaderMap {
        match &self.headers {
            Headers::Open(headers) => headers,
            Headers::Signed(headers) => headers,
        }
    }

    /// Adds a header. It replaces all headers of this name. Its value is marked as sensitive.
    ///
    /// # Errors
    /// The name or the value cannot be sent. The header decides about target, caller or length of the request, such as
    /// `Host`, `Authorization`, `X-Auth-Token`, `X-Project-Id` and `Content-Length`. The request is signed already.
    pub fn insert_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(Error::invalid_request(
                "an interceptor's header has no usable name",
            ));
        };
        let wrong = |why: &str| Error::invalid_request(format!("the header `{header}` {why}"));
        if is_reserved(&header) {
            return Err(wrong("cannot be set by an interceptor")
                .with_help("set credentials, project and endpoint in the configuration"));
        }
        let Ok(mut value) = HeaderValue::from_str(value) else {
            return Err(wrong("cannot carry this value")
                .with_help("check it for line breaks and control characters"));
        };
        value.set_sensitive(true);
        match &mut self.headers {
            Headers::Open(headers) => {
                headers.insert(header, value);
                Ok(())
            }
            Headers::Signed(_) => {
                Err(wrong("comes too late").with_help("add it in before_signing"))
            }
        }
    }
}

impl fmt::Debug for OutgoingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingRequest")
            .field("operation", &self.operation.id)
            .field("headers", self.headers())
            .finish_non_exhaustive()
    }
}

/// The headers that decide where a request goes, who calls and where its body ends.
pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    const FIXED: [HeaderName; 6] = [
        AUTHORIZATION,
        CONNECTION,
        CONTENT_LENGTH,
        HOST,
        PROXY_AUTHORIZATION,
        TRANSFER_ENCODING,
    ];
    const OURS: [&str; 5] = [
        "x-auth-token",
        "x-domain-id",
        "x-project-id",
        "x-security-token",
        "x-subject-token",
    ];
    FIXED.contains(name) || OURS.contains(&name.as_str()) || name.as_str().starts_with("x-sdk-")
}

/// An answer, without its body.
pub struct IncomingAnswer<'a> {
    operation: &'static Operation,
    status: u16,
    headers: &'a HeaderMap,
}

impl IncomingAnswer<'_> {
    /// The operation of the call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers. Those that carry tokens are marked as sensitive.
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// The header `X-Request-Id`. Empty if there is none.
    pub fn request_id(&self) -> &str {
        let value = self.headers.get(REQUEST_ID);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl fmt::Debug for IncomingAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingAnswer")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish()
    }
}

/// The interceptors of a configuration, in their order.
#[derive(Clone, Default)]
pub(crate) struct Interceptors(Vec<Arc<dyn Intercept>>);

impl Interceptors {
    pub(crate) fn push(&mut self, interceptor: impl Intercept) {
        self.0.push(Arc::new(interceptor));
    }

    pub(crate) fn before_signing(
        &self,
        operation: &'static Operation,
        url: &Url,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        self.0.iter().try_for_each(|interceptor| {
            let mut request = OutgoingRequest {
                operation,
                url,
                headers: Headers::Open(headers),
            };
            let result = interceptor.before_signing(&mut request);
            result.map_err(|error| failed(&**interceptor, "before the request was signed", error))
        })
    }

    pub(crate) fn before_sending(
        &self,
        operation: &'static Operation,
        request: &reqwest::Request,
    ) -> Result<(), Error> {
        self.0.iter().try_for_each(|interceptor| {
            let result = interceptor.before_sending(&OutgoingRequest {
                operation,
                url: request.url(),
                headers: Headers::Signed(request.headers()),
            });
            result.map_err(|error| failed(&**interceptor, "before the request was sent", error))
        })
    }

    /// The error has the answer's status and ids.
    pub(crate) fn after_answer(
        &self,
        operation: &'static Operation,
        status: u16,
        headers: &HeaderMap,
        answer: impl Fn() -> Answer,
    ) -> Result<(), Error> {
        self.0.iter().try_for_each(|interceptor| {
            let result = interceptor.after_answer(&IncomingAnswer {
                operation,
                status,
                headers,
            });
            result.map_err(|error| {
                failed(&**interceptor, "after the service had answered", error)
                    .with_help("check whether the request was executed before repeating it")
                    .with_answer(answer())
            })
        })
    }
}

/// The text of the interceptor's own error is not repeated here: that error is the source.
fn failed(interceptor: &dyn Intercept, when: &str, error: InterceptError) -> Error {
    let message = format!(
        "the interceptor {} failed the call {when}",
        interceptor.name()
    );
    Error::new(ErrorKind::Interceptor, message).with_source(error)
}

impl fmt::Debug for Interceptors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|interceptor| interceptor.name());
        f.debug_list().entries(names).finish()
    }
}
