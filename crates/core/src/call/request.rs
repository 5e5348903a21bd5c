//! A request, as generated code builds it.

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

/// The written form of a secret that is not shown.
const MASK: &[u8] = b"\"***\"";

/// One request of an operation.
///
/// If it is not valid, the call reports that before anything is sent.
pub struct Request {
    pub(crate) operation: &'static Operation,
    draft: Box<Draft>,
}

/// The values so far. Boxed, so that they are not moved with the builder and the futures.
#[derive(Default)]
struct Draft {
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Body>,
    fault: Option<Error>,
    tap: Option<Tap>,
}

/// The body of the answer, for a wait after the call.
pub(crate) type Tap = Arc<OnceLock<Bytes>>;

impl Request {
    /// A request without parameters.
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            draft: Box::default(),
        }
    }

    /// Sets the value of `{name}` in the path's template. If it is called twice, the last value is used.
    ///
    /// If `project_id` is not given, the session sets it. `send` refuses empty values and values with a segment `.` or
    /// `..`, because their path would address another thing.
    #[must_use]
    pub fn path(mut self, name: &'static str, value: impl Display) -> Self {
        self.draft.set_path(name, value.to_string());
        self
    }

    /// Adds a query parameter.
    ///
    /// `None` adds no value, a list adds one value for each element. The values are signed and sent sorted by name and
    /// value.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &(impl ToQuery + ?Sized)) -> Self {
        let mut values = Vec::new();
        value.to_query(&mut values);
        self.draft.add_query(name, values);
        self
    }

    /// Adds a header. `None` adds no value, a list adds one value for each element.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &(impl ToQuery + ?Sized)) -> Self {
        let mut values = Vec::new();
        value.to_query(&mut values);
        for value in values {
            self.draft.add_header(name, &value);
        }
        self
    }

    /// Sets the body. It is written once, and each attempt sends the same bytes.
    #[must_use]
    pub fn json(mut self, body: &(impl serde::Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(&ShowSecrets(body)) {
            // A new password `***` would lock out its owner.
            Ok(body) if memchr::memmem::find(&body, MASK).is_some() => self.draft.fail(
                Error::invalid_request("the body holds `***` in place of a secret")
                    .with_help("serialise its source value as ShowSecrets"),
            ),
            Ok(body) => {
                let wiped = Bytes::from_owner(Zeroizing::new(body));
                self.draft.body = Some(Body::Bytes(wiped));
            }
            // serde_json's error text may quote the body.
            Err(_) => self.draft.fail(
                Error::invalid_request("the body cannot be written as JSON")
                    .with_help("check it for maps whose keys are no strings"),
            ),
        }
        self
    }

    /// Sets a body of another form, and its content type.
    ///
    /// It is repeated like JSON. It is signed only if it is JSON or BSON, because the gateways do not read other forms.
    /// A body of another form is protected only by TLS.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.draft.set_content_type(content_type);
        self.draft.body = Some(Body::Bytes(body.into()));
        self
    }

    /// Sets a body that is read while it is sent, such as a large file, and its content type.
    ///
    /// Make it with [`reqwest::Body::wrap`], or from a file or a stream with reqwest's feature `stream`. It is never
    /// signed. Only TLS protects it.
    ///
    /// If a part of the stream was sent, the call is not repeated. A renewed token or a corrected clock does not change
    /// that. Before that, the policy decides about a failed connection. With GET and HEAD, only a stream of known length
    /// is sent.
    #[must_use]
    pub fn body_stream(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.draft.set_content_type(content_type);
        self.draft.body = Some(Body::Stream(Stream::new(body.into())));
        self
    }

    /// Sets a body that is a form. The file is its only part, with this name.
    #[must_use]
    pub fn upload(mut self, part: &'static str, file: &Upload) -> Self {
        let form = Form::new(part, file.clone());
        self.draft.set_content_type(form.content_type());
        self.draft.body = Some(Body::Form(form));
        self
    }

    /// The same request in a form that can be sent several times, with other values in its query.
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
                    "a request whose body is a stream is sent once",
                ));
            }
        };
        Ok(RepeatableRequest {
            operation: self.operation,
            draft,
            body,
        })
    }

    /// The content of the request so far, from which the request can be made again. None if its body is a stream.
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

    /// Keeps the body of the answer.
    pub(crate) fn tap(&mut self) -> Tap {
        self.draft.tap.get_or_insert_default().clone()
    }

    /// The store for the body of the answer, if there is one.
    pub(crate) fn take_tap(&mut self) -> Option<Tap> {
        self.draft.tap.take()
    }

    /// Asks for a file of any type. The file must not be compressed by the connection, so that its length is the stated
    /// one.
    pub(crate) fn for_file(mut self) -> Self {
        let headers = &mut self.draft.headers;
        let any = HeaderValue::from_static("*/*");
        headers.entry(ACCEPT).or_insert(any);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        self
    }

    /// Checks everything that can be checked without credentials, and takes the parts.
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
    /// Without the body and the fault.
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

    /// The names of the given path parameters.
    pub(crate) fn path_names(&self) -> impl Iterator<Item = &'static str> {
        self.draft.path.iter().map(|(name, _)| *name)
    }

    /// The value of a path parameter.
    pub(crate) fn path(&self, name: &str) -> Option<&str> {
        let mut all = self.draft.path.iter();
        all.find_map(|(known, value)| (*known == name).then_some(value.as_str()))
    }

    /// The operation and its path parameters. All requests of one thing have the same text.
    pub(crate) fn name(&self) -> String {
        let mut path = self.draft.path.clone();
        path.sort_unstable();
        format!("{} {path:?}", self.operation.id)
    }

    /// The value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let mut all = self.draft.query.iter();
        all.find_map(|(known, value)| (*known == name).then_some(value.as_str()))
    }

    /// Sets a query parameter. It replaces the earlier values.
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
    /// The parts that can be copied.
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
                Error::invalid_request(format!("the header `{name}` cannot carry this value"))
                    .with_help("check it for line breaks and control characters"),
            ),
        }
    }

    fn set_content_type(&mut self, content_type: &str) {
        self.headers.remove(CONTENT_TYPE);
        self.add_header("content-type", content_type);
    }

    /// Keeps the first fault.
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

/// The values as they were given, by name.
pub(crate) struct Parameters {
    pub path: Vec<(&'static str, String)>,
    pub query: Vec<(&'static str, String)>,
}

/// A checked request.
pub(crate) struct Parts {
    pub operation: &'static Operation,
    pub path: Path,
    pub parameters: Arc<Parameters>,
    /// The query as it is sent and signed.
    pub query_text: Zeroizing<String>,
    pub headers: HeaderMap,
    pub body: Option<Body>,
}

impl Parts {
    /// Whether a part of the body may have been sent, so that the request cannot be sent again.
    pub(crate) fn is_spent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_spent)
    }

    /// The error of a call that cannot be sent again. If the stream itself failed, the connection is not the cause.
    pub(crate) fn spent(&self, error: Error) -> Error {
        if !self.body.as_ref().is_some_and(Body::has_failed) {
            return error;
        }
        Error::new(
            ErrorKind::Transport,
            "the stream of the body failed before its end",
        )
        .with_help(
            "check the source of the stream or the file, and whether the request was executed",
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
        fn a_query_comes_back_sorted(mut pairs in prop::collection::vec(("\\PC{1,5}", "\\PC{0,8}"), 0..6)) {
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
