//! Tests each fault of the network and of the server. The tests call a safe and an unsafe operation, with a password
//! and with an access key.
//!
//! The tests check the result of the call, the number of requests, and whether the operation was executed. The tests
//! also check that no secret is shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod scene;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::sync::Arc;
use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud_core::reqwest;
use huaweicloud_sandbox::{Entrance, Fault, Options, RetryAfter, Service};
use scene::{FOR_EVER, LOGIN, SAFE, Scene, UNSAFE};
use support::{BOTH, By};
use table::{Always, Bad, Good, Once, rows};

async fn prove_all(by: By) {
    let mut scene = Scene::with_device(by).await;
    for row in rows(by) {
        scene.prove(&row).await;
    }
    scene.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_with_a_password_handle_every_fault() {
    prove_all(By::Password).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_with_an_access_key_handle_every_fault() {
    prove_all(By::AccessKey).await;
}

/// If IAM returns no token, the call fails, and the client sends nothing to the service.
#[tokio::test(flavor = "multi_thread")]
async fn calls_handle_the_listed_faults_of_iam() {
    use ErrorKind::{Credentials, Timeout, Transport, UnexpectedAnswer};
    let mut scene = Scene::with_device(By::Password).await;
    let (throttled, hour) = (RetryAfter::Seconds(0), Duration::from_secs(3600));
    for (fault, times, expected) in [
        (Fault::Delay(hour), Once, (Bad(Timeout), 1)),
        (Fault::ResetBeforeHeaders, Once, (Bad(Transport), 1)),
        (Fault::ResetInHeaders, Once, (Bad(Transport), 1)),
        (Fault::ResetAfterHeaders, Once, (Bad(Transport), 1)),
        (Fault::TruncatedBody, Once, (Bad(Transport), 1)),
        (Fault::Throttled(throttled), Once, (Good, 2)),
        (Fault::Throttled(throttled), Always, (Bad(Credentials), 3)),
        (Fault::InternalServerError, Once, (Bad(Credentials), 1)),
        (Fault::BadGateway, Once, (Bad(Credentials), 1)),
        (Fault::ServiceUnavailable, Once, (Bad(Credentials), 1)),
        (Fault::GatewayTimeout, Once, (Bad(Credentials), 1)),
        (Fault::Html, Once, (Bad(UnexpectedAnswer), 1)),
        (Fault::Redirect, Once, (Bad(UnexpectedAnswer), 1)),
        // The body is the documented answer. Only the content type is wrong.
        (Fault::WrongContentType, Once, (Good, 1)),
        (Fault::ClockOff(3600), Always, (Good, 1)),
        (Fault::ClockOff(-3600), Always, (Good, 1)),
    ] {
        for operation in [SAFE, UNSAFE] {
            let config = match expected.0 {
                Bad(Timeout) => scene.config().timeout(Duration::from_secs(2)),
                _ => scene.config(),
            };
            // The new credentials have no token yet.
            let config = config.build().unwrap();
            scene.password.0 = scene.world.password_at(&config);
            let clients = scene.clients(scene.config());
            let (faults, sandbox) = (scene.world.sandbox.faults().clone(), &scene.world.sandbox);
            let tokens = sandbox.requests_seen("create_token");
            let calls = sandbox.requests_seen(operation);
            match times {
                Once => faults.inject(Service::Iam, fault, 1),
                Always => faults.keep(Service::Iam, fault),
            }
            let outcome = scene.call(&clients, operation).await;
            faults.clear();
            let sandbox = &scene.world.sandbox;
            let seen = sandbox.requests_seen("create_token") - tokens;
            assert_eq!((outcome, seen), expected, "{fault:?} {times:?}");
            let calls = sandbox.requests_seen(operation) - calls;
            assert_eq!(calls, u64::from(outcome == Good), "{fault:?} {times:?}");
        }
    }
    scene.end();
}

/// Returns an HTTP client that trusts only this certificate authority.
fn trusting(pem: &str) -> reqwest::Client {
    use rustls::pki_types::pem::PemObject as _;
    let certificate = rustls::pki_types::CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
    client.no_proxy().build().unwrap()
}

/// If the host name is unknown or differs from the name in the certificate, the client sends no request. So safe and
/// unsafe operations behave in the same way.
#[tokio::test(flavor = "multi_thread")]
async fn calls_to_a_wrong_host_name_fail() {
    let not_found = Bad(ErrorKind::Connect);
    for by in BOTH {
        for (fault, expected) in [
            ("roma-link:unknown-host", not_found),
            ("roma-link:wrong-tls-name", Bad(ErrorKind::Tls)),
        ] {
            let options = Options::default().fault(fault.parse().unwrap());
            let mut scene = Scene::new(by, options).await;
            let mut config = scene.config().timeout(FOR_EVER);
            if let Some(pem) = scene.world.sandbox.details().ca_certificate.as_deref() {
                config = config.http_client(trusting(pem));
            }
            let clients = scene.clients(config);
            for operation in [SAFE, UNSAFE] {
                assert_eq!(scene.call(&clients, operation).await, expected, "{by:?}");
                assert_eq!(scene.world.sandbox.requests_seen(operation), 0);
            }
            scene.end();
        }
    }
}

/// With the right host name, the call succeeds. So the wrong host name is the reason for the failure in
/// `calls_to_a_wrong_host_name_fail`.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_the_right_host_name_succeeds() {
    for by in BOTH {
        let options = Options::default().entrance(Service::RomaLink, Entrance::Https);
        let mut scene = Scene::new(by, options).await;
        let pem = scene.world.sandbox.details().ca_certificate.clone();
        let untrusting = scene.clients(scene.config());
        let outcome = scene.call(&untrusting, SAFE).await;
        assert_eq!(
            outcome,
            Bad(ErrorKind::Tls),
            "{by:?}: the client does not know the authority"
        );
        let client = trusting(&pem.unwrap());
        let clients = scene.clients(scene.config().http_client(client));
        clients.product("meter").await;
        scene.end();
    }
}

#[test]
fn the_search_finds_secrets_in_every_encoding() {
    use huaweicloud_e2e::leaks::{encodings, find};
    let secret = [LOGIN.to_owned()].into();
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD_NO_PAD,
        format!("somebody:{LOGIN}"),
    );
    let bytes = format!("{:?}", LOGIN.as_bytes());
    let json = serde_json::json!({"password": LOGIN}).to_string();
    let quoted = serde_json::json!({"body": json}).to_string();
    let other = [basic, bytes, json, quoted, format!("{:?}", Some(LOGIN))];
    let all = encodings(LOGIN).map(|(_, text)| text);
    for text in all.chain(other) {
        let text = format!("before {text} behind");
        let found = find(&text, &secret).map(|leak| leak.at);
        assert!(found.is_some_and(|at| at >= 7), "not found in {text}");
    }
    assert!(find("Planted-Login", &secret).is_none());
    let short = ["1234567".to_owned()].into();
    let found = find("", &short);
    assert!(
        found.is_some(),
        "a secret that is too short for a search counts as found"
    );
}
