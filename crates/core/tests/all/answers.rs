//! Tests which answers the client accepts, and which answers cause an error.

use crate::support;

use huaweicloud_core::{ErrorKind, Request};
use std::error::Error as _;
use support::{CREATE, DELETE, Device, LIST, Scripted, answer, config, device, fail, json, shown};

#[tokio::test]
async fn an_undocumented_answer_is_an_error() {
    let html = [("Content-Type", "text/html; charset=utf-8")];
    let location = [("Location", "https://evil.example.com/?hunter2")];
    let json_type = [("Content-Type", "application/json")];
    let cases = [
        (answer(200, &html, "<html>hunter2</html>"), "not JSON"),
        (
            answer(200, &[("Content-Type", "text/plain")], "{}"),
            "not JSON",
        ),
        (answer(200, &[], "hunter2"), "not JSON"),
        (answer(302, &location, ""), "redirect"),
        (answer(304, &[], ""), "redirect"),
        (answer(200, &json_type, ""), "empty"),
        (answer(204, &[], ""), "empty"),
        (answer(200, &json_type, " \r\n"), "empty"),
    ];
    for (reply, text) in cases {
        let error = fail(reply).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
        assert!(
            error.to_string().contains(text)
                && error.to_string().contains("check that the endpoint"),
            "{error}"
        );
        assert!(!shown(&error).contains("hunter2"), "{}", shown(&error));
        assert!(error.raw_body().is_some() && error.status().is_some() && error.attempts() == 1);
    }
}

#[tokio::test]
async fn the_error_of_a_wrong_body_names_the_path_and_the_types() {
    let error = fail(json(200, r#"{"id": {"hunter2": 1}}"#)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.decode_error().unwrap().path(), "id");
    let text = error.to_string();
    assert!(text.starts_with("list_devices (dcs): the answer's body does not have the documented structure: id: expected integer, found object (line 1"), "{text}");
    assert!(
        text.contains("content type application/json, 22 bytes") && text.contains("see raw_body()"),
        "{text}"
    );
    assert!(!shown(&error).contains("hunter2"));
    let error = fail(json(200, r#"{"id": "hunter2"#)).await;
    assert!(
        error.to_string().contains("ends too early") && !shown(&error).contains("hunter2"),
        "{error}"
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn success_statuses_with_the_documented_body_are_accepted() {
    let server = Scripted::start([
        json(202, r#"{"id": 1}"#),
        answer(200, &[], r#"{"id": 2}"#),
        answer(
            200,
            &[("Content-Type", "application/problem+json;charset=utf8")],
            r#"{"id": 3}"#,
        ),
        json(200, r#"{"id": null, "more": 4}"#),
    ])
    .await;
    for id in [Some(1), Some(2), Some(3), None] {
        assert_eq!(
            server
                .session()
                .send::<Device>(Request::new(&LIST))
                .await
                .unwrap()
                .id,
            id
        );
    }
}

#[tokio::test]
async fn an_answer_with_a_documented_status_can_omit_an_optional_body() {
    let server = Scripted::start([
        json(201, r#"{"id": 1}"#),
        answer(204, &[], ""),
        answer(202, &[], ""),
    ])
    .await;
    let session = server.session();
    let response = session
        .send_optional::<Device>(Request::new(&CREATE))
        .await
        .unwrap();
    assert_eq!(response.as_ref().and_then(|device| device.id), Some(1));
    assert_eq!(
        session
            .send_optional::<Device>(Request::new(&CREATE))
            .await
            .unwrap()
            .into_inner(),
        None
    );
    let error = session
        .send_optional::<Device>(Request::new(&CREATE))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::UnexpectedAnswer, Some(202))
    );
}

#[tokio::test]
async fn html_and_error_bodies_are_refused_if_no_body_is_documented() {
    let html = [("Content-Type", "text/html")];
    let script = [
        answer(204, &[], ""),
        json(200, ""),
        json(200, "{}"),
        json(200, r#"{"job_id": 1}"#),
        json(200, "\"deleted\""),
        answer(200, &[("Content-Type", "text/plain")], "deleted"),
        json(
            202,
            r#"{"message": "deleted", "code": 0, "error": null, "errors": []}"#,
        ),
        answer(200, &html, "{}"),
        answer(200, &[], "<html>hunter2</html>"),
        json(200, r#"{"error": "hunter2"}"#),
        answer(200, &[], "Error: hunter2"),
    ];
    let server = Scripted::start(script).await;
    let session = server.session();
    let delete = || Request::new(&DELETE).path("device_id", 1);
    for _ in 0..7 {
        session.send_empty(delete()).await.unwrap();
    }
    for kind in [ErrorKind::UnexpectedAnswer, ErrorKind::Service] {
        for _ in 0..2 {
            let error = session.send_empty(delete()).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(!shown(&error).contains("hunter2"), "{}", shown(&error));
        }
    }
}

#[tokio::test]
async fn an_answer_larger_than_the_limit_is_an_error() {
    let server = Scripted::start([
        json(200, &format!("{{\"name\": \"{}\"}}", "x".repeat(200_000))),
        device(),
    ])
    .await;
    let session = server.session_with(config().token("t").max_answer(100_000));
    let error = session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("100000 bytes"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_client_joins_the_pieces_of_a_large_answer() {
    let name: String = (0..40_000).map(|number| format!("{number:05}")).collect();
    let server = Scripted::start([json(200, &format!("{{\"name\": \"{name}\"}}"))]).await;
    let call = server.session().send::<Device>(Request::new(&LIST));
    assert_eq!(call.await.unwrap().name.as_ref(), Some(&name));
}

#[tokio::test]
async fn a_redirect_that_the_http_client_follows_causes_an_error() {
    let target = Scripted::start([device()]).await;
    let location = format!("{}/elsewhere", target.url);
    let server = Scripted::start([answer(302, &[("Location", &location)], "")]).await;
    let builder = huaweicloud_core::http_client_builder(std::time::Duration::from_secs(5)).unwrap();
    let following = builder
        .redirect(reqwest::redirect::Policy::limited(3))
        .build()
        .unwrap();
    let session = server.session_with(config().token("t").http_client(following));
    let error = session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), target.seen().len()),
        (ErrorKind::UnexpectedAnswer, 1)
    );
    assert!(
        error.to_string().contains("followed a redirect") && !shown(&error).contains("elsewhere"),
        "{error}"
    );
}
