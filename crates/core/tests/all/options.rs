//! Tests the limits of a configuration, and the options that replace these limits for some calls.

use crate::support;

use huaweicloud_core::{
    BoxFuture, CallOptions, Config, Credential, Error, ErrorKind, ProvideCredential, Request,
    RetryBudget, RetryPolicy, Session, Token,
};
use std::time::Duration;
use support::{CREATE, Device, LIST, Reply, Scripted, config, device, json};

const BUSY: &str = r#"{"error_code": "APIGW.0201", "error_msg": "Backend timeout."}"#;
const SHORT: Duration = Duration::from_secs(30);

fn busy() -> impl Iterator<Item = Reply> {
    std::iter::repeat_with(|| json(503, BUSY)).take(99)
}

/// Makes a call that fails. Returns the number of its attempts.
async fn attempts(session: &Session) -> u32 {
    let failed = session.send::<Device>(Request::new(&LIST)).await;
    let error = failed.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    error.attempts()
}

#[tokio::test]
async fn a_client_can_have_its_own_retry_policy() {
    let server = Scripted::start(busy()).await;
    let session = server.session();
    let once = session.with_retry(RetryPolicy::none());
    let twice = once.with_options(CallOptions::new().retry(RetryPolicy {
        attempts: 2,
        ..*config().build().unwrap().retry_policy()
    }));
    // The retry policy does not change if another option is set.
    let twice = twice
        .with_timeout(Duration::from_secs(30))
        .with_project("p2");
    let asked = [
        attempts(&once).await,
        attempts(&twice).await,
        attempts(&session).await,
    ];
    assert_eq!((asked, server.seen().len()), ([1, 2, 3], 6));
}

#[tokio::test]
async fn a_client_can_have_its_own_timeout() {
    let server = Scripted::start([Reply::Hang, device()]).await;
    let session = server.session();
    // Without this policy, the client would retry after a quarter of the timeout.
    let once = session.with_retry(RetryPolicy::none());
    let hurried = once.with_timeout(SHORT);
    let call = hurried.send::<Device>(Request::new(&LIST));
    let (failed, ()) = tokio::join!(call, support::pass(&server, 1, SHORT));
    let error = failed.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.is_timeout() && !error.is_connect());
    assert!(error.to_string().contains("within 30s"), "{error}");
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
}

/// A source of credentials that never returns a project. The source returns a credential only if `credential` is
/// `true`.
#[derive(Debug)]
struct Waiting {
    credential: bool,
}

impl ProvideCredential for Waiting {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        let token = Credential::Token(Token::new("hunter2"));
        match self.credential {
            true => Box::pin(std::future::ready(Ok(token))),
            false => Box::pin(std::future::pending()),
        }
    }

    fn project_id<'a>(
        &'a self,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<String>, Error>> {
        Box::pin(std::future::pending())
    }
}

