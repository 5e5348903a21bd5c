//! Tests a proxy that the program has set. If the endpoint uses plain HTTP, the client sends whole requests to the
//! proxy. `environment.rs` tests tunnels, which are for endpoints with TLS.

use crate::support;

use huaweicloud_core::{ErrorKind, Proxy, Request, Response, RetryPolicy, Session};
use support::{Device, LIST, Scripted, answer, config, device};

const SERVICE: &str = "http://dcs.example.invalid";

/// Opens a port that accepts connections and sends nothing. Returns the listener and its address.
fn silent() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

async fn send(endpoint: &str, proxy: Proxy) -> Result<Response<Device>, huaweicloud_core::Error> {
    let config = config().access_key("AK", "SK").endpoint("dcs", endpoint);
    let config = config.proxy(proxy).build().unwrap();
    let session = Session::new(&config, &support::SERVICE).unwrap();
    session.send::<Device>(Request::new(&LIST)).await
}

#[tokio::test]
async fn the_proxy_receives_whole_requests_with_plain_http() {
    let proxy = Scripted::start([device()]).await;
    let given = Proxy::new(&proxy.url).with_credentials("us@er", "hunter2 %");
    send(SERVICE, given).await.unwrap();
    let seen = &proxy.seen()[0];
    assert_eq!(seen.target, format!("{SERVICE}/v2/p1/devices"));
    let header = seen.header("proxy-authorization");
    assert_eq!(header, Some("Basic dXNAZXI6aHVudGVyMiAl"));
    assert_eq!(seen.header("host"), Some("dcs.example.invalid"));
    // The signature covers the path that the proxy requests from the service.
    let own = support::Seen {
        target: "/v2/p1/devices".into(),
        ..seen.clone()
    };
    support::verify(&own, "AK", "SK");
}

#[tokio::test]
async fn a_refusal_by_the_proxy_is_a_proxy_error() {
    let body = r#"{"error_code": "DCS.4201", "error_msg": "hunter2"}"#;
    let headers = [("Content-Type", "application/json")];
    let proxy = Scripted::start([answer(407, &headers, body), device()]).await;
    let error = send(SERVICE, Proxy::from(proxy.url.as_str()))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.error_code()), (ErrorKind::Proxy, None));
    assert_eq!((proxy.seen().len(), error.is_retryable()), (1, false));
    let shown = support::shown(&error);
    assert!(
        shown.contains("Proxy::with_credentials") && !shown.contains("hunter2"),
        "{shown}"
    );
    assert_eq!(error.proxy(), Some(proxy.url.as_str()));
}

#[tokio::test]
async fn the_error_names_an_unreachable_proxy() {
    let address = support::closed();
    let failed = send(SERVICE, Proxy::new(format!("http://{address}"))).await;
    let error = failed.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    let named =
        format!("(through the proxy http://{address}, 3 attempts); check the address of the proxy");
    assert!(error.to_string().contains(&named), "{error}");
    let two = format!("{SERVICE},{SERVICE}:81");
    let failed = send(&two, Proxy::new(format!("http://{address}"))).await;
    let error = failed.unwrap_err();
    assert!(
        error.to_string().contains("none of the 2 endpoints"),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains(&format!("through the proxy http://{address}")),
        "{error}"
    );
    // If a request does not use the proxy, its error does not name the proxy.
    let elsewhere = Proxy::new(format!("http://{address}")).with_exceptions("invalid");
    let error = send(SERVICE, elsewhere).await.unwrap_err();
    assert_eq!((error.kind(), error.proxy()), (ErrorKind::Connect, None));
}

#[tokio::test]
async fn the_error_names_a_hanging_proxy_without_its_password() {
    let (_listener, address) = silent();
    let short = std::time::Duration::from_millis(100);
    for scheme in ["http", "https", "socks5", "socks5h"] {
        for (endpoint, whole) in [
            ("https://127.0.0.1:1", false),
            ("https://127.0.0.1:1", true),
            ("http://127.0.0.1:1", true),
        ] {
            let proxy = Proxy::new(format!("{scheme}://{address}"));
            let proxy = proxy.with_credentials("user", "hunter2");
            let config = config().endpoint("dcs", endpoint).access_key("AK", "SK");
            let config = config.proxy(proxy).retry(RetryPolicy::none());
            let config = match whole {
                true => config.timeout(short),
                false => config.connect_timeout(short),
            };
            let session = Session::new(&config.build().unwrap(), &support::SERVICE).unwrap();
            let error = session.send::<Device>(Request::new(&LIST)).await;
            let error = error.unwrap_err();
            assert!(error.is_timeout(), "{scheme}: {error:?}");
            let named = format!("{scheme}://{address}");
            assert_eq!(error.proxy(), Some(named.as_str()));
            let shown = support::shown(&error);
            assert!(
                shown.contains(&format!("(through the proxy {named})"))
                    && shown.contains("check the address of the proxy"),
                "{shown}"
            );
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}

#[tokio::test]
async fn requests_to_exceptions_do_not_use_the_proxy() {
    let (proxy, server) = (Scripted::start([]).await, Scripted::start([device()]).await);
    let given = || Proxy::new(&proxy.url);
    send(&server.url, given().with_exceptions("x, 127.0.0.0/8"))
        .await
        .unwrap();
    for exceptions in ["invalid", "x,.example.invalid", "*"] {
        let failed = send(SERVICE, given().with_exceptions(exceptions)).await;
        assert_eq!(
            failed.unwrap_err().kind(),
            ErrorKind::Connect,
            "{exceptions}"
        );
    }
    assert_eq!((proxy.seen().len(), server.seen().len()), (0, 1));
}

#[tokio::test]
async fn an_exception_with_a_port_applies_only_to_that_port() {
    let (proxy, server) = (
        Scripted::start([device()]).await,
        Scripted::start([device()]).await,
    );
    let own = server.url.strip_prefix("http://").unwrap();
    let given = |exceptions: &str| Proxy::new(&proxy.url).with_exceptions(exceptions);
    send(&server.url, given(&format!("x:80, {own}")))
        .await
        .unwrap();
    assert_eq!((proxy.seen().len(), server.seen().len()), (0, 1));
    for exceptions in ["example.invalid:80", "*:80"] {
        let error = send(SERVICE, given(exceptions)).await.unwrap_err();
        assert_eq!((error.kind(), error.proxy()), (ErrorKind::Connect, None));
    }
    send(SERVICE, given("dcs.example.invalid:443,*:81,[::1]:80"))
        .await
        .unwrap();
    assert_eq!((proxy.seen().len(), server.seen().len()), (1, 1));
}
