//! Tests the answers and the connection errors that injected faults cause.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Entrance, Fault, Options, RetryAfter, Sandbox, Service};
use reqwest::Response;
use support::{Keys, World, send};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The answer to a raw request, and how the connection ended.
struct Raw {
    text: String,
    end: std::io::Result<()>,
}

impl Raw {
    fn was_reset(&self) -> bool {
        let reset = std::io::ErrorKind::ConnectionReset;
        self.end.as_ref().is_err_and(|error| error.kind() == reset)
    }
}

async fn raw(world: &World) -> Raw {
    let url = world.link_url("/devices");
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX-Auth-Token: {}\r\n\r\n",
        world.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = stream.read_to_end(&mut received).await.map(drop);
    let text = String::from_utf8(received).unwrap();
    Raw { text, end }
}

/// Requests the list of devices, and returns the answer.
async fn list(world: &World) -> Response {
    let request = world.http.get(world.link_url("/devices"));
    let request = request.header("x-auth-token", &world.token);
    request.send().await.unwrap()
}

fn inject(world: &World, fault: Fault) {
    world.sandbox.faults().inject(Service::RomaLink, fault, 1);
}

#[tokio::test]
async fn connections_break_at_the_chosen_point() {
    let world = World::new().await;
    let whole = raw(&world).await;
    assert!(whole.end.is_ok() && whole.text.ends_with('}'));
    let length = |text: &str| text.split_once("\r\n\r\n").map(|(_, body)| body.len());
    let body = length(&whole.text).unwrap();

    inject(&world, Fault::ResetBeforeHeaders);
    let cut = raw(&world).await;
    assert!(cut.was_reset() && cut.text.is_empty(), "{}", cut.text);

    inject(&world, Fault::ResetInHeaders);
    let cut = raw(&world).await;
    assert!(cut.was_reset() && cut.text.starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(length(&cut.text), None);

    inject(&world, Fault::ResetAfterHeaders);
    let cut = raw(&world).await;
    assert!(cut.was_reset());
    assert_eq!(length(&cut.text), Some(0));

    inject(&world, Fault::TruncatedBody);
    let cut = raw(&world).await;
    assert!(cut.end.is_ok());
    assert_eq!(length(&cut.text), Some(body / 2));

    assert_eq!(raw(&world).await.text.len(), whole.text.len());
    assert_eq!(world.sandbox.requests_seen("list_devices"), 6);
}

#[tokio::test]
async fn a_fault_that_replaces_the_answer_prevents_the_operation() {
    let world = World::new().await;
    for (fault, status) in [
        (Fault::Unauthorized, 401),
        (Fault::Forbidden, 403),
        (Fault::NotFound, 404),
        (Fault::Nonsense, 200),
        (Fault::InternalServerError, 500),
        (Fault::BadGateway, 502),
        (Fault::ServiceUnavailable, 503),
        (Fault::GatewayTimeout, 504),
        (Fault::Throttled(RetryAfter::Seconds(7)), 429),
    ] {
        world.sandbox.faults().inject(Service::Dcs, fault, 1);
        let request = world.http.post(world.dcs_url(""));
        let request = request.header("x-auth-token", &world.token);
        let body = support::cache("Planted-Secret-0001!");
        let response = request.json(&body).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert!(response.headers().contains_key("x-request-id"));
        let text = response.text().await.unwrap();
        assert!(
            text.contains("Planted-Secret-0001!"),
            "{status}: the answer must repeat the body of the request: {text}"
        );
    }
    assert_eq!(world.sandbox.requests_seen("create_instance"), 9);
    assert_eq!(world.dcs("GET", "", None).await.body["instance_num"], 0);
}

#[tokio::test]
async fn retry_after_can_be_seconds_or_a_date() {
    let world = World::new().await;
    world.clock.advance(Duration::from_secs(100_000));
    inject(&world, Fault::Throttled(RetryAfter::Seconds(120)));
    assert_eq!(list(&world).await.headers()["retry-after"], "120");
    inject(&world, Fault::Throttled(RetryAfter::Date(120)));
    let response = list(&world).await;
    let date = |name: &str| {
        let text = response.headers()[name].to_str().unwrap();
        httpdate::parse_http_date(text).unwrap()
    };
    let ahead = date("retry-after").duration_since(date("date")).unwrap();
    assert_eq!(ahead, Duration::from_secs(120));
}

#[tokio::test]
async fn faults_can_replace_answers_or_change_their_content_type() {
    let world = World::new().await;
    inject(&world, Fault::Html);
    let response = list(&world).await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    inject(&world, Fault::WrongContentType);
    let response = list(&world).await;
    assert_eq!(response.headers()["content-type"], "text/plain");
    assert!(response.text().await.unwrap().starts_with('{'));
    // The client follows the redirect to the same address. The second request gets a normal answer.
    inject(&world, Fault::Redirect);
    assert_eq!(list(&world).await.status(), 200);
    assert_eq!(world.sandbox.requests_seen("list_devices"), 4);
}

#[tokio::test]
async fn a_delay_affects_the_answer_but_not_the_operation() {
    let world = World::new().await;
    inject(&world, Fault::Delay(Duration::from_secs(3600)));
    let create = world.link("POST", "/products", Some(support::product("late")));
    let mut create = std::pin::pin!(create);
    let listed = async {
        // The fault applies to the first request. Therefore this loop waits until the sandbox has received `create`.
        while world.sandbox.requests_seen("create_product") == 0 {
            tokio::task::yield_now().await;
        }
        loop {
            let list = world.link("GET", "/products", None).await;
            if list.body["total"] == 1 {
                break;
            }
        }
    };
    tokio::select! {
        _ = &mut create => panic!("the request was answered in spite of the delay"),
        () = listed => {}
    }
}

#[tokio::test]
async fn a_token_can_expire_early() {
    let world = World::new().await;
    inject(&world, Fault::ExpiredToken);
    let got = world.link("GET", "/devices", None).await;
    assert_eq!((got.status, got.code()), (401, "APIGW.0301"));
    let got = world.link("GET", "/devices", None).await;
    assert_eq!(got.status, 401, "the token stays expired");
}

#[tokio::test]
async fn the_clock_of_the_sandbox_can_be_wrong() {
    let world = World::new().await;
    let (keys, url) = (Keys::of(&world.sandbox), world.link_url("/devices"));
    for off in [3600, -3600] {
        inject(&world, Fault::ClockOff(off));
        let got = send(keys.get(&world.http, &url, &[])).await;
        assert_eq!((got.status, got.code()), (401, "APIGW.0303"));
        let date = httpdate::parse_http_date(got.header("date")).unwrap();
        let now = std::time::SystemTime::now();
        assert_eq!(date > now, off > 0);
        let got = send(keys.get(&world.http, &url, &[])).await;
        assert_eq!(got.status, 200);
    }
}

#[tokio::test]
async fn faults_without_a_count_last_until_they_are_cleared() {
    let world = World::with(Options::default().fault("dcs:503".parse().unwrap())).await;
    for _ in 0..3 {
        assert_eq!(send_to_dcs(&world).await, 503);
    }
    let details = world.sandbox.details().clone();
    assert_eq!(
        list(&world).await.status(),
        200,
        "{}",
        details.addresses.roma_link
    );
    world.sandbox.faults().clear();
    assert_eq!(send_to_dcs(&world).await, 200);
    world.sandbox.faults().keep(Service::Dcs, Fault::BadGateway);
    assert_eq!(send_to_dcs(&world).await, 502);
}

async fn send_to_dcs(world: &World) -> u16 {
    let request = world.http.get(world.dcs_url(""));
    let request = request.header("x-auth-token", &world.token);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_address_of_a_service_can_have_an_unknown_host() {
    let options = Options::default().entrance(Service::Dcs, Entrance::UnknownHost);
    let sandbox = Sandbox::start(options).await.unwrap();
    let dcs = &sandbox.details().addresses.dcs;
    assert!(dcs.starts_with("http://sandbox.invalid:"), "{dcs}");
    assert!(
        sandbox
            .details()
            .addresses
            .iam
            .starts_with("http://127.0.0.1:")
    );
    sandbox.shutdown().await;
}
