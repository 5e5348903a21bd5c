//! The values that a request contains, and the secrets that the client needs to send the request. If an answer contains
//! such a value, logs and errors do not show the value.

use super::body::JSON;
use super::request::{Parameters, Parts};
use crate::credential::Credential;
use crate::decode::{parse_any, text};
use crate::error::LARGEST_ERROR;
use crate::secret::Secret;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use memchr::memmem;
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// The smallest length, in bytes, at which a string counts as a part of another string. A shorter string can be a part
/// by chance.
const SHORTEST: usize = 6;

/// The largest size, in bytes, of a body whose JSON values are compared one by one. A larger body is probably a file.
/// If a body is larger or is not JSON, the client compares the body as a whole.
const LARGEST: usize = 256 * 1024;

/// The values of one attempt. The client keeps them until it has decoded the answer.
pub(crate) struct Carried {
    /// The secret key of the credential, and the password of the proxy.
    secrets: [Option<Secret>; 2],
    /// The values of the request headers that are marked as sensitive, such as a token.
    headers: Vec<HeaderValue>,
    /// The path parameters and the query parameters of the request.
    parameters: Arc<Parameters>,
    project: Option<String>,
    body: Bytes,
    /// The strings and numbers in the body, or the body as a whole: see [`LARGEST`]. The first call of the method
    /// `texts` sets this field.
    texts: OnceLock<Vec<Secret>>,
}

impl Carried {
    pub(crate) fn new(
        parts: &Parts,
        headers: &HeaderMap,
        credential: Option<&Credential>,
        project: Option<&str>,
        proxy_password: Option<&Secret>,
    ) -> Self {
        let key = match credential {
            Some(Credential::AccessKey(key)) => Some(key.secret.clone()),
            _ => None,
        };
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        Self {
            secrets: [key, proxy_password.cloned()],
            headers: sensitive.cloned().collect(),
            parameters: parts.parameters.clone(),
            project: project
                .filter(|_| parts.path.wants_project())
                .map(str::to_owned),
            body: parts
                .body
                .as_ref()
                .map(|body| body.shared())
                .unwrap_or_default(),
            texts: OnceLock::new(),
        }
    }

    /// Returns whether `text` equals or contains a value of the attempt, or is a part of such a value. A part must have
    /// at least [`SHORTEST`] bytes. `text` is, for example, an id or an error code of an answer.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let texts = self.texts().iter().map(Secret::expose);
        let mut all = self.credentials().chain(self.in_url()).chain(texts);
        !text.is_empty() && all.any(|secret| overlaps(secret, text))
    }

    fn credentials(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter().filter_map(|value| value.to_str().ok());
        let secrets = self.secrets.iter().flatten();
        secrets.map(Secret::expose).chain(headers)
    }

    fn in_url(&self) -> impl Iterator<Item = &str> {
        let Parameters { path, query } = &*self.parameters;
        let values = path.iter().chain(query).map(|(_, value)| value.as_str());
        values.chain(self.project.as_deref())
    }

    fn texts(&self) -> &[Secret] {
        if self.body.is_empty() {
            return &[];
        }
        self.texts.get_or_init(|| {
            let mut found = Vec::new();
            match serde_json::from_slice(&self.body) {
                Ok(body) if self.body.len() <= LARGEST => collect(body, &mut found),
                _ => found.push(Secret::from_bytes(&self.body)),
            }
            found
        })
    }

    /// Returns whether the body of an answer contains a secret or the value of a sensitive header of the request. The
    /// body can contain the value with JSON escapes.
    pub(crate) fn is_echoed_in(&self, body: &[u8]) -> bool {
        if self.is_within(body) {
            return true;
        }
        if memchr::memchr(b'\\', body).is_none() {
            return false;
        }
        // A tree of the body's JSON values would need many times the memory of the body. So for a large body with
        // escapes, this function returns `true` without a second search.
        if body.len() > LARGEST_ERROR {
            return true;
        }
        let body = parse_any(&text(body));
        body.is_some_and(|body| any_text(&body, &|text| self.is_within(text.as_bytes())))
    }

    fn is_within(&self, text: &[u8]) -> bool {
        let long = self.credentials();
        long.filter(|secret| secret.len() >= SHORTEST)
            .any(|secret| memmem::find(text, secret.as_bytes()).is_some())
    }

    /// Marks a header as sensitive if [`holds`](Self::holds) returns `true` for its value.
    pub(crate) fn hide(&self, headers: &mut HeaderMap) {
        // The usual content type is not a secret, and needs no search.
        let holds = |value: &HeaderValue| {
            value != JSON && value.to_str().is_ok_and(|text| self.holds(text))
        };
        for value in headers.values_mut().filter(|value| holds(value)) {
            value.set_sensitive(true);
        }
    }
}

fn overlaps(secret: &str, text: &str) -> bool {
    let (shorter, longer) = match secret.len() < text.len() {
        true => (secret, text),
        false => (text, secret),
    };
    secret == text || (shorter.len() >= SHORTEST && longer.contains(shorter))
}

/// Returns whether `is` returns `true` for a string or a field name in a JSON value.
fn any_text(value: &Value, is: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text),
        Value::Array(list) => list.iter().any(|value| any_text(value, is)),
        Value::Object(map) => map
            .iter()
            .any(|(name, value)| is(name) || any_text(value, is)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn collect(value: Value, into: &mut Vec<Secret>) {
    match value {
        Value::String(text) => into.push(Secret::new(text)),
        Value::Number(number) => into.push(Secret::new(number.to_string())),
        Value::Array(list) => list.into_iter().for_each(|value| collect(value, into)),
        Value::Object(map) => map.into_iter().for_each(|(_, value)| collect(value, into)),
        Value::Null | Value::Bool(_) => {}
    }
}
