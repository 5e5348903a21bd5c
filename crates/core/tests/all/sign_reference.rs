//! Compares the signer of this crate with a second implementation. Most inputs are random.

use crate::reference;

use huaweicloud_core::sign::{
    SignableRequest, Signer, canonical_query, canonical_uri, encode_segment, payload_hash,
};
use proptest::prelude::*;
use reference::Asked;
use std::collections::BTreeMap;

/// Generates random strings. Characters with a special meaning are frequent in these strings.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => any::<char>(),
        1 => prop::sample::select(" %/+~&=?#;:'\"<>\\\u{0}\n\u{7f}\u{a0}éß\u{feff}名\u{10ffff}2fF".chars().collect::<Vec<_>>()),
    ];
    prop::collection::vec(character, 0..16).prop_map(|characters| characters.into_iter().collect())
}

/// Generates a path that a caller could send: encoded, partly encoded, wrongly encoded, or not encoded.
fn path() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        text(),
        text().prop_map(|text| reference::quote(text.as_bytes())),
        "(%[0-9a-fA-F]{2}){1,5}",
        "%[0-9a-gA-G%]?",
        Just("..".to_owned()),
        Just(String::new()),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join("/"))
}

/// Generates a header value with valid characters: no control characters except the tab.
fn header_value() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        let allowed = |c: &char| !c.is_control() || *c == '\t';
        text.chars().filter(allowed).collect()
    })
}

fn headers() -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = prop_oneof![
        "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}",
        Just("Host".to_owned()),
        Just("Content-Type".to_owned()),
        Just("X-Sdk-Datf".to_owned()),
        Just("x-sdk-datd".to_owned()),
    ];
    // HTTP ignores the case of header names. If several names differ only in case, the filter keeps only the first
    // header. The filter also removes `x-sdk-date`, because the signers get the date as a separate argument.
    let pairs = prop::collection::vec((name, header_value()), 0..6);
    pairs.prop_map(|pairs| {
        let mut seen = std::collections::BTreeSet::new();
        let new = |(name, _): &(String, String)| {
            let name = name.to_lowercase();
            name != "x-sdk-date" && seen.insert(name)
        };
        pairs.into_iter().filter(new).collect()
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let query = prop::collection::vec((text(), text()), 0..6);
    (
        prop::sample::select(vec!["GET", "post", "Put", "DELETE"]),
        path(),
        query,
        headers(),
        any::<Vec<u8>>(),
    )
        .prop_map(|(method, path, query, headers, body)| Asked {
            method: method.to_owned(),
            path: path.into_bytes(),
            query,
            headers,
            body,
            unsigned: false,
        })
}

fn pairs(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let borrowed = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    borrowed.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn both_implementations_make_equal_signatures(asked in asked(), access in "[A-Z0-9]{1,20}", secret in text(), long in any::<bool>(), date in "[0-9]{8}T[0-9]{6}Z") {
        let secret = if long { secret.repeat(9) } else { secret };
        let headers: Vec<(&str, &str)> = asked.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = SignableRequest {
            method: &asked.method,
            path: str::from_utf8(&asked.path).unwrap(),
            query: &pairs(&asked.query),
            headers: &headers,
            body_hash: &payload_hash(&asked.body),
        };
        let signed = Signer::new(&access, &secret).sign(&request, &date);
        prop_assert_eq!(signed.authorization, reference::authorization(&access, &secret, &date, &asked));
    }

    #[test]
    fn both_implementations_encode_paths_equally(path in path()) {
        prop_assert_eq!(canonical_uri(&path), reference::uri(path.as_bytes()));
    }

    #[test]
    fn both_implementations_encode_queries_equally(query in prop::collection::vec((text(), text()), 0..8)) {
        prop_assert_eq!(canonical_query(&pairs(&query)), reference::query(&query));
    }

    /// Decoding an encoded segment gives the original string. If the segment contains no slash, the signed form is
    /// equal to the sent form.
    #[test]
    fn a_segment_is_signed_as_it_is_sent(segment in text()) {
        let sent = encode_segment(&segment);
        prop_assert_eq!(&*sent, reference::quote(segment.as_bytes()));
        prop_assert_eq!(reference::unquote(sent.as_bytes()), segment.as_bytes());
        if !segment.contains('/') {
            prop_assert_eq!(canonical_uri(&format!("/a/{sent}")), format!("/a/{sent}/").replacen("a//", "a/", 1));
        }
    }
}

/// Checks the second implementation with the example that the vendor published.
#[test]
fn the_second_implementation_signs_the_published_example() {
    let asked = Asked {
        method: "GET".to_owned(),
        path: b"/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs".to_vec(),
        query: [
            ("limit", "2"),
            ("marker", "13551d6b-755d-4757-b956-536f674975c0"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        headers: [
            ("Content-Type", "application/json"),
            ("Host", "service.region.example.com"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        body: Vec::new(),
        unsigned: false,
    };
    let authorization = reference::authorization(
        "QTWAOYTTINDUT2QVKYUC",
        "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc",
        "20191115T033655Z",
        &asked,
    );
    assert!(
        authorization.ends_with(
            "Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
        )
    );
}
