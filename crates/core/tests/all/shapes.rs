//! Tests many forms of error bodies, with several statuses and encodings. Also tests that errors do not show the values
//! of a call.

use crate::support;

use huaweicloud_core::{ErrorKind, Request, Secret};
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use support::{DELETE, Device, LIST, RESET, Scripted, answer, config, json, shown};

/// Error bodies, each with its expected error code and message. If the code is `None`, the test does not check the
/// code. If the message is `None`, the error must contain a message, but the test does not check its words.
const SHAPES: [(&str, Option<&str>, Option<&str>); 31] = [
    (
        r#"{"error_code":"X.01","error_msg":"m","request_id":"r"}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"errorCode":"X.01","errorMsg":"m","more":1}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"ErrorCode":"X.01","ErrorMessage":"m"}"#,
        Some("X.01"),
        Some("m"),
    ),
    (r#"{"code":"X.1","message":"m"}"#, Some("X.1"), Some("m")),
    (r#"{"Code":"X.01","Message":"m"}"#, Some("X.01"), Some("m")),
    (
        r#"{"Error":{"Code":"X.01","Message":"m"}}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"error":{"code":401,"message":"m","title":"Unauthorized"}}"#,
        Some("401"),
        Some("m"),
    ),
    (
        r#"{"errors":[{"error_code":"X.01","error_msg":"m"}]}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"badRequest":{"code":400,"message":"m"}}"#,
        Some("400"),
        Some("m"),
    ),
    (
        r#"{"NeutronError":{"type":"InUse","message":"m","detail":""}}"#,
        Some("InUse"),
        Some("m"),
    ),
    (r#"{"title":"t","detail":"m"}"#, None, Some("m")),
    (
        r#"{"type":"about:blank","title":"t","status":400,"detail":"m"}"#,
        None,
        Some("m"),
    ),
    (r#"{"title":"t","description":"m"}"#, None, Some("m")),
    (
        r#"{"faultcode":"Client","faultstring":"m","debuginfo":null}"#,
        Some("Client"),
        Some("m"),
    ),
    (
        r#"{"fault":{"faultstring":"m","detail":{"errorcode":"X.01"}}}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"error_message":"{\"faultcode\":\"Client\",\"faultstring\":\"m\"}"}"#,
        Some("Client"),
        Some("m"),
    ),
    (
        r#"{"error":"invalid_grant","error_description":"m"}"#,
        Some("invalid_grant"),
        Some("m"),
    ),
    (r#"{"error":"m m"}"#, None, Some("m m")),
    (
        r#"{"status":404,"error":"Not Found","message":"m","path":"/"}"#,
        None,
        Some("m"),
    ),
    (r#"{"errors":{"password":["m","n"]}}"#, None, None),
    (r#"{"error_msg":{"password":["m"]}}"#, None, Some("m")),
    (
        r#"{"message":["m","n"],"statusCode":400,"error":"Bad Request"}"#,
        None,
        None,
    ),
    (r#"{"errcode":7,"errmsg":"m"}"#, Some("7"), Some("m")),
    (
        r#"{"error_code":"X.01","error_msg":"m","id":null,"name":{}}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"code":"X.01","message":"m","id":{}}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"[{"code":"X.01","message":"m"}]"#,
        Some("X.01"),
        Some("m"),
    ),
    (r#"{"success":false,"msg":"m"}"#, None, Some("m")),
    (r#"{"success":false,"msg":"m","id":null}"#, None, Some("m")),
    (
        r#"{"Fault":{"Code":"X.01","Message":"m"},"id":{ }}"#,
        Some("X.01"),
        Some("m"),
    ),
    (
        r#"{"id":null,"title":"m","detail":"d","status":403}"#,
        None,
        None,
    ),
    (r#"{"ok":false,"id":null,"reason":"m"}"#, None, Some("m")),
];

fn gzip(body: &[u8]) -> Vec<u8> {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    [&head[..], &compress_to_vec(body, 6), &[0; 8]].concat()
}

/// Returns several variants of the body, each with its name: encodings, compressions, and additional bytes.
fn encodings(body: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = body.as_bytes();
    let behind = |more: &[u8]| [bytes, more].concat();
    let wide =
        |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { body.encode_utf16().flat_map(unit).collect() };
    // Adds a field with the value `text` to a JSON object. Does not change a JSON array.
    let with = |text: &[u8]| match body.strip_suffix('}') {
        Some(start) => [start.as_bytes(), b",\"zz\":\"", text, b"\"}"].concat(),
        None => bytes.to_vec(),
    };
    vec![
        ("plain", bytes.to_vec()),
        ("BOM", [b"\xef\xbb\xbf", bytes].concat()),
        ("UTF-16", wide(u16::to_le_bytes)),
        ("UTF-16BE", wide(u16::to_be_bytes)),
        (
            "UTF-16 BOM",
            [b"\xff\xfe", &wide(u16::to_le_bytes)[..]].concat(),
        ),
        (
            "UTF-16BE BOM",
            [b"\xfe\xff", &wide(u16::to_be_bytes)[..]].concat(),
        ),
        ("JSON Lines", behind(b"\n{\"zz\":1}\n")),
        ("gzip twice", gzip(&gzip(bytes))),
        ("raw deflate", compress_to_vec(bytes, 6)),
        ("NULs", behind(b"\0\0\0")),
        ("trailing bytes", behind(b"\r\n\x1aEND")),
        // In GBK, the last byte of a character can be the byte of a backslash.
        ("GBK", with(b"\xc3\xdc\x81\x5c")),
        ("Latin-1", with(b"caf\xe9")),
        ("line breaks", with(b"a\nb\tc")),
        ("number", with(b"1\",\"zy\":1e400,\"zx\":\"")),
        ("gzip", gzip(bytes)),
        ("deflate", compress_to_vec_zlib(bytes, 6)),
    ]
}

#[tokio::test]
async fn code_and_message_are_found_in_bodies_of_many_forms_and_encodings() {
    let mut script = Vec::new();
    let mut expected = Vec::new();
    for (body, code, message) in SHAPES {
        for status in [200, 202, 400, 404, 409, 500] {
            for (encoding, bytes) in encodings(body) {
                let mut headers = vec![("Content-Type", "text/plain;charset=GBK")];
                // The bytes of raw deflate do not show that the body is compressed. So a header names the compression.
                headers
                    .extend((encoding == "raw deflate").then_some(("Content-Encoding", "deflate")));
                script.push(answer(status, &headers, bytes));
                expected.push((format!("{status} {encoding} {body}"), code, message));
            }
        }
    }
    let server = Scripted::start(script).await;
    let session = server.session();
    for (case, code, message) in expected {
        let error = session
            .send::<Device>(Request::new(&LIST))
            .await
            .expect_err(&case);
        assert_eq!(error.kind(), ErrorKind::Service, "{case}: {error}");
        assert!(
            code.is_none() || error.error_code() == code,
            "{case}: {:?}",
            error.error_code()
        );
        match message {
            Some(_) => assert_eq!(error.error_msg(), message, "{case}"),
            None => assert!(error.error_msg().is_some(), "{case}"),
        }
    }
}

#[tokio::test]
async fn an_error_body_with_status_200_is_an_error_unless_a_documented_field_has_a_value() {
    let delete = || Request::new(&DELETE).path("device_id", 1);
    for (body, ..) in SHAPES {
        let server = Scripted::start([json(200, body)]).await;
        let error = server.session().send_empty(delete()).await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Service, "{body}");
        // If a documented field has a value, the body is the documented answer and not an error.
        if body.starts_with('{') {
            let documented = body
                .replacen('{', "{\"name\":\"pump\",", 1)
                .replace(",\"name\":{}", "");
            let server = Scripted::start([json(200, &documented)]).await;
            let device = server.session().send::<Device>(Request::new(&LIST)).await;
            assert_eq!(device.expect(&documented).name.as_deref(), Some("pump"));
        }
    }
}

#[tokio::test]
async fn the_error_names_an_unsupported_compression() {
    let zstd = answer(
        200,
        &[("Content-Encoding", "zstd")],
        b"\x28\xb5\x2f\xfdxxxx",
    );
    let server = Scripted::start([zstd]).await;
    let call = server.session().send::<Device>(Request::new(&LIST));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("compressed by zstd"), "{error}");
}

/// The error contains the status that the service sent, even if the client cannot read the body.
#[tokio::test]
async fn an_error_keeps_its_status_if_the_body_is_broken_or_compressed() {
    let reason = r#"{"error_code":"X.01","error_msg":"m"}"#;
    let long = format!("{reason}{}", " ".repeat(3 * 1024 * 1024));
    let cut = |body: Vec<u8>, behind: usize| body[..body.len() - behind].to_vec();
    let noise = |n: u32| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 24) as u8 % 26);
    let noise: String = (0..4000).map(noise).collect();
    let noisy = gzip(format!("{reason}{noise}").as_bytes());
    let half = noisy.len() / 2;
    for (name, encoding, body, code) in [
        (
            "a long body",
            "identity",
            long.clone().into_bytes(),
            Some("X.01"),
        ),
        ("a gzip bomb", "gzip", gzip(long.as_bytes()), Some("X.01")),
        (
            "gzip without its end",
            "gzip",
            cut(gzip(reason.as_bytes()), 8),
            Some("X.01"),
        ),
        ("half of gzip", "gzip", cut(noisy, half), Some("X.01")),
        ("no gzip at all", "gzip", reason.into(), Some("X.01")),
        ("brotli", "br", b"\x0b\x02\x80xx\x03".to_vec(), None),
        ("zstd", "zstd", b"\x28\xb5\x2f\xfdxx".to_vec(), None),
        ("broken gzip", "gzip", b"\x1f\x8b\x08\x00xx".to_vec(), None),
    ] {
        for status in [400, 404, 500] {
            let reply = answer(status, &[("Content-Encoding", encoding)], &body);
            let error = support::fail(reply).await;
            assert_eq!(error.kind(), ErrorKind::Service, "{name}: {error}");
            assert_eq!(
                (error.status(), error.error_code()),
                (Some(status), code),
                "{name}"
            );
            if code.is_none() {
                let kind = format!(
                    "compressed by {}",
                    if name == "broken gzip" {
                        "gzip"
                    } else {
                        encoding
                    }
                );
                assert!(error.to_string().contains(&kind), "{name}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_field_is_listed_and_the_body_can_be_taken_once() {
    let body = r#"{"id": 0.5, "name": "pump"}"#;
    let server = Scripted::start([json(200, body), json(200, r#"{"id": 1.0}"#)]).await;
    let session = server.session();
    let mut device = session.send::<Device>(Request::new(&RESET)).await.unwrap();
    assert_eq!((device.id, device.name.as_deref()), (None, Some("pump")));
    let lost: Vec<String> = device.lost().iter().map(ToString::to_string).collect();
    assert_eq!(lost, ["id: expected integer, found number"]);
    assert_eq!(device.take_body_with_lost(), Some(Secret::new(body)));
    assert_eq!(device.take_body_with_lost(), None);
    let whole = session.send::<Device>(Request::new(&RESET)).await.unwrap();
    assert!(whole.lost().is_empty() && whole.id == Some(1));
}

#[tokio::test]
async fn a_withheld_body_can_be_taken_once() {
    let body = r#"{"id": ["Planted-new-password"]}"#;
    let server = Scripted::start([json(200, body)]).await;
    let call = server.session().send::<Device>(Request::new(&RESET));
    let mut error = call.await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Decode, None));
    assert!(
        error.to_string().contains("take_withheld_body()"),
        "{error}"
    );
    assert!(!shown(&error).contains("Planted"), "{}", shown(&error));
    assert_eq!(error.take_withheld_body(), Some(Secret::new(body)));
    assert_eq!(error.take_withheld_body(), None);
    let server = Scripted::start([json(400, "{}")]).await;
    let call = server.session().send::<Device>(Request::new(&LIST));
    assert_eq!(call.await.unwrap_err().take_withheld_body(), None);
}

/// In this test, the values of the call have the form of an error code or of an id. Usually, errors show such codes and
/// ids.
#[tokio::test]
async fn errors_and_responses_do_not_show_values_of_the_call() {
    let id = "3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f";
    let token = format!("{id}-Planted-token");
    let body = serde_json::json!({"password": "Planted.1234", "pin": "123456", "id": id});
    for code in ["Planted.1234", "123456"] {
        for status in [200, 400, 401, 404, 500] {
            let echo = format!(
                r#"{{"error_code":"{code}","error_msg":"Planted.1234","request_id":"{token}","details":[{{"code":"{code}"}}]}}"#
            );
            let headers = [
                ("X-Request-Id", token.as_str()),
                ("X-IAM-Trace-Id", id),
                ("X-Other", "Planted.1234"),
            ];
            let server = Scripted::start([answer(status, &headers, echo)]).await;
            let session = server.session_with(config().token(token.as_str()));
            let request = Request::new(&RESET).json(&body);
            let error = session.send::<Device>(request).await.unwrap_err();
            let text = format!("{} {:?}", shown(&error), error.details());
            for carried in ["Planted", "123456", id] {
                assert!(!text.contains(carried), "{status}: {text}");
            }
            assert_eq!(error.error_code(), Some(code));
        }
    }
    let headers = [
        ("X-Request-Id", token.as_str()),
        ("X-Other", token.as_str()),
    ];
    let good = format!(r#"{{"id": 1, "name": "{token}"}}"#);
    let server = Scripted::start([answer(200, &headers, good)]).await;
    let session = server.session_with(config().token(token.as_str()));
    let device = session.send::<Device>(Request::new(&LIST)).await.unwrap();
    let text = format!("{device:?} {:?}", device.headers());
    assert!(!text.contains("Planted"), "{text}");
}
