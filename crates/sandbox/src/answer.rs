use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

/// The sandbox's answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// `None` if the answer has no body.
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

    /// Returns an answer that is a file. `name` is the file name in the header `Content-Disposition`.
    pub fn file(status: StatusCode, media_type: &str, name: &str, text: Option<Value>) -> Self {
        let disposition = format!("attachment; filename=\"{name}\"");
        let headers = [
            (header::CONTENT_TYPE, media_type),
            (header::CONTENT_DISPOSITION, &disposition),
        ];
        let headers = headers.into_iter();
        headers.fold(
            Self::new(status, text),
            |answer, (name, text)| match HeaderValue::from_str(text) {
                Ok(value) => answer.header(name, value),
                Err(_) => answer,
            },
        )
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}
