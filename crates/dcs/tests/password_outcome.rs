//! Tests every outcome of a password change and of a password reset. In each test, a server sends the body of an
//! answer. The test checks the decoded answer or the error.
#![cfg(feature = "instances")]
#![allow(clippy::unwrap_used)]

use huaweicloud_core::{Config, Error, ErrorKind};
use huaweicloud_dcs::types::{
    ChangeInstancePasswordRequest, ChangeInstancePasswordRequired, ResetInstancePasswordRequest,
};
use huaweicloud_dcs::{Client, PasswordRefusal, PasswordRefused};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Returns a client of a server that answers one request with this body.
async fn client(body: &'static str) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            stream.read_buf(&mut request).await.unwrap();
        }
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nX-Request-Id: 0a1b2c3d4e5f60718293a4b5c6d7e8f9\r\nContent-Type: application/json";
        let answer = format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    let config = Config::builder()
        .token("token")
        .project_id("0123456789abcdef")
        .endpoint("dcs", url);
    Client::new(&config.build().unwrap()).unwrap()
}

async fn change(answer: &'static str) -> Result<String, Error> {
    let body = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: "old-hunter2",
        new_password: "new-hunter2",
    });
    let answer = client(answer)
        .await
        .change_instance_password("id", &body)
        .await?;
    assert_eq!(answer.request_id(), "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    Ok(answer.into_inner().message.unwrap_or_default())
}

async fn reset(answer: &'static str) -> Result<String, Error> {
    let body = ResetInstancePasswordRequest::new().with_new_password("new-hunter2");
    let answer = client(answer)
        .await
        .reset_instance_password("id", &body)
        .await?;
    assert_eq!(answer.request_id(), "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    Ok(answer.into_inner().message.unwrap_or_default())
}

/// Returns the error, and the details of the refusal.
fn refused(result: Result<String, Error>) -> (Error, PasswordRefused) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert!(!error.is_retryable());
    let refused = PasswordRefused::from_error(&error).unwrap();
    (error, refused)
}

#[tokio::test]
async fn a_successful_change_or_reset_returns_the_answer() {
    let changed = r#"{"lock_time":"0","result":"success","lock_time_left":"0","retry_times_left":"5","message":"done"}"#;
    assert_eq!(change(changed).await.unwrap(), "done");
    let set = r#"{"code":"1","message":"success","ext_message":null}"#;
    assert_eq!(reset(set).await.unwrap(), "success");
}

#[tokio::test]
async fn the_error_of_a_wrong_old_password_contains_the_remaining_tries() {
    let answer = r#"{"lock_time":"5","result":"passwordFailed","lock_time_left":null,"retry_times_left":"4","message":"old-hunter2 is wrong"}"#;
    let (error, refused) = refused(change(answer).await);
    assert_eq!(refused.reason, PasswordRefusal::WrongOldPassword);
    assert_eq!(refused.tries_left, Some(4));
    assert_eq!(refused.lock_time, Some(Duration::from_secs(300)));
    assert_eq!(refused.lock_time_left, None);
    assert_eq!(refused.to_string(), "wrong old password: 4 tries left");
    assert_eq!(error.operation(), Some("change_instance_password"));
    assert_eq!(error.status(), Some(200));
    assert_eq!(error.error_code(), Some("passwordFailed"));
    assert_eq!(error.error_msg(), Some("old-hunter2 is wrong"));
    assert_eq!(error.request_id(), Some("0a1b2c3d4e5f60718293a4b5c6d7e8f9"));
    let shown = format!("{error} {error:?} {refused:?}");
    assert!(
        shown.contains("old password") && shown.contains("0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        "{shown}"
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn unjudged_returns_the_answer_of_a_refused_change() {
    let answer = r#"{"result":"passwordFailed","retry_times_left":1}"#;
    let body = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: "old-hunter2",
        new_password: "new-hunter2",
    });
    let call = client(answer).await.change_instance_password("id", &body);
    let plain = call.unjudged().await.unwrap();
    assert_eq!(plain.retry_times_left.as_deref(), Some("1"));
}

#[tokio::test]
async fn the_error_of_a_locked_instance_contains_the_remaining_time() {
    let answer =
        r#"{"lock_time":"5","result":"locked","lock_time_left":" 3 ","retry_times_left":"0"}"#;
    let (_, facts) = refused(change(answer).await);
    assert_eq!(facts.reason, PasswordRefusal::Locked);
    assert_eq!(facts.lock_time_left, Some(Duration::from_secs(180)));
    assert_eq!(
        facts.to_string(),
        "the instance is locked for another 3 minutes"
    );
    let answer = r#"{"result":"locked","lock_time_left":"soon","lock_time":"-1"}"#;
    let (_, facts) = refused(change(answer).await);
    assert_eq!((facts.lock_time, facts.lock_time_left), (None, None));
    assert_eq!(
        facts.to_string(),
        "the instance is locked after too many wrong passwords"
    );
}

#[tokio::test]
async fn failed_and_unknown_outcomes_are_errors() {
    let cases = [
        (r#"{"result":"failed"}"#, PasswordRefusal::Failed, "failed"),
        (
            r#"{"result":"hunter2"}"#,
            PasswordRefusal::Unknown,
            "hunter2",
        ),
        (r#"{"result":null}"#, PasswordRefusal::Unknown, ""),
        (r#"{"message": null}"#, PasswordRefusal::Unknown, ""),
    ];
    for (answer, reason, result) in cases {
        let (error, facts) = refused(change(answer).await);
        assert_eq!(
            (facts.reason, error.error_code()),
            (reason, Some(result)),
            "{answer}"
        );
        let shown = format!("{error} {error:?} {facts:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        let not_known = shown.contains("does not say whether");
        assert_eq!(not_known, reason == PasswordRefusal::Unknown, "{shown}");
    }
}

#[tokio::test]
async fn the_details_of_a_refused_reset_contain_no_counts_and_no_times() {
    let answer = r#"{"lock_time":"0","lock_time_left":"0","retry_times_left":"5","code":"3","message":"instance is locked","ext_message":"Locked."}"#;
    let (error, facts) = refused(reset(answer).await);
    assert_eq!(facts.reason, PasswordRefusal::Locked);
    assert_eq!(facts.tries_left, None);
    assert_eq!(facts.lock_time_left, None);
    assert_eq!(error.error_msg(), Some("Locked."));
    assert_eq!(error.operation(), Some("reset_instance_password"));
    for answer in [r#"{"code":"9"}"#, r#"{"message":"success"}"#] {
        let (_, facts) = refused(reset(answer).await);
        assert_eq!(facts.reason, PasswordRefusal::Unknown, "{answer}");
    }
}
