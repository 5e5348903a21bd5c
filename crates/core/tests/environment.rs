//! Tests whether proxy variables and the file `.netrc` change a call. Each call runs in a new process with its own
//! variables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use huaweicloud_core::{Config, Request, Session};
use std::process::Command;
use std::sync::{Arc, Mutex};
use support::{Device, LIST, Scripted, config, device};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A proxy that records the head of each request, and sends one fixed answer to all requests.
struct Proxy {
    address: String,
    asked: Arc<Mutex<String>>,
}

impl Proxy {
    async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self {
            address: listener.local_addr().unwrap().to_string(),
            asked: Arc::default(),
        };
        let asked = this.asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => break,
                    }
                }
                asked
                    .lock()
                    .unwrap()
                    .push_str(&String::from_utf8_lossy(&head));
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        this
    }

    fn asked(&self) -> String {
        self.asked.lock().unwrap().clone()
    }
}

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

/// Runs the test `child` in a new process, with `variables` and without other proxy variables. Returns the output of
/// the process.
async fn run(endpoint: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "child", "--nocapture"]);
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
        .env("ENDPOINT", endpoint)
        .envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
#[ignore = "the other tests run this test in new processes"]
async fn child() {
    let endpoint = std::env::var("ENDPOINT").unwrap();
    let built: Result<Config, _> = config()
        .endpoint("dcs", endpoint)
        .access_key("AK", "SK")
        .build();
    let result = match built {
        Ok(config) => {
            let session = Session::new(&config, &support::SERVICE).unwrap();
            session.send::<Device>(Request::new(&LIST)).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(device) => println!("called {device:?}"),
        Err(error) => println!("failed {}", support::shown(&error)),
    }
}

const SERVICE: &str = "https://dcs.example.invalid";

#[tokio::test(flavor = "multi_thread")]
async fn the_client_requests_a_tunnel_from_the_proxy_in_the_environment() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let proxy = Proxy::start(FORBIDDEN).await;
        let said = run(SERVICE, &[(name, &proxy.address)]).await;
        let expected = format!(
            "the proxy makes no connection to the service (through the proxy http://{} of {name}, 3 attempts); check the address of the proxy",
            proxy.address
        );
        assert!(said.contains(&expected), "{said}");
        let once =
            "CONNECT dcs.example.invalid:443 HTTP/1.1\r\nHost: dcs.example.invalid:443\r\n\r\n";
        assert_eq!(proxy.asked(), once.repeat(3), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_receives_its_password_and_the_error_does_not_show_it() {
    let asks = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    let proxy = Proxy::start(asks).await;
    let address = format!("http://us%40er:hunter2%20%25@{}", proxy.address);
    let said = run(SERVICE, &[("HTTPS_PROXY", &address)]).await;
    assert!(
        said.contains("the proxy requires a user and a password"),
        "{said}"
    );
    assert!(
        said.contains("Proxy::with_credentials") && !said.contains("hunter2"),
        "{said}"
    );
    assert!(
        said.contains(&format!("http://{} of HTTPS_PROXY", proxy.address)),
        "{said}"
    );
    // The decoded value of the header is `us@er:hunter2 %`. The client sends only one request, because the proxy would
    // also refuse a retry.
    let header = "Proxy-Authorization: Basic dXNAZXI6aHVudGVyMiAl\r\n";
    let asked = proxy.asked();
    assert_eq!(
        (asked.matches("CONNECT").count(), asked.contains(header)),
        (1, true),
        "{asked}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_to_hosts_in_no_proxy_and_plain_http_requests_do_not_use_the_proxy() {
    let proxy = Proxy::start(FORBIDDEN).await;
    for exceptions in [
        "example.invalid",
        ".example.invalid, x",
        "*",
        "example.invalid:443",
    ] {
        let variables = [
            ("HTTPS_PROXY", proxy.address.as_str()),
            ("NO_PROXY", exceptions),
        ];
        let said = run(SERVICE, &variables).await;
        assert!(
            said.contains("the host's name cannot be resolved"),
            "{said}"
        );
    }
    assert_eq!(proxy.asked(), "");
    let variables = [
        ("HTTPS_PROXY", proxy.address.as_str()),
        ("NO_PROXY", "example.invalid:8443"),
    ];
    let said = run(SERVICE, &variables).await;
    assert!(said.contains("through the proxy"), "{said}");
    let asked = proxy.asked();
    let server = Scripted::start([device()]).await;
    let all = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"];
    let variables = all.map(|name| (name, proxy.address.as_str()));
    let said = run(&server.url, &variables).await;
    assert!(said.contains("called"), "{said}");
    assert_eq!((proxy.asked(), server.seen().len()), (asked, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_error_of_an_unusable_proxy_names_its_variable() {
    let address = "socks4://user:hunter2@127.0.0.1:1";
    let said = run(SERVICE, &[("ALL_PROXY", address)]).await;
    assert!(
        said.contains("in ALL_PROXY has a scheme other than http, https, socks5 and socks5h; give"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    let closed = support::closed();
    for scheme in ["http", "socks5h"] {
        let address = format!("{scheme}://us:hunter2@{closed}");
        let said = run(SERVICE, &[("HTTPS_PROXY", &address)]).await;
        let expected = format!(
            "no connection to the proxy (through the proxy {scheme}://{closed} of HTTPS_PROXY, 3 attempts)"
        );
        assert!(said.contains(&expected), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// Some HTTP clients replace the signature by the login in the file `.netrc`. This client must not read the file.
#[tokio::test(flavor = "multi_thread")]
async fn the_netrc_file_changes_no_request() {
    let home = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("home-with-netrc");
    std::fs::create_dir_all(&home).unwrap();
    let entry = "machine 127.0.0.1 login somebody password hunter2\ndefault login somebody password hunter2\n";
    std::fs::write(home.join(".netrc"), entry).unwrap();
    let (home, file) = (home.to_str().unwrap(), home.join(".netrc"));
    let server = Scripted::start([device()]).await;
    let said = run(
        &server.url,
        &[("HOME", home), ("NETRC", file.to_str().unwrap())],
    )
    .await;
    assert!(said.contains("called"), "{said}");
    let seen = &server.seen()[0];
    support::verify(seen, "AK", "SK");
    assert_eq!(
        seen.headers
            .iter()
            .filter(|(name, _)| name == "authorization")
            .count(),
        1
    );
}
