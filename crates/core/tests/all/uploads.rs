//! Tests files that the client sends in a form. The client reads a file during the request, and again for each retry.

use crate::support;

use huaweicloud_core::{ErrorKind, Request, Upload};
use std::sync::{Arc, Mutex};
use support::{CREATE, Device, LIST, Reply, Scripted, config, device, json};

/// Returns the name and the bytes of the file in a form. Panics if the body does not begin with a part named `file`, or
/// does not end like a form.
fn file_of(body: &[u8], content_type: &str) -> (String, Vec<u8>) {
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=");
    let boundary = boundary.expect("the body is a form");
    let head_end = memchr::memmem::find(body, b"\r\n\r\n").expect("the part has a head") + 4;
    let head = String::from_utf8(body[..head_end].to_vec()).expect("the head is UTF-8");
    let name = head
        .strip_prefix(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
        ))
        .expect("the part is named `file`");
    let (name, _) = name.split_once('"').expect("a quote ends the file name");
    let tail = format!("\r\n--{boundary}--\r\n");
    let file = body[head_end..].strip_suffix(tail.as_bytes());
    (
        name.to_owned(),
        file.expect("the boundary ends the form").to_vec(),
    )
}

#[tokio::test]
async fn a_file_is_sent_completely_with_its_length_and_unsigned() {
    let folder = tempfile::tempdir().unwrap();
    for length in [0, 1, 65_535, 65_536, 65_537, 1_000_000] {
        let server = Scripted::start([device()]).await;
        let session = server.session_with(config().access_key("AK", "SK"));
        let bytes: Vec<u8> = (0..length).map(|i| (i * 7 % 251) as u8).collect();
        let path = folder.path().join("products.csv");
        std::fs::write(&path, &bytes).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let listener = told.clone();
        let file = Upload::open(&path).await.unwrap();
        let file = file.on_progress(move |sent, all| listener.lock().unwrap().push((sent, all)));
        assert_eq!(
            (file.name(), file.length()),
            ("products.csv", bytes.len() as u64)
        );
        let request = Request::new(&CREATE).upload("file", &file);
        session.send::<Device>(request).await.unwrap();
        let seen = &server.seen()[0];
        let content_type = seen.header("content-type").unwrap();
        assert_eq!(
            file_of(&seen.body, content_type),
            ("products.csv".to_owned(), bytes.clone())
        );
        assert_eq!(
            seen.header("content-length"),
            Some(seen.body.len().to_string().as_str())
        );
        assert_eq!(
            seen.header("x-sdk-content-sha256"),
            Some("UNSIGNED-PAYLOAD")
        );
        let told = told.lock().unwrap();
        assert!(told.is_sorted(), "{told:?}");
        let last = (length > 0).then_some((bytes.len() as u64, bytes.len() as u64));
        assert_eq!(told.last().copied(), last);
    }
}

#[tokio::test]
async fn a_file_name_cannot_add_headers() {
    let server = Scripted::start([device()]).await;
    let file = Upload::from_bytes("a\"; name=\"b\r\nX-Evil: 1", "text");
    let request = Request::new(&CREATE).upload("file", &file);
    server.session().send::<Device>(request).await.unwrap();
    let seen = &server.seen()[0];
    let (name, bytes) = file_of(&seen.body, seen.header("content-type").unwrap());
    assert_eq!(name, "a%22; name=%22b%0D%0AX-Evil: 1");
    assert_eq!(bytes, b"text");
}

/// The first attempt gets status 503, and the second attempt loses its connection. Each retry begins at the start of
/// the file.
#[tokio::test]
async fn a_retry_sends_the_whole_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    std::fs::write(&path, vec![b'x'; 200_000]).unwrap();
    for file in [
        Upload::open(&path).await.unwrap(),
        Upload::from_bytes("large.csv", vec![b'x'; 200_000]),
    ] {
        let busy = json(503, r#"{"error_code": "APIGW.0202"}"#);
        let server = Scripted::start([busy, Reply::Close, device()]).await;
        let request = Request::new(&LIST).upload("file", &file);
        server.session().send::<Device>(request).await.unwrap();
        let seen = server.seen();
        let last = seen.last().unwrap();
        assert_eq!(seen.len(), 3);
        let (_, bytes) = file_of(&last.body, last.header("content-type").unwrap());
        assert_eq!(bytes.len(), 200_000);
    }
}

#[tokio::test]
async fn opening_an_unreadable_file_returns_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.csv");
    for (path, said) in [
        (missing.as_path(), "missing.csv"),
        (folder.path(), "cannot be read"),
    ] {
        let error = Upload::open(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn the_upload_of_a_shortened_or_removed_file_fails_without_a_retry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("products.csv");
    let changes: [fn(&std::path::Path); 2] = [
        |path| std::fs::write(path, "short").unwrap(),
        |path| std::fs::remove_file(path).unwrap(),
    ];
    for change in changes {
        std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
        let server = Scripted::start([Reply::Hang, device()]).await;
        let file = Upload::open(&path).await.unwrap();
        change(&path);
        let request = Request::new(&LIST).upload("file", &file);
        let error = server.session().send::<Device>(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.to_string().contains("the file"), "{error}");
        assert!(!error.is_retryable());
        assert!(server.seen().len() <= 1);
    }
}

#[test]
fn opening_a_file_outside_a_runtime_returns_an_error() {
    let mut opening = Box::pin(Upload::open("products.csv"));
    let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(opened) = opening.as_mut().poll(context) else {
        panic!("the future waits");
    };
    assert_eq!(opened.unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn debug_of_an_upload_hides_the_name_and_the_bytes() {
    let shown = format!("{:?}", Upload::from_bytes("Planted-name", "Planted-bytes"));
    assert!(!shown.contains("Planted"), "{shown}");
}
