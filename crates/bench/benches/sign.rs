//! Signs a request with our signer and with `aws-sigv4`. Each signer gets the method, path, query and headers of a
//! request, and returns the value of `Authorization`. Our signer also gets the hash of the body. `aws-sigv4` gets the
//! body, and computes the hash. Both measured times include this hash. The two signers cache nothing between requests.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use divan::{Bencher, black_box};
use huaweicloud_core::sign;

const ACCESS: &str = "QTWAOYTTINDUT2QVKYUC";
const SECRET: &str = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc";
const PATH: &str = "/v2/77b6a44cba5143ab91d13ab9a8ff44fd/link/instances/8993a690-cf61-46af-880d-587d823d14e5/devices";
const QUERY: [(&str, &str); 3] = [
    ("limit", "100"),
    ("offset", "200"),
    ("device_name", "boiler room"),
];
const QUERY_TEXT: &str = "limit=100&offset=200&device_name=boiler%20room";
const HEADERS: [(&str, &str); 3] = [
    ("content-type", "application/json"),
    ("host", "roma.eu-de.example.com"),
    ("x-project-id", "77b6a44cba5143ab91d13ab9a8ff44fd"),
];
const BODY: &[u8] =
    br#"{"user_name":"F01A8D25FE6E4CF5A286B711B31888AE","password":"Example-New-0002"}"#;

fn main() {
    divan::main();
}

#[divan::bench]
fn ours(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let request = sign::SignableRequest {
            method: "POST",
            path: black_box(PATH),
            query: black_box(&QUERY),
            headers: black_box(&HEADERS),
            body_hash: &sign::payload_hash(black_box(BODY)),
        };
        sign::Signer::new(ACCESS, SECRET).sign(&request, "20191115T033655Z")
    });
}

#[divan::bench]
fn aws_sigv4(bencher: Bencher<'_, '_>) {
    let identity = Credentials::from_keys(ACCESS, SECRET, None).into();
    let address = format!("https://roma.eu-de.example.com{PATH}?{QUERY_TEXT}");
    let time = SystemTime::now();
    bencher.bench(|| {
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("eu-de")
            .name("roma")
            .time(time)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let request = SignableRequest::new(
            "POST",
            black_box(address.as_str()),
            black_box(HEADERS).into_iter(),
            SignableBody::Bytes(black_box(BODY)),
        );
        sign(request.unwrap(), &parameters).unwrap()
    });
}
