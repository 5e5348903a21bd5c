//! Compares the signer with the second implementation in `crates/core/tests/support/reference.rs`.
//!
//! The input contains six strings, separated by U+001F: the secret, the method, the path, the pairs of the query, the
//! headers, and the body. Each pair and each header is a line of the form `name=value`.
#![no_main]

#[path = "../../crates/core/tests/support/reference.rs"]
mod reference;

use std::collections::BTreeMap;

use huaweicloud_core::sign::{SignableRequest, Signer, payload_hash};
use libfuzzer_sys::fuzz_target;
use reference::Asked;

const DATE: &str = "20240102T030405Z";

fn pairs(text: &str) -> Vec<(&str, &str)> {
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines
        .map(|line| line.split_once('=').unwrap_or((line, "")))
        .collect()
}

/// Parses the headers. A header is ignored if its name contains characters other than ASCII. If two names are equal or
/// differ only in case, the second header is ignored. The header `x-sdk-date` is also ignored, because the signer adds
/// this header itself.
fn headers(text: &str) -> BTreeMap<String, String> {
    let mut seen = vec!["x-sdk-date".to_owned()];
    let new = |(name, _): &(&str, &str)| {
        let name = name.to_lowercase();
        let new = name.is_ascii() && !seen.contains(&name);
        seen.push(name);
        new
    };
    let pairs = pairs(text).into_iter().filter(new);
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let parts: Vec<&str> = text.split('\u{1f}').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    // A method contains only ASCII characters. For other characters, the signer and the second implementation can give
    // different results.
    if !part(1).is_ascii() {
        return;
    }
    let (secret, query, headers) = (part(0), pairs(part(3)), headers(part(4)));
    let listed: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let request = SignableRequest {
        method: part(1),
        path: part(2),
        query: &query,
        headers: &listed,
        body_hash: &payload_hash(part(5).as_bytes()),
    };
    let signed = Signer::new("AK", secret).sign(&request, DATE);
    let owned = query
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let asked = Asked {
        method: part(1).to_owned(),
        path: part(2).as_bytes().to_vec(),
        query: owned.collect(),
        headers,
        body: part(5).as_bytes().to_vec(),
        unsigned: false,
    };
    assert_eq!(
        signed.authorization,
        reference::authorization("AK", secret, DATE, &asked)
    );
});
