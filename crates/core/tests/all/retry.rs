//! Tests after which failures the client sends a request again. The tests count the requests that the server receives.

use crate::support;

use huaweicloud_core::{
    BoxFuture, Credential, Error, ErrorKind, Hint, IncomingAnswer, Intercept, InterceptError,
    Operation, ProvideCredential, Request, Retry, RetryPolicy, Service, Token,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use support::{CREATE, Device, LIST, Reply, Scripted, answer, config, device, json};

async fn send(server: &Scripted, operation: &'static Operation) -> Result<(), Error> {
    server
        .session()
        .send::<Device>(Request::new(operation))
        .await
        .map(drop)
}

const BUSY: &str = r#"{"error_code": "APIGW.0201", "error_msg": "Backend timeout."}"#;

#[tokio::test]
async fn safe_operations_are_retried() {
    for status in [429, 502, 503, 504] {
        let server = Scripted::start([json(status, BUSY), json(status, BUSY), device()]).await;
        let response = server
            .session()
            .send::<Device>(Request::new(&LIST))
            .await
            .unwrap();
        assert_eq!(
            (server.seen().len(), response.attempts()),
            (3, 3),
            "{status}"
        );
    }
    for broken in [|| Reply::Close, || Reply::Truncated] {
        let server = Scripted::start([broken(), device()]).await;
        send(&server, &LIST).await.unwrap();
        assert_eq!(server.seen().len(), 2);
    }
}

#[tokio::test]
async fn the_retry_policy_limits_the_attempts() {
    let server = Scripted::start((0..9).map(|_| json(503, BUSY))).await;
    let error = send(&server, &LIST).await.unwrap_err();
    assert_eq!(
        (server.seen().len(), error.attempts(), error.status()),
        (3, 3, Some(503))
    );
    assert!(error.is_retryable());
    assert!(error.to_string().contains("3 attempts"), "{error}");
    let server = Scripted::start([json(503, BUSY)]).await;
    let once = server.session_with(config().token("t").retry(RetryPolicy::none()));
    once.send::<Device>(Request::new(&LIST)).await.unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    for status in [400, 401, 403, 404, 409, 500, 501] {
        let server = Scripted::start([json(status, BUSY), device()]).await;
        let error = send(&server, &LIST).await.unwrap_err();
        assert_eq!(
            (server.seen().len(), error.attempts(), error.status()),
            (1, 1, Some(status))
        );
        assert!(!error.is_retryable(), "{status}");
    }
}

#[tokio::test]
async fn status_500_is_retried_only_if_the_error_code_is_transient() {
    static WITH_HINTS: Service = support::PLAIN.with_hints(&[
        Hint::new("DCS.5001", "try again").that_passes(),
        Hint::new("DCS.5002", "fix it"),
    ]);
    static READ: Operation = Operation::new(
        &WITH_HINTS,
        "show_device",
        http::Method::GET,
        support::DEVICE,
    )
    .with_retry(Retry::Safe);
    static WRITE: Operation = Operation::new(
        &WITH_HINTS,
        "create_device",
        http::Method::POST,
        support::DEVICES,
    );
    let read = || Request::new(&READ).path("device_id", "7");
    for (request, code, expected) in [
        (read(), "DCS.5001", 2),
        (read(), "DCS.5002", 1),
        (read(), "DCS.5003", 1),
        (Request::new(&WRITE), "DCS.5001", 1),
    ] {
        let body = format!(r#"{{"error_code": "{code}", "error_msg": "x"}}"#);
        let server = Scripted::start([json(500, &body), device()]).await;
        let result = server.session().send::<Device>(request).await;
        assert_eq!(server.seen().len(), expected, "{code}");
        assert_eq!(result.is_ok(), expected == 2, "{code}");
    }
}

#[tokio::test]
async fn unsafe_operations_are_retried_only_if_they_were_not_executed() {
    for broken in [
        || Reply::Close,
        || Reply::Truncated,
        || json(502, BUSY),
        || json(503, BUSY),
        || json(504, BUSY),
    ] {
        let server = Scripted::start([broken(), device()]).await;
        let error = send(&server, &CREATE).await.unwrap_err();
        assert_eq!((server.seen().len(), error.attempts()), (1, 1));
        assert!(!error.is_retryable());
    }
    let server = Scripted::start([json(429, BUSY), device()]).await;
    send(&server, &CREATE).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn safe_and_unsafe_operations_are_retried_if_there_is_no_connection() {
    let closed = support::closed();
    let server = Scripted::start([]).await;
    let session = server
        .session()
        .with_endpoint(&format!("http://{closed}"))
        .unwrap();
    for operation in [&LIST, &CREATE] {
        let error = session
            .send::<Device>(Request::new(operation))
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
        assert!(error.to_string().contains("check the endpoint"), "{error}");
    }
}

/// Returns an error answer with the header `Retry-After`.
fn later(status: u16, after: &str) -> Reply {
    let headers = [
        ("Content-Type", "application/json"),
        ("Date", "Tue, 02 Jan 2024 03:04:05 GMT"),
        ("Retry-After", after),
    ];
    answer(status, &headers, BUSY)
}

#[tokio::test]
async fn the_client_does_not_begin_a_pause_that_exceeds_the_deadline() {
    for after in [
        "3600",
        "99999999999999999999999999",
        "Tue, 02 Jan 2024 04:04:05 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let server = Scripted::start([later(429, after), device()]).await;
        let error = send(&server, &LIST).await.unwrap_err();
        assert_eq!(
            (server.seen().len(), error.status(), error.attempts()),
            (1, Some(429), 1),
            "{after}"
        );
        assert!(error.is_throttled() && error.is_retryable());
    }
}

#[tokio::test]
async fn a_zero_or_invalid_or_past_retry_after_does_not_prevent_the_retry() {
    for after in [
        "0",
        "000",
        "Tue, 02 Jan 2024 03:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Tuesday, 02-Jan-24 03:00:00 GMT",
        "-5",
        "soon",
        "",
    ] {
        let server = Scripted::start([later(503, after), device()]).await;
        send(&server, &LIST).await.unwrap();
        assert_eq!(server.seen().len(), 2, "{after}");
    }
}

#[tokio::test]
async fn the_whole_call_has_a_deadline() {
    let server = Scripted::start([json(503, BUSY), Reply::Hang]).await;
    let limit = Duration::from_secs(60);
    let session = server.session_with(config().token("t").timeout(limit));
    let call = session.send::<Device>(Request::new(&LIST));
    let (result, ()) = tokio::join!(call, support::pass(&server, 2, limit));
    let error = result.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), server.seen().len()),
        (ErrorKind::Timeout, 2, 2)
    );
    assert!(error.is_timeout() && error.is_retryable());
    assert!(error.to_string().contains("within 60s"), "{error}");
}

