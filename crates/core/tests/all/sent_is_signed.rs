//! Compares the sent bytes with the signed bytes. A second implementation signs the received bytes of each request
//! again.

use crate::reference;
use crate::variants;

use huaweicloud_core::{
    AccessKey, Config, ErrorKind, Operation, ProvideCredential, Request, Retry, RetryPolicy,
    Server, Service, Session, SigningAlgorithm,
};
use proptest::prelude::*;
use proptest::test_runner::{TestRunner, contextualize_config};
use reference::Asked;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

// Some algorithms include the name of a service in the signature. This name is the first part of the documented host
// name, here `thing`.
static SERVICE: Service = Service::new("any", "Anything")
    .with_servers(&[Server::new("otc", "https://thing.{region}.example.com")]);
static CHANGE: Operation = Operation::new(
    &SERVICE,
    "change_thing",
    http::Method::PUT,
    "/v1/{project_id}/things/{thing}/parts/{part}",
)
.with_retry(Retry::Safe);

/// The names of query parameters. As in generated code, these names are constants. Some of the names are difficult to
/// encode.
const NAMES: [&str; 8] = ["limit", "A", "a", "a b", "名前", "%41", "x&y=z", ""];

/// Records the bytes of every request, and sends the answer `{"a":1}`.
async fn capture(mut stream: TcpStream, captured: Sender<Vec<u8>>) {
    let mut bytes = Vec::new();
    while stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
        let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.trim().parse().unwrap());
        if bytes.len() < head + 4 + length {
            continue;
        }
        assert_eq!(
            bytes.len(),
            head + 4 + length,
            "the body is longer than its announced length"
        );
        captured.send(std::mem::take(&mut bytes)).unwrap();
        let answer =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
        stream.write_all(answer).await.unwrap();
    }
}

struct Wire {
    runtime: tokio::runtime::Runtime,
    url: String,
    captured: Receiver<Vec<u8>>,
}

impl Wire {
    fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (sender, captured) = channel();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(capture(stream, sender.clone()));
            }
        });
        Self {
            runtime,
            url,
            captured,
        }
    }

    fn config(&self) -> Config {
        self.config_by(SigningAlgorithm::default(), None)
    }

    fn sessions(&self) -> Vec<Prepared> {
        let ways = variants::ALL.map(|algorithm| [(algorithm, None), (algorithm, Some("eu-de"))]);
        let session = |(algorithm, region)| {
            let config = self.config_by(algorithm, region);
            (algorithm, region, Session::new(&config, &SERVICE).unwrap())
        };
        ways.into_iter().flatten().map(session).collect()
    }

    fn config_by(&self, algorithm: SigningAlgorithm, region: Option<&str>) -> Config {
        let mut builder = Config::builder().endpoint("any", &self.url);
        if let Some(region) = region {
            builder = builder.region(region);
        }
        let builder = builder.signing_algorithm(algorithm);
        builder.retry(RetryPolicy::none()).build().unwrap()
    }
}

/// A session with its signing algorithm and its region, if a region is set.
type Prepared = (SigningAlgorithm, Option<&'static str>, Session);

/// The random values of one call.
#[derive(Debug, Clone)]
struct Call {
    prefix: &'static str,
    thing: String,
    part: String,
    query: Vec<(&'static str, String)>,
    body: Option<String>,
    secret: String,
    token: Option<String>,
    project: &'static str,
    content_type: Option<String>,
    algorithm: SigningAlgorithm,
    region: Option<&'static str>,
}

fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        2 => any::<char>(),
        1 => prop::sample::select(" %/+~&=?#;:'\"<>\\\u{0}\r\n\t\u{a0}éß名2fF".chars().collect::<Vec<_>>()),
    ];
    prop::collection::vec(character, 0..10).prop_map(|characters| characters.into_iter().collect())
}

