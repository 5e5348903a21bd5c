//! Compares the requests and answers of each operation with snapshots. The snapshots are in the folder of the service
//! crate, with one file for each chapter (a group of operations).
//!
//! The snapshots show how the client sends the documented requests, and how it decodes the documented answers. If
//! several operations can return an answer, each of these operations decodes the answer. The snapshot `wire_common`
//! shows such an answer once.
//!
//! `each_operation!` is generated. So a new operation needs no new code here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod answering;
mod calls;
mod changes;
mod given;
mod mixed;
mod shared;
mod shown;
#[path = "../support/snapshots.rs"]
mod snapshots;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use huaweicloud::{Config, Error, RetryPolicy};
use huaweicloud_e2e::{Document, Exchange, Log, Recorder};
use serde_json::{Value, json};

use answering::{Answer, Answering};
use calls::{Decoded, Operation, Service, services};
use given::{Given, documented, examples, resolve};
use shared::Shared;
use snapshots::Snapshots;

/// A service, a server that sends the documented answers, and two configurations of the client.
struct Stage {
    service: Service,
    value: Value,
    document: Document,
    server: Answering,
    log: Log,
    with_token: Config,
    with_key: Config,
    _recorder: Recorder,
}

/// One call: the exchange on the network, and the outcome for the caller.
struct Called {
    exchange: Exchange,
    outcome: Result<Decoded, Error>,
}

impl Stage {
    async fn new(service: Service) -> Stage {
        support::leaks::log_as_asked();
        let (server, log) = (Answering::start().await, Log::default());
        let recorder = Recorder::start(service.name, &server.address, &log).await;
        let recorder = recorder.unwrap();
        let config = Config::builder()
            .endpoint(service.name, &recorder.address)
            .project_id("0123456789abcdef0123456789abcdef")
            .retry(RetryPolicy::none());
        let with_token = config.clone().token("planted-token").build().unwrap();
        let with_key = config
            .http_client(with_token.http_client().clone())
            .access_key("AN-ACCESS-KEY", "planted-secret-key");
        Stage {
            value: serde_json::from_str(service.openapi).unwrap(),
            document: Document::read(service.openapi).unwrap(),
            with_token,
            with_key: with_key.build().unwrap(),
            _recorder: recorder,
            server,
            log,
            service,
        }
    }

    async fn call(
        &self,
        config: &Config,
        of: &Operation,
        given: &Given,
        answer: &Answer,
    ) -> Called {
        self.server.will_say(answer.clone());
        let outcome = (of.call)(config, given.clone()).await;
        let mut exchanges = self.log.take();
        let exchange = exchanges.pop().unwrap();
        assert!(exchanges.is_empty(), "{} was sent more than once", of.id);
        Called { exchange, outcome }
    }

    /// Returns the outcome of a call that gets this answer. The call uses a token.
    async fn call_of(
        &self,
        of: &Operation,
        given: &Given,
        answer: Answer,
    ) -> Result<Decoded, Error> {
        let called = self.call(&self.with_token, of, given, &answer).await;
        called.outcome
    }

    /// Returns the part of the snapshot for one operation. If several operations can return an answer, the method adds
    /// the answer to `shared` instead.
    async fn tell(&self, of: &Operation, documented: &Value, shared: &mut Shared) -> String {
        let all = Given::of(&self.value, documented);
        let answers = answers(&self.value, documented);
        let first = &answers[0].answer;
        let mut text = format!("operation {}\n", of.id);
        // An operation with an empty `security` is open. The client has credentials, but must not send them to an open
        // operation.
        let open = documented["security"].as_array().is_some_and(Vec::is_empty);
        let (token, key) = match open {
            true => ("without credentials", "without credentials"),
            false => ("by token", "by access key"),
        };
        for given in &all {
            let how = request_title(token, given);
            let called = self.call(&self.with_token, of, given, first).await;
            text += &shown::request(&how, &self.document, &called.exchange, given);
        }
        let given = all[0].sparing();
        if !open || all[0].has_optional() {
            let how = request_title(key, &given);
            let called = self.call(&self.with_key, of, &given, first).await;
            text += &shown::request(&how, &self.document, &called.exchange, &given);
        }
        for documented in &answers {
            let answer = &documented.answer;
            let called = self.call(&self.with_token, of, &given, answer).await;
            if answer.status < 300 {
                let error = called.outcome.as_ref().err();
                assert!(
                    error.is_none(),
                    "{}: {}: {error:?}",
                    of.id,
                    documented.title
                );
            }
            let lines = shown::answer(&documented.title, &self.document, &called, answer);
            match &documented.component {
                Some(component) => shared.add(component, &documented.title, lines, of.id),
                None => text += &lines,
            }
        }
        text
    }
}