/// In rare cases, the HTTP library hyper neither sends nor refuses a request. A probable cause is that the connection
/// ends while hyper takes the request. So the client retries a safe call that gets no answer.
#[tokio::test]
async fn a_hanging_safe_call_is_retried_after_a_quarter_of_its_timeout() {
    let limit = Duration::from_secs(60);
    let server = Scripted::start([device(), Reply::Hang, device()]).await;
    let session = server.session_with(config().token("t").timeout(limit));
    let call = || session.send::<Device>(Request::new(&LIST));
    call().await.unwrap();
    let (result, ()) = tokio::join!(call(), support::pass(&server, 2, limit / 4));
    assert_eq!(result.unwrap().attempts(), 2);
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 1]);

    // The client cannot know whether the service executed the unsafe request. So the client does not retry.
    let server = Scripted::start([device(), Reply::Hang, device()]).await;
    let session = server.session_with(config().token("t").timeout(limit));
    let call = || session.send::<Device>(Request::new(&CREATE));
    call().await.unwrap();
    let (result, ()) = tokio::join!(call(), support::pass(&server, 2, limit));
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn dropping_the_future_closes_the_connection() {
    let server = Scripted::start([Reply::Hang]).await;
    let session = server.session();
    let call = tokio::spawn(session.send::<Device>(Request::new(&LIST)));
    server.arrived.notified().await;
    call.abort();
    tokio::time::timeout(Duration::from_secs(30), server.gone.notified())
        .await
        .expect("the connection stays open");
}

/// A source that renews its token when the client reports a refusal. If `stubborn` is `true`, the source reports that
/// it has no new token.
#[derive(Debug, Default)]
struct Renewing {
    renewals: AtomicUsize,
    stubborn: bool,
}

