//! Tests how the client fetches, keeps and renews the tokens that IAM issues for a password.

use crate::support;

use futures_util::FutureExt;
use futures_util::future::join_all;
use huaweicloud_config::{Login, PasswordCredentials};
use huaweicloud_core::{
    Config, Credential, ErrorKind, Intercept, InterceptError, OutgoingRequest, ProvideCredential,
    Token,
};
use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::{Cloud, call};

fn credentials(cloud: &Cloud) -> PasswordCredentials {
    let login = Login::new("account", "user", "hunter2").with_project_name("eu-de");
    PasswordCredentials::new(&cloud.config().build().unwrap(), login).unwrap()
}

fn token(number: usize) -> Credential {
    Credential::Token(Token::new(format!("token-{number}")).with_project("p0"))
}

/// Advances tokio's clock. The clock is paused only during this call, because a paused clock would advance by itself
/// while the test waits for the network.
async fn advance(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Requests the credential until the result is `expected`.
async fn wait_for(credentials: &PasswordCredentials, expected: &Credential) {
    while credentials.credential().await.unwrap() != *expected {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn the_first_call_fetches_a_token_that_later_calls_use() {
    let cloud = Cloud::start().await;
    let credentials = credentials(&cloud);
    let session = cloud.session(credentials.clone());
    assert_eq!(cloud.logins(), 0);
    for _ in 0..3 {
        call(&session).await.unwrap();
    }
    // Clones of the credentials share the token.
    assert_eq!(credentials.credential().await.unwrap(), token(1));
    assert_eq!(cloud.logins(), 1);
    let seen = cloud.seen();
    assert_eq!(
        seen[0],
        r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"account"},"name":"user","password":"hunter2"}}},"scope":{"project":{"name":"eu-de"}}}}"#
    );
    // The project comes from the token.
    assert_eq!(seen[1], "GET /v2/p0/things HTTP/1.1 token-1");
}

#[tokio::test]
async fn many_first_calls_share_one_login() {
    let cloud = Cloud::start().await;
    let session = cloud.session(credentials(&cloud));
    for result in join_all((0..100).map(|_| call(&session))).await {
        result.unwrap();
    }
    assert_eq!(cloud.logins(), 1);
}

#[tokio::test]
async fn all_calls_share_one_renewal_of_a_refused_token() {
    let cloud = Cloud::start().await;
    let session = cloud.session(credentials(&cloud));
    call(&session).await.unwrap();
    cloud.revoke();
    for result in join_all((0..100).map(|_| call(&session))).await {
        result.unwrap();
    }
    assert_eq!(cloud.logins(), 2);
}

#[tokio::test]
async fn a_late_refusal_of_an_old_token_does_not_start_a_renewal() {
    let cloud = Cloud::start().await;
    let credentials = credentials(&cloud);
    let old = credentials.credential().await.unwrap();
    assert!(credentials.refused(&old));
    assert_eq!(credentials.credential().await.unwrap(), token(2));
    assert!(credentials.refused(&old));
    assert_eq!(credentials.credential().await.unwrap(), token(2));
    assert_eq!(cloud.logins(), 2);
}

#[tokio::test]
async fn calls_use_the_old_token_while_the_token_is_renewed() {
    let cloud = Cloud::start().await;
    cloud.set_life(100);
    let credentials = credentials(&cloud);
    let session = cloud.session(credentials.clone());
    call(&session).await.unwrap();
    advance(70).await;
    call(&session).await.unwrap();
    assert_eq!(cloud.logins(), 1);
    advance(10).await;
    cloud.hold();
    for _ in 0..5 {
        call(&session).await.unwrap();
    }
    cloud.wait_for_logins(2).await;
    assert_eq!(credentials.credential().await.unwrap(), token(1));
    cloud.release();
    wait_for(&credentials, &token(2)).await;
    assert_eq!(cloud.logins(), 2);
}

#[tokio::test]
async fn calls_wait_for_a_new_token_if_the_old_token_has_ended() {
    let cloud = Cloud::start().await;
    cloud.set_life(100);
    let credentials = credentials(&cloud);
    assert_eq!(credentials.credential().await.unwrap(), token(1));
    advance(101).await;
    assert_eq!(credentials.credential().await.unwrap(), token(2));
}

#[tokio::test]
async fn the_next_call_gets_another_token_if_the_first_token_has_already_ended() {
    let cloud = Cloud::start().await;
    cloud.set_life(-5);
    let credentials = credentials(&cloud);
    assert_eq!(credentials.credential().await.unwrap(), token(1));
    assert_eq!(credentials.credential().await.unwrap(), token(2));
}

