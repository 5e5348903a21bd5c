use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

/// What a request is answered with.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// None for an answer without a body.
    pub body: Option<Value>,
}

impl Answer {
    pub fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body,
        }
    }

    pub fn json(status: StatusCode, body: Value) -> Self {
        Self::new(status, Some(body))
    }

    pub fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}
