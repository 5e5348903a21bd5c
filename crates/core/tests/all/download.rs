//! Tests answers that are files. A server sends them over TCP, and the client receives them in memory or saves them to
//! disk.

use crate::support;

use futures_core::Stream;
use huaweicloud_core::{
    CallOptions, Download, Error, ErrorKind, Operation, Request, Response, RetryPolicy, Session,
};
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{Reply, Scripted, Then, answer, changing, config, json, reading, shown};
use tempfile::tempdir;

static EXPORT: Operation = reading("export_devices", "/v2/{project_id}/devices/export");
static EXPORT_UNSAFE: Operation = changing("create_report").with_success(&[200, 204]);

const CSV: [(&str, &str); 3] = [
    ("Content-Type", "text/csv; charset=utf-8"),
    (
        "Content-Disposition",
        "attachment; filename=\"devices.csv\"",
    ),
    ("X-Request-Id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
];

fn session(server: &Scripted) -> Session {
    server.session_with(config().token("token-hunter2").max_answer(1000))
}

async fn export(server: &Scripted) -> Result<Response<Download>, Error> {
    session(server).download(Request::new(&EXPORT)).await
}

async fn whole(file: &mut Download) -> Result<Vec<u8>, Error> {
    let mut all = Vec::new();
    while let Some(bytes) = file.chunk().await? {
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

fn raw(headers: &str, body: &[u8], then: Then) -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n{headers}\r\n\r\n");
    Reply::Raw([head.as_bytes(), body].concat(), then)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[tokio::test]
async fn a_download_can_be_larger_than_the_answer_limit() {
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
    let server = Scripted::start([answer(200, &CSV, &bytes)]).await;
    let mut file = export(&server).await.unwrap();
    assert_eq!(file.length(), Some(1_000_000));
    assert_eq!(file.file_name(), "devices.csv");
    assert_eq!(file.content_type(), Some("text/csv; charset=utf-8"));
    assert_eq!(file.request_id(), "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    assert!(whole(&mut file).await.unwrap() == bytes);
    assert_eq!(
        (file.received(), file.chunk().await.unwrap()),
        (1_000_000, None)
    );
    let seen = &server.seen()[0];
    assert_eq!(seen.header("accept"), Some("*/*"));
    assert_eq!(seen.header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn a_download_is_a_stream_and_debug_hides_its_bytes() {
    let server = Scripted::start([answer(200, &CSV, "a,hunter2"), answer(200, &CSV, "")]).await;
    let file = export(&server).await.unwrap();
    let text = format!("{file:?}");
    assert!(
        text.contains("Some(9)") && !text.contains("hunter2"),
        "{text}"
    );
    let mut file = file.into_inner();
    let mut all = Vec::new();
    while let Some(bytes) =
        std::future::poll_fn(|context| Pin::new(&mut file).poll_next(context)).await
    {
        all.extend_from_slice(&bytes.unwrap());
    }
    assert_eq!(all, b"a,hunter2");
    let mut empty = export(&server).await.unwrap();
    assert_eq!(
        (empty.length(), empty.chunk().await.unwrap()),
        (Some(0), None)
    );
}

#[tokio::test]
async fn a_chunked_file_without_a_length_is_received_completely() {
    let body = b"3\r\na,b\r\n2\r\n,c\r\n0\r\nX-Sum: 1\r\n\r\n";
    let server = Scripted::start([raw("Transfer-Encoding: chunked", body, Then::Waits)]).await;
    let mut file = export(&server).await.unwrap();
    assert_eq!((file.length(), file.file_name()), (None, "export_devices"));
    assert_eq!(whole(&mut file).await.unwrap(), b"a,b,c");
}

#[tokio::test]
async fn an_answer_that_is_not_a_file_is_an_error() {
    let error = r#"{"error_code": "DCS.4201", "error_msg": "hunter2"}"#;
    let octets = [("Content-Type", "application/octet-stream")];
    let gzip = [("Content-Type", "text/csv"), ("Content-Encoding", "gzip")];
    let html = [("Content-Type", "text/html")];
    let chunked = format!("{:x}\r\n{error}\r\n0\r\n\r\n", error.len());
    let cases = [
        (json(404, error), ErrorKind::Service, "404"),
        (json(200, error), ErrorKind::Service, "DCS.4201"),
        (answer(200, &octets, error), ErrorKind::Service, "DCS.4201"),
        (
            answer(200, &CSV, format!(" \n{error}")),
            ErrorKind::Service,
            "DCS.4201",
        ),
        (
            raw(
                "Transfer-Encoding: chunked",
                chunked.as_bytes(),
                Then::Waits,
            ),
            ErrorKind::Service,
            "DCS.4201",
        ),
        (
            json(200, r#"{"message": "hunter2"}"#),
            ErrorKind::Service,
            "200",
        ),
        (
            answer(200, &html, "<html>hunter2"),
            ErrorKind::UnexpectedAnswer,
            "an HTML page",
        ),
        (
            answer(206, &CSV, "a"),
            ErrorKind::UnexpectedAnswer,
            "not documented for the file",
        ),
        (
            answer(202, &CSV, "a"),
            ErrorKind::UnexpectedAnswer,
            "not documented for the file",
        ),
        (
            answer(204, &CSV, ""),
            ErrorKind::UnexpectedAnswer,
            "not documented for the file",
        ),
        (
            answer(302, &CSV, ""),
            ErrorKind::UnexpectedAnswer,
            "redirect",
        ),
        (
            answer(200, &gzip, "hunter2"),
            ErrorKind::UnexpectedAnswer,
            "compressed",
        ),
        (
            raw("Connection: close", b"", Then::Ends),
            ErrorKind::UnexpectedAnswer,
            "empty",
        ),
    ];
    for (reply, kind, text) in cases {
        let server = Scripted::start([reply]).await;
        let error = export(&server).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(text), "{text}: {error}");
        assert!(!shown(&error).contains("hunter2"), "{}", shown(&error));
        assert_eq!(server.seen().len(), 1);
    }
}

/// A file can contain JSON, or can begin like JSON. The client treats JSON of more than 16 KiB as a file, even if the
/// JSON contains an error code.
#[tokio::test]
async fn a_body_that_is_not_an_error_body_is_a_file_despite_the_type_json() {
    let long = format!("{{\"error_code\": \"{}\"}}", "x".repeat(20_000));
    for text in [
        "{\"devices\": []}",
        "{unended",
        "[]",
        "\"error\"",
        "error,count\n1,2\n",
        &long,
    ] {
        let server = Scripted::start([json(200, text)]).await;
        let mut file = export(&server).await.unwrap();
        assert_eq!(whole(&mut file).await.unwrap(), text.as_bytes());
    }
}

#[tokio::test]
async fn an_optional_download_is_none_if_the_status_is_204() {
    let server = Scripted::start([answer(204, &[], ""), answer(200, &CSV, "a")]).await;
    let call = || session(&server).download_optional(Request::new(&EXPORT_UNSAFE));
    assert!(call().await.unwrap().into_inner().is_none());
    let mut file = call().await.unwrap().into_inner().unwrap();
    assert_eq!(whole(&mut file).await.unwrap(), b"a");
}

#[tokio::test]
async fn the_error_of_a_broken_file_contains_the_received_length() {
    let cases = [
        ("Content-Length: 10", &b"a,b"[..], "after 3 of 10 bytes"),
        (
            "Transfer-Encoding: chunked",
            b"3\r\na,b\r\n",
            "after 3 bytes",
        ),
        (
            "Transfer-Encoding: chunked",
            b"3\r\na,b\r\nzz\r\n",
            "after 3 bytes",
        ),
    ];
    for (headers, body, text) in cases {
        // If the client sent a second request, it would get a complete file.
        let replies = [raw(headers, body, Then::Ends), answer(200, &CSV, "a,b")];
        let server = Scripted::start(replies).await;
        let mut file = export(&server).await.unwrap();
        let error = whole(&mut file).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(error.is_retryable() && error.operation() == Some("export_devices"));
        assert!(
            file.chunk().await.unwrap().is_none(),
            "no bytes come after an error"
        );
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_safe_download_is_retried_until_the_file_begins() {
    let server = Scripted::start([Reply::Close, json(503, "{}"), answer(200, &CSV, "a")]).await;
    let mut file = export(&server).await.unwrap();
    assert_eq!(
        (file.attempts(), whole(&mut file).await.unwrap()),
        (3, b"a".to_vec())
    );
    let server = Scripted::start([Reply::Close, answer(200, &CSV, "a")]).await;
    let call = session(&server).download(Request::new(&EXPORT_UNSAFE));
    assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Transport);
    assert_eq!(server.seen().len(), 1);
}

/// If the clock of tokio is paused and no task can run, tokio advances the clock to the next timer. So the test does
/// not wait for seconds.
#[tokio::test]
async fn the_timeout_and_the_idle_timeout_end_a_stalled_download() {
    let second = Duration::from_secs(1);
    for (timeout, idle, said) in [(600, 7, "of 7s ended"), (11, 600, "of 11s ended")] {
        let start = raw("Content-Length: 10", b"a,b", Then::Waits);
        let server = Scripted::start([start]).await;
        let options = CallOptions::new().timeout(second * timeout);
        let session = session(&server).with_options(options.idle_timeout(second * idle));
        let mut file = session.download(Request::new(&EXPORT)).await.unwrap();
        assert_eq!(file.chunk().await.unwrap().unwrap(), "a,b");
        tokio::time::pause();
        let error = file.chunk().await.unwrap_err();
        tokio::time::resume();
        assert!(error.is_timeout(), "{error}");
        let text = error.to_string();
        assert!(
            text.contains(said) && text.contains("after 3 of 10"),
            "{text}"
        );
        // After the timeout, the client closes the connection.
        server.gone.notified().await;
    }
}

#[tokio::test]
async fn dropping_a_download_closes_its_connection() {
    let server = Scripted::start([raw("Content-Length: 10", b"a,b", Then::Waits)]).await;
    let mut file = export(&server).await.unwrap();
    file.chunk().await.unwrap();
    drop(file);
    server.gone.notified().await;
}

/// If the caller does not read, the client stops reading from the server when the buffers are full.
#[tokio::test]
async fn the_client_reads_a_file_only_as_fast_as_the_caller() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    const ALL: u64 = 256 << 20;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let written = Arc::new(AtomicU64::new(0));
    let count = written.clone();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {ALL}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let block = vec![7; 64 << 10];
        while count.load(Ordering::Relaxed) < ALL && stream.write_all(&block).await.is_ok() {
            count.fetch_add(block.len() as u64, Ordering::Relaxed);
        }
    });
    let config = config().token("token-hunter2").endpoint("dcs", url);
    let session = Session::new(&config.build().unwrap(), &support::SERVICE).unwrap();
    let mut file = session.download(Request::new(&EXPORT)).await.unwrap();
    file.chunk().await.unwrap();
    // Waits until the server cannot send more, because the buffers of the server and of the client are full.
    let (mut before, mut still) = (0, 0);
    while still < 50 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let now = written.load(Ordering::Relaxed);
        still = if now == before { still + 1 } else { 0 };
        before = now;
    }
    assert!(before < ALL / 4, "{before}");
    let mut received = file.received();
    while let Some(bytes) = file.chunk().await.unwrap() {
        received += bytes.len() as u64;
    }
    assert_eq!((received, file.received()), (ALL, ALL));
}

#[tokio::test]
async fn a_file_is_saved_completely_with_a_safe_name() {
    let cases = [
        ("attachment; filename=\"../../x.csv\"", "x.csv"),
        (
            "attachment; filename*=UTF-8''..%2F..%2F%E2%82%AC.csv",
            "€.csv",
        ),
        ("attachment; filename=\"..\"", "export_devices"),
        ("attachment; filename=NUL", "_NUL"),
        ("inline", "export_devices"),
    ];
    for (disposition, name) in cases {
        let folder = tempdir().unwrap();
        let headers = [("Content-Disposition", disposition)];
        let server =
            Scripted::start([answer(200, &headers, "a,b"), answer(200, &headers, "c")]).await;
        let mut file = export(&server).await.unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = told.clone();
        file.on_progress(move |received, length| tell.lock().unwrap().push((received, length)));
        let path = file.save_in(folder.path()).await.unwrap();
        assert_eq!(path, folder.path().join(name));
        assert_eq!(std::fs::read(&path).unwrap(), b"a,b");
        assert_eq!(names(folder.path()), [name]);
        assert_eq!(told.lock().unwrap().last(), Some(&(3, Some(3))));
        // The server chose the file name. So the client does not replace an existing file.
        let mut again = export(&server).await.unwrap();
        let error = again.save_in(folder.path()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert!(
            error.to_string().contains("a file with this name exists"),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"a,b");
        assert_eq!(names(folder.path()), [name]);
    }
}

#[tokio::test]
async fn saving_replaces_the_file_only_if_the_download_is_complete() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, "old").unwrap();
    let broken = || raw("Content-Length: 10", b"a,b", Then::Ends);
    let waits = raw("Content-Length: 10", b"a,b", Then::Waits);
    let server = Scripted::start([broken(), waits, answer(200, &CSV, "new"), broken()]).await;
    let error = export(&server)
        .await
        .unwrap()
        .save_to(&path)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    // The test cancels the next call of `save_to`.
    let mut file = export(&server).await.unwrap();
    let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
    file.on_progress(move |_, _| begun.send(()).unwrap_or_default());
    tokio::select! {
        _ = file.save_to(&path) => panic!("the download ended"),
        _ = begins.recv() => {}
    }
    drop(file);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    let mut file = export(&server).await.unwrap();
    file.save_to(&path).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    let error = file.save_to(&path).await.unwrap_err();
    assert!(error.to_string().contains("already taken"), "{error}");
    assert_eq!(names(folder.path()), ["mine.csv"]);

    let missing = folder.path().join("missing");
    let error = export(&server)
        .await
        .unwrap()
        .save_in(&missing)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("missing`") && text.ends_with("make the folder"),
        "{text}"
    );
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::File, Some("export_devices"))
    );
}

/// The client reports the error before it sends a request.
#[tokio::test]
async fn an_idle_timeout_of_zero_is_an_error() {
    let server = Scripted::start([]).await;
    let options = CallOptions::new()
        .idle_timeout(Duration::ZERO)
        .retry(RetryPolicy::none());
    let call = session(&server)
        .with_options(options)
        .download(Request::new(&EXPORT));
    let error = call.await.unwrap_err();
    assert!(error.to_string().contains("idle_timeout"), "{error}");
    assert!(server.seen().is_empty());
}
