use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Uri};
use multer::Multipart;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::convert::Infallible;

use crate::Clock;

/// A request with its whole body.
pub(crate) struct Received {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The parts of a form, by name. A part that is not UTF-8 is null. `None` if the body is not a readable form.
    pub form: Option<Map<String, Value>>,
    /// The ID of the request. The answer contains the same ID.
    pub id: String,
    /// The clock for this request. A fault can make the clock wrong.
    pub clock: Clock,
}

impl Received {
    /// Returns the value of a header. `None` if the request does not contain the header exactly once, or if the value
    /// is not UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => std::str::from_utf8(value.as_bytes()).ok(),
            _ => None,
        }
    }

    /// Whether the header `Content-Type` says that the body is JSON. A request without this header counts as JSON.
    pub fn says_json(&self) -> bool {
        let Some(value) = self.headers.get(CONTENT_TYPE) else {
            return true;
        };
        let essence = value.as_bytes().split(|byte| *byte == b';').next();
        essence.is_some_and(|essence| {
            essence
                .trim_ascii()
                .eq_ignore_ascii_case(b"application/json")
        })
    }

    /// Returns the decoded names and values of the query, in the order of the request. A plus sign stays a plus sign.
    pub fn query(&self) -> Vec<(String, String)> {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        self.uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|part| !part.is_empty())
            .map(pair)
            .collect()
    }
}

/// Reads the parts of a form (`multipart/form-data`). `None` if the body is not a form, or if the form cannot be read.
pub(crate) async fn form(headers: &HeaderMap, body: &Bytes) -> Option<Map<String, Value>> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let boundary = multer::parse_boundary(content_type).ok()?;
    let whole = stream::iter([Ok::<_, Infallible>(body.clone())]);
    let mut parts = Multipart::new(whole, boundary);
    let mut form = Map::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name()?.to_owned();
        let bytes = part.bytes().await.ok()?;
        let text = String::from_utf8(bytes.into()).ok();
        form.insert(name, text.into());
    }
    Some(form)
}

pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