impl ProvideCredential for Renewing {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        let token = format!("token-{}", self.renewals.load(Ordering::SeqCst));
        Box::pin(async move { Ok(Credential::Token(Token::new(token))) })
    }
    fn refused(&self, _: &Credential) -> bool {
        self.renewals.fetch_add(1, Ordering::SeqCst);
        !self.stubborn
    }
}

const REFUSED: &str =
    r#"{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information"}"#;

#[tokio::test]
async fn a_refused_token_is_renewed_also_for_unsafe_operations() {
    let server = Scripted::start([json(401, REFUSED), json(201, "{\"id\": 1}")]).await;
    let session = server.session_with(config().credentials(Renewing::default()));
    let response = session.send::<Device>(Request::new(&CREATE)).await.unwrap();
    let tokens: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("x-auth-token").unwrap().to_owned())
        .collect();
    assert_eq!(
        (tokens, response.attempts()),
        (vec!["token-0".to_owned(), "token-1".to_owned()], 1)
    );

    let server = Scripted::start([json(401, REFUSED), device()]).await;
    let session = server.session_with(config().credentials(Renewing {
        stubborn: true,
        ..Renewing::default()
    }));
    session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

/// An interceptor that ends each call after its first answer.
struct Ending;

impl Intercept for Ending {
    fn name(&self) -> &str {
        "ending"
    }
    fn after_answer(&self, _: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        Err("the program ends the call".into())
    }
}

#[tokio::test]
async fn an_error_of_an_interceptor_ends_a_call_with_a_refused_token() {
    let server = Scripted::start([json(401, REFUSED), device()]).await;
    let config = config().credentials(Renewing::default()).intercept(Ending);
    let error = server
        .session_with(config)
        .send::<Device>(Request::new(&LIST));
    let error = error.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interceptor, "{error}");
    assert_eq!((server.seen().len(), error.is_retryable()), (1, false));
}

#[tokio::test]
async fn a_call_with_two_refused_tokens_renews_the_token_twice() {
    let server = Scripted::start([json(401, REFUSED), json(401, REFUSED), device()]).await;
    let session = server.session_with(config().credentials(Renewing::default()));
    let response = session.send::<Device>(Request::new(&CREATE)).await.unwrap();
    assert_eq!((server.seen().len(), response.attempts()), (3, 2));
}

#[tokio::test]
async fn the_policy_limits_the_retries_after_refused_tokens() {
    let script = [(); 5].map(|()| json(401, REFUSED));
    let server = Scripted::start(script).await;
    let session = server.session_with(config().credentials(Renewing::default()));
    let error = session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    // The request after the first renewal does not count as an attempt. So three attempts make four requests.
    assert_eq!(
        (server.seen().len(), error.status(), error.attempts()),
        (4, Some(401), 3)
    );
    assert!(error.is_auth());
}

#[tokio::test]
async fn the_first_renewal_does_not_count_as_an_attempt() {
    let script = [
        json(503, BUSY),
        json(401, REFUSED),
        json(503, BUSY),
        device(),
    ];
    let server = Scripted::start(script).await;
    let session = server.session_with(config().credentials(Renewing::default()));
    let response = session.send::<Device>(Request::new(&LIST)).await.unwrap();
    assert_eq!((server.seen().len(), response.attempts()), (4, 3));
}

const SKEW: &str = r#"{"error_code": "APIGW.0303", "error_msg": "signature expired"}"#;

/// Returns an answer that refuses the signature. The clock of the server is slow by `behind`.
fn skewed(behind: Duration, more: &[(&str, &str)]) -> Reply {
    let date = httpdate::fmt_http_date(SystemTime::now() - behind);
    let mut headers = vec![("Content-Type", "application/json"), ("Date", &date)];
    headers.extend(more);
    answer(401, &headers, SKEW)
}

/// Returns the dates of the signatures, in the order of the requests.
fn dates(server: &Scripted) -> Vec<String> {
    let date = |seen: &support::Seen| seen.header("x-sdk-date").unwrap().to_owned();
    server.seen().iter().map(date).collect()
}

