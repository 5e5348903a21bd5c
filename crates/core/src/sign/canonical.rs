//! The canonical request: a string with the signed parts of a request. The client and the gateway must make the same
//! string.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// The header with the date of the signature, in the form `YYYYMMDDTHHMMSSZ`. The signature of a
/// [`Signer`](super::Signer) always covers this header.
pub const DATE_HEADER: &str = "x-sdk-date";

/// The characters that are percent-encoded: all characters except the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The parts of a request that the signature depends on.
#[derive(Debug, Clone, Copy)]
pub struct SignableRequest<'a> {
    /// The HTTP method, in upper or lower case.
    pub method: &'a str,
    /// The path as the client sends it (percent-encoded), without the query.
    pub path: &'a str,
    /// The names and values of the query, in any order. They are not percent-encoded.
    pub query: &'a [(&'a str, &'a str)],
    /// The headers to sign, in any order and case. A signature does not cover a header with `_` in its name, because
    /// the gateways exclude such headers, too.
    pub headers: &'a [(&'a str, &'a str)],
    /// The hash of the body ([`SigningAlgorithm::payload_hash`](super::SigningAlgorithm::payload_hash)), or
    /// [`UNSIGNED_PAYLOAD`](super::UNSIGNED_PAYLOAD).
    pub body_hash: &'a str,
}

/// Percent-encodes a segment of a path as UTF-8. All characters except `A-Z a-z 0-9 - _ . ~` are encoded, with
/// upper-case hexadecimal digits.
pub fn encode_segment(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// Returns the path in the form for the signature. The function decodes the path once, and then encodes each segment.
/// If the path does not end with a slash, the function adds a slash. The client sends the path without this added
/// slash.
pub fn canonical_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() + 1);
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    for (position, segment) in decoded.split('/').enumerate() {
        if position > 0 {
            uri.push('/');
        }
        uri.extend(utf8_percent_encode(segment, RESERVED));
    }
    if !uri.ends_with('/') {
        uri.push('/');
    }
    uri
}

/// Returns the query in the form for the signature. The client also sends the query in this form. The pairs are sorted
/// by name and value before encoding, and joined by `&`. An empty value keeps its `=`.
pub fn canonical_query(pairs: &[(&str, &str)]) -> String {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let mut query = String::new();
    for (name, value) in sorted {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name, RESERVED));
        query.push('=');
        query.extend(utf8_percent_encode(value, RESERVED));
    }
    query
}

/// Returns the headers to sign, with names in lower case, sorted by name. `write` removes white space at the start and
/// the end of each value.
fn sorted_headers<'a>(headers: &[(&'a str, &'a str)]) -> Vec<(String, &'a str)> {
    let signed = headers.iter().filter(|(name, _)| !name.contains('_'));
    let mut sorted: Vec<_> = signed
        .map(|(name, value)| (name.to_ascii_lowercase(), *value))
        .collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    sorted
}

fn names(sorted: &[(String, &str)]) -> String {
    let names: Vec<&str> = sorted.iter().map(|(name, _)| name.as_str()).collect();
    names.join(";")
}

/// Returns the names of the signed headers, as the header `Authorization` contains them: in lower case, sorted, joined
/// by `;`.
pub fn signed_headers(headers: &[(&str, &str)]) -> String {
    names(&sorted_headers(headers))
}

/// Returns the canonical request. Its lines are the method, the path, the query, each header, an empty line, the header
/// names, and the hash of the body.
pub fn canonical_request(request: &SignableRequest<'_>) -> String {
    write(request, &sorted_headers(request.headers)).0
}

/// Returns the canonical request and the names of the signed headers. If `request` does not contain the date header,
/// the function adds this header.
pub(super) fn with_date(request: &SignableRequest<'_>, date: &str) -> (String, String) {
    let mut headers = sorted_headers(request.headers);
    if let Err(place) = headers.binary_search_by(|(name, _)| name.as_str().cmp(DATE_HEADER)) {
        headers.insert(place, (DATE_HEADER.to_owned(), date));
    }
    write(request, &headers)
}

fn write(request: &SignableRequest<'_>, headers: &[(String, &str)]) -> (String, String) {
    let names = names(headers);
    let mut text = request.method.to_ascii_uppercase();
    for line in [
        &canonical_uri(request.path),
        &canonical_query(request.query),
    ] {
        text.push('\n');
        text.push_str(line);
    }
    text.push('\n');
    for (name, value) in headers {
        text.extend([name.as_str(), ":", value.trim(), "\n"]);
    }
    text.extend(["\n", &names, "\n", request.body_hash]);
    (text, names)
}
