//! Tests the effects of a failed attempt and of a closed connection. The tests check whether the client retries the
//! request, and what status 404 means after a retry. They also check which connections the next requests use.

use crate::support;

use huaweicloud_core::{
    BoxFuture, Credential, Error, Operation, ProvideCredential, Request, Response, Session, Token,
};
use std::time::Duration;
use support::{CREATE, DELETE, Device, LIST, Reply, SHOW, Scripted, answer, config, device, json};

const BUSY: &str = r#"{"error_code": "DCS.5000", "error_msg": "Busy."}"#;
const GONE: &str = r#"{"error_code": "DCS.4404", "error_msg": "Not found."}"#;

/// After a refused token, this source reports that it has a new token. So the client sends the request again. In fact,
/// the source always returns the same token.
#[derive(Debug)]
struct Renewing;

impl ProvideCredential for Renewing {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        Box::pin(async { Ok(Credential::Token(Token::new("token-hunter2"))) })
    }
    fn refused(&self, _: &Credential) -> bool {
        true
    }
}

fn session(server: &Scripted) -> Session {
    let config = config().credentials(Renewing);
    server.session_with(config.attempt_timeout(Duration::from_secs(600)))
}

fn of_device(operation: &'static Operation) -> Request {
    Request::new(operation).path("device_id", 7)
}

async fn delete(server: &Scripted, operation: &'static Operation) -> Result<Response<()>, Error> {
    session(server).send_empty(of_device(operation)).await
}

#[tokio::test]
async fn a_deletion_with_a_lost_answer_succeeds_if_the_retry_gets_404() {
    let lost: [fn() -> Vec<Reply>; 6] = [
        || vec![Reply::Close],
        || vec![Reply::Truncated],
        || vec![json(502, BUSY)],
        || vec![json(504, BUSY)],
        || vec![Reply::Close, json(401, BUSY)],
        || vec![Reply::Close, json(503, BUSY)],
    ];
    for lost in lost {
        let server = Scripted::start(lost().into_iter().chain([json(404, GONE)])).await;
        let response = delete(&server, &DELETE).await.unwrap();
        // The client reports the documented status 204 instead of the status 404.
        assert_eq!(response.status(), 204);
        assert_eq!(response.request_id(), "0a1b2c3d4e5f60718293a4b5c6d7e8f9");
        assert_eq!(server.seen().len(), lost().len() + 1);
    }
}

#[tokio::test]
async fn a_deletion_with_a_timeout_succeeds_if_the_retry_gets_404() {
    let server = Scripted::start([Reply::Hang, json(404, GONE)]).await;
    let deletion = delete(&server, &DELETE);
    let late = support::pass(&server, 1, Duration::from_secs(601));
    let (response, ()) = tokio::join!(deletion, late);
    // The call has a timeout of 60 seconds. This timeout ends during the first attempt, so the client returns an error.
    assert!(response.is_err());

    let server = Scripted::start([Reply::Hang, json(404, GONE)]).await;
    let patient = session(&server).with_timeout(Duration::from_secs(6000));
    let deletion = patient.send_empty(of_device(&DELETE));
    let late = support::pass(&server, 1, Duration::from_secs(601));
    let (response, ()) = tokio::join!(deletion, late);
    assert_eq!(response.unwrap().status(), 204);
}

