//! Tests that a call sends nothing before the program awaits it, and that another task can await it.

use crate::support;

use huaweicloud_core::{Call, Request, Session};
use support::{DELETE, Device, LIST, Scripted, answer, device, json};

/// Makes a call from values that are dropped when this function returns.
fn made_elsewhere(session: &Session) -> Call<Device> {
    let id = String::from("17");
    session
        .with_project("p2")
        .send(Request::new(&LIST).query("id", &id))
}

#[tokio::test]
async fn a_call_begins_when_it_is_awaited() {
    let server = Scripted::start([device(), device()]).await;
    let session = server.session();
    drop(made_elsewhere(&session));
    let call = made_elsewhere(&session);
    assert_eq!(format!("{call:?}"), "Call { .. }");
    assert_eq!(server.seen().len(), 0);
    call.await.unwrap();
    assert_eq!(server.seen().len(), 1);
    assert!(server.seen()[0].target.ends_with("?id=17"));
}

#[tokio::test]
async fn another_task_can_await_a_call() {
    let server = Scripted::start([device(), json(200, r#"{"id": 1}"#), answer(204, &[], "")]).await;
    let session = server.session();
    let call = session.send::<Device>(Request::new(&LIST));
    tokio::spawn(call).await.unwrap().unwrap();
    let call = session.send_optional::<Device>(Request::new(&LIST));
    let answer = tokio::spawn(call).await.unwrap().unwrap();
    assert_eq!(answer.as_ref().and_then(|device| device.id), Some(1));
    let call = session.send_empty(Request::new(&DELETE).path("device_id", 1));
    drop(session);
    tokio::spawn(call).await.unwrap().unwrap();
}
