//! Tests the network path to a service: tunnels through proxies, configured certificate authorities, client
//! certificates, versions of TLS, and several endpoints.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "network/clouds.rs"]
mod clouds;
#[path = "network/secure.rs"]
mod secure;
#[path = "network/socks.rs"]
mod socks;
mod support;
#[path = "network/tunnel.rs"]
mod tunnel;

use huaweicloud::roma_link::types::ResetDeviceAuthenticationRequest;
use huaweicloud::{ConfigBuilder, ErrorKind, Proxy, RetryPolicy, TlsVersion, dcs};
use huaweicloud_sandbox::{Entrance, Options, Service};
use rustls::version::{TLS12, TLS13};
use secure::{Authority, Server};
use socks::Socks;
use support::leaks::{Log, assert_clean};
use support::{Clients, World};
use tunnel::Tunnel;

/// The password of the proxy, with characters that must be encoded in an address.
const PASSWORD: &str = "Planted-:@/ %41 é?#";

/// Starts a sandbox with ROMA Connect over HTTPS. Returns the sandbox and its certificate authority.
async fn world() -> (World, String) {
    let options = Options::default().entrance(Service::RomaLink, Entrance::Https);
    let world = World::with(options).await;
    let pem = world.sandbox.details().ca_certificate.clone().unwrap();
    (world, pem)
}

