//! The response of a call: the decoded body, with status and headers.

use crate::decode::LostField;
use crate::error::is_documented_id;
use crate::secret::Secret;
use http::HeaderMap;
use http::header::HeaderName;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// The header that contains the id of a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The answer to one call. The fields and methods of the body are also available on the `Response`, because `Response`
/// implements [`Deref`].
pub struct Response<T> {
    body: T,
    meta: Meta,
    lost: Option<Box<Lost>>,
}

/// The fields that the client could not decode, and the body that contains them.
pub(crate) struct Lost {
    pub fields: Vec<LostField>,
    pub body: Option<Secret>,
}

/// The status, the headers and other data of an answer, without the body.
#[derive(Clone, Default)]
pub(crate) struct Meta {
    pub status: u16,
    pub headers: HeaderMap,
    pub attempts: u32,
    /// Whether `Debug` hides the body. This is the case if the operation has secrets, or if the body can contain a
    /// credential that the client used.
    pub hides_body: bool,
}

/// These methods are not generic. So they are compiled only once, in this crate.
impl Meta {
    pub fn request_id(&self) -> &str {
        let value = self.headers.get(REQUEST_ID);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Returns the request id that `Debug` shows. Returns an empty string if the id does not have the documented form,
    /// or if the request itself contained the id.
    fn shown_request_id(&self) -> &str {
        let hidden = self
            .headers
            .get(REQUEST_ID)
            .is_some_and(http::HeaderValue::is_sensitive);
        match self.request_id() {
            id if !hidden && is_documented_id(id) => id,
            _ => "",
        }
    }

    fn secret_header(&self, name: &str) -> Option<Secret> {
        let value = self.headers.get(name)?;
        value.to_str().ok().map(Secret::new)
    }
}

impl<T> Response<T> {
    pub(crate) fn new(body: T, meta: Meta, lost: Option<Lost>) -> Self {
        let lost = lost.map(Box::new);
        Self { body, meta, lost }
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Returns the body without status and headers.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// Converts the body. The status and the headers stay unchanged.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            body: change(self.body),
            meta: self.meta,
            lost: self.lost,
        }
    }

    /// The HTTP status, from 200 to 299.
    ///
    /// A deletion can succeed although its retry got status 404: see [`RetryPolicy`](crate::RetryPolicy). Then this
    /// method returns the documented status.
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// All headers. Headers that contain tokens, cookies, or values that the request contained, are marked as
    /// sensitive. So `Debug` does not show their values.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The value of the header `X-Request-Id`. By this id, the gateway and the support of the cloud identify the
    /// request. Empty if the answer has no such header.
    pub fn request_id(&self) -> &str {
        self.meta.request_id()
    }

    /// Returns a header that contains a secret, such as `X-Subject-Token` of IAM. Returns `None` if the header is
    /// absent, or contains other characters than visible ASCII.
    pub fn secret_header(&self, name: &str) -> Option<Secret> {
        self.meta.secret_header(name)
    }

    /// The fields that do not have the documented structure, such as a fraction for an integer. The client treats such
    /// a field as absent. If an element of a list does not have the documented structure, the client removes the
    /// element. The result contains at most the first hundred fields. It is empty if the client could decode every
    /// value.
    pub fn lost(&self) -> &[LostField] {
        self.lost.as_ref().map_or(&[], |lost| &lost.fields)
    }

    /// Returns the text of the whole body, if [`lost`](Self::lost) is not empty. Bytes that are not UTF-8 become
    /// U+FFFD. Only the first call returns the body. The body can contain passwords.
    pub fn take_body_with_lost(&mut self) -> Option<Secret> {
        self.lost.as_mut()?.body.take()
    }

    /// The number of attempts that the retry policy counts. It does not count the attempts that immediately follow a
    /// renewal of the credential or a correction of the clock.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }
}

impl<T> Deref for Response<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Response");
        debug
            .field("status", &self.meta.status)
            .field("request_id", &self.meta.shown_request_id());
        if !self.lost().is_empty() {
            debug.field("lost", &self.lost());
        }
        if !self.meta.hides_body {
            debug.field("body", &self.body);
        }
        debug.finish_non_exhaustive()
    }
}
