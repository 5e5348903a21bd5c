//! The request that generated code builds.

use super::body::{Body, Stream};
use super::path::Path;
use super::upload::{Form, Upload};
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::query::ToQuery;
use crate::secret::ShowSecrets;
use crate::sign;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::fmt::{self, Display};
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

/// The JSON string that `Secret` writes in place of its value, except within `ShowSecrets`.
const MASK: &[u8] = b"\"***\"";

/// A request of an operation.
///
/// If the request is not valid, the call returns an error before the client sends anything.
pub struct Request {
    pub(crate) operation: &'static Operation,
    draft: Box<Draft>,
}

/// The values of a request. They are in a `Box`, so a move of the `Request` does not copy them.
#[derive(Default)]
struct Draft {
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Body>,
    fault: Option<Error>,
    tap: Option<Tap>,
}

/// The store for the body of an answer. After the call, a wait reads the body.
pub(crate) type Tap = Arc<OnceLock<Bytes>>;

impl Request {
    /// Makes a request without parameters.
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            draft: Box::default(),
        }
    }

    /// Sets the value of the parameter `{name}` in the path template. If a parameter is set twice, the last value is
    /// used.
    ///
    /// If `project_id` is not set, the session sets the project. The call fails if a value is empty, or if a segment of
    /// the value is `.` or `..`. With such a value, the path could address another resource.
    #[must_use]
    pub fn path(mut self, name: &'static str, value: impl Display) -> Self {
        self.draft.set_path(name, value.to_string());
        self
    }

    /// Adds a query parameter.
    ///
    /// `None` adds no value. A list adds one value for each element. The client sorts the parameters by name and value.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &(impl ToQuery + ?Sized)) -> Self {
        let mut values = Vec::new();
        value.to_query(&mut values);
        self.draft.add_query(name, values);
        self
    }

    /// Adds a header. `None` adds no header. A list adds one header for each element.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &(impl ToQuery + ?Sized)) -> Self {
        let mut values = Vec::new();
        value.to_query(&mut values);
        for value in values {
            self.draft.add_header(name, &value);
        }
        self
    }

    /// Sets a JSON body. This method serialises `body` once, so each attempt sends the same bytes.
    #[must_use]
    pub fn json(mut self, body: &(impl serde::Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(&ShowSecrets(body)) {
            // If the service stored `***` as a new password, the user could not log in any more.
            Ok(body) if memchr::memmem::find(&body, MASK).is_some() => self.draft.fail(
                Error::invalid_request("the body contains `***` in place of a secret")
                    .with_help("serialise the value that contains the secret with ShowSecrets"),
            ),
            Ok(body) => {
                let wiped = Bytes::from_owner(Zeroizing::new(body));
                self.draft.body = Some(Body::Bytes(wiped));
            }
            // The error message of `serde_json` can quote the body, so the new error does not contain this message.
            Err(_) => self.draft.fail(
                Error::invalid_request("the body cannot be written as JSON").with_help(
                    "check it for maps with keys that JSON does not allow, such as structs",
                ),
            ),
        }
        self
    }

    /// Sets a body from bytes, and its content type.
    ///
    /// Each attempt sends the same bytes. If the content type is JSON or BSON, a signature covers the body. The
    /// gateways do not read bodies of other content types, so only TLS protects them.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.draft.set_content_type(content_type);
        self.draft.body = Some(Body::Bytes(body.into()));
        self
    }

    /// Sets the content type, and a body that the client reads while it sends the request. An example is a large file.
    ///
    /// To make the body, call [`reqwest::Body::wrap`]. With reqwest's feature `stream`, a file or a stream also
    /// converts into a body. A signature does not cover the body, so only TLS protects it.
    ///
    /// After the client has begun to read the stream, the client does not send the request again. This rule also
    /// applies after a renewal of the token or a correction of the clock. If an attempt fails before the client reads
    /// the stream, the client can retry the call.
    ///
    /// If the method is GET or HEAD, and the length of the stream is not known, the client sends no body.
    #[must_use]
    pub fn body_stream(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.draft.set_content_type(content_type);
        self.draft.body = Some(Body::Stream(Stream::new(body.into())));
        self
    }

    /// Sets a body that is a form (`multipart/form-data`). The file is the only part of the form. `part` is the name of
    /// this part.
    #[must_use]
    pub fn upload(mut self, part: &'static str, file: &Upload) -> Self {
        let form = Form::new(part, file.clone());
        self.draft.set_content_type(form.content_type());
        self.draft.body = Some(Body::Form(form));
        self
    }

    /// Makes a [`RepeatableRequest`] from this request. The result can be sent several times, with different query
    /// values. Returns an error if a header or the JSON body is not valid, or if the body is a stream or a form.
    pub(crate) fn repeatable(self) -> Result<RepeatableRequest, Error> {
        let mut draft = *self.draft;
        if let Some(fault) = draft.fault.take() {
            return Err(fault);
        }
        let body = match draft.body.take() {
            None => None,
            Some(Body::Bytes(bytes)) => Some(bytes),
            Some(Body::Stream(_) | Body::Form(_)) => {
                return Err(Error::invalid_request(
                    "a wait or a list of pages needs a request whose body is not a stream or a form",
                ));
            }
        };
        Ok(RepeatableRequest {
            operation: self.operation,
            draft,
            body,
        })
    }

    /// Makes a [`RepeatableRequest`] from a copy of the values. Returns `None` if the body is a stream or a form.
    pub(crate) fn copy(&self) -> Option<RepeatableRequest> {
        let body = match &self.draft.body {
            None => None,
            Some(Body::Bytes(bytes)) => Some(bytes.clone()),
            Some(Body::Stream(_) | Body::Form(_)) => return None,
        };
        Some(RepeatableRequest {
            operation: self.operation,
            draft: self.draft.without_body(),
            body,
        })
    }

    /// Returns the store in which the call puts the body of the answer.
    pub(crate) fn tap(&mut self) -> Tap {
        self.draft.tap.get_or_insert_default().clone()
    }

    /// Takes the store for the body of the answer. Returns `None` if [`tap`](Self::tap) was not called.
    pub(crate) fn take_tap(&mut self) -> Option<Tap> {
        self.draft.tap.take()
    }

    /// Sets the headers of a request for a file. If the caller set no `Accept`, the server can send any media type. The
    /// server must not compress the file. Without compression, the stated length is the length of the file.
    pub(crate) fn for_file(mut self) -> Self {
        let headers = &mut self.draft.headers;
        let any = HeaderValue::from_static("*/*");
        headers.entry(ACCEPT).or_insert(any);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        self
    }

    /// Returns the parts of the request. Returns an error if a value is not valid, or if a path parameter other than
    /// the project is missing.
    pub(crate) fn into_parts(self) -> Result<Parts, Error> {
        let draft = *self.draft;
        if let Some(fault) = draft.fault {
            return Err(fault);
        }
        let path = Path::new(self.operation, &draft.path)?;
        let pairs: Vec<(&str, &str)> = draft
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let query_text = Zeroizing::new(sign::canonical_query(&pairs));
        Ok(Parts {
            operation: self.operation,
            path,
            parameters: Arc::new(Parameters {
                path: draft.path,
                query: draft.query,
            }),
            query_text,
            headers: draft.headers,
            body: draft.body,
        })
    }
}