#[tokio::test]
async fn dropping_a_call_does_not_cancel_the_token_renewal() {
    let cloud = Cloud::start().await;
    cloud.hold();
    let session = cloud.session(credentials(&cloud));
    let first = session.clone();
    let first = tokio::spawn(async move { call(&first).await });
    cloud.wait_for_logins(1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let second = tokio::spawn(async move { call(&session).await });
    cloud.release();
    second.await.unwrap().unwrap();
    assert_eq!(cloud.logins(), 1);
}

#[tokio::test]
async fn all_waiting_calls_get_a_refusal_and_a_call_after_the_pause_tries_again() {
    let cloud = Cloud::start().await;
    cloud.fail_next(401);
    let session = cloud.session(credentials(&cloud));
    for result in join_all((0..10).map(|_| call(&session))).await {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(error.is_auth() && !error.is_retryable());
        let source = error.source().unwrap().to_string();
        let shown = format!("{error} {error:?} {source}");
        assert!(
            shown.contains("IAM refused the user's name, password or account"),
            "{shown}"
        );
        assert!(
            source.contains("create_token (iam)") && source.contains("HTTP 401"),
            "{source}"
        );
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    assert_eq!(cloud.logins(), 1);
    advance(301).await;
    call(&session).await.unwrap();
    assert_eq!(cloud.logins(), 2);
}

#[tokio::test]
async fn the_old_token_stays_in_use_if_the_renewal_fails() {
    let cloud = Cloud::start().await;
    cloud.set_life(1200);
    let credentials = credentials(&cloud);
    assert_eq!(credentials.credential().await.unwrap(), token(1));
    advance(950).await;
    cloud.fail_next(500);
    assert_eq!(credentials.credential().await.unwrap(), token(1));
    cloud.wait_for_logins(2).await;
    // The answer with status 500 arrives during this loop.
    for _ in 0..50 {
        assert_eq!(credentials.credential().await.unwrap(), token(1));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    advance(61).await;
    wait_for(&credentials, &token(3)).await;
    assert_eq!(cloud.logins(), 3);
}

#[tokio::test]
async fn an_unreachable_iam_is_not_reported_as_a_wrong_password() {
    let config = Config::builder().endpoint("iam", "http://127.0.0.1:9");
    let policy = huaweicloud_core::RetryPolicy::none();
    let login = Login::new("account", "user", "hunter2");
    let credentials = PasswordCredentials::new(&config.retry(policy).build().unwrap(), login);
    let error = credentials.unwrap().credential().await.unwrap_err();
    assert!(error.is_connect() && !error.is_auth(), "{error}");
}

#[tokio::test]
async fn the_debug_output_shows_no_password_and_no_token() {
    let cloud = Cloud::start().await;
    let credentials = credentials(&cloud);
    let credential = credentials.credential().await.unwrap();
    let session = cloud.session(credentials.clone());
    let shown = format!("{credentials:?} {credential:?} {session:?}");
    assert!(shown.contains("account"), "{shown}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("token-1"),
        "{shown}"
    );
}

#[test]
fn credentials_still_work_after_their_first_runtime_has_ended() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let server = tokio::runtime::Runtime::new().unwrap();
    let cloud = server.block_on(Cloud::start());
    cloud.hold();
    let credentials = credentials(&cloud);
    let first = runtime();
    first.block_on(async {
        assert!(credentials.credential().now_or_never().is_none());
        cloud.wait_for_logins(1).await;
    });
    drop(first);
    cloud.release();
    let credential = runtime().block_on(credentials.credential()).unwrap();
    assert_eq!(credential, token(2));
}

#[test]
fn a_call_without_a_tokio_runtime_is_an_error() {
    let config = Config::builder().endpoint("iam", "http://127.0.0.1:9");
    let login = Login::new("account", "user", "hunter2");
    let credentials = PasswordCredentials::new(&config.build().unwrap(), login).unwrap();
    let answer = credentials.credential().now_or_never().unwrap();
    assert!(answer.unwrap_err().to_string().contains("tokio runtime"));
}

/// An interceptor that panics. The field contains the number of remaining panics.
struct Broken(AtomicUsize);

impl Intercept for Broken {
    fn before_signing(&self, _: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        let left = self.0.load(Ordering::SeqCst);
        self.0.store(left.saturating_sub(1), Ordering::SeqCst);
        assert_eq!(left, 0, "a bug of the program");
        Ok(())
    }
}

/// All calls share one task for the login. If this task panics, the client starts the login once more. After a second
/// panic, the waiting call returns an error, but later calls still work.
#[tokio::test]
async fn calls_still_work_after_a_panic_during_the_login() {
    for (panics, survived) in [(1, true), (2, false)] {
        let cloud = Cloud::start().await;
        let config = cloud.config().intercept(Broken(AtomicUsize::new(panics)));
        let login = Login::new("d", "u", "hunter2");
        let credentials = PasswordCredentials::new(&config.build().unwrap(), login).unwrap();
        let session = cloud.session(credentials);
        let first = call(&session).await.map_err(|error| error.to_string());
        let why = "the renewal of the credentials did not finish: it panicked, or";
        assert_eq!(first.is_ok(), survived, "{first:?}");
        assert!(first.is_ok() || first.unwrap_err().contains(why));
        call(&session).await.unwrap();
        assert_eq!(cloud.logins(), 1);
    }
}
