use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use crate::Clock;

/// A request as it came in, with its whole body.
pub(crate) struct Received {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// ID of the request, which the answer carries too.
    pub id: String,
    /// By which the request is judged and answered: the sandbox's, unless a fault sets it wrong.
    pub clock: Clock,
}

impl Received {
    /// The value of a header, if there is exactly one and it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => std::str::from_utf8(value.as_bytes()).ok(),
            _ => None,
        }
    }

    /// Whether the body is said to be JSON, the one type that the documents know. Without a word about it, it is taken for that.
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

    /// The query as decoded names and values, in the order sent. A plus sign is a plus sign.
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

pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
