//! Tests configurations, sessions and secrets: the defaults, the refused settings, the endpoints, and the output of
//! `Debug`.

use crate::support;

use huaweicloud_core::{
    AccessKey, Config, ConfigBuilder, Credential, ErrorKind, Operation, Proxy, RetryPolicy, Secret,
    Session, TlsVersion, Token,
};
use std::time::Duration;
use support::SERVICE;

#[test]
fn defaults_are_as_documented() {
    let config = Config::builder().build().unwrap();
    assert_eq!(
        (config.timeout(), config.connect_timeout()),
        (Duration::from_secs(60), Duration::from_secs(10))
    );
    assert_eq!(
        (config.max_answer(), config.retry_policy().attempts),
        (8 * 1024 * 1024, 3)
    );
    assert!(
        config.credentials().is_none()
            && config.region().is_none()
            && config.project_id().is_none()
    );
    assert!(config.domain_id().is_none() && config.endpoint("dcs").is_none());
}

#[test]
fn the_error_of_a_wrong_setting_names_the_setting_and_the_fix() {
    let zero = Duration::ZERO;
    let client = huaweicloud_core::http_client_builder(Duration::from_secs(1));
    let client = client.unwrap().build().unwrap();
    let given = || Config::builder().http_client(client.clone());
    let cases: [(ConfigBuilder, &str); 19] = [
        (
            Config::builder().region("EU DE"),
            "`EU DE` is not a region; give the id of a region",
        ),
        (Config::builder().project_id(""), "project_id is not an id"),
        (
            Config::builder().project_id("eu-de/../x"),
            "project_id is not an id",
        ),
        (Config::builder().domain_id("a b"), "domain_id is not an id"),
        (
            Config::builder().endpoint("dcs", "dcs.example.com"),
            "the endpoint of dcs is not a URL",
        ),
        (Config::builder().timeout(zero), "timeout is zero"),
        (
            Config::builder().connect_timeout(zero),
            "connect_timeout is zero",
        ),
        (
            Config::builder().retry(RetryPolicy {
                attempts: 0,
                ..RetryPolicy::default()
            }),
            "set attempts to 1",
        ),
        (
            Config::builder().attempt_timeout(zero),
            "attempt_timeout is zero",
        ),
        (
            Config::builder().user_agent(""),
            "user_agent is not a valid name",
        ),
        (
            Config::builder().user_agent("app\r\nX-Evil: 1"),
            "such as app/1.0",
        ),
        (Config::builder().user_agent("a".repeat(201)), "at most 200"),
        (
            Config::builder().proxy("socks4://proxy:1080"),
            "the proxy that is given has a scheme other than http, https, socks5 and socks5h; give an address",
        ),
        (
            given().proxy(Proxy::none()),
            "a proxy is given, but the given http_client does not use this setting",
        ),
        (given().root_certificate("x"), "root certificates are given"),
        (given().identity("x", "y"), "a client certificate is given"),
        (
            given().min_tls_version(TlsVersion::Tls13),
            "a TLS version is given, but",
        ),
        (
            Config::builder().root_certificate("no PEM at all"),
            "the root certificates contain no certificate; give PEM",
        ),
        (
            Config::builder().identity_files("/nowhere/hunter.pem", "/nowhere/key.pem"),
            "the client certificates in `/nowhere/hunter.pem` cannot be read; check the path",
        ),
    ];
    for (builder, text) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(
            (error.operation(), error.status(), error.attempts()),
            (None, None, 0)
        );
    }
}

#[test]
fn a_session_finds_its_endpoint() {
    let config = Config::builder().region("eu-de").build().unwrap();
    let session = Session::new(&config, &SERVICE).unwrap();
    assert_eq!(
        (session.endpoint(), session.region()),
        ("https://dcs.eu-de.otc.t-systems.com", Some("eu-de"))
    );
    let other = session.with_region("eu-nl").unwrap();
    assert_eq!(
        (other.endpoint(), other.region()),
        ("https://dcs.eu-nl.otc.t-systems.com", Some("eu-nl"))
    );
    assert!(
        session
            .with_region("mars-1")
            .unwrap_err()
            .to_string()
            .contains("eu-de, eu-nl")
    );
    assert!(session.with_endpoint("mailto:a@b").is_err());
    let config = config.to_builder().region("mars-1").build().unwrap();
    assert!(
        Session::new(&config, &SERVICE)
            .unwrap_err()
            .to_string()
            .contains("not documented in the region mars-1")
    );
    assert_eq!(session.with_project("p2").project_id(), Some("p2"));
    assert_eq!(session.service().name(), "dcs");
}