/// Because nothing was sent, the error is retryable even if the operation is unsafe.
#[tokio::test]
async fn a_timeout_before_the_first_request_says_that_nothing_was_sent() {
    let server = Scripted::start([]).await;
    for operation in [&LIST, &CREATE] {
        for credential in [false, true] {
            let config = Config::builder().credentials(Waiting { credential });
            let session = server.session_with(config.timeout(Duration::from_millis(20)));
            let failed = session.send::<Device>(Request::new(operation)).await;
            let error = failed.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
            assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
            let text = error.to_string();
            assert!(
                text.contains(
                    "nothing was sent: no credential or project within 20ms; check that IAM"
                ),
                "{text}"
            );
        }
    }
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_hanging_attempt_is_retried_only_if_the_operation_is_safe() {
    let options = || CallOptions::new().attempt_timeout(SHORT);
    let server = Scripted::start([Reply::Hang, device()]).await;
    let session = server.session().with_options(options());
    let call = session.send::<Device>(Request::new(&LIST));
    let (response, ()) = tokio::join!(call, support::pass(&server, 1, SHORT));
    let response = response.unwrap();
    assert_eq!((response.attempts(), server.seen().len()), (2, 2));

    let server = Scripted::start([Reply::Hang, device()]).await;
    let session = server.session_with(config().token("t").attempt_timeout(SHORT));
    let call = session.send::<Device>(Request::new(&CREATE));
    let (failed, ()) = tokio::join!(call, support::pass(&server, 1, SHORT));
    let error = failed.unwrap_err();
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::Timeout, 1));
    assert!(error.is_timeout() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_client_can_have_its_own_answer_limit() {
    let server = Scripted::start([device(), device()]).await;
    let session = server.session();
    let small = session.with_options(CallOptions::new().max_answer(9));
    let error = small.send::<Device>(Request::new(&LIST)).await.unwrap_err();
    assert!(error.to_string().contains("larger than 9 bytes"), "{error}");
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
}

#[tokio::test]
async fn a_call_reports_invalid_options() {
    let server = Scripted::start([]).await;
    let no_attempt = RetryPolicy {
        attempts: 0,
        ..RetryPolicy::default()
    };
    for (options, text) in [
        (
            CallOptions::new().timeout(Duration::ZERO),
            "timeout is zero; give",
        ),
        (
            CallOptions::new().attempt_timeout(Duration::ZERO),
            "attempt_timeout is zero",
        ),
        (CallOptions::new().retry(no_attempt), "set attempts to 1"),
    ] {
        let session = server.session().with_options(options);
        let error = session
            .send::<Device>(Request::new(&LIST))
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0));
        assert!(error.to_string().contains(text), "{error}");
    }
    assert_eq!(server.seen().len(), 0);
}

/// A budget for two retries, if neither retry follows a timeout.
const SMALL: RetryBudget = RetryBudget {
    capacity: 12,
    repeat_cost: 5,
    timeout_cost: 10,
    refund: 4,
};

#[tokio::test]
async fn all_clients_of_a_configuration_share_one_retry_budget() {
    let server = Scripted::start(busy()).await;
    let builder = config()
        .token("t")
        .retry_budget(SMALL)
        .endpoint("dcs", &server.url);
    let config = builder.build().unwrap();
    assert_eq!(config.retry_budget(), &SMALL);
    let session = |config: &Config| Session::new(config, &support::SERVICE).unwrap();
    let (one, other) = (session(&config), session(&config.clone()));
    assert_eq!(attempts(&one).await, 3);
    let asked = [
        attempts(&one).await,
        attempts(&other).await,
        attempts(&one.with_project("p2")).await,
    ];
    assert_eq!(asked, [1, 1, 1]);
    // This session has its own budget, which its clones share.
    let own = one.with_options(CallOptions::new().retry_budget(SMALL));
    assert_eq!((attempts(&own.clone()).await, attempts(&own).await), (3, 1));
    let unlimited = one.with_options(CallOptions::new().retry_budget(RetryBudget::unlimited()));
    assert_eq!(
        (attempts(&unlimited).await, attempts(&unlimited).await),
        (3, 3)
    );
    // A new configuration has its own, full retry budget.
    let anew = config.to_builder().build().unwrap();
    assert_eq!(attempts(&session(&anew)).await, 3);
}

#[tokio::test]
async fn successful_calls_refill_the_retry_budget() {
    let mut script: Vec<Reply> = busy().take(3).collect();
    script.extend([
        device(),
        json(503, BUSY),
        device(),
        json(503, BUSY),
        device(),
    ]);
    let server = Scripted::start(script).await;
    let session = server.session_with(config().token("t").retry_budget(SMALL));
    // A retry takes tokens from the budget. The two retries of the first call leave two of the twelve tokens. The
    // second call adds four tokens. The last two calls each take five tokens for a retry, and put these tokens back.
    assert_eq!(attempts(&session).await, 3);
    for expected in [1, 2, 2] {
        let response = session.send::<Device>(Request::new(&LIST)).await.unwrap();
        assert_eq!(response.attempts(), expected);
    }
}
