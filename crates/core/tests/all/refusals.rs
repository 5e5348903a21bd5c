//! Tests the error of a refused request. A canonical request is a string with the signed parts of a request. If a
//! gateway refuses a signature, the answer can contain the canonical request that the gateway computed. Then the error
//! names the lines that differ from the canonical request of the client. The error shows no secret.

use crate::support;

use huaweicloud_core::{AccessKey, CanonicalLine, Error, Request, RetryPolicy};
use support::{Device, LIST, Scripted, answer, config, fail, json, shown};

const QUERY: &str = "query-hunter2";
const TOKEN: &str = "token-hunter2";

/// Returns the canonical request that a gateway reports for the request of [`refused`]. The date is a placeholder.
fn echo(host: &str, query: &str) -> String {
    [
        "GET",
        "/v2/p1/devices/",
        query,
        &format!("host:{host}"),
        "x-project-id:p1",
        "x-sdk-date:DATE",
        &format!("x-security-token:{TOKEN}"),
        "",
        "host;x-project-id;x-sdk-date;x-security-token",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ]
    .join("|")
}

/// Makes a call with a signature that the gateway refuses. Returns the error of the call. The gateway reports the
/// canonical request that `change` returns.
async fn refused(change: impl Fn(String) -> String) -> Error {
    let server = Scripted::start([]).await;
    let host = server.url.strip_prefix("http://").unwrap().to_owned();
    let told = change(echo(&host, &format!("name={QUERY}")));
    let body = format!(
        r#"{{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:{told}"}}"#
    );
    server.push(json(401, &body));
    let key = AccessKey::new("AK", "SK").with_security_token(TOKEN);
    let session = server.session_with(config().credentials(key).retry(RetryPolicy::none()));
    let request = Request::new(&LIST).query("name", QUERY);
    session.send::<Device>(request).await.unwrap_err()
}

/// Returns the names of the lines that differ, without the line of the date, which always differs.
fn lines(error: &Error) -> Vec<String> {
    let lines = error.signature_difference().unwrap().iter();
    let lines = lines.filter(|line| *line.line() != CanonicalLine::Header("x-sdk-date".to_owned()));
    lines.map(ToString::to_string).collect()
}

#[tokio::test]
async fn the_error_names_the_lines_of_the_canonical_request_that_differ() {
    let error = refused(|echo| echo.replace("GET", "POST").replace("name=", "nome=")).await;
    assert_eq!(lines(&error), ["method", "query"]);
    let text = error.to_string();
    assert!(
        text.contains("the gateway read another method and another query"),
        "{text}"
    );
    assert!(text.contains("signature_difference()"), "{text}");
    let query = error.signature_difference().unwrap().iter();
    let query = query
        .clone()
        .find(|line| *line.line() == CanonicalLine::Query)
        .unwrap();
    assert_eq!(
        (query.ours(), query.theirs()),
        (Some("name=query-hunter2"), Some("nome=query-hunter2"))
    );
}

#[tokio::test]
async fn the_difference_shows_no_values_and_no_unknown_names() {
    let changes: [fn(String) -> String; 4] = [
        |echo| echo.replace("token-hunter2", "token-hunter3"),
        |echo| echo.replace("query-hunter2", "query-hunter3"),
        |echo| echo.replace("|host", "|hunter4:hunter5|host"),
        |echo| echo.replace("||host;", "||hunter6;"),
    ];
    for change in changes {
        let error = refused(change).await;
        assert!(!lines(&error).is_empty());
        assert!(!shown(&error).contains("hunter"), "{}", shown(&error));
        let kept = format!("{:?}", error.signature_difference());
        assert!(!kept.contains("hunter"), "{kept}");
    }
    let error = refused(|echo| echo.replace("token-hunter2", "token-hunter3")).await;
    let token = error.signature_difference().unwrap().last().unwrap();
    assert_eq!((token.ours(), token.theirs()), (None, None));
}

#[tokio::test]
async fn without_a_canonical_request_the_error_has_no_difference() {
    let body = r#"{"error_code": "APIGW.0301", "error_msg": "verify aksk signature fail"}"#;
    let error = fail(json(401, body)).await;
    assert!(error.signature_difference().is_none());
    assert!(
        error.to_string().ends_with(error.hint().unwrap().advice()),
        "{error}"
    );
}

#[tokio::test]
async fn an_error_contains_the_iam_trace_id_and_the_encoded_message() {
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Request-Id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        ("X-IAM-Trace-Id", "token_eu-de_null_0123"),
    ];
    let bodies = [
        r#"{"error_code": "PAP5.0012", "error_msg": "denied", "encoded_authorization_message": "hunter2"}"#,
        r#"{"error": {"code": 403, "message": "denied"}, "details": [{"encoded_authorization_message": "hunter2"}]}"#,
    ];
    for body in bodies {
        let error = fail(answer(403, &headers, body)).await;
        assert_eq!(error.iam_trace_id(), Some("token_eu-de_null_0123"));
        assert_eq!(error.encoded_authorization_message(), Some("hunter2"));
        assert_eq!(error.error_msg(), Some("denied"));
        assert!(
            error
                .to_string()
                .contains("IAM trace token_eu-de_null_0123"),
            "{error}"
        );
        assert!(!shown(&error).contains("hunter"), "{error}");
    }
    let error = fail(answer(403, &[("X-IAM-Trace-Id", "a b")], "")).await;
    assert_eq!(error.iam_trace_id(), None);
}