fn clients(world: &World, config: ConfigBuilder) -> Clients {
    let details = world.sandbox.details();
    let config = config
        .access_key(&details.access_key, details.secret_key.as_str())
        .project_id(&details.project_id);
    world.clients_of(&config.build().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_sees_only_encrypted_data_after_the_connect_request() {
    let log = Log::collect();
    let (world, pem) = world().await;
    let tunnel = Tunnel::start().await;
    let login = format!("us@er:{PASSWORD}");
    let proxy = Proxy::new(&tunnel.url).with_credentials("us@er", PASSWORD);
    let config = world.config().root_certificate(pem).proxy(proxy);
    clients(&world, config).product("meter").await;
    let service = world
        .sandbox
        .details()
        .addresses
        .roma_link
        .replace("https://", "");
    let asked = tunnel.asked();
    let login = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, login);
    let expected = format!(
        "CONNECT {service} HTTP/1.1\r\nHost: {service}\r\nProxy-Authorization: Basic {login}\r\n\r\n"
    );
    assert_eq!(asked, expected);
    let carried = tunnel.carried();
    assert!(carried.len() > 500, "{} bytes", carried.len());
    for word in ["authorization", "SDK-HMAC-SHA256", "meter", "/v2/link"] {
        let found = carried
            .windows(word.len())
            .any(|part| part == word.as_bytes());
        assert!(!found, "{word}");
    }
    let secrets = [
        PASSWORD.to_owned(),
        world.sandbox.details().secret_key.clone(),
    ];
    assert!(log.text().contains("huaweicloud::call"));
    assert_clean("the log", &log.text(), &secrets.into());
}

fn client_of(config: ConfigBuilder, server: &Server) -> dcs::Client {
    let config = config
        .endpoint("dcs", &server.url)
        .access_key("AK", "Planted-key")
        .project_id("p1");
    dcs::Client::new(&config.build().unwrap()).unwrap()
}

/// With `socks5h`, the proxy resolves host names. With `socks5`, the client resolves host names.
#[tokio::test(flavor = "multi_thread")]
async fn calls_work_through_a_socks_proxy() {
    let log = Log::collect();
    let (world, pem) = world().await;
    let service = world
        .sandbox
        .details()
        .addresses
        .roma_link
        .replace("https://", "");
    let socks = Socks::start("us@er", PASSWORD, service.clone()).await;
    let given = |scheme: &str, password: &str| {
        let proxy = Proxy::new(format!("{scheme}://{}", socks.address));
        let config = world.config().root_certificate(&pem);
        config.proxy(proxy.with_credentials("us@er", password))
    };
    for scheme in ["socks5", "socks5h"] {
        clients(&world, given(scheme, PASSWORD))
            .products()
            .await
            .unwrap();
    }
    assert_eq!(socks.asked(), [service.as_str(), service.as_str()]);
    // The proxy refuses the wrong password. The client does not retry, and the error names the proxy.
    let wrong = clients(&world, given("socks5h", "Planted-of-nobody"));
    let all = Default::default();
    let error = wrong.link.list_products(&wrong.instance, &all).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 1));
    let named = format!("through the proxy socks5h://{}", socks.address);
    let text = format!("{error} {error:?}");
    assert!(
        text.contains(&named) && !text.contains("Planted-of-nobody"),
        "{text}"
    );
    // The proxy gets this host name, and connects to the sandbox. Then TLS fails, because the certificate of the
    // sandbox is for another host name.
    let config = given("socks5h", PASSWORD).endpoint("roma-link", "https://only-there.invalid");
    assert_eq!(
        clients(&world, config).products().await,
        Err(ErrorKind::Tls)
    );
    assert_eq!(socks.asked().last().unwrap(), "only-there.invalid:443");
    let config = given("socks5", PASSWORD).endpoint("roma-link", "https://only-there.invalid");
    assert_eq!(
        clients(&world, config).products().await,
        Err(ErrorKind::Connect)
    );
    let secrets = [PASSWORD.to_owned(), "Planted-of-nobody".to_owned()];
    assert_clean("the log", &log.text(), &secrets.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_trusts_a_configured_certificate_authority() {
    let (world, pem) = world().await;
    let without = clients(&world, world.config()).products().await;
    assert_eq!(without, Err(ErrorKind::Tls));
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("authority.pem");
    // The file contains another authority before the authority of the sandbox.
    std::fs::write(&file, format!("{}\n{pem}", Authority::new("other").pem)).unwrap();
    for config in [
        world.config().root_certificate(pem),
        world.config().root_certificate_file(&file),
    ] {
        assert_eq!(clients(&world, config).products().await, Ok(()));
    }
}

impl Clients {
    async fn products(&self) -> Result<(), ErrorKind> {
        let all = Default::default();
        let found = self.link.list_products(&self.instance, &all).await;
        found.map(drop).map_err(|error| error.kind())
    }
}

/// Calls a server that answers every request with an empty list. Returns the kind of the error if the call fails.
async fn list(config: ConfigBuilder, server: &Server) -> Result<(), ErrorKind> {
    let listed = try_to_list(config.retry(RetryPolicy::none()), server).await;
    listed.map_err(|error| error.kind())
}

async fn try_to_list(config: ConfigBuilder, server: &Server) -> Result<(), huaweicloud::Error> {
    let client = client_of(config, server);
    client.list_instances(&Default::default()).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sends_its_certificate_on_request() {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = Server::asking_for_certificates(&authority, &clients).await;
    let trusting = || huaweicloud::Config::builder().root_certificate(&authority.pem);
    let (certificate, key) = clients.issue("somebody");
    let with = trusting().identity(&certificate, key.as_str());
    assert_eq!(list(with, &server).await, Ok(()));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (certificate_file, key_file) = (folder.join("client.pem"), folder.join("client.key"));
    std::fs::write(&certificate_file, &certificate).unwrap();
    std::fs::write(&key_file, &key).unwrap();
    let with = trusting().identity_files(&certificate_file, &key_file);
    assert_eq!(list(with, &server).await, Ok(()));
    // If the key does not belong to the certificate or is invalid, the configuration cannot be built.
    let (_, other) = clients.issue("somebody else");
    for (key, text) in [
        (
            other.as_str(),
            "the client certificate's key does not fit the client certificate; give",
        ),
        (
            "Planted-of-nobody",
            "the client certificate's key is no key in PEM; give an unencrypted key",
        ),
    ] {
        let error = trusting().identity(&certificate, key).build().unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
        assert!(!format!("{error:?}").contains("Planted-of-nobody"));
    }
    std::fs::write(
        &certificate_file,
        format!("{certificate}\n-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
    )
    .unwrap();
    let broken = trusting()
        .identity_files(&certificate_file, &key_file)
        .build();
    let error = broken.unwrap_err().to_string();
    assert!(
        error.contains("client.pem` have an entry 2 that is not a certificate"),
        "{error}"
    );
    let other = trusting()
        .root_certificate(certificate.replace("MI", "MM"))
        .build();
    let error = other.unwrap_err().to_string();
    assert!(
        error.contains("the root certificates have an entry 1 that is not a certificate"),
        "{error}"
    );
}

/// With TLS 1.3, the client ends the handshake before the server refuses the client. At the time of the refusal, the
/// client waits for the answer, or has not sent the request yet. The server reads no request. The client does not
/// always read the refusal. So the test requires that at least one of 20 errors explains the refusal.
#[tokio::test(flavor = "multi_thread")]
async fn the_error_explains_a_missing_or_wrong_client_certificate() {
    let (authority, right) = (Authority::new("servers"), Authority::new("clients"));
    let (certificate, key) = Authority::new("strangers").issue("somebody");
    for version in [&TLS12, &TLS13] {
        let server = Server::refusing_certificates(&authority, &right, version).await;
        let trusting = || huaweicloud::Config::builder().root_certificate(&authority.pem);
        let with = trusting().identity(&certificate, key.as_str());
        for config in [trusting(), with] {
            let client = client_of(config.retry(RetryPolicy::none()), &server);
            let mut said = 0;
            for _ in 0..20 {
                let listed = client.list_instances(&Default::default()).await;
                let error = listed.unwrap_err();
                assert!(error.is_connect(), "{version:?}: {error:?}");
                let text = error.to_string();
                said += usize::from(text.contains("the service requires a client certificate, or does not accept the given certificate; give an accepted client certificate by identity()"));
            }
            assert!(said > 0, "{version:?}");
        }
        assert_eq!(server.answered(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_minimum_version_of_tls_can_be_raised() {
    let authority = Authority::new("servers");
    let trusting = || huaweicloud::Config::builder().root_certificate(&authority.pem);
    for (version, oldest, expected) in [
        (&TLS12, TlsVersion::Tls12, Ok(())),
        (&TLS12, TlsVersion::Tls13, Err(ErrorKind::Tls)),
        (&TLS13, TlsVersion::Tls12, Ok(())),
        (&TLS13, TlsVersion::Tls13, Ok(())),
    ] {
        let server = Server::speaking(&authority, version).await;
        let config = trusting().min_tls_version(oldest);
        assert_eq!(
            list(config, &server).await,
            expected,
            "{version:?} {oldest:?}"
        );
    }
}

/// The client does not trust the certificate of the first endpoint, and sends no request to this endpoint. So even an
/// unsafe operation can use the next endpoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_skips_an_untrusted_endpoint() {
    let (world, pem) = world().await;
    let stranger = Server::speaking(&Authority::new("strangers"), &TLS13).await;
    let right = world.sandbox.details().addresses.roma_link.clone();
    let config = world.config().root_certificate(pem);
    let clients = clients(
        &world,
        config.endpoints("roma-link", [&stranger.url, &right]),
    );
    let product = clients.product("meter").await;
    assert_eq!(clients.link.session().endpoint(), right);
    let device = clients.device(&product, "node-1").await;
    let request = ResetDeviceAuthenticationRequest::default();
    let reset = clients
        .link
        .with_timeout(std::time::Duration::from_secs(20));
    let reset = reset.reset_device_authentication(&clients.instance, device.id.unwrap(), &request);
    assert_eq!(reset.await.unwrap().attempts(), 1);
    assert_eq!(
        world.sandbox.requests_seen("reset_device_authentication"),
        1
    );
    assert_eq!(stranger.answered(), 0);
}
