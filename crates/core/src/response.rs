//! A response: the documented body, with status and headers.

use crate::decode::LostField;
use crate::error::is_documented_id;
use crate::secret::Secret;
use http::HeaderMap;
use http::header::HeaderName;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// The header that names a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The answer to one call. It dereferences to its body.
pub struct Response<T> {
    body: T,
    meta: Meta,
    lost: Option<Box<Lost>>,
}

/// The lost fields of a body, and the body itself.
pub(crate) struct Lost {
    pub fields: Vec<LostField>,
    pub body: Option<Secret>,
}

/// The status, headers and other data beside a body.
#[derive(Clone, Default)]
pub(crate) struct Meta {
    pub status: u16,
    pub headers: HeaderMap,
    pub attempts: u32,
    /// Whether `Debug` must not show the body, because it contains a value that the call itself carried.
    pub hides_body: bool,
}

/// Not generic, so that it is compiled once, here.
impl Meta {
    pub fn request_id(&self) -> &str {
        let value = self.headers.get(REQUEST_ID);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Empty if the id does not have the documented form, or if the call itself carried it.
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

    /// The body alone.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// The same answer with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            body: change(self.body),
            meta: self.meta,
            lost: self.lost,
        }
    }

    /// The HTTP status, one of 200 to 299. If the answer of a deletion was lost and its repeat found nothing, this is
    /// the documented status: see [`RetryPolicy`](crate::RetryPolicy).
    pub fn status(&self) -> u16 {
        self.meta.status
    }

    /// All headers. Those that carry tokens are marked as sensitive, so `Debug` does not show their values.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The header `X-Request-Id`: the gateway's name for the request. Give it to the cloud's support. Empty if there is
    /// none.
    pub fn request_id(&self) -> &str {
        self.meta.request_id()
    }

    /// A header that carries a secret, such as IAM's `X-Subject-Token`. None if it is absent or not text.
    pub fn secret_header(&self, name: &str) -> Option<Secret> {
        self.meta.secret_header(name)
    }

    /// The fields whose structure differs from the documented one, such as a fraction for an integer. At most the first
    /// hundred are listed. Such a field counts as absent, and such an element of a list as left out. Empty if every
    /// value could be kept.
    pub fn lost(&self) -> &[LostField] {
        self.lost.as_ref().map_or(&[], |lost| &lost.fields)
    }

    /// The whole body as it came, if a value of it was [`lost`](Self::lost). Only the first call returns it. It may
    /// contain passwords.
    pub fn take_body_with_lost(&mut self) -> Option<Secret> {
        self.lost.as_mut()?.body.take()
    }

    /// The number of attempts of the retry policy.
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
