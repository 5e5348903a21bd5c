//! Other clients for these clouds have known defects in signatures, in errors and in decoding. These tests check that
//! this client does not have these defects.

use crate::support;

use huaweicloud_core::{AccessKey, ErrorKind, Request, SigningAlgorithm};
use support::{Device, LIST, SHOW, Scripted, answer, config, device, fail, json};

/// Some other clients report only the status, and lose the message of the service.
#[tokio::test]
async fn the_error_of_a_throttled_call_keeps_the_service_message() {
    let body =
        r#"{"error_code": "APIGW.0308", "error_msg": "slower", "request_id": "in-the-body"}"#;
    let error = fail(json(429, body)).await;
    assert_eq!(
        (
            error.error_code(),
            error.error_msg(),
            error.request_id(),
            error.body_request_id()
        ),
        (
            Some("APIGW.0308"),
            Some("slower"),
            Some("0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
            Some("in-the-body")
        )
    );
    assert!(error.is_throttled() && error.hint().unwrap().is_transient());
    assert_eq!(error.raw_body(), Some(body.as_bytes()));
}

/// In some other clients, a field of the wrong type causes an error. Then the caller gets no part of the answer.
#[tokio::test]
async fn the_answer_is_decoded_despite_a_field_of_the_wrong_type() {
    let server = Scripted::start([json(200, r#"{"id": {}, "name": "pump"}"#)]).await;
    let answer = server
        .session()
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    assert_eq!((answer.id, answer.name.as_deref()), (None, Some("pump")));
    let error = fail(json(200, r#"["pump"]"#)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(200), Some("0a1b2c3d4e5f60718293a4b5c6d7e8f9"))
    );
    assert_eq!(error.raw_body(), Some(&br#"["pump"]"#[..]));
}

/// Some other clients read the request id only from the header.
#[tokio::test]
async fn the_request_id_is_also_read_from_the_body() {
    let headers = [("Content-Type", "application/json")];
    let body = r#"{"error_code": "DCS.4026", "error_msg": "m", "request_id": "0123456789abcdef0123456789abcdef"}"#;
    let error = fail(answer(400, &headers, body)).await;
    assert_eq!(error.request_id(), None);
    assert_eq!(
        error.body_request_id(),
        Some("0123456789abcdef0123456789abcdef")
    );
    assert!(
        error
            .to_string()
            .contains("0123456789abcdef0123456789abcdef"),
        "{error}"
    );
}

/// Some other clients send a path parameter without escaping it. Some clients sign an empty query value with `=`, but
/// send the value without `=`.
#[tokio::test]
async fn path_values_are_escaped_and_empty_query_values_keep_the_equals_sign() {
    let server = Scripted::start([device()]).await;
    let session = server.session_with(config().access_key("AK", "SK"));
    let request = Request::new(&SHOW)
        .path("device_id", "a/b?c d%2F")
        .query("empty", "")
        .query("limit", &1);
    session.send::<Device>(request).await.unwrap();
    let target = &server.seen()[0].target;
    assert_eq!(target, "/v2/p1/devices/a%2Fb%3Fc%20d%252F?empty=&limit=1");
}

/// Some other SDKs sign the request first, and then add the headers with the identity. So the signature does not
/// protect these headers. If a name occurs several times in the query, some SDKs sign only the first value of this
/// name.
#[tokio::test]
async fn every_algorithm_signs_the_host_the_project_and_the_security_token() {
    for algorithm in [
        SigningAlgorithm::SdkHmacSha256,
        SigningAlgorithm::SdkHmacSm3,
        SigningAlgorithm::V11HmacSha256,
        SigningAlgorithm::ScopedSdkHmacSha256,
    ] {
        let server = Scripted::start([device(), device()]).await;
        let key = AccessKey::new("AK", "SK").with_security_token("token-hunter2");
        let config = config().credentials(key).signing_algorithm(algorithm);
        let session = server.session_with(config);
        for name in ["b", "c"] {
            let request = Request::new(&LIST).query("name", &["a", name]);
            session.send::<Device>(request).await.unwrap();
        }
        let seen = server.seen();
        let authorization = seen[0].header("authorization").unwrap();
        assert!(authorization.starts_with(algorithm.name()));
        assert!(authorization.contains("host;x-project-id;x-sdk-date;x-security-token,"));
        // The client sends both values of `name`. With a second implementation, the tests in `sent_is_signed.rs` check
        // that the signature covers each value of a name.
        assert!(
            seen[1].target.ends_with("?name=a&name=c"),
            "{}",
            seen[1].target
        );
    }
}
