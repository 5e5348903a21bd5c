//! Tests the temporary keys that the metadata service issues for the agency of an elastic cloud server.

use crate::support;

use futures_util::future::join_all;
use huaweicloud_config::{Loader, MetadataCredentials};
use huaweicloud_core::{AccessKey, Credential, Error, ErrorKind, ProvideCredential};
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::canned::{Canned, JSON, http, key};

const PUT: &str = "PUT /meta-data/latest/api/token ";
const GET: &str = "GET /openstack/latest/securitykey ";
/// The date of the service's answers. This date differs from the time of this machine. So a test fails if the client
/// uses this machine's clock.
const DATE: &str = "Date: Mon, 09 Nov 2015 00:00:00 GMT\r\n";

fn good(body: &str) -> Option<String> {
    http(200, &format!("{JSON}{DATE}"), body)
}

/// Starts a metadata service. Its keys have the names `key-1`, `key-2` and so on. All keys end at the time `end`.
async fn service(end: &'static str) -> Canned {
    let number = Arc::new(AtomicUsize::new(0));
    Canned::start(move |request| {
        if request.starts_with(PUT) {
            return http(200, "", "hunter2-metadata\n");
        }
        let number = number.fetch_add(1, Ordering::SeqCst) + 1;
        good(&key(&format!("key-{number}"), end))
    })
    .await
}

fn credentials(service: &Canned) -> MetadataCredentials {
    MetadataCredentials::at(&service.url).unwrap()
}

fn name(credential: Result<Credential, Error>) -> String {
    match credential.unwrap() {
        Credential::AccessKey(key) => key.access,
        other => panic!("{other:?}"),
    }
}

fn cause(error: &Error) -> String {
    error.source().unwrap().to_string()
}

