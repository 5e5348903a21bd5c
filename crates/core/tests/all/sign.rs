//! Tests signing. Most of the test vectors come from other implementations.

use huaweicloud_core::sign::{
    SignableRequest, Signer, SigningAlgorithm, canonical_query, canonical_request, encode_segment,
    payload_hash,
};
use serde_json::Value;

fn vectors() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../data/sign_vectors.json")).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn query(vector: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for pair in vector["query"].as_array().unwrap() {
        let name = text(&pair[0]);
        match &pair[1] {
            Value::Null => {}
            Value::Array(list) => {
                pairs.extend(list.iter().map(|value| (name.clone(), text(value))));
            }
            value => pairs.push((name, text(value))),
        }
    }
    pairs
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn algorithm(vector: &Value) -> SigningAlgorithm {
    match vector["algorithm"].as_str().unwrap() {
        "SDK-HMAC-SHA256" => SigningAlgorithm::SdkHmacSha256,
        "SDK-HMAC-SM3" => SigningAlgorithm::SdkHmacSm3,
        "V11-HMAC-SHA256" => SigningAlgorithm::V11HmacSha256,
        "SDK-HMAC-SHA256 (scoped)" => SigningAlgorithm::ScopedSdkHmacSha256,
        other => panic!("{other}"),
    }
}

#[test]
fn the_signer_reproduces_the_test_vectors() {
    let vectors = vectors();
    let of = |name: &str| {
        vectors
            .iter()
            .filter(|vector| vector["algorithm"] == name)
            .count()
    };
    let counts = [
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SM3",
        "V11-HMAC-SHA256",
        "SDK-HMAC-SHA256 (scoped)",
    ]
    .map(of);
    assert_eq!((counts, vectors.len()), ([34, 4, 5, 2], 45));
    for vector in &vectors {
        let name = text(&vector["name"]);
        let query = query(vector);
        let query: Vec<(&str, &str)> = query
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let headers = vector["headers"].as_object().unwrap();
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str().unwrap()))
            .collect();
        let body = bytes(vector["body_hex"].as_str().unwrap());
        let algorithm = algorithm(vector);
        let given = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(algorithm.content_header()));
        let hash = match given {
            Some((_, hash)) if !body.is_empty() => (*hash).to_owned(),
            _ => algorithm.payload_hash(&body),
        };
        let path = vector["path"].as_str().unwrap();
        let request = SignableRequest {
            method: vector["method"].as_str().unwrap(),
            path,
            query: &query,
            headers: &headers,
            body_hash: &hash,
        };
        let date = vector["date"].as_str().unwrap();
        let canonical = canonical_request(&request);
        assert_eq!(
            canonical,
            vector["canonical_request"].as_str().unwrap(),
            "{name}"
        );
        let (access, secret) = (text(&vector["ak"]), text(&vector["sk"]));
        let (region, service) = (&vector["region"], &vector["service"]);
        let signer = Signer::new(&access, &secret)
            .with_algorithm(algorithm)
            .with_scope(
                region.as_str().unwrap_or_default(),
                service.as_str().unwrap_or_default(),
            );
        assert_eq!(
            signer.string_to_sign(date, &canonical),
            vector["string_to_sign"].as_str().unwrap(),
            "{name}"
        );
        let signed = signer.sign(&request, date);
        assert_eq!(
            signed.authorization,
            vector["authorization"].as_str().unwrap(),
            "{name}"
        );
        assert!(signed.authorization.contains(&format!(
            "SignedHeaders={}, Signature={}",
            signed.signed_headers, signed.signature
        )));
        if let Some((_, sent)) = vector["url"].as_str().unwrap().split_once('?') {
            assert_eq!(canonical_query(&query), sent, "{name}");
        }
    }
}

#[test]
fn the_date_is_signed_even_if_no_header_contains_a_date() {
    let with = [
        ("host", "a"),
        ("X-Sdk-Date", "20240102T030405Z"),
        ("x-z", "1"),
    ];
    let without = [("x-z", "1"), ("host", "a")];
    let sign = |headers: &[(&str, &str)]| {
        let request = SignableRequest {
            method: "get",
            path: "/",
            query: &[],
            headers,
            body_hash: &payload_hash(b""),
        };
        Signer::new("ak", "sk").sign(&request, "20240102T030405Z")
    };
    assert_eq!(sign(&with), sign(&without));
    assert_eq!(sign(&with).signed_headers, "host;x-sdk-date;x-z");
}

/// The expected values were computed with the module `hmac` of Python.
#[test]
fn a_key_longer_than_a_hash_block_is_hashed_first() {
    let signature = |key: &str, text| Signer::new("AK", key).signature("20240102T030405Z", text);
    let key = "k".repeat(131);
    assert_eq!(
        signature(&key, "text"),
        "1fe346bf7485c31a64ca3deb326f2a4dd624e4a10b7cbde1e44cd6dcf1065a15"
    );
    assert_eq!(
        signature("", ""),
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    );
}

#[test]
fn encoding_changes_all_characters_except_unreserved_ones() {
    assert_eq!(encode_segment("AZaz09-_.~"), "AZaz09-_.~");
    assert_eq!(encode_segment("a/b c%2Fü+*"), "a%2Fb%20c%252F%C3%BC%2B%2A");
}

/// An invalid date gives an invalid signature, but causes no panic.
#[test]
fn a_date_of_any_form_is_signed_without_a_panic() {
    let request = SignableRequest {
        method: "GET",
        path: "/",
        query: &[],
        headers: &[("host", "a")],
        body_hash: &payload_hash(b""),
    };
    for algorithm in [
        SigningAlgorithm::SdkHmacSha256,
        SigningAlgorithm::SdkHmacSm3,
        SigningAlgorithm::V11HmacSha256,
        SigningAlgorithm::ScopedSdkHmacSha256,
    ] {
        for date in ["", "2024", "2024010é", "20240102T030405Z"] {
            let signer = Signer::new("ak", "sk").with_algorithm(algorithm);
            let signed = signer.sign(&request, date);
            assert_eq!(signed.signature.len(), 64, "{algorithm} {date}");
            assert!(signed.authorization.starts_with(algorithm.name()));
        }
    }
}

#[test]
fn a_signer_does_not_show_its_secret() {
    assert!(!format!("{:?}", Signer::new("ak", "hunter2")).contains("hunter2"));
}