/// In some other programs, endpoints end with the API version. In this SDK, the paths of operations begin with the API
/// version. So with such an endpoint, the URL would contain the version twice.
#[tokio::test]
async fn an_address_with_a_version_is_an_error_and_nothing_is_sent() {
    let server = support::Scripted::start([support::device()]).await;
    let config = support::config().access_key("AK", "SK");
    let address = format!("{}/v2", server.url);
    let given = config.clone().endpoint("dcs", &address).build().unwrap();
    let given = Session::new(&given, &SERVICE).unwrap();
    let plain = config.endpoint("dcs", &server.url).build().unwrap();
    let plain = Session::new(&plain, &SERVICE).unwrap();
    let second = format!("{},{address}/", server.url);
    let others = [address.as_str(), &second].map(|url| plain.with_endpoint(url).unwrap());
    for session in others.into_iter().chain([given]) {
        let request = huaweicloud_core::Request::new(&support::LIST);
        let error = session.send::<support::Device>(request).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0));
        let expected = format!(
            "the endpoint of dcs ends in /v2, but the path of list_devices begins with it: /v2/{{project_id}}/devices; write the endpoint without it: {}",
            server.url
        );
        assert!(error.to_string().contains(&expected), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[test]
fn debug_output_contains_no_secret() {
    let key = AccessKey::new("AK", "sk-hunter2")
        .with_security_token("st-hunter2")
        .with_project("p")
        .with_domain("d");
    let headers = http::HeaderMap::from_iter([(
        http::header::AUTHORIZATION,
        http::HeaderValue::from_static("hunter2"),
    )]);
    let client = huaweicloud_core::http_client_builder(Duration::from_secs(1))
        .unwrap()
        .default_headers(headers)
        .build()
        .unwrap();
    let proxy = Proxy::new("http://hunter2@proxy").with_credentials("hunter2", "hunter2");
    let with_files = Config::builder()
        .proxy(proxy)
        .identity("hunter2", "hunter2");
    let shown = format!("{with_files:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let builder = Config::builder()
        .credentials(key.clone())
        .endpoint("other", "https://user:hunter2@example.com")
        .http_client(client);
    let shown = format!("{builder:?}");
    assert!(
        shown.contains("AK") && shown.contains("other") && !shown.contains("hunter2"),
        "{shown}"
    );
    let config = builder
        .endpoint("other", "https://example.com")
        .region("eu-de")
        .build()
        .unwrap();
    let session = Session::new(&config, &SERVICE)
        .unwrap()
        .with_credentials(Token::new("hunter2"));
    let request = huaweicloud_core::Request::new(&support::LIST)
        .query("name", "hunter2")
        .header("X-A", "hunter2");
    let shown = format!(
        "{config:#?} {session:?} {request:?} {key:?} {:?}",
        Credential::AccessKey(key.clone())
    );
    assert!(
        shown.contains("Secret(***)") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn a_secret_can_be_compared_serialized_and_deserialized() {
    let secret: Secret = "hunter2".parse().unwrap();
    assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(***) Secret(***)");
    assert_eq!(secret, Secret::from("hunter2".to_owned()));
    assert_ne!(secret, Secret::from("hunter3"));
    assert_ne!(secret, Secret::from("hunter22"));
    assert_eq!(serde_json::to_string(&secret).unwrap(), "\"***\"");
    for (json, text) in [("\"a\"", "a"), ("12", "12"), ("null", ""), ("{}", "")] {
        let read: Secret = serde_json::from_str(json).unwrap();
        assert_eq!(read.expose(), text);
        assert_eq!(read.is_empty(), text.is_empty());
    }
}

#[test]
fn shared_types_are_send_and_sync() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Config>();
    shared::<Session>();
    shared::<Credential>();
    fn sync<T: Sync>() {}
    sync::<Operation>();
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    error::<huaweicloud_core::Error>();
}

#[test]
fn an_endpoint_can_be_set_by_service_name_or_module_name() {
    let address = "http://127.0.0.1:1";
    for given in ["roma-link", "roma_link"] {
        let config = Config::builder().endpoint(given, address).build().unwrap();
        assert_eq!(config.endpoint("roma-link"), Some(address), "{given}");
        assert_eq!(config.endpoint("roma_link"), Some(address), "{given}");
    }
}