#[tokio::test]
async fn the_token_is_requested_first_and_all_calls_share_one_fetch() {
    let service = service("2015-11-09T01:00:00.000000Z").await;
    let credentials = credentials(&service);
    let all = join_all((0..50).map(|_| credentials.credential())).await;
    let key = AccessKey::new("key-1", "hunter2-secret").with_security_token("hunter2-token");
    for credential in all {
        assert_eq!(credential.unwrap(), Credential::AccessKey(key.clone()));
    }
    for _ in 0..5 {
        assert_eq!(name(credentials.credential().await), "key-1");
    }
    let seen = service.seen();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[0].starts_with(PUT) && seen[0].contains("x-metadata-token-ttl-seconds: "));
    assert!(seen[1].starts_with(GET) && seen[1].contains("x-metadata-token: hunter2-metadata\r\n"));
    assert!(!format!("{credentials:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_service_that_does_not_support_tokens_gets_a_request_without_token() {
    for status in [404, 405, 503] {
        let service = Canned::start(move |request| {
            if request.starts_with(PUT) {
                return http(status, "", "hunter2");
            }
            good(&key("k", "2015-11-09T01:00:00Z"))
        })
        .await;
        assert_eq!(name(credentials(&service).credential().await), "k");
        assert!(!service.seen()[1].contains("x-metadata-token"));
    }
}

/// In the last forty minutes of a key, the official Python SDK requests a newer key at each call. But during this time,
/// the service does not always have a newer key.
#[tokio::test]
async fn calls_do_not_repeat_the_renewal_if_the_service_has_no_newer_key() {
    // The service returns the same key again, which is then valid for only three minutes. The client requests a newer
    // key in the last quarter of this time.
    let number = Arc::new(AtomicUsize::new(0));
    let service = Canned::start(move |request| {
        if request.starts_with(PUT) {
            return http(404, "", "");
        }
        let minute = 17 * number.fetch_add(1, Ordering::SeqCst).min(1);
        let date = format!("Date: Mon, 09 Nov 2015 00:{minute:02}:00 GMT\r\n");
        let body = key("same", "2015-11-09T00:20:00Z");
        http(200, &format!("{JSON}{date}"), &body)
    })
    .await;
    let credentials = credentials(&service);
    credentials.credential().await.unwrap();
    let advance = |seconds| async move {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
    };
    advance(60).await;
    for _ in 0..20 {
        credentials.credential().await.unwrap();
    }
    assert_eq!(service.count(GET), 1, "no renewal is due yet");
    advance(16 * 60).await;
    for _ in 0..20 {
        assert_eq!(name(credentials.credential().await), "same");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    while service.count(GET) < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for _ in 0..20 {
        credentials.credential().await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(service.count(GET), 2, "the client requested one newer key");
    advance(140).await;
    while service.count(GET) < 3 {
        credentials.credential().await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_refused_key_is_replaced() {
    let service = service("2015-11-09T01:00:00Z").await;
    let credentials = credentials(&service);
    let first = credentials.credential().await.unwrap();
    assert!(credentials.refused(&first));
    assert_eq!(name(credentials.credential().await), "key-2");
    // A late refusal of the replaced key has no effect.
    assert!(credentials.refused(&first));
    assert_eq!(name(credentials.credential().await), "key-2");
}

#[tokio::test]
async fn the_client_reads_keys_in_several_json_styles() {
    for body in [
        r#"{"credentials":{"access_key_id":"k","secret_access_key":"s","security_token":"t","expiration":"2015-11-09T01:00:00.5Z"}}"#,
        r#"{"credential":{"accessKeyId":"k","secretAccessKey":"s","securityToken":"t","expires_at":"2015-11-09T01:00:00"}}"#,
        r#"{"access":"k","secret":"s","securitytoken":"t"}"#,
    ] {
        let service = Canned::start(move |request| match request.starts_with(PUT) {
            true => http(405, "", ""),
            false => good(body),
        })
        .await;
        assert_eq!(name(credentials(&service).credential().await), "k");
    }
}

#[tokio::test]
async fn the_error_of_an_invalid_key_does_not_quote_the_answer() {
    let large = "x".repeat(100_000);
    let bodies = [
        (
            "<html>hunter2</html>".to_owned(),
            "an answer that is not JSON",
        ),
        (
            r#"{"credential":{"access":"hunter2"}}"#.to_owned(),
            "without an access key",
        ),
        (r#"["hunter2"]"#.to_owned(), "without an access key"),
        ("".to_owned(), "an answer that is not JSON"),
        (large, "more than"),
        (key("k", "2015-11-08T23:00:00Z"), "has already expired"),
    ];
    for (body, expected) in bodies {
        let service = Canned::start(move |request| match request.starts_with(PUT) {
            true => http(404, "", ""),
            false => good(&body),
        })
        .await;
        let error = credentials(&service).credential().await.unwrap_err();
        let text = format!("{error} {error:?} {}", cause(&error));
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    }
    // If the answer is a web page instead of a token, another server has answered. The client then requests no key.
    let portal = Canned::start(|_| http(200, "", "<html>hunter2</html>")).await;
    let error = credentials(&portal).credential().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(portal.count(GET), 0);
}

#[tokio::test]
async fn the_error_of_a_server_without_agency_recommends_an_agency() {
    let service = Canned::start(|request| match request.starts_with(PUT) {
        true => http(200, "", "t"),
        false => http(404, "", "Please configure Cloud Service Agency first"),
    })
    .await;
    let error = credentials(&service).credential().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(cause(&error).contains("agency"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_service_without_an_answer_causes_a_timeout() {
    let silent = Canned::start(|_| None).await;
    let begun = tokio::time::Instant::now();
    let error = credentials(&silent).credential().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    // This time is measured with tokio's clock, which advances only while the test waits.
    assert!(begun.elapsed() < Duration::from_secs(3));
}

fn nowhere() -> Loader {
    support::alone(Loader::new()).with_environment(|_| None::<String>)
}

#[tokio::test]
async fn without_a_metadata_service_the_error_lists_the_reasons_of_the_sources() {
    let error = nowhere()
        .with_metadata_endpoint("http://127.0.0.1:9")
        .load()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    for part in [
        "no credentials found",
        "HUAWEICLOUD_SDK_AK is not set",
        "/nowhere/clouds.yaml does not exist",
        "HC_CONTAINER_CREDENTIALS_FULL_URI is not set",
        "the metadata service of an elastic cloud server: the metadata service cannot be reached",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn the_loader_uses_the_metadata_service_unless_the_program_turns_it_off() {
    let service = service("2015-11-09T01:00:00Z").await;
    let url = service.url.clone();
    let loader = Loader::new()
        .with_current_dir("/nowhere")
        .with_system_dir("/nowhere")
        .with_environment(move |name| match name {
            "HUAWEICLOUD_METADATA_ENDPOINT" => Some(url.clone()),
            "HUAWEICLOUD_SDK_PROJECT_ID" => Some("p0".to_owned()),
            _ => None,
        });
    let config = loader.load().await.unwrap();
    assert_eq!(config.project_id(), Some("p0"));
    let credentials = config.credentials().unwrap();
    assert_eq!(name(credentials.credential().await), "key-1");
    assert_eq!(service.count(GET), 1, "the client keeps the fetched key");
    let off = nowhere().load().await.unwrap_err().to_string();
    assert!(
        off.contains("the program called without_metadata()"),
        "{off}"
    );
}
