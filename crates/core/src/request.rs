//! A request, as generated code builds it.

use crate::body::{Body, Stream};
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::query::ToQuery;
use crate::sign;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::borrow::Cow;
use std::fmt::{self, Display};

/// One request of an operation. What is wrong with it is reported when it is sent, before anything leaves.
pub struct Request {
    pub(crate) operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Body>,
    fault: Option<Error>,
}

impl Request {
    /// A request without parameters.
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            fault: None,
        }
    }

    /// Fills `{name}` of the path's template; the last of two wins. `project_id` is filled by the session where it is not given.
    ///
    /// Empty values and such with a segment `.` or `..` are refused by `send`: they would address another thing.
    #[must_use]
    pub fn path(mut self, name: &'static str, value: impl Display) -> Self {
        self.path.retain(|(known, _)| *known != name);
        self.path.push((name, value.to_string()));
        self
    }

    /// Adds a query parameter: none for `None`, one for each element of a list.
    ///
    /// On the wire all are sorted by name and value, because that is the form which is signed.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &(impl ToQuery + ?Sized)) -> Self {
        let mut values = Vec::new();
        value.to_query(&mut values);
        self.query
            .extend(values.into_iter().map(|value| (name, value)));
        self
    }

    /// Adds a header: none for `None`, one for each element of a list.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &(impl ToQuery + ?Sized)) -> Self {
        let mut values = Vec::new();
        value.to_query(&mut values);
        for value in values {
            self.add_header(name, &value);
        }
        self
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
                "`{name}` is no header's name"
            ))),
            (_, Err(_)) => self.fail(
                Error::invalid_request(format!("the header `{name}` cannot carry this value"))
                    .with_help("check it for line breaks and control characters"),
            ),
        }
    }

    /// Sets the body. It is written once, however often the request is sent.
    #[must_use]
    pub fn json(mut self, body: &impl serde::Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body = Some(Body::Bytes(body.into())),
            // serde_json's text may quote the body.
            Err(_) => self.fail(
                Error::invalid_request("the body cannot be written as JSON")
                    .with_help("check it for maps whose keys are no strings"),
            ),
        }
        self
    }

    /// Sets a body of another form, and its content type. It is sent again like JSON, but is not signed unless it is JSON or
    /// BSON, as the gateways do not read other forms: only TLS protects it.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.set_content_type(content_type);
        self.body = Some(Body::Bytes(body.into()));
        self
    }

    /// Sets a body that is read while it is sent, such as a large file, and its content type. Make it by
    /// [`reqwest::Body::wrap`], or by reqwest's feature `stream` from a file or a stream.
    ///
    /// It is not signed, whatever it is; only TLS protects it. A call whose stream has begun to leave is never sent again, not even
    /// with a renewed token or a corrected clock; before that, a connection that fails is tried again as the policy says.
    ///
    /// With GET and HEAD only a stream of known length leaves at all.
    #[must_use]
    pub fn body_stream(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.set_content_type(content_type);
        self.body = Some(Body::Stream(Stream::new(body.into())));
        self
    }

    fn set_content_type(&mut self, content_type: &str) {
        self.headers.remove(CONTENT_TYPE);
        self.add_header("content-type", content_type);
    }

    /// Keeps the first fault.
    fn fail(&mut self, error: Error) {
        self.fault.get_or_insert(error);
    }

    /// Checks all that can be checked without credentials, and takes the parts.
    pub(crate) fn into_parts(self) -> Result<Parts, Error> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.path
            .iter()
            .try_for_each(|(name, value)| check_segment(name, value))?;
        let pairs: Vec<(&str, &str)> = self
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let query_text = sign::canonical_query(&pairs);
        let parts = Parts {
            operation: self.operation,
            path: self.path,
            query: self.query,
            query_text,
            headers: self.headers,
            body: self.body,
        };
        for (name, _) in parts
            .template()
            .filter(|(_, parameter)| *parameter)
            .filter(|(name, _)| *name != PROJECT_ID)
        {
            parts.parameter(name)?;
        }
        Ok(parts)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// The path parameter that the session fills.
pub(crate) const PROJECT_ID: &str = "project_id";

