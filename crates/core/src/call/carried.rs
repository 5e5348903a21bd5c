//! What a call carries, so that nothing of it is shown if a server sends it back.

use super::request::Parts;
use crate::credential::Credential;
use crate::secret::Secret;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use memchr::memmem;
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
    query: Vec<Secret>,
    body: Bytes,
    /// The texts of the body, once they are asked for.
    texts: OnceLock<Vec<Secret>>,
}

impl Carried {
    pub(crate) fn new(parts: &Parts, headers: &HeaderMap, credential: Option<&Credential>) -> Self {
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        let mut secrets: Vec<Secret> = sensitive
            .filter_map(|value| value.to_str().ok())
            .map(Secret::new)
            .collect();
        if let Some(Credential::AccessKey(key)) = credential {
            secrets.push(key.secret.clone());
        }
        let query = parts.query.iter();
        Self {
            secrets,
            query: query
                .map(|(_, value)| Secret::new(value.as_str()))
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
        let mut all = self.secrets.iter().chain(&self.query).chain(self.texts());
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

    /// Whether the credential stands in an answer's body, also if its slashes are escaped.
    pub(crate) fn is_echoed_in(&self, body: &[u8]) -> bool {
        let plain: Vec<u8>;
        let body = match memchr::memchr(b'\\', body) {
            None => body,
            Some(_) => {
                plain = body.iter().copied().filter(|byte| *byte != b'\\').collect();
                &plain
            }
        };
        let long = self.secrets.iter().map(|secret| secret.expose());
        long.filter(|secret| secret.len() > SHORTEST)
            .any(|secret| memmem::find(body, secret.as_bytes()).is_some())
    }

    /// Marks the headers that hold something of it.
    pub(crate) fn hide(&self, headers: &mut HeaderMap) {
        let holds = |value: &HeaderValue| value.to_str().is_ok_and(|text| self.holds(text));
        for value in headers.values_mut().filter(|value| holds(value)) {
            value.set_sensitive(true);
        }
    }
}

fn overlaps(secret: &str, text: &str) -> bool {
    !text.is_empty()
        && (secret == text
            || (text.len() >= SHORTEST && secret.contains(text))
            || (secret.len() >= SHORTEST && text.contains(secret)))
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
