//! Tests what interceptors see, what they can change, and how they end a call with an error.

use crate::support;

use huaweicloud_core::{
    ConfigBuilder, Error, ErrorKind, IncomingAnswer, Intercept, InterceptError, OutgoingRequest,
    Request,
};
use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};
use support::{CREATE, Device, LIST, SHOW, Scripted, answer, config, device, json};

/// An interceptor that records what it sees, and adds headers.
#[derive(Clone)]
struct Recorder(&'static str, Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn note(&self, text: impl std::fmt::Display) {
        self.1.lock().unwrap().push(format!("{} {text}", self.0));
    }
}

impl Intercept for Recorder {
    fn before_signing(&self, request: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        let id = request.operation().id();
        self.note(format!(
            "signing {id} {:?}",
            request.headers().contains_key("authorization")
        ));
        self.note(format!("{request:?}"));
        request.insert_header("X-Seen-By", self.0)?;
        Ok(request.insert_header(&format!("X-{}", self.0), "hunter2-of-the-hook")?)
    }
    fn before_sending(&self, request: &OutgoingRequest<'_>) -> Result<(), InterceptError> {
        self.note(format!(
            "sending {:?}",
            request.headers().contains_key("authorization")
        ));
        self.note(format!("{request:?} {:?}", request.headers()));
        Ok(())
    }
    fn after_answer(&self, answer: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        self.note(format!(
            "answer {} {}",
            answer.status(),
            answer.request_id()
        ));
        self.note(format!("{answer:?}"));
        Ok(())
    }
}

/// Returns one note for each run of a hook. Leaves out the notes with the `Debug` output of requests and answers.
fn hooks(notes: &[String]) -> Vec<&str> {
    let notes = notes.iter().map(String::as_str);
    notes.filter(|note| !note.contains('{')).collect()
}

#[tokio::test]
async fn interceptors_run_in_order_for_each_attempt() {
    let notes = Arc::new(Mutex::new(Vec::new()));
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Request-Id", "r-1"),
        ("X-Subject-Token", "hunter2"),
        ("Set-Cookie", "hunter2"),
    ];
    let server = Scripted::start([answer(503, &headers, "{}"), device()]).await;
    let session = server.session_with(
        config()
            .access_key("AK", "SK")
            .intercept(Recorder("one", notes.clone()))
            .intercept(Recorder("two", notes.clone())),
    );
    let request = Request::new(&SHOW)
        .path("device_id", "7")
        .header("X-Own", "hunter2");
    session.send::<Device>(request).await.unwrap();
    let notes = notes.lock().unwrap().clone();
    assert!(!notes.concat().contains("hunter2"), "{notes:#?}");
    assert!(notes.concat().contains("Sensitive"), "{notes:#?}");
    let short = hooks(&notes);
    let attempt = [
        "one signing show_device false",
        "two signing show_device false",
        "one sending true",
        "two sending true",
    ];
    let answers = |text: &str| [format!("one {text}"), format!("two {text}")];
    let expected = [
        attempt.map(str::to_owned).to_vec(),
        answers("answer 503 r-1").to_vec(),
        attempt.map(str::to_owned).to_vec(),
        answers("answer 200 0a1b2c3d4e5f60718293a4b5c6d7e8f9").to_vec(),
    ];
    assert_eq!(short, expected.concat());
    for seen in server.seen() {
        // The second interceptor replaces the header `X-Seen-By` of the first interceptor.
        assert_eq!(seen.header("x-seen-by"), Some("two"));
        assert_eq!(seen.header("x-one"), Some("hunter2-of-the-hook"));
        support::verify(&seen, "AK", "SK");
    }
}

/// An interceptor that fails in one hook. The string selects the hook: `signing` for `before_signing`, and `sending`
/// for `before_sending`. `503` selects `after_answer` for answers with status 503. `200` selects `after_answer` for all
/// other answers. With an empty string, the interceptor never fails.
struct Refusing(&'static str);

#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("closed for today")
    }
}

impl std::error::Error for Closed {}

impl Refusing {
    fn at(&self, place: &str) -> Result<(), InterceptError> {
        match self.0 == place {
            true => Err(Closed.into()),
            false => Ok(()),
        }
    }
}

impl Intercept for Refusing {
    fn name(&self) -> &str {
        "opening-hours"
    }
    fn before_signing(&self, _: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        self.at("signing")
    }
    fn before_sending(&self, _: &OutgoingRequest<'_>) -> Result<(), InterceptError> {
        self.at("sending")
    }
    fn after_answer(&self, answer: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        self.at(if answer.status() == 503 { "503" } else { "200" })
    }
}

