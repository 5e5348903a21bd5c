//! Tests the content of requests: paths, queries, headers, bodies, tokens and signatures.

use crate::support;

use huaweicloud_core::{AccessKey, ErrorKind, Operation, Request, Secret, ShowSecrets, Token};
use support::{
    CREATE, DELETE, Device, LIST, OPEN, SHOW, Scripted, answer, config, device, json, reading,
    verify,
};

#[tokio::test]
async fn the_client_sends_the_token_and_decodes_the_answer() {
    let server = Scripted::start([device()]).await;
    let response = server
        .session()
        .send::<Device>(Request::new(&SHOW).path("device_id", 7))
        .await
        .unwrap();
    assert_eq!(
        (response.id, response.name.as_deref()),
        (Some(7), Some("pump"))
    );
    assert_eq!(
        (
            response.status(),
            response.request_id(),
            response.attempts()
        ),
        (200, "0a1b2c3d4e5f60718293a4b5c6d7e8f9", 1)
    );
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("GET", "/v2/p1/devices/7")
    );
    assert_eq!(seen.header("x-auth-token"), Some("token-hunter2"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(
        seen.header("user-agent"),
        Some(concat!("huaweicloud-rust/", env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("content-type"), None);
    assert_eq!(
        seen.header("host").map(|host| format!("http://{host}")),
        Some(server.url.clone())
    );
}

/// The two requests have exactly the headers that this test lists. No header describes the machine of the client.
#[tokio::test]
async fn the_client_sends_only_the_listed_headers() {
    let server = Scripted::start([device(), json(201, "{\"id\": 1}")]).await;
    let named = server.session_with(config().token("t").user_agent("app/1.0 (team; 7)"));
    named.send::<Device>(Request::new(&LIST)).await.unwrap();
    let signed = server.session_with(config().access_key("AK", "SK"));
    let request = Request::new(&CREATE).json(&serde_json::json!({}));
    signed.send::<Device>(request).await.unwrap();
    let names = |at: usize| {
        let mut names: Vec<String> = server.seen()[at]
            .headers
            .iter()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(names(0), "accept host user-agent x-auth-token");
    assert_eq!(
        names(1),
        "accept authorization content-length content-type host user-agent x-project-id x-sdk-date"
    );
    let ours = concat!("huaweicloud-rust/", env!("CARGO_PKG_VERSION"));
    let agent = |at: usize| server.seen()[at].header("user-agent").map(str::to_owned);
    assert_eq!(agent(0), Some(format!("{ours} app/1.0 (team; 7)")));
    assert_eq!(agent(1).as_deref(), Some(ours));
}

#[tokio::test]
async fn paths_are_encoded_and_queries_are_encoded_and_sorted() {
    let server = Scripted::start([device()]).await;
    let request = Request::new(&SHOW)
        .path("device_id", "a/b c%2F~ü")
        .query("name", "x+y&z=1")
        .query("tag", &["b", "a"])
        .query("absent", &None::<i32>)
        .query("empty", "")
        .query("limit", &Some(10))
        .query("exact", &true)
        .header("X-Language", "en-us")
        .header("X-None", &None::<&str>);
    server.session().send::<Device>(request).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(
        seen.target,
        "/v2/p1/devices/a%2Fb%20c%252F~%C3%BC?empty=&exact=true&limit=10&name=x%2By%26z%3D1&tag=a&tag=b"
    );
    assert_eq!(seen.header("x-language"), Some("en-us"));
    assert_eq!(seen.header("x-none"), None);
}

#[tokio::test]
async fn request_bodies_are_json() {
    let server = Scripted::start([json(201, "{\"id\": 1}")]).await;
    let secret = Secret::new("hunter2");
    let body = serde_json::json!({"password": ShowSecrets(&secret)});
    server
        .session()
        .send::<Device>(Request::new(&CREATE).json(&body))
        .await
        .unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.body, br#"{"password":"hunter2"}"#);
}

#[tokio::test]
async fn a_masked_secret_in_a_body_is_an_error() {
    let server = Scripted::start([]).await;
    let body = serde_json::json!({"password": Secret::new("hunter2")});
    let call = server
        .session()
        .send::<Device>(Request::new(&CREATE).json(&body));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), huaweicloud_core::ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("ShowSecrets"), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_project_comes_from_the_request_the_session_the_credential_or_the_configuration() {
    let server = Scripted::start([device(), device(), device(), device()]).await;
    let own =
        huaweicloud_core::Config::builder().credentials(Token::new("t").with_project("of-token"));
    let session = server.session_with(own);
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
    session
        .with_project("of-session")
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    session
        .send::<Device>(Request::new(&LIST).path("project_id", "of-request"))
        .await
        .unwrap();
    server
        .session()
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    let expected = ["of-token", "of-session", "of-request", "p1"]
        .map(|project| format!("/v2/{project}/devices"));
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn the_client_does_not_send_invalid_requests() {
    let server = Scripted::start([]).await;
    let session = server.session();
    for id in ["", ".", "..", "a/../b", "..\\x", "./"] {
        let error = session
            .send_empty(Request::new(&DELETE).path("device_id", id))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::InvalidRequest, 0),
            "{id}"
        );
        assert!(error.to_string().contains("device_id"), "{error}");
    }
    let error = session.send_empty(Request::new(&DELETE)).await.unwrap_err();
    assert!(
        error.to_string().contains("`device_id` is missing"),
        "{error}"
    );
    let error = session
        .send::<Device>(Request::new(&LIST).header("X-Note", "a\r\nX-Evil: 1"))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("X-Note") && !error.to_string().contains("Evil"),
        "{error}"
    );
    let unwritable = std::collections::BTreeMap::from([((1, 2), 3)]);
    let error = session
        .send::<Device>(Request::new(&CREATE).json(&unwritable))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("cannot be written as JSON"),
        "{error}"
    );
    let error = session
        .with_project("a/../b")
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("project_id"), "{error}");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_missing_or_invalid_credential_and_a_missing_project_are_errors() {
    let server = Scripted::start([json(200, r#"{"id": 1}"#)]).await;
    let bare = server.session_with(huaweicloud_core::Config::builder());
    let error = bare.send::<Device>(Request::new(&LIST)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(
        error.is_auth() && error.to_string().contains("access_key()"),
        "{error}"
    );
    let error = bare
        .with_credentials(Token::new("t"))
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("with_project()"), "{error}");
    for token in ["", "two\nlines"] {
        let error = bare
            .with_credentials(Token::new(token))
            .send::<Device>(Request::new(&LIST))
            .await
            .unwrap_err();
        assert!(
            error.kind() == ErrorKind::Credentials && error.to_string().contains("the token"),
            "{error}"
        );
    }
    assert_eq!(server.seen().len(), 0);
    bare.send::<Device>(Request::new(&OPEN)).await.unwrap();
    assert_eq!(server.seen()[0].header("x-auth-token"), None);
}

#[tokio::test]
async fn the_signature_matches_the_bytes_that_arrive() {
    let server = Scripted::start([device(), json(201, "{\"id\": 1}"), device()]).await;
    let session = server.session_with(config().access_key("AK", "SK-hunter2"));
    let request = Request::new(&SHOW)
        .path("device_id", "a b/ü~%")
        .query("name", "x +*ü/~'\"<>`{}|^")
        .query("tag", &["z", "a"]);
    session.send::<Device>(request).await.unwrap();
    session
        .send::<Device>(Request::new(&CREATE).json(&serde_json::json!({"name": "ü"})))
        .await
        .unwrap();
    let key = AccessKey::new("TMP", "SK2").with_security_token("st-hunter2");
    session
        .with_credentials(key)
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    let seen = server.seen();
    verify(&seen[0], "AK", "SK-hunter2");
    verify(&seen[1], "AK", "SK-hunter2");
    verify(&seen[2], "TMP", "SK2");
    assert!(
        seen[0]
            .header("authorization")
            .unwrap()
            .contains("SignedHeaders=host;x-project-id;x-sdk-date,")
    );
    assert!(
        seen[1]
            .header("authorization")
            .unwrap()
            .contains("SignedHeaders=content-type;host;x-project-id;x-sdk-date,")
    );
    assert!(
        seen[2]
            .header("authorization")
            .unwrap()
            .contains("SignedHeaders=host;x-project-id;x-sdk-date;x-security-token,")
    );
    assert_eq!(seen[0].header("x-project-id"), Some("p1"));
    assert_eq!(seen[2].header("x-security-token"), Some("st-hunter2"));
    assert!(
        seen.iter()
            .all(|seen| seen.header("x-auth-token").is_none())
    );
}

#[tokio::test]
async fn a_signed_request_without_a_project_contains_the_account() {
    let server = Scripted::start([json(200, r#"{"id": 1}"#)]).await;
    static ACCOUNT: Operation = reading("list_projects", "/v3/projects");
    let session = server.session_with(
        huaweicloud_core::Config::builder()
            .domain_id("d1")
            .access_key("AK", "SK"),
    );
    session
        .send::<Device>(Request::new(&ACCOUNT))
        .await
        .unwrap();
    let seen = &server.seen()[0];
    verify(seen, "AK", "SK");
    assert_eq!(
        (seen.header("x-domain-id"), seen.header("x-project-id")),
        (Some("d1"), None)
    );
}

#[tokio::test]
async fn an_endpoint_can_have_a_path() {
    let server = Scripted::start([device()]).await;
    let session = server.session_with(config().access_key("AK", "SK"));
    let session = session
        .with_endpoint(&format!("{}/gateway/", server.url))
        .unwrap();
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
    assert_eq!(server.seen()[0].target, "/gateway/v2/p1/devices");
    verify(&server.seen()[0], "AK", "SK");
    assert!(
        session
            .with_region("eu-de")
            .unwrap_err()
            .to_string()
            .contains("with_endpoint()")
    );
}

#[tokio::test]
async fn a_secret_header_can_be_read_but_is_not_shown() {
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Subject-Token", "subject-hunter2"),
    ];
    let server = Scripted::start([answer(200, &headers, r#"{"id": 1}"#)]).await;
    let response = server
        .session()
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap();
    assert_eq!(
        response.secret_header("X-Subject-Token"),
        Some(Secret::new("subject-hunter2"))
    );
    assert_eq!(response.secret_header("X-Other"), None);
    let shown = format!("{response:?} {:?}", response.headers());
    assert!(
        !shown.contains("hunter2") && shown.contains("Response"),
        "{shown}"
    );
}