/// Returns a title such as `request with all that is optional, by token, example load_balancer`.
fn request_title(by: &str, given: &Given) -> String {
    let all = if given.has_optional() {
        " with all that is optional"
    } else {
        ""
    };
    let example = match given.example.as_str() {
        "" => String::new(),
        name => format!(", example {name}"),
    };
    format!("request{all}, {by}{example}")
}

/// A documented answer.
struct Documented {
    /// The title of the answer, for example `answer 400 quota`.
    title: String,
    /// The component of the response, if several operations can share the answer.
    component: Option<String>,
    answer: Answer,
}

/// Returns every documented answer, successes first. The answers come from `responses`, and the errors of the
/// operation's own page come from `x-error-examples`.
fn answers(document: &Value, operation: &Value) -> Vec<Documented> {
    let mut found = Vec::new();
    let own = operation["x-error-examples"].as_object();
    for (status, stated) in operation["responses"].as_object().unwrap() {
        let response = resolve(document, stated);
        // The content is a file or JSON.
        let content = response["content"].as_object();
        let content = content.and_then(|content| content.values().next());
        let content = content.unwrap_or(&Value::Null);
        let name = stated["$ref"].as_str().and_then(|to| to.rsplit('/').next());
        let mut say = |title: &str, component: Option<&str>, body: Option<&Value>| {
            let title = format!("answer {status} {title}").trim_end().to_owned();
            let answer = Answer {
                status: status.parse().unwrap(),
                headers: headers(document, response),
                body: body.cloned(),
                is_file: content["schema"]["format"] == "binary",
            };
            let component = component.map(str::to_owned);
            found.push(Documented {
                title,
                component,
                answer,
            });
        };
        let examples = examples(content);
        if examples.is_empty() {
            assert!(content.is_null(), "{status} has no example: {operation}");
            say("without a body", name, None);
        }
        for (example, value) in examples {
            say(&example, name, Some(value));
        }
        if let Some(body) = own.and_then(|own| own.get(status)) {
            say("of its own page", None, Some(body));
        }
    }
    found.sort_by_key(|documented| documented.answer.status);
    found
}

/// Returns the headers of a response with their documented examples. The function marks headers with secrets as
/// sensitive.
fn headers(document: &Value, response: &Value) -> HeaderMap {
    let documented = response["headers"].as_object().into_iter().flatten();
    let values = documented.map(|(name, header)| {
        let header = resolve(document, header);
        let schema = resolve(document, &header["schema"]);
        let given = [header.get("example"), schema.get("example")];
        let given = given.into_iter().flatten().next();
        assert!(given.is_some(), "the header {name} has no example");
        let text = given.unwrap();
        let text = text
            .as_str()
            .map_or_else(|| text.to_string(), str::to_owned);
        let mut value = HeaderValue::from_str(&text).unwrap();
        value.set_sensitive(schema["format"] == "password");
        (HeaderName::try_from(name).unwrap(), value)
    });
    values.collect()
}

/// Returns the name of the snapshot for an operation. Each chapter has one snapshot.
fn file(operation: &Value) -> String {
    format!("wire_{}", operation["tags"][0].as_str().unwrap())
}

fn folder(service: &str) -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    crates.join(service).join("snapshots")
}

async fn service_on_the_wire(service: Service, snapshots: &mut Snapshots) {
    let stage = Stage::new(service).await;
    let (mut files, mut shared) = (BTreeMap::new(), Shared::default());
    for (id, documented) in documented(&stage.value) {
        let mut operations = stage.service.operations.iter();
        let operation = operations.find(|operation| operation.id == id).unwrap();
        let text = stage.tell(operation, documented, &mut shared).await;
        let texts: &mut Vec<String> = files.entry(file(documented)).or_default();
        texts.push(text);
    }
    files.insert("wire_common".to_owned(), shared.told());
    for (name, texts) in files {
        snapshots.compare(&folder(stage.service.name), &name, || {
            insta::assert_snapshot!(name.as_str(), texts.join("\n"));
        });
    }
}

#[tokio::test]
async fn every_operation_matches_its_snapshots() {
    let mut snapshots = Snapshots::default();
    for service in services() {
        service_on_the_wire(service, &mut snapshots).await;
    }
}

