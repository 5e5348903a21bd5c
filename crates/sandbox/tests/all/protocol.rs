//! Tests of the behaviour that all services share, such as paths, headers, request IDs, slow connections, start and
//! shutdown.

use crate::support;

use std::collections::BTreeSet;
use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Sandbox, Service, StartError};
use reqwest::Method;
use serde_json::Value;
use support::{World, http, product, send};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Returns the methods that the document of LINK contains for the path that ends with `path`.
fn methods(path: &str) -> BTreeSet<String> {
    let document: Value = serde_json::from_str(huaweicloud_roma_link::OPENAPI).unwrap();
    let mut paths = document["paths"].as_object().unwrap().iter();
    let (_, item) = paths
        .find(|(template, _)| template.ends_with(path))
        .unwrap();
    let methods = item.as_object().unwrap().keys();
    methods.map(|method| method.to_uppercase()).collect()
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_before_other_checks() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let paths = [
        "/",
        "/v2",
        "/v2//link",
        "/%00",
        "/v2/p/link/instances/i/devices/",
        "/v2/%2e%2e/x",
    ];
    for base in [
        &details.addresses.iam,
        &details.addresses.roma_link,
        &details.addresses.dcs,
    ] {
        for path in paths {
            let got = send(world.http.get(format!("{base}{path}"))).await;
            assert_eq!(
                (got.status, got.code()),
                (404, "APIGW.0101"),
                "{base}{path}"
            );
        }
    }
    // The address of LINK does not serve the paths of DCS.
    let wrong_service = world
        .dcs_url("")
        .replace(&details.addresses.dcs, &details.addresses.roma_link);
    assert_eq!(world.call("GET", &wrong_service, None).await.status, 404);
    let documented = methods("/link/instances/{instance_id}/devices");
    let all = ["GET", "POST", "PUT", "DELETE", "PATCH"];
    let mut others = all.iter().filter(|method| !documented.contains(**method));
    let other: Method = others.next().unwrap().parse().unwrap();
    let got = send(world.http.request(other, world.link_url("/devices"))).await;
    assert_eq!((got.status, got.code()), (405, "APIGW.0101"));
    let allowed = got.header("allow").split(", ").map(str::to_owned);
    assert_eq!(allowed.collect::<BTreeSet<_>>(), documented);
}

#[tokio::test]
async fn answers_have_different_ids_and_a_date() {
    let world = World::new().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let got = send(
            world
                .http
                .get(world.link_url("/devices"))
                .header("x-auth-token", &world.token)
                .header("x-request-id", "mine"),
        )
        .await;
        assert_eq!(got.status, 200);
        assert!(got.headers.contains_key("date"));
        assert_eq!(got.header("content-type"), "application/json");
        seen.push(got.header("x-request-id").to_owned());
    }
    assert!(seen[0] != seen[1] && seen[0].len() == 36, "{seen:?}");
}

#[tokio::test]
async fn bodies_over_12_mib_are_refused() {
    let world = World::new().await;
    let request = |size: usize| {
        world
            .http
            .post(world.link_url("/products"))
            .header("x-auth-token", &world.token)
            .body(vec![b' '; size])
    };
    let got = send(request(12 * 1024 * 1024 + 1)).await;
    assert_eq!((got.status, got.code()), (413, "APIGW.0201"));
    assert_eq!(
        send(request(12 * 1024 * 1024)).await.status,
        400,
        "the sandbox reads the body, but the body is not JSON"
    );
}

#[tokio::test]
async fn the_sandbox_works_after_incomplete_and_malformed_requests() {
    let world = World::new().await;
    let host = world
        .sandbox
        .details()
        .addresses
        .roma_link
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let head = format!("POST /v2/p/link HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n{{");
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    for garbage in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(&host).await.unwrap();
        stream.write_all(garbage.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    assert_eq!(world.link("GET", "/devices", None).await.status, 200);
}

#[tokio::test]
async fn requests_are_counted_by_operation() {
    let world = World::new().await;
    assert_eq!(world.sandbox.requests_seen("create_token"), 1);
    world.product("p1").await;
    world.link("POST", "/products", Some(product("p1"))).await;
    send(world.http.post(world.link_url("/products"))).await;
    assert_eq!(
        world.sandbox.requests_seen("create_product"),
        3,
        "refused requests count too"
    );
    assert_eq!(world.sandbox.requests_seen("show_product"), 0);
}

#[tokio::test]
async fn a_sandbox_can_start_again_with_its_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options::default().data(folder.path().join("data"));
    let first = World::with(options()).await;
    let (url, id) = (
        first.link_url("/devices"),
        first.cache("Example-Old-0001").await,
    );
    for _ in 0..4 {
        first.dcs("PUT", &format!("/{id}/password"), Some(serde_json::json!({"old_password": "Wrong-Password-1", "new_password": "Example-New-0002"}))).await;
    }
    let project = first.sandbox.details().project_id.clone();
    first
        .sandbox
        .change_user_password("Another-Password-1")
        .unwrap();
    first.sandbox.shutdown().await;
    assert!(
        http().get(url).send().await.is_err(),
        "no socket listens after the shutdown"
    );

    let second = World::with(options()).await;
    assert_eq!(second.sandbox.details().project_id, project);
    assert_eq!(second.sandbox.details().password, "Another-Password-1");
    assert!(second.sandbox.dcs_login(&id, "Example-Old-0001"));
    let body =
        serde_json::json!({"old_password": "Wrong-Password-1", "new_password": "Example-New-0002"});
    let got = second
        .dcs("PUT", &format!("/{id}/password"), Some(body))
        .await;
    assert_eq!(
        got.body["retry_times_left"], "0",
        "the number of tries was stored"
    );
}