#[tokio::test]
async fn a_404_is_a_success_only_if_a_deletion_lost_its_empty_answer() {
    // None of these answers suggests that the service executed the request.
    let told: [fn() -> Vec<Reply>; 5] = [
        Vec::new,
        || vec![json(401, BUSY)],
        || vec![json(429, BUSY)],
        || vec![json(503, BUSY)],
        || vec![json(425, BUSY)],
    ];
    for told in told {
        let server = Scripted::start(told().into_iter().chain([json(404, GONE)])).await;
        let error = delete(&server, &DELETE).await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    }
    let lost = || [Reply::Close, json(404, GONE)];
    // This error code comes from a gateway that does not know the path. So the status 404 does not come from the
    // service.
    let unknown = json(404, r#"{"error_code": "APIGW.0101", "error_msg": "x"}"#);
    let server = Scripted::start([Reply::Close, unknown]).await;
    assert!(delete(&server, &DELETE).await.unwrap_err().is_not_found());
    // None of these operations deletes exactly one resource.
    static CLEAR: Operation = support::removing("delete_devices", support::DEVICES);
    static LEAVE: Operation = support::removing("leave", "/v2/{project_id}");
    for operation in [&SHOW, &CLEAR, &LEAVE] {
        let server = Scripted::start(lost()).await;
        let error = delete(&server, operation).await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    }
    // The documented answer has a body. The client cannot replace a lost body, so the call fails.
    let server = Scripted::start(lost()).await;
    let deleted = session(&server).send::<Device>(of_device(&DELETE)).await;
    assert!(deleted.unwrap_err().is_not_found());
    let server = Scripted::start(lost()).await;
    let deleted = session(&server).send_optional::<Device>(of_device(&DELETE));
    assert!(deleted.await.unwrap_err().is_not_found());
}

/// Makes one call, so that the client has an open connection. Then makes a call that gets `reply`. Returns the server,
/// and whether the second call succeeded.
async fn after_a_first_call(operation: &'static Operation, reply: Reply) -> (Scripted, bool) {
    let server = Scripted::start([device(), reply, device(), device()]).await;
    let session = session(&server);
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
    let second = session.send::<Device>(Request::new(operation)).await;
    (server, second.is_ok())
}

fn connections(server: &Scripted) -> Vec<usize> {
    server.seen().iter().map(|seen| seen.connection).collect()
}

#[tokio::test]
async fn a_retry_uses_a_new_connection_if_the_old_connection_can_be_the_cause() {
    let sick: [fn() -> Reply; 8] = [
        || Reply::Close,
        || Reply::Truncated,
        || json(408, BUSY),
        || json(421, BUSY),
        || json(425, BUSY),
        || json(502, BUSY),
        || json(503, BUSY),
        || json(504, BUSY),
    ];
    for reply in sick {
        let (server, succeeded) = after_a_first_call(&LIST, reply()).await;
        assert!(succeeded);
        assert_eq!(connections(&server), [0, 0, 1]);
    }
    // The connection cannot be the cause of these errors, so the client reuses the connection.
    for reply in [json(429, BUSY), json(401, BUSY)] {
        let (server, succeeded) = after_a_first_call(&LIST, reply).await;
        assert!(succeeded);
        assert_eq!(connections(&server), [0, 0, 0]);
    }
}

#[tokio::test]
async fn the_client_does_not_reuse_a_connection_that_answered_503() {
    let server = Scripted::start([device(), json(503, BUSY), device(), device()]).await;
    let session = session(&server);
    for _ in 0..3 {
        session.send::<Device>(Request::new(&LIST)).await.unwrap();
    }
    // The client reuses neither the connection with status 503 nor the connection of the retry. The client opened the
    // connection of the retry outside of its pools.
    assert_eq!(connections(&server), [0, 0, 1, 2]);
}

#[tokio::test]
async fn an_unsafe_request_is_retried_only_if_it_was_not_executed() {
    for status in [421, 425, 429] {
        let (server, succeeded) = after_a_first_call(&CREATE, json(status, BUSY)).await;
        assert!(succeeded, "{status}");
        assert_eq!(server.seen().len(), 3, "{status}");
    }
    for status in [408, 500, 502, 503, 504] {
        let (server, succeeded) = after_a_first_call(&CREATE, json(status, BUSY)).await;
        assert!(!succeeded, "{status}");
        assert_eq!(server.seen().len(), 2, "{status}");
    }
    // The server closes an idle connection while the client sends the request.
    let ended = || answer(408, &[("Connection", "close")], "");
    let (server, succeeded) = after_a_first_call(&CREATE, ended()).await;
    assert!(succeeded);
    assert_eq!(connections(&server), [0, 0, 1]);
    // A new connection was not idle. So the client does not retry.
    let server = Scripted::start([ended(), device()]).await;
    let error = session(&server).send::<Device>(Request::new(&CREATE)).await;
    assert_eq!(error.unwrap_err().status(), Some(408));
    assert_eq!(server.seen().len(), 1);
}

/// For some time after a close during a request, the client reuses connections only for safe requests.
#[tokio::test]
async fn unsafe_requests_use_new_connections_after_a_close_during_a_request() {
    let script = [device(), Reply::Close].into_iter();
    let server = Scripted::start(script.chain((0..5).map(|_| device()))).await;
    let session = session(&server);
    session.send::<Device>(Request::new(&LIST)).await.unwrap();
    let created = session.send::<Device>(Request::new(&CREATE)).await;
    created.unwrap_err();
    assert_eq!(connections(&server), [0, 0]);
    for operation in [&LIST, &LIST, &CREATE, &CREATE, &LIST] {
        let request = Request::new(operation);
        session.send::<Device>(request).await.unwrap();
    }
    assert_eq!(connections(&server), [0, 0, 1, 1, 2, 3, 1]);
}

/// If a server often closes connections between requests, the server can also close a connection during a request. So
/// the client uses new connections for unsafe requests.
#[tokio::test]
async fn unsafe_requests_use_new_connections_after_closes_between_requests() {
    let script = (0..12).map(|_| Reply::Last(Box::new(device())));
    let server = Scripted::start(script.chain([device(), device()])).await;
    let session = session(&server);
    for operation in [&LIST; 13].into_iter().chain([&CREATE]) {
        let request = Request::new(operation);
        session.send::<Device>(request).await.unwrap();
    }
    let connections = connections(&server);
    assert_eq!(connections.len(), 14);
    assert!(
        !connections[..13].contains(&connections[13]),
        "{connections:?}"
    );
}

/// If a server announces the close of a connection, the client still reuses other connections for unsafe requests.
#[tokio::test]
async fn unsafe_requests_reuse_connections_after_announced_closes() {
    let last = || answer(200, &[("Connection", "Close")], r#"{"id": 7}"#);
    let server = Scripted::start((0..12).map(|_| last()).chain([device(), device()])).await;
    let session = session(&server);
    for operation in [&LIST; 13].into_iter().chain([&CREATE]) {
        let request = Request::new(operation);
        session.send::<Device>(request).await.unwrap();
    }
    assert_eq!(connections(&server)[12..], [12, 12]);
}
