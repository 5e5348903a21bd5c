//! What a call carries, so that nothing of it is shown if a server sends it back.

use super::request::Parts;
use crate::credential::Credential;
use crate::decode::{parse_any, text};
use crate::error::LARGEST_ERROR;
use crate::secret::Secret;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use memchr::memmem;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde_json::Value;
use std::sync::OnceLock;

/// Shorter parts of a text are in it by chance.
const SHORTEST: usize = 6;

/// Larger bodies are files; they are compared as they are.
const LARGEST: usize = 256 * 1024;

/// Of one attempt. It lives until the answer has been read.
pub(crate) struct Carried {
    /// The credential, and the headers that may hold one.
    secrets: Vec<Secret>,
    /// The values of the query, and the path's parameters.
    url: Vec<Secret>,
    body: Bytes,
    /// The texts of the body, once they are asked for.
    texts: OnceLock<Vec<Secret>>,
}

impl Carried {
    pub(crate) fn new(
        parts: &Parts,
        headers: &HeaderMap,
        credential: Option<&Credential>,
        url: &Url,
        proxy_password: Option<&Secret>,
    ) -> Self {
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        let mut secrets: Vec<Secret> = sensitive
            .filter_map(|value| value.to_str().ok())
            .map(Secret::new)
            .collect();
        if let Some(Credential::AccessKey(key)) = credential {
            secrets.push(key.secret.clone());
        }
        secrets.extend(proxy_password.cloned());
        let query = parts
            .query
            .iter()
            .map(|(_, value)| Secret::new(value.as_str()));
        Self {
            secrets,
            url: query
                .chain(path_parameters(parts.operation.path, url))
                .collect(),
            body: parts
                .body
                .as_ref()
                .map(|body| body.shared())
                .unwrap_or_default(),
            texts: OnceLock::new(),
        }
    }

    /// Whether a text, such as an id or a code, holds what was sent, or is a part of it.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let mut all = self.secrets.iter().chain(&self.url).chain(self.texts());
        all.any(|secret| overlaps(secret.expose(), text))
    }

    fn texts(&self) -> &[Secret] {
        self.texts.get_or_init(|| {
            let mut found = Vec::new();
            match serde_json::from_slice(&self.body) {
                Ok(body) if self.body.len() <= LARGEST => collect(body, &mut found),
                _ if self.body.is_empty() => {}
                _ => found.push(Secret::from_bytes(&self.body)),
            }
            found
        })
    }

    /// Whether a credential stands in an answer's body, however JSON escapes it.
    pub(crate) fn is_echoed_in(&self, body: &[u8]) -> bool {
        if self.is_within(body) {
            return true;
        }
        if memchr::memchr(b'\\', body).is_none() {
            return false;
        }
        // A tree of its values would be many times as large.
        if body.len() > LARGEST_ERROR {
            return true;
        }
        let body = parse_any(&text(body));
        body.is_some_and(|body| any_text(&body, &|text| self.is_within(text.as_bytes())))
    }

    fn is_within(&self, text: &[u8]) -> bool {
        let long = self.secrets.iter().map(|secret| secret.expose());
        long.filter(|secret| secret.len() >= SHORTEST)
            .any(|secret| memmem::find(text, secret.as_bytes()).is_some())
    }

    /// Marks the headers that hold something of it.
    pub(crate) fn hide(&self, headers: &mut HeaderMap) {
        let holds = |value: &HeaderValue| value.to_str().is_ok_and(|text| self.holds(text));
        for value in headers.values_mut().filter(|value| holds(value)) {
            value.set_sensitive(true);
        }
    }
}

/// The segments of a path that are not the template's own.
fn path_parameters<'a>(template: &'a str, url: &'a Url) -> impl Iterator<Item = Secret> + 'a {
    let segments = url.path().split('/');
    let given = segments.filter(|segment| !template.split('/').any(|own| own == *segment));
    given.map(|segment| Secret::new(percent_decode_str(segment).decode_utf8_lossy()))
}

fn overlaps(secret: &str, text: &str) -> bool {
    !text.is_empty()
        && (secret == text
            || (text.len() >= SHORTEST && secret.contains(text))
            || (secret.len() >= SHORTEST && text.contains(secret)))
}

/// Whether a text of an answer, or a name in it, is one of these.
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
