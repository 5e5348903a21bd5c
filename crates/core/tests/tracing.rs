//! Tests which events a call sends to `tracing`, and that these events contain no secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use huaweicloud_core::{Request, Secret, ShowSecrets};
use std::io::Write;
use std::sync::{Arc, Mutex};
use support::{CREATE, Device, SHOW, Scripted, answer, config, device};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "current_thread")]
async fn the_log_contains_the_events_of_a_call_and_no_secrets() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_max_level(tracing::Level::TRACE)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Request-Id", "0a1b2c3d4e5f60718293a4b5c6d7e8f0"),
        ("X-Subject-Token", "hunter2"),
    ];
    let busy = answer(503, &headers, r#"{"error_msg": "hunter2"}"#);
    let created = answer(201, &headers, r#"{"name": "hunter2"}"#);
    let server = Scripted::start([busy, device(), created]).await;
    let session = server.session_with(config().token("token-hunter2"));
    let request = Request::new(&SHOW)
        .path("device_id", "id-hunter2")
        .query("name", "hunter2")
        .header("X-A", "hunter2");
    session.send::<Device>(request).await.unwrap();
    let session = server.session_with(config().access_key("AK", "hunter2"));
    let secret = Secret::new("hunter2");
    let body = serde_json::json!({"password": ShowSecrets(&secret)});
    session
        .send::<Device>(Request::new(&CREATE).json(&body))
        .await
        .unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // `log` also contains the events of `hyper-util`. `ours` contains only the events of this crate.
    let ours: Vec<&str> = log
        .lines()
        .filter(|line| line.contains(" huaweicloud: "))
        .collect();
    let has = |parts: &[&str]| {
        ours.iter()
            .any(|line| parts.iter().all(|part| line.contains(part)))
    };
    assert!(
        has(&[
            "DEBUG",
            "attempt ended",
            "attempt=1",
            "status=503",
            "request_id=\"0a1b2c3d4e5f60718293a4b5c6d7e8f0\""
        ]),
        "{log}"
    );
    assert!(
        has(&["INFO", "sending again", "kind=Service", "wait=Some("]),
        "{log}"
    );
    assert!(
        has(&[
            "INFO",
            "close",
            "operation=\"show_device\"",
            "service=\"dcs\"",
            "attempt=2",
            "status=200"
        ]),
        "{log}"
    );
    assert!(!log.contains("hunter2"), "{log}");
}
