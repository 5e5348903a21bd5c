//! Compares the signature of the official Python SDK with our signature, for one request.

use huaweicloud_core::sign::{SignableRequest, Signer, SigningAlgorithm};
use serde_json::Value;

pub const ALGORITHMS: [SigningAlgorithm; 3] = [
    SigningAlgorithm::SdkHmacSha256,
    SigningAlgorithm::SdkHmacSm3,
    SigningAlgorithm::V11HmacSha256,
];

/// Panics if the two signatures differ. The message shows the whole request.
pub fn compare(algorithm: SigningAlgorithm, request: &Value) {
    let text = |name: &str| request[name].as_str().unwrap();
    let query: Vec<(&str, &str)> = request["query"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect();
    let headers: Vec<(&str, &str)> = request["headers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let body = bytes(text("body"));
    let said = header(&headers, algorithm.content_header()).filter(|_| !body.is_empty());
    let hash = said.map_or_else(|| algorithm.payload_hash(&body), str::to_owned);
    let signable = SignableRequest {
        method: text("method"),
        path: text("path"),
        query: &query,
        headers: &headers,
        body_hash: &hash,
    };
    let date = header(&headers, "X-Sdk-Date").unwrap();
    let ours = Signer::new(text("access"), text("secret"))
        .with_algorithm(algorithm)
        .with_scope(text("region"), text("service"))
        .sign(&signable, date);
    assert_eq!(
        ours.authorization,
        text("authorization"),
        "{algorithm:?}: {request:#}"
    );
}

fn header<'a>(headers: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| *value)
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}
