//! Tests calls with tokens and with signatures, and the errors for expired, wrong or refused credentials.

use crate::support;

use std::time::Duration;

use futures_util::future::{FutureExt, join_all};
use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::iam::types::{
    CreateTemporaryAccessKeyRequest, ListProjectsParams, TemporaryAccessKeyAuth,
    TemporaryAccessKeyIdentity, TemporaryAccessKeyToken,
};
use huaweicloud::roma_link::types::ListDevicesParams;
use huaweicloud::{AccessKey, ErrorKind, Secret, Token};
use huaweicloud_sandbox::{Fault, Service};
use support::leaks::planted;
use support::{BOTH, By, Clients, World};

const A_DAY_AND_AN_HOUR: Duration = Duration::from_secs(25 * 3600);

async fn list(clients: &Clients) -> Result<(), huaweicloud::Error> {
    clients
        .link
        .list_devices(&clients.instance, &ListDevicesParams::default())
        .await
        .map(drop)
}

#[tokio::test]
async fn several_calls_fetch_only_one_token() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    assert_eq!(
        world.sandbox.requests_seen("create_token"),
        0,
        "the client fetches no token before the first call"
    );
    for _ in 0..5 {
        list(&clients).await.unwrap();
    }
    assert_eq!(world.sandbox.requests_seen("create_token"), 1);
}

/// Each of the two clients makes at least 200 calls, but logs in only once. Each call fails with a clear error.
#[tokio::test]
async fn refused_tokens_and_wrong_passwords_cause_only_one_login() {
    const CALLS: usize = 100;
    let world = World::new().await;
    let faults = world.sandbox.faults().clone();
    faults.keep(Service::RomaLink, Fault::Unauthorized);
    let refused = world.clients(By::Password);
    let config = world.config().build().unwrap();
    let details = world.sandbox.details();
    let login = Login::new(&details.domain_name, &details.user_name, "Planted-wrong-1");
    let wrong = PasswordCredentials::new(&config, login).unwrap();
    let wrong = world.clients_of(&config.with_credentials(wrong));
    for (clients, logins, why) in [
        (
            &refused,
            1,
            "check that the access key or token is complete and valid",
        ),
        (&wrong, 2, "IAM refused the user's name, password"),
    ] {
        let mut results = join_all((0..CALLS).map(|_| list(clients))).await;
        for _ in 0..CALLS {
            results.push(list(clients).await);
        }
        for result in results {
            let error = result.unwrap_err();
            let text = error.to_string();
            assert!(error.is_auth() && text.contains(why), "{text}");
        }
        assert_eq!(world.sandbox.requests_seen("create_token"), logins);
    }
    let last = list(&wrong).await.unwrap_err().to_string();
    assert!(last.contains("nothing was sent again"), "{last}");
}

