//! Tests streams as bodies of requests. The client reads a stream during the request. So it can send the stream only
//! once.

use crate::support;

use bytes::Bytes;
use http_body::{Body, Frame};
use huaweicloud_core::reqwest::dns::{Addrs, Name, Resolve, Resolving};
use huaweicloud_core::{ErrorKind, Request, http_client_builder, reqwest};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use support::{CREATE, Device, LIST, Reply, Scripted, answer, config, device, json};

/// A body in several pieces. The length of the body is not known in advance.
struct Pieces(VecDeque<&'static str>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(
            self.0
                .pop_front()
                .map(|piece| Ok(Frame::data(piece.into()))),
        )
    }
}

fn pieces(pieces: &[&'static str]) -> reqwest::Body {
    reqwest::Body::wrap(Pieces(pieces.iter().copied().collect()))
}

/// Makes a stream of known length, because the scripted server can read only such streams.
fn sized(text: &'static str) -> reqwest::Body {
    text.into()
}

const UNSIGNED: Option<&str> = Some("UNSIGNED-PAYLOAD");

#[tokio::test]
async fn a_stream_is_marked_as_unsigned() {
    let server = Scripted::start([device(), device(), device()]).await;
    let signing = server.session_with(config().access_key("AK", "SK"));
    let request = |body| Request::new(&CREATE).body_stream("application/json", body);
    signing
        .send::<Device>(request(sized("{\"a\":1}")))
        .await
        .unwrap();
    // An empty body is not marked as unsigned.
    signing.send::<Device>(request(sized(""))).await.unwrap();
    // If the credential is a token, the client signs nothing.
    server
        .session()
        .send::<Device>(request(sized("x")))
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].body, b"{\"a\":1}");
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert_eq!(seen[0].header("x-sdk-content-sha256"), UNSIGNED);
    let signed = seen[0].header("authorization").unwrap();
    assert!(signed.contains("content-type;host;x-project-id;x-sdk-content-sha256;x-sdk-date"));
    for quiet in &seen[1..] {
        assert_eq!(quiet.header("x-sdk-content-sha256"), None);
    }
}

/// The client does not retry the call, because it has already sent a part of the stream. If the body were bytes, the
/// client would retry the call.
#[tokio::test]
async fn a_stream_that_has_begun_is_never_sent_again() {
    const SKEW: &str = r#"{"error_code": "APIGW.0303", "error_msg": "signature expired"}"#;
    let date = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(2 * 3600));
    let dated = [("Content-Type", "application/json"), ("Date", &*date)];
    let refusals: [fn() -> Reply; 4] = [
        || json(503, r#"{"error_code": "APIGW.0202"}"#),
        || json(429, r#"{"error_code": "APIGW.0308"}"#),
        || Reply::Close,
        || Reply::Truncated,
    ];
    let skewed: Vec<Reply> = vec![answer(401, &dated, SKEW)];
    let all = refusals.iter().map(|reply| vec![reply()]).chain([skewed]);
    for refusal in all {
        let server = Scripted::start(refusal.into_iter().chain([device()])).await;
        let session = server.session_with(config().access_key("AK", "SK"));
        let request = Request::new(&LIST).body_stream("text/plain", sized("once"));
        let error = session.send::<Device>(request).await.unwrap_err();
        assert_eq!(server.seen().len(), 1, "{error}");
        assert!(!error.is_retryable(), "{error}");
        // Only the refusal with a date corrects the clock of the session. Then the next call uses the corrected clock.
        let date = server.seen()[0].header("x-sdk-date").map(str::to_owned);
        session.send::<Device>(Request::new(&LIST)).await.unwrap();
        let next = server.seen()[1].header("x-sdk-date").map(str::to_owned);
        assert_eq!(next < date, error.error_code() == Some("APIGW.0303"));
    }
}

/// A resolver that fails the first time, like a network that has just started.
struct Late(AtomicUsize);

impl Resolve for Late {
    fn resolve(&self, _: Name) -> Resolving {
        let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
        Box::pin(async move {
            if first {
                return Err("not yet".into());
            }
            let found: Addrs = Box::new(std::iter::once(([127, 0, 0, 1], 0).into()));
            Ok(found)
        })
    }
}

#[tokio::test]
async fn a_stream_that_has_not_begun_is_sent_by_a_retry() {
    let server = Scripted::start([device()]).await;
    let resolver = Arc::new(Late(AtomicUsize::new(0)));
    let client = http_client_builder(Duration::from_secs(5)).unwrap();
    let client = client.dns_resolver(resolver.clone()).build().unwrap();
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let session = server
        .session_with(config().access_key("AK", "SK").http_client(client))
        .with_endpoint(&format!("http://some.host:{port}"))
        .unwrap();
    let request = Request::new(&CREATE).body_stream("text/plain", sized("once"));
    let response = session.send::<Device>(request).await.unwrap();
    assert_eq!(
        (response.attempts(), resolver.0.load(Ordering::Relaxed)),
        (2, 2)
    );
    assert_eq!(server.seen()[0].body, b"once");
}

/// A body that fails after its first piece.
struct Broken(bool);

impl Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let first = !std::mem::replace(&mut self.0, true);
        Poll::Ready(Some(if first {
            Ok(Frame::data("on".into()))
        } else {
            Err(std::io::Error::other("the disk is gone"))
        }))
    }
}