#[tokio::test]
async fn a_shutdown_closes_idle_connections_and_a_drop_stops_listening() {
    let world = World::new().await;
    world.link("GET", "/devices", None).await;
    // The client keeps an idle connection. If the shutdown waited for this connection, the timeout would end the test.
    tokio::time::timeout(Duration::from_secs(60), world.sandbox.shutdown())
        .await
        .unwrap();

    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let address = sandbox.details().addresses.dcs.clone();
    drop(sandbox);
    // After the drop, the runtime needs some time to stop the tasks that listen.
    while http().get(&address).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn several_sandboxes_can_run_at_the_same_time() {
    let (one, other) = (World::new().await, World::new().await);
    one.product("p1").await;
    assert_ne!(
        one.sandbox.details().project_id,
        other.sandbox.details().project_id
    );
    assert_eq!(other.link("GET", "/products", None).await.body["total"], 0);
    let request = other
        .http
        .get(other.dcs_url(""))
        .header("x-auth-token", &one.token);
    assert_eq!(send(request).await.status, 401);
}

/// The `Debug` output of the options and of the sandbox contains no secrets.
#[tokio::test]
async fn invalid_options_are_refused_and_valid_options_are_used() {
    let refused = Sandbox::start(Options::default().listen("192.0.2.1".parse().unwrap()))
        .await
        .unwrap_err();
    assert!(matches!(refused, StartError::NotLoopback(_)), "{refused}");
    assert!(matches!(
        Sandbox::start(Options::default().user_name("")).await,
        Err(StartError::Option(_))
    ));
    let options = Sandbox::builder()
        .user_name("me")
        .domain_name("ours")
        .project_name("eu-nl")
        .password("Given-Password-1");
    assert!(!format!("{options:?}").contains("Given-Password-1"));
    let sandbox = options.start().await.unwrap();
    let details = sandbox.details();
    assert_eq!(
        (
            details.user_name.as_str(),
            details.project_name.as_str(),
            details.password.as_str()
        ),
        ("me", "eu-nl", "Given-Password-1")
    );
    let shown = format!("{sandbox:?}");
    assert!(
        shown.contains("eu-nl")
            && !shown.contains("Given-Password-1")
            && !shown.contains(&details.secret_key),
        "{shown}"
    );
}

/// Sends a raw request. Returns everything that the sandbox sends until the connection is closed.
async fn raw(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request of HTTP/1.0 does not need the header `Host`.
#[tokio::test]
async fn a_missing_repeated_or_invalid_host_is_refused() {
    let world = World::new().await;
    let address = world
        .sandbox
        .details()
        .addresses
        .roma_link
        .replace("http://", "");
    let path = world.link_url("/devices");
    let path = path.split_once(&address).unwrap().1;
    let rest = format!("X-Auth-Token: {}\r\nConnection: close\r\n\r\n", world.token);
    for (version, hosts, status) in [
        ("1.1", format!("Host: {address}\r\n"), "200"),
        ("1.1", "host: other.example\r\n".to_owned(), "200"),
        ("1.0", String::new(), "200"),
        ("1.1", String::new(), "400"),
        (
            "1.1",
            format!("Host: {address}\r\nHost: {address}\r\n"),
            "400",
        ),
        ("1.0", format!("Host: {address}\r\nHost: other\r\n"), "400"),
        ("1.1", "Host:\r\n".to_owned(), "400"),
        ("1.1", "Host: a b\r\n".to_owned(), "400"),
        ("1.1", "Host: user@other.example\r\n".to_owned(), "400"),
        ("1.1", "Host: other.example/path\r\n".to_owned(), "400"),
    ] {
        let answer = raw(
            &address,
            &format!("GET {path} HTTP/{version}\r\n{hosts}{rest}"),
        )
        .await;
        let line = format!("HTTP/{version} {status} ");
        assert!(answer.starts_with(&line), "{version} {hosts:?}: {answer}");
        assert!(status == "200" || answer.contains("APIGW.0201"), "{answer}");
    }
}

/// The sandbox closes the connections of slow clients. While the sandbox prepares a slow answer, the connection stays
/// open.
#[tokio::test]
async fn slow_connections_are_closed() {
    let patience = Duration::from_millis(300);
    let world = World::with(Options::default().patience(patience)).await;
    let address = world
        .sandbox
        .details()
        .addresses
        .roma_link
        .replace("http://", "");
    let head =
        format!("POST /v2/p/link HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100\r\n\r\n");
    for start in [
        "",
        "G",
        "GET / HTTP/1.1\r\nHost: a\r\n",
        &head,
        &format!("{head}{{"),
    ] {
        raw(&address, start).await;
    }
    // After the answer, the connection is idle. The sandbox closes an idle connection after the time limit.
    let whole = format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n");
    assert!(raw(&address, &whole).await.starts_with("HTTP/1.1 404"));
    // The client sends single bytes in the head or in the body of the request, until the sandbox closes the connection.
    // The bytes do not extend the time limit.
    for start in ["GET / HTTP/1.1\r\nX-Slow: ", &head] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        while stream.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    world
        .sandbox
        .faults()
        .inject(Service::RomaLink, Fault::Delay(patience * 3), 1);
    assert_eq!(world.link("GET", "/devices", None).await.status, 200);
}

/// If a request contains a header twice, a proxy and the sandbox could use different values.
#[tokio::test]
async fn a_repeated_header_that_the_sandbox_reads_is_refused() {
    let world = World::new().await;
    let address = world
        .sandbox
        .details()
        .addresses
        .roma_link
        .replace("http://", "");
    let url = world.link_url("/products");
    let path = url.split_once(&address).unwrap().1;
    let body = product("once").to_string();
    let token = format!("X-Auth-Token: {}", world.token);
    let length = format!("Content-Length: {}", body.len());
    let json = "Content-Type: application/json".to_owned();
    let rest = [&token, &length, &json];
    let mut cases = vec![(None, "201")];
    for twice in [
        token.as_str(),
        &length,
        &json,
        "content-type: text/plain",
        "content-length: 1",
        // This header is not repeated. The sandbox refuses the request because the body does not consist of chunks.
        "Transfer-Encoding: chunked",
        "X-Auth-Token: wrong",
    ] {
        cases.push((Some(vec![twice]), "400"));
    }
    for name in [
        "Authorization",
        "X-Domain-Id",
        "X-Metadata-Token",
        "X-Project-Id",
        "X-Sdk-Content-Sha256",
        "X-Sdk-Date",
        "X-Security-Token",
    ] {
        let line = format!("{name}: a");
        let line: &str = line.leak();
        cases.push((Some(vec![line, line]), "400"));
    }
    for (more, status) in cases {
        let more = more.unwrap_or_default();
        let lines = rest.iter().map(|line| line.as_str()).chain(more.clone());
        let lines: Vec<_> = lines.collect();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{}\r\n\r\n",
            lines.join("\r\n")
        );
        let answer = raw(&address, &format!("{head}{body}")).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{more:?}: {answer}"
        );
    }
}