/// A checked request.
pub(crate) struct Parts {
    pub operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    pub query: Vec<(&'static str, String)>,
    /// The query as it is sent and signed.
    pub query_text: String,
    pub headers: HeaderMap,
    pub body: Option<Body>,
}

impl Parts {
    /// The pieces of the path's template, and whether each is a parameter's name.
    fn template(&self) -> impl Iterator<Item = (&'static str, bool)> + use<> {
        self.operation
            .path
            .split(['{', '}'])
            .enumerate()
            .map(|(position, piece)| (piece, position % 2 == 1))
    }

    fn parameter(&self, name: &str) -> Result<&str, Error> {
        let found = self.path.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).ok_or_else(|| {
            Error::invalid_request(format!("the path parameter `{name}` is missing"))
        })
    }

    /// Whether the body may have left for good, so that nothing can be sent again.
    pub(crate) fn is_spent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_spent)
    }

    /// The error of a call that cannot be sent again. Where the stream itself failed, no connection is to blame.
    pub(crate) fn spent(&self, error: Error) -> Error {
        if !self.body.as_ref().is_some_and(Body::has_failed) {
            return error;
        }
        Error::new(
            ErrorKind::Transport,
            "the stream of the body failed before its end",
        )
        .with_help("check where the stream comes from, and what was done of the request")
        .with_source(error)
    }

    /// Whether the session has to fill `{project_id}`.
    pub(crate) fn wants_project(&self) -> bool {
        self.operation.has_parameter(PROJECT_ID) && self.parameter(PROJECT_ID).is_err()
    }

    /// The path as it is sent: every parameter percent-encoded.
    pub(crate) fn path_text(&self, project: Option<&str>) -> Result<String, Error> {
        let mut path = String::new();
        for (piece, parameter) in self.template() {
            let text = match (parameter, project) {
                (false, _) => Cow::Borrowed(piece),
                (true, Some(project)) if piece == PROJECT_ID => {
                    check_segment(PROJECT_ID, project)?;
                    sign::encode_segment(project)
                }
                (true, _) => sign::encode_segment(self.parameter(piece)?),
            };
            path.push_str(&text);
        }
        Ok(path)
    }
}

/// Refuses what would make the path another operation's: `DELETE /devices/{id}` with an empty id means all devices.
fn check_segment(name: &str, value: &str) -> Result<(), Error> {
    let wrong = if value.is_empty() {
        "is empty"
    } else if value
        .split(['/', '\\'])
        .any(|segment| segment == "." || segment == "..")
    {
        "has a segment `.` or `..`"
    } else {
        return Ok(());
    };
    Err(
        Error::invalid_request(format!("the path parameter `{name}` {wrong}"))
            .with_help("check where its value comes from"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Retry, Service};
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    static SERVICE: Service = Service {
        name: "s",
        title: "S",
        servers: &[],
        hints: &[],
    };
    static SHOW: Operation = Operation {
        id: "show",
        official_id: "Show",
        service: &SERVICE,
        method: http::Method::GET,
        path: "/v1/{project_id}/things/{id}/parts",
        retry: Retry::Safe,
        secret: false,
        authenticated: true,
        success: &[200],
        page: "",
    };

    proptest! {
        #[test]
        fn a_path_parameter_is_one_segment_and_comes_back(id in "\\PC{0,12}|[./\\\\%?# a]{0,5}") {
            let parts = match Request::new(&SHOW).path("id", &id).into_parts() {
                Ok(parts) => parts,
                Err(error) => {
                    let dots = id.split(['/', '\\']).any(|segment| segment == "." || segment == "..");
                    prop_assert!(id.is_empty() || dots, "{}", error);
                    return Ok(());
                }
            };
            let path = parts.path_text(Some("p")).unwrap();
            let url = reqwest::Url::parse(&format!("http://host{path}")).unwrap();
            prop_assert_eq!(url.path(), &path);
            let segments: Vec<&str> = path.split('/').collect();
            prop_assert_eq!(segments.len(), 6);
            prop_assert_eq!(percent_decode_str(segments[4]).decode_utf8().unwrap(), id);
        }

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