fn calls() -> impl Strategy<Value = Call> {
    let query = prop::collection::vec((prop::sample::select(NAMES.to_vec()), text()), 0..5);
    let first = (
        prop::sample::select(vec!["", "/gateway", "/a%20b/%C3%BC"]),
        text(),
        text(),
        query,
    );
    let second = (
        prop::option::of(text()),
        "[!-~]{1,80}",
        prop::option::of("[!-~]{1,40}"),
        prop::sample::select(vec!["p1", "0123456789abcdef0123456789abcdef"]),
        prop::option::weighted(
            0.3,
            "application/json[ -~é]{0,10}|multipart/form-data; boundary=[a-z]{3}",
        ),
    );
    let how = (
        prop::sample::select(variants::ALL.to_vec()),
        prop::option::of(Just("eu-de")),
    );
    (first, second, how).prop_map(
        |(
            (prefix, thing, part, query),
            (body, secret, token, project, content_type),
            (algorithm, region),
        )| Call {
            prefix,
            thing,
            part,
            query,
            body,
            secret,
            token,
            project,
            content_type,
            algorithm,
            region,
        },
    )
}

/// Returns whether the client must refuse a path parameter.
fn refused(parameter: &str) -> bool {
    let mut segments = parameter.split(['/', '\\']);
    parameter.is_empty() || segments.any(|segment| segment == "." || segment == "..")
}

fn send(
    wire: &Wire,
    sessions: &[Prepared],
    call: &Call,
) -> Result<Vec<u8>, huaweicloud_core::Error> {
    let mut key = AccessKey::new("AK", call.secret.as_str()).with_project(call.project);
    if let Some(token) = &call.token {
        key = key.with_security_token(token.as_str());
    }
    let session = sessions
        .iter()
        .find(|(algorithm, region, _)| (*algorithm, *region) == (call.algorithm, call.region))
        .map(|(.., session)| session)
        .unwrap()
        .with_endpoint(&format!("{}{}", wire.url, call.prefix))
        .unwrap()
        .with_credentials(key);
    let mut request = Request::new(&CHANGE)
        .path("thing", &call.thing)
        .path("part", &call.part);
    for (name, value) in &call.query {
        request = request.query(name, value);
    }
    if let Some(value) = &call.content_type {
        request = request.header("content-type", value);
    }
    if let Some(body) = &call.body {
        request = request.json(body);
    }
    wire.runtime
        .block_on(session.send::<serde_json::Value>(request))?;
    Ok(wire.captured.recv().unwrap())
}

/// The parts of a request, in the form in which they arrived.
struct Sent<'a> {
    path: &'a str,
    query: Option<&'a str>,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
}

impl<'a> Sent<'a> {
    fn parse(bytes: &'a [u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let words: Vec<&str> = lines.next().unwrap().split(' ').collect();
        assert!(matches!(words[..], ["PUT", _, "HTTP/1.1"]), "{head}");
        let (path, query) = match words[1].split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (words[1], None),
        };
        Self {
            path,
            query,
            headers: lines.map(|line| line.split_once(": ").unwrap()).collect(),
            body: &bytes[end + 4..],
        }
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        let named = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let all: Vec<&str> = named.map(|(_, value)| *value).collect();
        assert!(all.len() <= 1, "{name} was sent twice");
        all.first().copied()
    }

    /// Decodes the pairs of the query, as a server does.
    fn pairs(&self) -> Vec<(String, String)> {
        let decode = |text: &str| String::from_utf8(reference::unquote(text.as_bytes())).unwrap();
        let pairs = self.query.into_iter().flat_map(|query| query.split('&'));
        pairs
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (decode(name), decode(value)))
            .collect()
    }

    /// Returns the header `Authorization` that a server computes for the received request.
    fn signed_again(&self, call: &Call, names: &str) -> String {
        let headers = names
            .split(';')
            .map(|name| (name.to_owned(), self.header(name).unwrap().to_owned()));
        let asked = Asked {
            method: "PUT".to_owned(),
            path: self.path.as_bytes().to_vec(),
            query: self.pairs(),
            headers: headers.collect(),
            body: self.body.to_vec(),
            unsigned: self.header(call.algorithm.content_header()).is_some(),
        };
        let who = variants::Who {
            access: "AK",
            secret: &call.secret,
            region: call.region.unwrap_or_default(),
            service: "thing",
        };
        let date = self.header("x-sdk-date").unwrap();
        variants::authorization(call.algorithm, who, date, &asked)
    }
}