/// A request that can be sent several times.
pub(crate) struct RepeatableRequest {
    operation: &'static Operation,
    /// The path parameters, the query parameters and the headers.
    draft: Draft,
    body: Option<Bytes>,
}

impl RepeatableRequest {
    pub(crate) fn make(&self) -> Request {
        let mut draft = self.draft.without_body();
        draft.body = self.body.clone().map(Body::Bytes);
        Request {
            operation: self.operation,
            draft: Box::new(draft),
        }
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Returns the names of the path parameters that were set.
    pub(crate) fn path_names(&self) -> impl Iterator<Item = &'static str> {
        self.draft.path.iter().map(|(name, _)| *name)
    }

    /// Returns the value of a path parameter.
    pub(crate) fn path(&self, name: &str) -> Option<&str> {
        let mut all = self.draft.path.iter();
        all.find_map(|(known, value)| (*known == name).then_some(value.as_str()))
    }

    /// Returns a string with the operation and the path parameters. Requests of one operation with equal path
    /// parameters have equal strings.
    pub(crate) fn name(&self) -> String {
        let mut path = self.draft.path.clone();
        path.sort_unstable();
        format!("{} {path:?}", self.operation.id)
    }

    /// Returns the first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let mut all = self.draft.query.iter();
        all.find_map(|(known, value)| (*known == name).then_some(value.as_str()))
    }

    /// Sets a query parameter. The value replaces the earlier values.
    pub(crate) fn set_query(&mut self, name: &'static str, value: String) {
        self.draft.query.retain(|(known, _)| *known != name);
        self.draft.query.push((name, value));
    }
}

