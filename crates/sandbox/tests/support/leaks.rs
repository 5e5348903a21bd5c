//! Searches strings for secrets that they must not contain. The tests and the demonstration in `crates/e2e` also use
//! this file.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A secret that was found in a string.
pub struct Leak<'a> {
    /// The secret without encoding.
    pub secret: &'a str,
    /// The encoding of the secret in the string.
    pub encoding: &'static str,
    /// The position of the secret in the string, in bytes.
    pub at: usize,
    /// The secret, and the part of the string around it.
    pub around: String,
}

/// Returns the first element of `secrets` that `text` contains in one of the encodings of [`encodings`].
///
/// A search for a secret of less than 8 bytes could find unrelated text. The function does not search for such a
/// secret, and always reports it.
pub fn find<'a>(text: &str, secrets: &'a BTreeSet<String>) -> Option<Leak<'a>> {
    secrets.iter().find_map(|secret| {
        let (encoding, at, length) = encodings(secret).find_map(|(encoding, needle)| {
            let at = text.find(&needle)?;
            Some((encoding, at, needle.len()))
        })?;
        let to = text.len().min(at + length + 80);
        let around = text.as_bytes().get(at.saturating_sub(200)..to);
        Some(Leak {
            secret,
            encoding,
            at,
            around: String::from_utf8_lossy(around.unwrap_or_default()).into_owned(),
        })
    })
}

/// Returns the secret in each encoding, with the name of the encoding. If two encodings give the same text, the text
/// occurs only once. For a secret of less than 8 bytes, the only text is empty.
pub fn encodings(secret: &str) -> impl Iterator<Item = (&'static str, String)> {
    let bytes = secret.as_bytes();
    let inner = |quoted: String| {
        let mut inner = quoted.chars();
        inner.next();
        inner.next_back();
        inner.as_str().to_owned()
    };
    let percent = |set| utf8_percent_encode(secret, set).to_string();
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let json = serde_json::Value::from(secret).to_string();
    let mut all = vec![
        ("plain", secret.to_owned()),
        ("JSON", inner(json.clone())),
        (
            "JSON in JSON",
            inner(serde_json::Value::from(inner(json)).to_string()),
        ),
        ("Debug", inner(format!("{secret:?}"))),
        ("bytes", bytes.escape_ascii().to_string()),
        ("a list of bytes", inner(format!("{bytes:?}"))),
        ("percent", percent(RESERVED)),
        ("percent", percent(RESERVED).to_lowercase()),
        ("percent", percent(NON_ALPHANUMERIC)),
        ("a form", percent(RESERVED).replace("%20", "+")),
        ("hex", hex.to_uppercase()),
        ("hex", hex),
    ];
    for before in 0..3 {
        all.push(("base64", middle(&STANDARD_NO_PAD, before, bytes)));
        all.push(("base64", middle(&URL_SAFE_NO_PAD, before, bytes)));
    }
    if secret.len() < 8 {
        all = vec![("too short to be searched for", String::new())];
    }
    let mut known = BTreeSet::new();
    all.retain(|(_, text)| known.insert(text.clone()));
    all.into_iter()
}

/// Encodes the secret in base64 after `before` other bytes. Returns the characters that depend only on the secret.
fn middle(engine: &impl base64::Engine, before: usize, bytes: &[u8]) -> String {
    let text = engine.encode([&vec![0; before], bytes].concat());
    let from = before + usize::from(before > 0);
    let to = text.len() - usize::from(!(before + bytes.len()).is_multiple_of(3));
    text.get(from..to).unwrap_or_default().to_owned()
}