#[tokio::test]
async fn the_error_of_a_failed_stream_names_the_body_of_the_request() {
    let server = Scripted::start([Reply::Hang]).await;
    let body = reqwest::Body::wrap(Broken(false));
    let request = Request::new(&CREATE).body_stream("text/plain", body);
    let error = server.session().send::<Device>(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(
        error.to_string().contains("request could not be read"),
        "{error}"
    );
    assert!(!error.is_retryable());
    assert!(
        support::shown(&error).contains("the disk is gone"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_sent_in_chunks() {
    let server = Scripted::start([device()]).await;
    let session = server.session_with(config().access_key("AK", "SK"));
    let request = Request::new(&CREATE).body_stream("text/plain", pieces(&["on", "ce"]));
    // The scripted server cannot read chunks, so it closes the connection after its answer. The call can succeed or
    // fail, so the test ignores the result.
    let _ = session.send::<Device>(request).await;
    let seen = server.seen();
    assert_eq!(seen[0].header("transfer-encoding"), Some("chunked"));
    assert_eq!(seen[0].header("x-sdk-content-sha256"), UNSIGNED);
}

#[tokio::test]
async fn a_form_of_bytes_is_unsigned_and_can_be_sent_again() {
    let script = [
        json(503, r#"{"error_code": "APIGW.0202"}"#),
        device(),
        device(),
    ];
    let server = Scripted::start(script).await;
    let session = server.session_with(config().access_key("AK", "SK"));
    let form = "multipart/form-data; boundary=b";
    let request = Request::new(&LIST).body(form, "--b--");
    session.send::<Device>(request).await.unwrap();
    // The gateways read a BSON body, so the client signs it.
    let bson = Request::new(&LIST).body("application/bson", "b");
    session.send::<Device>(bson).await.unwrap();
    let seen = server.seen();
    for attempt in &seen[..2] {
        assert_eq!(attempt.header("content-type"), Some(form));
        assert_eq!(attempt.header("x-sdk-content-sha256"), UNSIGNED);
        assert_eq!(attempt.body, b"--b--");
    }
    assert_eq!(seen[2].header("x-sdk-content-sha256"), None);
}

#[tokio::test]
async fn an_invalid_content_type_is_an_error() {
    let server = Scripted::start([]).await;
    let session = server.session();
    for request in [
        Request::new(&CREATE).body("text/plain\r\nX-Evil: 1", "b"),
        Request::new(&CREATE).body_stream("text/plain\r\nX-Evil: 1", sized("b")),
    ] {
        let error = session.send::<Device>(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("content-type"), "{error}");
    }
    assert!(server.seen().is_empty());
}