/// `services()` contains every service that has a document. Each chapter has a snapshot `wire_*`. Apart from
/// `wire_common`, no other snapshots with this prefix exist.
#[test]
fn every_documented_chapter_has_a_snapshot() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = std::fs::read_dir(&crates)
        .unwrap()
        .map(|entry| entry.unwrap());
    let with_document = folders.filter(|folder| folder.path().join("openapi.json").is_file());
    let names = with_document.map(|folder| folder.file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.collect();
    let known = services()
        .into_iter()
        .map(|service| service.name.to_owned());
    assert_eq!(
        names,
        known.collect::<BTreeSet<_>>(),
        "`each_service!` must contain exactly the services that have an openapi.json; run `cargo xtask generate`"
    );
    for service in services() {
        let document = serde_json::from_str(service.openapi).unwrap();
        let expected = documented(&document).into_iter();
        let expected = expected.map(|(_, operation)| file(operation));
        let expected = expected.chain(["wire_common".to_owned()]);
        let expected: BTreeSet<String> = expected.map(|name| name + ".snap").collect();
        let found = std::fs::read_dir(folder(service.name)).unwrap();
        let found = found.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let found: BTreeSet<String> = found
            .filter(|name| name.starts_with("wire_") && name.ends_with(".snap"))
            .collect();
        assert_eq!(found, expected, "{}", service.name);
    }
}

#[test]
fn the_snapshot_shows_a_header_that_is_lost_changed_or_visible_to_debug() {
    let map = |value: &'static str, sensitive: bool| {
        let mut value = HeaderValue::from_static(value);
        value.set_sensitive(sensitive);
        HeaderMap::from_iter([(HeaderName::from_static("x-subject-token"), value)])
    };
    let sent = map("planted-token", true);
    for (had, told) in [
        (sent.clone(), "secret_header() \"***\""),
        (map("planted-token", false), "\"***\" -> shown by Debug"),
        (map("another", true), "\"***\" -> \"***\""),
        (HeaderMap::new(), "\"***\" -> nothing"),
    ] {
        let lines = shown::headers(&sent, &had);
        assert_eq!(lines, format!("    header x-subject-token  {told}\n"));
    }
    let plain = map("1", false);
    let lines = shown::headers(&plain, &plain);
    assert_eq!(lines, "    header x-subject-token  headers() \"1\"\n");
}

#[test]
fn the_snapshot_shows_the_path_of_a_lost_added_or_changed_value() {
    let before = json!({"kept": 1, "lost": "x", "list": [{"a/b": 1}], "number": 1});
    let after = json!({"kept": 1, "list": [{"a/b": 2}], "new": [], "number": 1.0});
    let places = changes::places(&before, &after);
    assert_eq!(places, ["/list/0/a~1b", "/lost", "/new"]);
    let lines = changes::lines(&places, &before, &after);
    assert!(lines.contains("/lost  \"x\" -> nothing\n"), "{lines}");
    assert!(lines.contains("/list/0/a~1b  1 -> 2\n"), "{lines}");
    assert!(lines.contains("/new  nothing -> []\n"), "{lines}");
}

/// An error of the operation's own documentation page does not replace the shared answer with the same status.
#[test]
fn errors_of_an_operation_are_added_to_shared_answers() {
    let document = json!({"components": {"responses": {"BadRequest": {"content": {"application/json": {"example": {"code": "a"}}}}}}});
    let operation = json!({
        "responses": {"400": {"$ref": "#/components/responses/BadRequest"}, "204": {}},
        "x-error-examples": {"400": {"code": "b"}},
    });
    let told = answers(&document, &operation).into_iter();
    let told: Vec<_> = told
        .map(|told| (told.title, told.component, told.answer.body))
        .collect();
    let shared = Some("BadRequest".to_owned());
    assert_eq!(
        told,
        [
            ("answer 204 without a body".to_owned(), None, None),
            ("answer 400".to_owned(), shared, Some(json!({"code": "a"}))),
            (
                "answer 400 of its own page".to_owned(),
                None,
                Some(json!({"code": "b"}))
            ),
        ]
    );
}

/// Here, the operation `b` decodes the shared answer differently from the operations `a` and `c`.
#[test]
fn a_shared_answer_is_shown_once_with_its_exceptions() {
    let mut shared = Shared::default();
    for id in ["a", "b", "c"] {
        let told = if id == "b" { "lost" } else { "kept" };
        shared.add("Gone", "404", format!("  answer 404 {told}\n"), id);
    }
    let told = ["response Gone\n  answer 404 kept\n  but to b\n  answer 404 lost\n"];
    assert_eq!(shared.told(), told);
}
