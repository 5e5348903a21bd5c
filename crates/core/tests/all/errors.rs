//! Tests which answers are errors, what an error contains, and what an error never shows.

use crate::support;

use huaweicloud_core::{Error, ErrorKind, Request};
use support::{Device, LIST, RESET, Scripted, answer, device, fail, json, shown};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[test]
fn an_error_has_the_size_of_a_pointer() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[tokio::test]
async fn code_and_message_are_found_in_many_forms_of_error_bodies() {
    let cases = [
        (
            r#"{"error_code":"DCS.4201","error_msg":"m"}"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"{"errorCode":"DCS.4201","errorMsg":"m"}"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"{"errorCode":"DCS.4201","error_msg":"m"}"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"{"code":"DCS.4201","message":"m","ext_message":"e"}"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"{"error":{"code":401,"message":"m","title":"Unauthorized"}}"#,
            Some("401"),
            Some("m"),
        ),
        (
            r#"{"error":{"error_code":"DCS.4201","error_msg":"m"}}"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"{"badRequest":{"message":"m","code":400}}"#,
            Some("400"),
            Some("m"),
        ),
        (
            r#"{"errors":[{"error_code":"DCS.4201","error_msg":"m"},{"error_code":"DCS.2","error_msg":"n"}]}"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"[{"code":"DCS.4201","message":"m"}]"#,
            Some("DCS.4201"),
            Some("m"),
        ),
        (
            r#"{"code":"VPC.0105","message":"{\"NeutronError\":{}}"}"#,
            Some("VPC.0105"),
            Some(r#"{"NeutronError":{}}"#),
        ),
        (
            r#"{"message":"outer","error":{"code":1,"message":"m"}}"#,
            Some("1"),
            Some("m"),
        ),
        (r#"{"error_code":"DCS.4201"}"#, Some("DCS.4201"), None),
        (r#"{"error_msg":"m"}"#, None, Some("m")),
        (
            r#"{"error_code":{},"error_msg":null,"x":{"error_code":"DCS.4201"}}"#,
            Some("DCS.4201"),
            None,
        ),
        (r#"{"error_code":"","error_msg":"m"}"#, None, Some("m")),
        ("null", None, None),
        ("", None, None),
        ("\"text\"", None, None),
        ("<html>Bad gateway</html>", None, None),
        ("{\"error_code\":\"DCS", None, None),
    ];
    for (body, code, message) in cases {
        let error = fail(json(409, body)).await;
        assert_eq!(error.kind(), ErrorKind::Service, "{body}");
        assert_eq!(
            (error.error_code(), error.error_msg()),
            (code, message),
            "{body}"
        );
        assert_eq!(error.raw_body(), Some(body.as_bytes()));
    }
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(fail(json(409, &deep)).await.error_code(), None);
}

#[tokio::test]
async fn an_error_contains_at_most_100_details_and_does_not_show_them() {
    type Reasons = &'static [(Option<&'static str>, Option<&'static str>)];
    let cases: [(&str, Reasons); 8] = [
        (
            r#"{"error_code":"DCS.4201","error_msg":"m","details":[{"error_code":"DCS.4202","error_msg":"hunter2"},{"code":7},"hunter2",{},3,""]}"#,
            &[
                (Some("DCS.4202"), Some("hunter2")),
                (Some("7"), None),
                (None, Some("hunter2")),
            ],
        ),
        (
            r#"{"errors":[{"code":"a","message":"hunter2"},{"code":"b","message":"n"}]}"#,
            &[(Some("a"), Some("hunter2")), (Some("b"), Some("n"))],
        ),
        (
            r#"{"error":{"code":400,"error_details":{"message":"hunter2"}}}"#,
            &[(None, Some("hunter2"))],
        ),
        (
            r#"{"error_msg":"m","details":"hunter2"}"#,
            &[(None, Some("hunter2"))],
        ),
        (r#"{"error_msg":"m","details":[]}"#, &[]),
        (r#"{"error_msg":"m","details":null}"#, &[]),
        (r#"[{"details":["hunter2"]}]"#, &[]),
        ("<html>hunter2</html>", &[]),
    ];
    for (body, expected) in cases {
        let error = fail(json(400, body)).await;
        let found: Vec<_> = error.details().iter().collect();
        let parts: Vec<_> = found
            .iter()
            .map(|one| (one.code(), one.message()))
            .collect();
        assert_eq!(parts, expected, "{body}");
        let shown = format!("{} {found:?}", shown(&error));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let many = format!(r#"{{"details":[{}1]}}"#, r#"{"code":"1"},"#.repeat(500));
    assert_eq!(fail(json(400, &many)).await.details().len(), 100);
}

#[tokio::test]
async fn an_error_message_contains_the_facts_and_advice() {
    let body = r#"{"error_code":"DCS.4201","error_msg":"hunter2 is weak","request_id":"3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f-1-x"}"#;
    let error = fail(json(404, body)).await;
    assert_eq!(error.operation(), Some("list_devices"));
    assert_eq!(
        (error.status(), error.error_code(), error.error_msg()),
        (Some(404), Some("DCS.4201"), Some("hunter2 is weak"))
    );
    assert_eq!(error.request_id(), Some("0a1b2c3d4e5f60718293a4b5c6d7e8f9"));
    assert_eq!(
        error.body_request_id(),
        Some("3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f-1-x")
    );
    assert!(
        error.is_not_found() && !error.is_auth() && !error.is_throttled() && !error.is_connect()
    );
    assert_eq!(
        error.to_string(),
        "list_devices (dcs): the service refused (HTTP 404, code DCS.4201, request id 0a1b2c3d4e5f60718293a4b5c6d7e8f9, request id in the body \
         3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f-1-x); check the ids, the project and the region"
    );
    assert!(!shown(&error).contains("hunter2"));
}

#[tokio::test]
async fn the_kind_of_a_failure_depends_on_the_status_and_the_error_code() {
    assert!(
        fail(json(
            500,
            r#"{"error_code":"ROMA.00110002","error_msg":"instance does not exist"}"#
        ))
        .await
        .is_not_found()
    );
    assert!(
        !fail(json(
            500,
            r#"{"error_code":"ROMA.00110003","error_msg":""}"#
        ))
        .await
        .is_not_found()
    );
    assert!(fail(json(403, "{}")).await.is_auth());
    assert!(
        fail(json(400, r#"{"error_code":"APIGW.0301"}"#))
            .await
            .is_auth()
    );
    assert!(
        fail(json(403, r#"{"error_code":"APIG.0308"}"#))
            .await
            .is_throttled()
    );
}

#[tokio::test]
async fn unknown_strings_in_an_error_body_are_never_shown() {
    let bodies = [
        r#"{"error_code":"hunter2","error_msg":"hunter2","request_id":"hunter2"}"#,
        r#"{"error_code":"DCS.hunter2 ","error_msg":"hunter2","hunter2":{"hunter2":"hunter2"}}"#,
        r#"{"error_code":"DCS.4201\nhunter2","request_id":"0123456789abcdef0123456789abcdef\nhunter2"}"#,
    ];
    for body in bodies {
        for status in [400, 401, 404, 429, 500] {
            let error = fail(answer(
                status,
                &[
                    ("Content-Type", "application/json; x=hunter2"),
                    ("X-Other", "hunter2"),
                ],
                body,
            ))
            .await;
            assert!(!shown(&error).contains("hunter2"), "{}", shown(&error));
        }
    }
    let long = "x".repeat(300);
    let error = fail(answer(400, &[("X-Request-Id", long.as_str())], "")).await;
    assert_eq!(error.request_id(), None);
}

#[tokio::test]
async fn errors_of_operations_with_secrets_have_no_raw_body() {
    let script = [
        json(400, r#"{"error_code":"DCS.4201","error_msg":"m"}"#),
        json(200, r#"{"id": ["hunter2"]}"#),
    ];
    let server = Scripted::start(script).await;
    for _ in 0..2 {
        let error = server
            .session()
            .send::<Device>(Request::new(&RESET))
            .await
            .unwrap_err();
        assert_eq!(error.raw_body(), None);
        assert!(!shown(&error).contains("hunter2"), "{}", shown(&error));
    }
}

#[tokio::test]
async fn a_server_without_tls_causes_a_tls_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                .await;
            let _ = stream.read(&mut [0; 4096]).await;
        }
    });
    let session = Scripted::start([])
        .await
        .session()
        .with_endpoint(&format!("https://{address}"))
        .unwrap();
    let error = session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Tls, 1),
        "{error:?}"
    );
    assert!(
        error.is_connect() && error.to_string().contains("CA certificates"),
        "{error}"
    );
}

#[tokio::test]
async fn the_error_reports_an_unknown_host_name() {
    let server = Scripted::start([]).await;
    let session = server
        .session()
        .with_endpoint("http://no-such-host.invalid")
        .unwrap();
    let error = session
        .send::<Device>(Request::new(&LIST).query("name", "hunter2"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(
        error.to_string().contains("host's name cannot be resolved"),
        "{error} {error:?}"
    );
    assert!(
        !shown(&error).contains("hunter2") && !shown(&error).contains("/p1"),
        "{}",
        shown(&error)
    );
}

#[tokio::test]
async fn the_error_of_a_failed_outcome_contains_the_status_and_the_help() {
    let server = Scripted::start([device()]).await;
    let response = server
        .session()
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    let error = Error::outcome(&RESET, "passwordFailed", "hunter2 is wrong")
        .with_response(&response)
        .with_help("check the old password");
    assert_eq!(
        (error.kind(), error.status(), error.error_code()),
        (ErrorKind::Operation, Some(200), Some("passwordFailed"))
    );
    assert_eq!(
        error.to_string(),
        "reset_password (dcs): the answer does not report success (HTTP 200, request id 0a1b2c3d4e5f60718293a4b5c6d7e8f9); check the old password"
    );
    assert!(!shown(&error).contains("hunter2"));
}

/// Every field of an answer is optional. Without a check, the client would decode these bodies as answers without any
/// field.
#[tokio::test]
async fn null_an_empty_object_and_an_error_body_are_errors_despite_status_200() {
    for body in ["null", "{}", " {}\n"] {
        let error = fail(json(200, body)).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{body}");
    }
    let refused = r#"{"error_code":"APIGW.0301","error_msg":"refused","request_id":"1"}"#;
    let error = fail(json(200, refused)).await;
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(
        (error.status(), error.error_code(), error.error_msg()),
        (Some(200), Some("APIGW.0301"), Some("refused"))
    );
    assert_eq!(error.attempts(), 1);
    // If a documented field, such as `id`, has a value, an object with an error code is a valid answer.
    let record = r#"{"id": 7, "error_code": "DCS.4201"}"#;
    let server = Scripted::start([json(200, record)]).await;
    let answer = server.session().send::<Device>(Request::new(&LIST)).await;
    assert!(answer.is_ok(), "{answer:?}");
}
