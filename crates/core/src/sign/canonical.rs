//! The canonical request: client and gateway must make the same text.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// The header with the date of the signature, `YYYYMMDDTHHMMSSZ`. It is always signed.
pub const DATE_HEADER: &str = "x-sdk-date";

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The parts of a request for the signature.
#[derive(Debug, Clone, Copy)]
pub struct SignableRequest<'a> {
    /// The method, in any case.
    pub method: &'a str,
    /// The path as it is sent (percent-encoded), without query.
    pub path: &'a str,
    /// The query's names and values, not encoded, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// The headers to sign, in any order and case. Names with `_` are left out, as the gateways do.
    pub headers: &'a [(&'a str, &'a str)],
    /// The hash of the body ([`SigningAlgorithm::payload_hash`](super::SigningAlgorithm::payload_hash)), or
    /// [`UNSIGNED_PAYLOAD`](super::UNSIGNED_PAYLOAD).
    pub body_hash: &'a str,
}

/// Percent-encodes the text between two slashes: all characters except `A-Z a-z 0-9 - _ . ~`. The text is UTF-8, the
/// hexadecimal digits are upper-case.
pub fn encode_segment(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// The path as it is signed: decoded once, each segment encoded, with a slash at the end. The sent path gets no slash.
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

/// The query as it is signed and sent: sorted by name and value before encoding, joined by `&`. An empty value keeps
/// its `=`.
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

/// Lower-case names, sorted. White space at the ends of values is removed when they are written.
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

/// The names of the signed headers for the header `Authorization`: lower case, sorted, joined by `;`.
pub fn signed_headers(headers: &[(&str, &str)]) -> String {
    names(&sorted_headers(headers))
}

/// The canonical request. Each of these parts has its own line: method, path, query, headers, their names, and the
/// body's hash.
pub fn canonical_request(request: &SignableRequest<'_>) -> String {
    write(request, &sorted_headers(request.headers)).0
}

/// The same with the date among the headers, and the names of the signed headers.
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