#[tokio::test]
async fn the_client_corrects_its_clock_by_the_server_date() {
    let behind = Duration::from_secs(2 * 3600);
    let script = [
        skewed(behind, &[]),
        json(201, "{\"id\": 1}"),
        device(),
        skewed(behind, &[]),
    ];
    let server = Scripted::start(script).await;
    let session = server.session_with(config().access_key("AK", "SK"));
    session.send::<Device>(Request::new(&CREATE)).await.unwrap();
    // The session and its clones remember the difference of the clocks.
    session
        .with_project("p2")
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    let dates = dates(&server);
    let hour_ago = humantime::format_rfc3339_seconds(SystemTime::now() - behind / 2)
        .to_string()
        .replace(['-', ':'], "");
    assert!(
        dates[0] > hour_ago && dates[1] < hour_ago && dates[2] < hour_ago,
        "{dates:?}"
    );
    // The clock of the session is already corrected. So the client does not retry after the next refusal.
    let error = session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(server.seen().len(), 4);
    assert!(
        error.is_auth() && error.to_string().contains("clock"),
        "{error}"
    );
}

#[tokio::test]
async fn cached_answers_and_large_differences_do_not_change_the_clock() {
    let (hours, years) = (2 * 3600, 10 * 365 * 24 * 3600);
    for (behind, more, help) in [
        (hours, &[("Age", "7200")][..], "check this machine's clock"),
        (
            hours,
            &[("X-Cache", "HIT from edge")],
            "check this machine's clock",
        ),
        (
            years,
            &[],
            "set this machine's clock: it differs from the server's clock by ",
        ),
    ] {
        let script = [skewed(Duration::from_secs(behind), more), device()];
        let server = Scripted::start(script).await;
        let session = server.session_with(config().access_key("AK", "SK"));
        let error = session
            .send::<Device>(Request::new(&LIST))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(help), "{error}");
        session.send::<Device>(Request::new(&LIST)).await.unwrap();
        let dates = dates(&server);
        assert!(dates.len() == 2 && dates[1] >= dates[0], "{dates:?}");
    }
}

#[tokio::test]
async fn a_refused_signature_without_a_server_date_is_not_retried() {
    let server = Scripted::start([json(401, REFUSED), device()]).await;
    let session = server.session_with(config().access_key("AK", "SK"));
    session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

#[derive(Debug)]
struct Failing;

impl ProvideCredential for Failing {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        Box::pin(async {
            Err(Error::new(ErrorKind::Credentials, "no agency is set").with_help("create one"))
        })
    }
}

#[tokio::test]
async fn a_call_reports_the_error_of_its_credential_source() {
    let server = Scripted::start([]).await;
    let session = server.session_with(config().credentials(Failing));
    let error = session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "list_devices (dcs): no agency is set; create one"
    );
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn a_call_without_a_runtime_returns_an_error() {
    let config = config()
        .endpoint("dcs", "http://127.0.0.1:1")
        .token("t")
        .build()
        .unwrap();
    let session = huaweicloud_core::Session::new(&config, &support::SERVICE).unwrap();
    let mut call = std::pin::pin!(session.send::<Device>(Request::new(&LIST)));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match call.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => {
            assert!(error.to_string().contains("tokio runtime"), "{error}")
        }
        other => panic!("{other:?}"),
    }
}

/// A source that logs in once, and always returns the token of this login.
#[derive(Debug, Default)]
struct Patient {
    logins: AtomicUsize,
    token: std::sync::Mutex<Option<Token>>,
}

impl ProvideCredential for Patient {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        let mut token = self.token.lock().unwrap();
        let token = token.get_or_insert_with(|| {
            self.logins.fetch_add(1, Ordering::SeqCst);
            Token::new("token-hunter2")
        });
        Box::pin(std::future::ready(Ok(Credential::Token(token.clone()))))
    }
    fn refused(&self, _: &Credential) -> bool {
        // `false` means that the source has no new token.
        false
    }
}

#[tokio::test]
async fn a_service_that_refuses_every_token_causes_only_one_login() {
    let server = Scripted::start((0..100).map(|_| json(401, REFUSED))).await;
    let source = std::sync::Arc::new(Patient::default());
    let session = server.session_with(config().credentials(source.clone()));
    for _ in 0..100 {
        let error = session.send::<Device>(Request::new(&LIST)).await;
        assert_eq!(error.unwrap_err().status(), Some(401));
    }
    assert_eq!(server.seen().len(), 100);
    assert_eq!(source.logins.load(Ordering::SeqCst), 1);
}