#[tokio::test]
async fn repeated_names_and_unknown_query_parameters_are_refused() {
    let world = World::new().await;
    let list = |query: &str| world.link_url(&format!("/devices?{query}"));
    for (query, status) in [
        ("limit=1&offset=0", 200),
        ("", 200),
        ("limit=1&limit=1", 400),
        ("limit=1&offset=0&limit=2", 400),
        ("limit=1&lim%69t=1", 400),
        ("Limit=1", 400),
        ("limits=1", 400),
        ("device_nam=Planted-Query-0003", 400),
        ("=1", 400),
    ] {
        let got = world.call("GET", &list(query), None).await;
        assert_eq!(got.status, status, "{query}: {:?}", got.body);
        assert!(!got.body.to_string().contains("Planted"), "{:?}", got.body);
    }
    for path in ["/devices", "/devices/1", "/products/1/authentication"] {
        let got = world.link("GET", &format!("{path}?unknown=1"), None).await;
        assert_eq!(got.status, 400, "{path}: {:?}", got.body);
    }
    let got = world.dcs("GET", "?limit=1&limit=1", None).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4800"));

    let post = |body: String| {
        let request = world.http.post(world.link_url("/products"));
        let request = request.header("x-auth-token", &world.token);
        send(
            request
                .header("content-type", "application/json")
                .body(body),
        )
    };
    let good = product("twice").to_string();
    let start = good.strip_suffix('}').unwrap();
    for more in [
        r#","name":"other""#,
        r#","\u006eame":"other""#,
        r#","unknown":1,"unknown":1"#,
        r#","unknown":[{"a":{"b":1,"b":1}}]"#,
    ] {
        let got = post(format!("{start}{more}}}")).await;
        assert_eq!((got.status, got.code()), (400, "ROMA.00110001"), "{more}");
    }
    let same_names_elsewhere = r#","unknown":[{"name":1},{"name":{"name":1.5}}]"#;
    let got = post(format!("{start}{same_names_elsewhere}}}")).await;
    assert_eq!(got.status, 201, "{:?}", got.body);
}