fn check(call: &Call, bytes: &[u8]) {
    let sent = Sent::parse(bytes);
    let quote = |text: &str| reference::quote(text.as_bytes());
    let path = [
        call.prefix,
        "/v1/",
        call.project,
        "/things/",
        &quote(&call.thing),
        "/parts/",
        &quote(&call.part),
    ];
    assert_eq!(sent.path, path.concat());
    let pairs: Vec<(String, String)> = call
        .query
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    assert_eq!(sent.query.unwrap_or_default(), reference::query(&pairs));
    assert_eq!(sent.query.is_some(), !pairs.is_empty());
    let body = call
        .body
        .as_ref()
        .map(|body| serde_json::to_vec(body).unwrap());
    assert_eq!(sent.body, body.unwrap_or_default());
    assert_eq!(sent.header("x-project-id"), Some(call.project));
    assert_eq!(sent.header("x-security-token"), call.token.as_deref());
    let authorization = sent.header("authorization").unwrap();
    let names = authorization.split("SignedHeaders=").nth(1).unwrap();
    let names = names.split(',').next().unwrap();
    // If the request contains one of the following headers, the signature must cover this header.
    for name in [
        "content-type",
        "host",
        "x-project-id",
        "x-sdk-content-sha256",
        "x-sdk-content-sm3",
        "x-sdk-date",
        "x-security-token",
    ] {
        let signed = names.split(';').any(|signed| signed == name);
        assert_eq!(signed, sent.header(name).is_some(), "{name}");
    }
    assert_eq!(authorization, sent.signed_again(call, names));
    // A gateway does not read the body of a form, so the client does not sign this body. A header of the request states
    // that the body is not signed.
    let foreign = sent
        .header("content-type")
        .is_some_and(|text| text.starts_with("multipart"));
    let unsigned = (foreign && !sent.body.is_empty()).then_some("UNSIGNED-PAYLOAD");
    assert_eq!(sent.header(call.algorithm.content_header()), unsigned);
}

#[test]
fn the_client_sends_exactly_the_signed_bytes() {
    let wire = Wire::new();
    let sessions = wire.sessions();
    // The function `contextualize_config` reads `PROPTEST_CASES`, which overrides this number of cases.
    let mut runner = TestRunner::new(contextualize_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(256)
    }));
    let result = runner.run(&calls(), |call| {
        match send(&wire, &sessions, &call) {
            Ok(bytes) => check(&call, &bytes),
            Err(error) => {
                let text = call.content_type.as_deref().unwrap_or_default();
                let expected = refused(&call.thing) || refused(&call.part) || !text.is_ascii();
                assert!(
                    expected && error.kind() == ErrorKind::InvalidRequest,
                    "{error}"
                );
                assert!(
                    wire.captured.try_recv().is_err(),
                    "the refused request was sent"
                );
            }
        }
        Ok(())
    });
    result.unwrap();
}

/// A source that returns an access key without checking it.
#[derive(Debug)]
struct Unchecked(AccessKey);

impl ProvideCredential for Unchecked {
    fn credential(
        &self,
    ) -> huaweicloud_core::BoxFuture<
        '_,
        Result<huaweicloud_core::Credential, huaweicloud_core::Error>,
    > {
        let key = huaweicloud_core::Credential::AccessKey(self.0.clone());
        Box::pin(std::future::ready(Ok(key)))
    }
}

/// The client cannot sign a header with two values, or with characters other than ASCII. If the client must sign such
/// a header, the client sends nothing.
#[test]
fn a_request_that_cannot_be_signed_is_not_sent() {
    let wire = Wire::new();
    let session = Session::new(&wire.config(), &SERVICE).unwrap();
    let keys = [
        AccessKey::new("AK", "SK").with_project("ü"),
        AccessKey::new("AK", "SK")
            .with_project("p1")
            .with_security_token("tökén"),
    ];
    for key in keys {
        let session = session.with_credentials(Unchecked(key));
        let request = Request::new(&CHANGE).path("thing", "t").path("part", 1);
        let error = wire
            .runtime
            .block_on(session.send::<serde_json::Value>(request))
            .unwrap_err();
        assert!(error.to_string().contains("x-"), "{error}");
        assert!(!error.to_string().contains("tökén"), "{error}");
    }
    let key = AccessKey::new("AK", "SK").with_project("p1");
    let request = Request::new(&CHANGE)
        .path("thing", "t")
        .path("part", 1)
        .header("Content-Type", &["application/json", "text/plain"]);
    let error = wire
        .runtime
        .block_on(
            session
                .with_credentials(key)
                .send::<serde_json::Value>(request),
        )
        .unwrap_err();
    assert!(error.to_string().contains("content-type"), "{error}");
    assert!(
        wire.captured.try_recv().is_err(),
        "the refused request was sent"
    );
}
