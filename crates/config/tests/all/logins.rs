//! Tests that the number of logins in a period of time has a limit. The limit does not depend on the number of calls.
//! The tests use different answers of IAM and the services.

use crate::support;

use futures_util::future::join_all;
use huaweicloud_config::{IdToken, IdentityProviderCredentials, Login, PasswordCredentials};
use huaweicloud_core::{Error, ErrorKind, ProvideCredential, RetryPolicy};
use std::time::Duration;
use support::canned::{Canned, JSON, http};
use support::home::{CLOUDS, Home};
use support::{Cloud, call};

const CALLS: usize = 100;

fn credentials(cloud: &Cloud) -> PasswordCredentials {
    let config = cloud.config().retry(RetryPolicy::none()).build().unwrap();
    let login = Login::new("account", "user", "Planted-Pass-1").with_project_name("eu-de");
    PasswordCredentials::new(&config, login).unwrap()
}

async fn advance(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Makes many calls at once, then the same number of calls one after the other. Returns their errors.
async fn errors(session: &huaweicloud_core::Session) -> Vec<Error> {
    let mut results = join_all((0..CALLS).map(|_| call(session))).await;
    for _ in 0..CALLS {
        results.push(call(session).await);
    }
    results.into_iter().map(Result::unwrap_err).collect()
}

#[tokio::test]
async fn a_service_that_refuses_every_token_causes_one_login_per_minute() {
    let cloud = Cloud::start().await;
    cloud.refuse_every_token();
    let session = cloud.session(credentials(&cloud));
    for error in errors(&session).await {
        assert_eq!(error.status(), Some(401), "{error}");
        assert!(error.is_auth(), "{error}");
    }
    assert_eq!(cloud.logins(), 1);
    // After a minute, the client logs in again, because the service could accept the new token.
    advance(61).await;
    errors(&session).await;
    assert_eq!(cloud.logins(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_not_sent_again_during_a_pause() {
    for status in [400, 401, 403, 404] {
        let cloud = Cloud::start().await;
        for _ in 0..4 {
            cloud.fail_next(status);
        }
        let session = cloud.session(credentials(&cloud));
        let errors_of = errors(&session).await;
        assert_eq!(cloud.logins(), 1, "{status}");
        for error in &errors_of {
            assert_eq!(error.kind(), ErrorKind::Credentials);
            assert!(!format!("{error} {error:?}").contains("Planted"), "{error}");
        }
        let last = errors_of.last().unwrap().to_string();
        assert!(
            last.contains("remembered: nothing was sent again"),
            "{last}"
        );
        // The pauses grow, so that IAM does not lock the account.
        for (seconds, logins) in [(290, 1), (20, 2), (590, 2), (20, 3), (1100, 3), (110, 4)] {
            advance(seconds).await;
            call(&session).await.unwrap_err();
            assert_eq!(cloud.logins(), logins, "{status} {seconds}");
        }
        advance(2500).await;
        call(&session).await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_password_from_clouds_yaml_is_sent_only_once() {
    let cloud = Cloud::start().await;
    cloud.fail_next(401);
    let text = format!(
        "clouds: {{c: {{region_name: eu-de, auth: {{auth_url: '{}/v3', username: u, password: Planted-x, user_domain_name: d}}}}}}",
        cloud.url
    );
    let home = Home::new(&[(CLOUDS, &text)]);
    let variables = [("OS_CLOUD", "c"), ("HUAWEICLOUD_ENDPOINT_DCS", &*cloud.url)];
    let config = home.load(&variables).await.unwrap();
    let session = huaweicloud_core::Session::new(&config, &support::SERVICE).unwrap();
    for error in errors(&session).await {
        let text = error.to_string();
        assert!(
            text.contains("IAM refused the user's name, password"),
            "{text}"
        );
    }
    assert_eq!(cloud.logins(), 1);
}

#[tokio::test]
async fn a_failing_iam_receives_few_requests() {
    for status in [409, 429, 500, 502, 503] {
        let cloud = Cloud::start().await;
        for _ in 0..20 {
            cloud.fail_next(status);
        }
        let session = cloud.session(credentials(&cloud));
        errors(&session).await;
        assert!(cloud.logins() <= 2, "{status}: {}", cloud.logins());
        advance(61).await;
        errors(&session).await;
        assert!(cloud.logins() <= 3, "{status}: {}", cloud.logins());
    }
}

/// In the first part of the test, the tokens have already ended when the client receives them. In the second part, each
/// token works once, and the service then refuses the token.
#[tokio::test]
async fn unusable_tokens_do_not_cause_a_login_for_each_call() {
    let cloud = Cloud::start().await;
    cloud.set_life(-5);
    let session = cloud.session(credentials(&cloud));
    for _ in 0..CALLS {
        call(&session).await.unwrap();
    }
    assert!(cloud.logins() <= 3, "{}", cloud.logins());
    let cloud = Cloud::start().await;
    let session = cloud.session(credentials(&cloud));
    for _ in 0..CALLS {
        call(&session).await.ok();
        cloud.revoke();
    }
    assert!(cloud.logins() <= 4, "{}", cloud.logins());
}

/// During the pause after a refusal, the client sends an ID token again only if the file with the token has changed.
#[tokio::test]
async fn a_refused_id_token_is_sent_once_until_its_file_changes() {
    let iam = Canned::start(|_| http(401, JSON, r#"{"error":{"code":401,"message":"no"}}"#)).await;
    let home = Home::new(&[("token", "Planted-one")]);
    let path = home.path("token");
    let config = huaweicloud_core::Config::builder().endpoint("iam", &iam.url);
    let config = config.retry(RetryPolicy::none()).build().unwrap();
    let token = IdToken::File(path.clone());
    let credentials = IdentityProviderCredentials::new(&config, "provider", token).unwrap();
    for _ in 0..CALLS {
        credentials.credential().await.unwrap_err();
    }
    assert_eq!(iam.seen().len(), 1);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    file.set_modified(later).unwrap();
    for _ in 0..CALLS {
        credentials.credential().await.unwrap_err();
    }
    assert_eq!(iam.seen().len(), 2);
}
