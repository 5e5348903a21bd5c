//! A request that a recorder received.

use super::sent::SentBody;
use crate::operation::Operation;
use crate::secret::Secret;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde::Serialize;
use std::fmt;

/// A request that a recorder received. If the client sends a request again, for example in a retry, the recorder stores
/// the request again.
///
/// `Debug` shows the operation, the method, the path template, the number of headers, and the lengths of URL and body.
#[derive(Clone)]
pub struct RecordedRequest {
    pub(super) operation: &'static Operation,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: SentBody,
}

impl RecordedRequest {
    /// Returns the operation of the call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path as the client sent it, with the values of the path parameters.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Returns the values of a query parameter, in the order in which the client sent them.
    pub fn query(&self, name: &str) -> Vec<String> {
        let pairs = self.url.query_pairs();
        let values = pairs.filter(|(known, _)| known == name);
        values.map(|(_, value)| value.into_owned()).collect()
    }

    /// Returns the value of a path parameter. `name` is the name of the parameter in the path template, such as
    /// `instance_id`. Returns `None` if the path template does not contain the parameter.
    pub fn path_parameter(&self, name: &str) -> Option<String> {
        let template = self.operation.path.rsplit('/');
        let mut segments = template.zip(self.url.path().rsplit('/'));
        let (_, value) = segments.find(|(own, _)| {
            let own = own.strip_prefix('{').and_then(|own| own.strip_suffix('}'));
            own == Some(name)
        })?;
        let value = percent_decode_str(value).decode_utf8().ok()?;
        Some(value.into_owned())
    }

    /// Returns the value of a header. Returns `None` if the request does not contain the header, or if the value
    /// contains other characters than visible ASCII. The result is a [`Secret`], because a header may contain a token
    /// or a signature.
    pub fn header(&self, name: &str) -> Option<Secret> {
        let value = self.headers.get(name)?;
        value.to_str().ok().map(Secret::new)
    }

    /// Returns the body.
    pub fn body(&self) -> &SentBody {
        &self.body
    }

    /// Checks that the body equals `expected`, as JSON. `expected` is a value of a request type, or `json!(..)`.
    ///
    /// # Panics
    /// Panics if the bodies differ, or if `expected` cannot be written as JSON. If the bodies differ, the message
    /// contains the JSON pointers of the differences, and both bodies with masked values.
    #[track_caller]
    pub fn assert_json(&self, expected: &(impl Serialize + ?Sized)) {
        let expected = SentBody::json(expected);
        let differences = self.body.differences(&expected);
        assert!(
            differences.is_empty(),
            "the body of {} differs at {differences:?}\n sent:     {:?}\n expected: {expected:?}",
            self.operation.id,
            self.body,
        );
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation.id)
            .field("method", &self.method)
            .field("path", &self.operation.path)
            .field("url_length", &self.url.as_str().len())
            .field("headers", &self.headers.len())
            .field("body_length", &self.body.expose().len())
            .finish()
    }
}