/// In the settings of other programs, the address of IAM often ends in a version. A login accepts such an address. The
/// IAM client returns an error that explains the problem, and sends no request.
#[tokio::test]
async fn only_a_login_accepts_an_iam_address_that_ends_in_a_version() {
    let world = World::new().await;
    let plain = &world.sandbox.details().addresses.iam;
    let address = format!("{plain}/v3");
    let config = world.config().endpoint("iam", &address).build().unwrap();
    let credentials = world.password_at(&config);
    let config = config.with_credentials(credentials);
    let clients = world.clients_of(&config);
    list(&clients).await.unwrap();
    let seen = world.sandbox.requests_seen("create_token");
    let other = world.clients(By::Password).iam;
    for client in [clients.iam, other.with_endpoint(&address).unwrap()] {
        let all = ListProjectsParams::default();
        let in_v3 = client.list_projects(&all).await.unwrap_err();
        let identity = TemporaryAccessKeyIdentity::new(["token"]);
        let auth = TemporaryAccessKeyAuth::new(identity);
        let request = CreateTemporaryAccessKeyRequest::new(auth);
        let in_v3_0 = client.create_temporary_access_key(&request).await;
        for error in [in_v3, in_v3_0.unwrap_err()] {
            let text = error.to_string();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
            assert!(
                text.contains("the endpoint of iam ends in /v3, but the path of")
                    && text.contains(&format!("write the endpoint without it: {plain}")),
                "{text}"
            );
        }
    }
    assert_eq!(world.sandbox.requests_seen("create_token"), seen);
    assert_eq!(world.sandbox.requests_seen("list_projects"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_parallel_calls_fetch_only_one_token() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    let calls = (0..100).map(|_| list(&clients));
    assert!(
        join_all(calls)
            .await
            .into_iter()
            .all(|result| result.is_ok())
    );
    assert_eq!(world.sandbox.requests_seen("create_token"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_calls_renew_an_expired_token_only_once() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    list(&clients).await.unwrap();
    world.clock.advance(A_DAY_AND_AN_HOUR);
    let calls = (0..100).map(|_| list(&clients));
    assert!(
        join_all(calls)
            .await
            .into_iter()
            .all(|result| result.is_ok())
    );
    assert_eq!(world.sandbox.requests_seen("create_token"), 2);
}

#[tokio::test]
async fn dropping_a_call_does_not_cancel_its_token_request() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    // The first call starts to request a token. The test drops this call before the answer arrives.
    assert!(list(&clients).now_or_never().is_none());
    list(&clients).await.unwrap();
    assert_eq!(world.sandbox.requests_seen("create_token"), 1);
}

#[tokio::test]
async fn a_static_token_works_until_its_expiry() {
    let world = World::new().await;
    let token = fetch_token(&world).await;
    let project = world.sandbox.details().project_id.clone();
    let config = world
        .config()
        .token(token)
        .project_id(project)
        .build()
        .unwrap();
    let clients = world.clients_of(&config);
    list(&clients).await.unwrap();
    world.clock.advance(A_DAY_AND_AN_HOUR);
    let error = list(&clients).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(error.status(), Some(401));
}

async fn fetch_token(world: &World) -> Secret {
    use huaweicloud_core::{Credential, ProvideCredential};
    match world.password().credential().await.unwrap() {
        Credential::Token(Token { value, .. }) => {
            planted(value.expose());
            value
        }
        other => panic!("the password provider returned {other:?}"),
    }
}

#[tokio::test]
async fn a_client_does_not_retry_a_login_with_a_wrong_password() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let login = Login::new(
        &details.domain_name,
        &details.user_name,
        "Wrong-Planted-0001!",
    );
    let credentials = PasswordCredentials::new(&world.config().build().unwrap(), login).unwrap();
    let config = world
        .config()
        .credentials(credentials)
        .project_id(&details.project_id)
        .build()
        .unwrap();
    let error = list(&world.clients_of(&config)).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert!(
        !format!("{error} {error:?} {config:?}").contains("Wrong-Planted"),
        "{error}"
    );
    assert_eq!(world.sandbox.requests_seen("create_token"), 1);
    assert_eq!(world.sandbox.requests_seen("list_devices"), 0);
}

#[tokio::test]
async fn the_sandbox_refuses_a_wrong_secret_key() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let config = world
        .config()
        .access_key(&details.access_key, "Planted-wrong-key")
        .project_id(&details.project_id)
        .build()
        .unwrap();
    let error = list(&world.clients_of(&config)).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(error.error_code(), Some("APIGW.0301"));
}

#[tokio::test]
async fn a_client_corrects_a_wrong_clock_only_once() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    world.clock.advance(Duration::from_secs(3600));
    list(&clients).await.unwrap();
    assert_eq!(world.sandbox.requests_seen("list_devices"), 2);
    // The client has stored the difference between its clock and the sandbox's clock. So the second call needs only one
    // request.
    list(&clients).await.unwrap();
    assert_eq!(world.sandbox.requests_seen("list_devices"), 3);
}

#[tokio::test]
async fn temporary_keys_are_valid_until_their_expiry() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    let token = TemporaryAccessKeyToken::new()
        .with_id(fetch_token(&world).await)
        .with_duration_seconds(900);
    let identity = TemporaryAccessKeyIdentity::new(["token"]).with_token(token);
    let request = CreateTemporaryAccessKeyRequest::new(TemporaryAccessKeyAuth::new(identity));
    let key = clients
        .iam
        .create_temporary_access_key(&request)
        .await
        .unwrap()
        .into_inner()
        .credential
        .unwrap();
    let key = AccessKey::new(key.access.unwrap(), key.secret.unwrap())
        .with_security_token(key.securitytoken.unwrap());
    let project = world.sandbox.details().project_id.clone();
    let config = world
        .config()
        .credentials(key)
        .project_id(project)
        .build()
        .unwrap();
    let signed = world.clients_of(&config);
    list(&signed).await.unwrap();
    world.clock.advance(Duration::from_secs(901));
    assert!(list(&signed).await.unwrap_err().is_auth());
}

#[tokio::test]
async fn a_client_finds_a_project_by_name_and_lists_the_accessible_projects() {
    let world = World::new().await;
    let details = world.sandbox.details();
    for by in BOTH {
        let clients = world.clients(by);
        let params = ListProjectsParams::default().with_name(&details.project_name);
        let found = clients.iam.list_projects(&params).await.unwrap();
        assert_eq!(
            found
                .projects
                .first()
                .and_then(|project| project.id.as_deref()),
            Some(details.project_id.as_str()),
            "{by:?}"
        );
        let mine = clients.iam.list_auth_projects().await.unwrap();
        assert_eq!(mine.projects.len(), 1, "{by:?}");
    }
}

#[tokio::test]
async fn a_call_without_credentials_fails_before_its_request() {
    let world = World::new().await;
    let config = world.config().project_id("p").build().unwrap();
    let error = list(&world.clients_of(&config)).await.unwrap_err();
    assert!(error.to_string().contains("credentials"), "{error}");
    assert_eq!(world.sandbox.requests_seen("list_devices"), 0);
}
