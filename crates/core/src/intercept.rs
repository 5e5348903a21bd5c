//! Interceptors: code of the program that runs before and after each request.

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

/// The error that an interceptor returns to end a call.
pub type InterceptError = Box<dyn std::error::Error + Send + Sync>;

/// An interceptor sees each request before the client sends it, and sees each answer. The interceptor can add headers,
/// or end the call with an error. [`ConfigBuilder::intercept`](crate::ConfigBuilder::intercept) adds an interceptor to
/// a configuration.
///
/// Interceptors run in the order in which they were added. All `before_signing` methods run before the client signs the
/// request. All `before_sending` methods run after the client has signed the request. All `after_answer` methods run
/// after the client has received the answer. If the answer is a file, these methods run before the program
/// can read the file.
///
/// The methods run for **each attempt**. If an attempt goes to another endpoint, the client signs the request again,
/// and the methods run again. The methods also run for the requests that renew a credential, if these requests use the
/// same configuration. If a request gets no answer, or if the client cannot read the answer, `after_answer` does not
/// run.
///
/// If an interceptor returns an error, the client ends the call and does not retry it. The call then returns an error
/// of the kind [`ErrorKind::Interceptor`]. The chain of sources of this error contains the error of the interceptor.
///
/// Interceptors do not see bodies, because bodies can contain passwords. Headers that contain tokens or signatures are
/// marked as sensitive. Headers that come from parameters of the call are also marked. So `Debug` does not show their
/// values.
///
/// The methods run within the future of the call, so they must not block. If a method panics, the panic reaches the
/// task that awaits the call. After the panic, the client is still usable, because it holds no lock while a method
/// runs. If the panic happens during a renewal of credentials, the client starts the renewal once more. If this renewal
/// also panics, the calls that wait for it get an error. If the panic happens while
/// [`Pages::prefetch`](crate::Pages::prefetch) requests a page in advance, the stream requests this page again.
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
    /// Returns the name of the interceptor for error messages. The default is the name of its type.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }

    /// This method can add or replace headers. The request is complete, except for the headers of the credential and of
    /// the signature. The signature does not cover the added headers, except `Content-Type`.
    ///
    /// # Errors
    /// If the method returns an error, the call fails. Nothing has been sent in this attempt.
    fn before_signing(&self, request: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        let _ = request;
        Ok(())
    }

    /// This method can check the request in the form in which the client will send it.
    ///
    /// # Errors
    /// If the method returns an error, the call fails. Nothing has been sent in this attempt.
    fn before_sending(&self, request: &OutgoingRequest<'_>) -> Result<(), InterceptError> {
        let _ = request;
        Ok(())
    }

    /// This method can check the answer. The answer can have any status. The method also runs if the client will retry
    /// the request because of this answer.
    ///
    /// # Errors
    /// If the method returns an error, the call fails. The service may have executed the request.
    fn after_answer(&self, answer: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        let _ = answer;
        Ok(())
    }
}

/// A request that the client will send, without its body.
pub struct OutgoingRequest<'a> {
    operation: &'static Operation,
    url: &'a Url,
    headers: Headers<'a>,
}

/// The headers of a request. Interceptors can change them only before the client signs the request.
enum Headers<'a> {
    Open(&'a mut HeaderMap),
    Signed(&'a HeaderMap),
}

impl<'a> OutgoingRequest<'a> {
    /// The operation of the call, with its name, method, and path template.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The address. Its path and query contain values of the caller, such as ids. Before you log the address, check
    /// whether your logs are allowed to contain these values.
    pub fn url(&self) -> &Url {
        self.url
    }

    /// The headers. Headers that contain secrets, or that come from parameters of the call, are marked as sensitive.
    pub fn headers(&self) -> &HeaderMap {
        match &self.headers {
            Headers::Open(headers) => headers,
            Headers::Signed(headers) => headers,
        }
    }

    /// Adds a header. The new header replaces all headers with the same name. Its value is marked as sensitive.
    ///
    /// # Errors
    /// Fails if the name or the value is not valid in a header. Fails if the header determines the target, the caller,
    /// the signature, the connection or the length of the request. Examples are `Host`, `Authorization`,
    /// `X-Auth-Token`, `X-Project-Id`, `X-Sdk-Date` and `Content-Length`. Fails if the client has already signed the
    /// request.
    pub fn insert_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(Error::invalid_request(
                "the name of an interceptor's header is not valid",
            ));
        };
        let wrong = |why: &str| Error::invalid_request(format!("the header `{header}` {why}"));
        if is_reserved(&header) {
            return Err(wrong("cannot be set by an interceptor")
                .with_help("set credentials, project and endpoint in the configuration"));
        }
        let Ok(mut value) = HeaderValue::from_str(value) else {
            return Err(wrong("cannot contain this value")
                .with_help("check it for line breaks and control characters"));
        };
        value.set_sensitive(true);
        match &mut self.headers {
            Headers::Open(headers) => {
                headers.insert(header, value);
                Ok(())
            }
            Headers::Signed(_) => {
                Err(wrong("cannot be added after signing").with_help("add it in before_signing"))
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

/// Returns whether a header determines the target, the caller, the signature, the connection or the length of a
/// request. Interceptors cannot set these headers.
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

/// An answer without its body.
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

    /// The headers. Headers that contain tokens, or values that the request contained, are marked as sensitive.
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// The value of the header `X-Request-Id`. Empty if the answer has no such header.
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

/// The interceptors of a configuration, in the order in which they were added.
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

    /// If an interceptor fails, the returned error contains the status and the ids of the answer.
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

/// Makes the error of a failed interceptor. The message does not contain the message of `error`, because `error` is the
/// source.
fn failed(interceptor: &dyn Intercept, when: &str, error: InterceptError) -> Error {
    let message = format!(
        "the interceptor {} ended the call with an error {when}",
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