impl Clone for RepeatableRequest {
    fn clone(&self) -> Self {
        Self {
            operation: self.operation,
            draft: self.draft.without_body(),
            body: self.body.clone(),
        }
    }
}

impl Draft {
    /// Copies the path parameters, the query parameters and the headers.
    fn without_body(&self) -> Self {
        Self {
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            ..Self::default()
        }
    }

    fn set_path(&mut self, name: &'static str, value: String) {
        self.path.retain(|(known, _)| *known != name);
        self.path.push((name, value));
    }

    fn add_query(&mut self, name: &'static str, values: Vec<String>) {
        self.query
            .extend(values.into_iter().map(|value| (name, value)));
    }

    fn add_header(&mut self, name: &'static str, value: &str) {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.append(name, value);
            }
            (Err(_), _) => self.fail(Error::invalid_request(format!(
                "`{name}` is not a valid header name"
            ))),
            (_, Err(_)) => self.fail(
                Error::invalid_request(format!("the header `{name}` cannot contain this value"))
                    .with_help("check it for line breaks and control characters"),
            ),
        }
    }

    fn set_content_type(&mut self, content_type: &str) {
        self.headers.remove(CONTENT_TYPE);
        self.add_header("content-type", content_type);
    }

    /// Stores an error, if no error was stored before.
    fn fail(&mut self, error: Error) {
        self.fault.get_or_insert(error);
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// The path parameters and the query parameters, as the caller set them.
pub(crate) struct Parameters {
    pub path: Vec<(&'static str, String)>,
    pub query: Vec<(&'static str, String)>,
}

/// A request whose values are valid.
pub(crate) struct Parts {
    pub operation: &'static Operation,
    pub path: Path,
    pub parameters: Arc<Parameters>,
    /// The query string that is sent and signed.
    pub query_text: Zeroizing<String>,
    pub headers: HeaderMap,
    pub body: Option<Body>,
}

impl Parts {
    /// Returns whether the body cannot be sent again: see [`Body::is_spent`].
    pub(crate) fn is_spent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_spent)
    }

    /// Returns the error of a failed call. If reading the body failed, the returned error reports this failure, because
    /// the connection is not the cause.
    pub(crate) fn spent(&self, error: Error) -> Error {
        if !self.body.as_ref().is_some_and(Body::has_failed) {
            return error;
        }
        Error::new(
            ErrorKind::Transport,
            "the body of the request could not be read to its end",
        )
        .with_help(
            "check the stream or the file, and check whether the service executed the request",
        )
        .with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_parsed_query_string_contains_the_sorted_parameters(mut pairs in prop::collection::vec(("\\PC{1,5}", "\\PC{0,8}"), 0..6)) {
            let borrowed: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let text = sign::canonical_query(&borrowed);
            let url = reqwest::Url::parse(&format!("http://host/?{text}")).unwrap();
            prop_assert_eq!(url.query(), Some(text.as_str()));
            pairs.sort();
            let back: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(back, pairs);
        }
    }
}