#[tokio::test]
async fn the_first_failing_interceptor_ends_the_call() {
    // `sent` is the number of requests. `behind` is how many times a hook of the second interceptor ran before the
    // call ended, in all attempts together.
    for (place, sent, behind, status, text) in [
        (
            "signing",
            0,
            0,
            None,
            "before the request was signed; see the error's source",
        ),
        (
            "sending",
            0,
            1,
            None,
            "before the request was sent; see the error's source",
        ),
        (
            "503",
            1,
            2,
            Some(503),
            "after the service had answered (HTTP 503, request id 0a1b2c3d4e5f60718293a4b5c6d7e8f9); check whether",
        ),
        (
            "200",
            2,
            5,
            Some(200),
            "after the service had answered (HTTP 200, request id 0a1b2c3d4e5f60718293a4b5c6d7e8f9, 2 attempts); check",
        ),
    ] {
        let notes = Arc::new(Mutex::new(Vec::new()));
        let server = Scripted::start([json(503, "{}"), device()]).await;
        let config = config()
            .token("t")
            .intercept(Refusing(place))
            .intercept(Recorder("behind", notes.clone()));
        let session = server.session_with(config);
        let error = session
            .send::<Device>(Request::new(&LIST))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interceptor, "{place}");
        assert_eq!(
            (server.seen().len(), error.status()),
            (sent, status),
            "{place}"
        );
        assert_eq!(error.attempts() as usize, sent);
        assert!(!error.is_retryable());
        let shown = error.to_string();
        let start =
            "list_devices (dcs): the interceptor opening-hours ended the call with an error ";
        assert!(shown.starts_with(start) && shown.contains(text), "{shown}");
        assert!(error.source().unwrap().is::<Closed>());
        let notes = notes.lock().unwrap();
        assert_eq!(hooks(&notes).len(), behind, "{place}: {notes:#?}");
    }
}

/// An interceptor that adds a header. The two strings are the name and the value of the header. If the header cannot be
/// added, the call fails.
struct Setting(&'static str, &'static str);

impl Intercept for Setting {
    fn before_signing(&self, request: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        Ok(request.insert_header(self.0, self.1)?)
    }
}

async fn set(server: &Scripted, name: &'static str, value: &'static str) -> Result<(), Error> {
    let session = server.session_with(
        config()
            .access_key("AK", "SK")
            .intercept(Setting(name, value)),
    );
    let request = Request::new(&CREATE).json(&serde_json::json!({"name": "x"}));
    session.send::<Device>(request).await.map(drop)
}

#[tokio::test]
async fn interceptors_cannot_set_protected_or_invalid_headers() {
    let server = Scripted::start([]).await;
    for name in [
        "Host",
        "AUTHORIZATION",
        "X-Auth-Token",
        "x-security-token",
        "X-Subject-Token",
        "X-Sdk-Date",
        "X-Sdk-Content-Sha256",
        "X-Project-Id",
        "X-Domain-Id",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Proxy-Authorization",
    ] {
        let error = set(&server, name, "hunter2").await.unwrap_err();
        let source = error.source().unwrap().to_string();
        let name = name.to_lowercase();
        assert!(
            source.contains(&format!("`{name}` cannot be set by an interceptor")),
            "{source}"
        );
    }
    for (name, value) in [("X A", "x"), ("X-A", "hunter2\r\nX-Evil: 1")] {
        let error = set(&server, name, value).await.unwrap_err();
        assert!(!support::shown(&error).contains("hunter2"));
    }
    assert_eq!(server.seen().len(), 0);
    // The signature covers the header `Content-Type`, even if an interceptor sets this header.
    let server = Scripted::start([device()]).await;
    set(&server, "Content-Type", "application/json;charset=utf8")
        .await
        .unwrap();
    let seen = &server.seen()[0];
    assert_eq!(
        seen.header("content-type"),
        Some("application/json;charset=utf8")
    );
    support::verify(seen, "AK", "SK");
}

struct Late;

impl Intercept for Late {
    fn before_sending(&self, request: &OutgoingRequest<'_>) -> Result<(), InterceptError> {
        assert_eq!(request.url().path(), "/v2/p1/devices");
        Ok(())
    }
}

#[tokio::test]
async fn debug_names_the_interceptors_and_a_copied_configuration_is_usable() {
    let builder: ConfigBuilder = config().token("t").intercept(Refusing("")).intercept(Late);
    let config = builder.build().unwrap();
    let shown = format!("{config:?}");
    assert!(
        shown.contains(r#"["opening-hours", "all::intercept::Late"]"#),
        "{shown}"
    );
    let server = Scripted::start([device()]).await;
    let session = server.session_with(config.to_builder());
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
}

/// An interceptor that panics once in each listed hook, and otherwise does nothing. The panics occur in the reverse
/// order of the list.
struct Broken(Mutex<Vec<&'static str>>);

impl Broken {
    fn at(&self, place: &str) -> Result<(), InterceptError> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.last().is_some_and(|next| *next == place) {
            places.pop();
            panic!("a bug of the program");
        }
        Ok(())
    }
}

impl Intercept for Broken {
    fn before_signing(&self, _: &mut OutgoingRequest<'_>) -> Result<(), InterceptError> {
        self.at("signing")
    }
    fn before_sending(&self, _: &OutgoingRequest<'_>) -> Result<(), InterceptError> {
        self.at("sending")
    }
    fn after_answer(&self, _: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        self.at("answer")
    }
}

/// A panic is a bug of the program, so the panic reaches the caller. After the panic, the client can still make
/// calls.
#[tokio::test]
async fn after_a_panic_in_an_interceptor_the_client_is_usable() {
    let server = Scripted::start([device(), device(), device()]).await;
    let broken = Broken(Mutex::new(vec!["answer", "sending", "signing"]));
    let session = server.session_with(config().access_key("AK", "SK").intercept(broken));
    for _ in 0..3 {
        let session = session.clone();
        let call = tokio::spawn(async move { session.send::<Device>(Request::new(&LIST)).await });
        let panicked = call.await.unwrap_err().into_panic();
        assert_eq!(
            panicked.downcast_ref::<&str>(),
            Some(&"a bug of the program")
        );
    }
    assert_eq!(server.seen().len(), 1);
    for _ in 0..2 {
        session.send::<Device>(Request::new(&LIST)).await.unwrap();
    }
    assert_eq!(server.seen().len(), 3);
}
