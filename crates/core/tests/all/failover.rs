//! Tests a service with several endpoints. The tests show after which failures the client uses the next endpoint.

use crate::support;

use huaweicloud_core::{ErrorKind, Operation, Request, RetryPolicy, Session};
use std::io::Write as _;
use support::{CREATE, Device, LIST, Reply, Scripted, answer, config, device, json, reading};

/// Returns a URL with the scheme `http`. No server listens at its address.
fn closed() -> String {
    format!("http://{}", support::closed())
}

/// Starts a server without TLS, and returns its address with the scheme `https`.
fn not_tls() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"220 mail.example.com ESMTP\r\n");
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    format!("https://{address}")
}

fn session(urls: &[&str]) -> Session {
    let config = config().access_key("AK", "SK").endpoints("dcs", urls);
    Session::new(&config.build().unwrap(), &support::SERVICE).unwrap()
}

async fn send(session: &Session, operation: &'static Operation) -> Result<u32, ErrorKind> {
    let result = session.send::<Device>(Request::new(operation)).await;
    result
        .map(|response| response.attempts())
        .map_err(|error| error.kind())
}

#[tokio::test]
async fn a_request_that_was_not_sent_goes_to_the_next_endpoint() {
    let unreachable = [closed(), "http://nowhere.invalid".to_owned(), not_tls()];
    for first in &unreachable {
        for operation in [&LIST, &CREATE] {
            let server = Scripted::start([device(), device()]).await;
            let session = session(&[first, &server.url]);
            assert_eq!(session.endpoint(), first);
            assert_eq!(send(&session, operation).await, Ok(1), "{first}");
            // After this call, the session and its copies use the second endpoint.
            let clone = session.with_project("p2");
            assert_eq!(clone.endpoint(), server.url);
            assert_eq!(send(&clone, operation).await, Ok(1));
            assert_eq!(server.seen().len(), 2);
        }
    }
}

#[tokio::test]
async fn each_request_is_signed_for_its_endpoint() {
    let server = Scripted::start([device()]).await;
    let gateway = format!("{}/gateway", server.url);
    send(&session(&[&closed(), &gateway]), &LIST).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.target, "/gateway/v2/p1/devices");
    let host = seen.header("host").unwrap();
    assert_eq!(format!("http://{host}"), server.url);
    support::verify(seen, "AK", "SK");
}

#[tokio::test]
async fn the_client_stays_at_an_endpoint_that_received_the_request() {
    for broken in [
        || Reply::Close,
        || Reply::Truncated,
        || json(503, "{}"),
        || answer(302, &[("Location", "/")], ""),
    ] {
        let (one, other) = (Scripted::start([broken()]).await, Scripted::start([]).await);
        let session = session(&[&one.url, &other.url]);
        send(&session, &CREATE).await.unwrap_err();
        assert_eq!((one.seen().len(), other.seen().len()), (1, 0));
    }
}

#[tokio::test]
async fn the_error_counts_the_endpoints_if_all_are_unreachable() {
    let server = Scripted::start([device(), device()]).await;
    let (one, other) = (closed(), closed());
    let session = session(&[&one, &other, &server.url]);
    send(&session, &LIST).await.unwrap();
    assert_eq!(session.endpoint(), server.url);
    let none = session.with_endpoint(&format!("{one}, {other}")).unwrap();
    let failed = none.send::<Device>(Request::new(&CREATE)).await;
    let error = failed.unwrap_err();
    // In each attempt of the retry policy, the client tried each endpoint once.
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    let text = error.to_string();
    assert!(
        text.contains("none of the 2 endpoints can be reached"),
        "{text}"
    );
    assert!(error.is_connect() && error.is_retryable());
    assert!(support::shown(&error).contains("refused"), "{text}");
    assert_eq!(none.endpoint(), one);
}

/// If a TLS handshake fails, a second handshake with the same server usually fails too, for example because of a wrong
/// certificate. So the client tries each endpoint only once.
#[tokio::test]
async fn a_failed_tls_handshake_is_not_retried() {
    let failed = session(&[&not_tls(), &not_tls()])
        .send::<Device>(Request::new(&LIST))
        .await;
    let error = failed.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
}

#[tokio::test]
async fn addresses_can_be_separated_by_commas_and_wrong_addresses_are_errors() {
    let server = Scripted::start([device()]).await;
    let both = format!("{} ,{}/", closed(), server.url);
    let config = config().token("t").retry(RetryPolicy::none());
    let built = config.clone().endpoint("dcs", both).build().unwrap();
    let session = Session::new(&built, &support::SERVICE).unwrap();
    send(&session, &BASE_LIST).await.unwrap();
    for wrong in ["", "http://a,,http://b", "http://a,ftp://b"] {
        let error = config.clone().endpoint("dcs", wrong).build().unwrap_err();
        assert!(error.to_string().contains("the endpoint of dcs"), "{error}");
    }
    let none: [&str; 0] = [];
    assert!(config.endpoints("dcs", none).build().is_err());
}

static BASE_LIST: Operation = reading("list_devices", "/v2/devices");
