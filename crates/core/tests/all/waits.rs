//! Tests `wait()`, `wait_for()` and `wait_until_gone()`. These methods poll a resource until it has the awaited state,
//! or until it no longer exists. A `Waiter` describes how the client polls, and which states end the wait.
//! The server sends the answers of a script.

use crate::support::{
    DEVICE, Device, LIST, Reply, SHOW, Scripted, answer, changing, json, reading, removing,
};
use huaweicloud_core::wait::{All, Awaited, Gone, One, PagesOfPoll, Waiter};
use huaweicloud_core::{
    ActionCall, Call, Error, ErrorKind, Operation, PolledCall, Request, Session, Wait,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// This waiter polls with the request of the call itself.
static STATE: Waiter = Waiter::new("name", &["ready"], &[("broken", "it is broken")]);
static CREATE: Operation = changing("create_device");
/// This waiter polls with an id from the answer.
static OF_ANSWER: Waiter = STATIC.with_poll(&SHOW, &[("device_id", "answer.made[].id")]);
const STATIC: Waiter = Waiter::new("name", &["ready"], &[("broken", "it is broken")]);
/// This waiter polls with an id from the request.
static OF_REQUEST: Waiter = STATIC
    .with_poll(&SHOW, &[("device_id", "request.ids[]")])
    .with_settle(3600);
/// This waiter finds the resource in a list.
static OF_LIST: Waiter = STATIC
    .with_poll(&LIST, &[])
    .with_element("items", "id", "answer.id")
    .with_pages(PagesOfPoll::offset("offset", 0).with_limit("limit", Some(1), Some(2)));
static REMOVAL: Operation = removing("delete_device", DEVICE);
/// A wait with this waiter ends when no page of the list contains the resource.
static OUT_OF_LIST: Waiter = Waiter::new("name", &[], &[])
    .with_poll(&LIST, &[])
    .with_element("items", "id", "parameter.device_id")
    .with_pages(PagesOfPoll::marker("marker", "next"))
    .with_gone_as_success();
static FOR_OPTION: Operation = reading("show_option", "/v2/{project_id}/option");

fn quick<W: Awaited>(wait: Wait<W>) -> Wait<W> {
    let pause = Duration::from_millis(1);
    wait.interval(pause).max_interval(pause)
}

fn show(session: &Session) -> PolledCall<Device, String> {
    session.send_polled(Request::new(&SHOW).path("device_id", 7), &STATE)
}

fn device(name: &str) -> Reply {
    json(200, &format!(r#"{{"id": 7, "name": "{name}"}}"#))
}

fn start<W>(
    session: &Session,
    body: &serde_json::Value,
    waiter: &'static Waiter,
) -> ActionCall<Call<Device>, W> {
    let request = Request::new(&CREATE).json(body);
    session.send_action(request, waiter, |session, request| session.send(request))
}

fn targets(server: &Scripted) -> Vec<String> {
    let seen = server.seen();
    seen.iter()
        .map(|request| format!("{} {}", request.method, request.target))
        .collect()
}

fn texts(error: &Error) -> (ErrorKind, Option<&str>, String) {
    (error.kind(), error.last_state(), error.to_string())
}

#[tokio::test]
async fn awaiting_a_polled_call_sends_one_request() {
    let server = Scripted::start([device("new")]).await;
    assert_eq!(
        show(&server.session()).await.unwrap().name.as_deref(),
        Some("new")
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_call_that_was_awaited_cannot_become_a_wait() {
    let server = Scripted::start([device("new")]).await;
    let mut call = show(&server.session());
    (&mut call).await.unwrap();
    assert_eq!(
        call.wait().await.unwrap_err().kind(),
        ErrorKind::InvalidRequest
    );
}

#[tokio::test]
async fn a_wait_polls_until_the_resource_has_the_state() {
    let server = Scripted::start([device("new"), device("strange"), device("ready")]).await;
    let ready = quick(show(&server.session()).wait()).await.unwrap();
    assert_eq!((ready.id, ready.name.as_deref()), (Some(7), Some("ready")));
    let polls = vec!["GET /v2/p1/devices/7".to_owned(); 3];
    assert_eq!(targets(&server), polls);
}

#[tokio::test]
async fn the_timeout_error_shows_an_undocumented_state_only_if_it_is_harmless() {
    for (state, is_shown) in [
        ("upgrading", true),
        ("Planted-Secret-0009", false),
        ("a b", false),
    ] {
        let server = Scripted::start((0..2000).map(|_| device(state))).await;
        let wait = quick(show(&server.session()).wait()).timeout(Duration::from_millis(50));
        let error = wait.await.unwrap_err();
        let (kind, last, text) = texts(&error);
        assert_eq!((kind, last), (ErrorKind::Timeout, Some(state)));
        assert_eq!(text.contains(state), is_shown, "{text}");
        assert!(!format!("{error:?}").contains("Planted"), "{error:?}");
    }
}

#[tokio::test]
async fn a_wait_fails_after_several_answers_without_a_state() {
    for body in [
        r#"{"id": 7}"#,
        r#"{"id": 7, "name": null}"#,
        r#"{"id": 7, "name": ""}"#,
        r#"{"id": 7, "name": {"a": 1}}"#,
        r#"{"id": 7, "name": ["ready"]}"#,
    ] {
        let replies = (0..9).map(|_| json(200, body));
        let server = Scripted::start(replies).await;
        let error = quick(show(&server.session()).wait())
            .failures(3)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{body}: {error}");
        assert!(error.to_string().contains("`name`"), "{error}");
        assert_eq!(server.seen().len(), 4, "{body}");
        // With this answer, `wait_until_gone` also fails.
        let server = Scripted::start((0..9).map(|_| json(200, body))).await;
        let gone = quick(show(&server.session()).wait_until_gone()).failures(3);
        assert!(gone.await.is_err(), "{body}");
        // If the next answer contains the awaited state, the wait succeeds.
        let server = Scripted::start([json(200, body), device("ready")]).await;
        quick(show(&server.session()).wait()).await.unwrap();
    }
    // If an answer with a success status describes an error, the wait reports this error.
    let body = r#"{"error_code": "DCS.4001", "error_msg": "no"}"#;
    let server = Scripted::start((0..9).map(|_| json(200, body))).await;
    let error = quick(show(&server.session()).wait())
        .failures(3)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.error_code()),
        (ErrorKind::Service, Some("DCS.4001"))
    );
}

#[tokio::test]
async fn the_error_of_a_failed_wait_contains_the_error_of_the_resource() {
    let body = r#"{"id": 7, "name": "broken", "error_code": "DCS.5012", "fail_reason": "no room"}"#;
    let server = Scripted::start([device("new"), json(200, body)]).await;
    let error = quick(show(&server.session()).wait_for("other"))
        .await
        .unwrap_err();
    let (kind, last, text) = texts(&error);
    assert_eq!((kind, last), (ErrorKind::Operation, Some("broken")));
    assert_eq!(
        (error.error_code(), error.error_msg()),
        (Some("DCS.5012"), Some("no room"))
    );
    assert!(
        text.contains("`broken`") && text.contains("it is broken") && text.contains("DCS.5012"),
        "{text}"
    );
    assert!(!text.contains("no room"), "{text}");
    assert_eq!(error.refused_answer::<Device>().unwrap().id, Some(7));
}

#[tokio::test]
async fn a_wait_polls_all_resources_of_the_answer() {
    let made = json(201, r#"{"id": 1, "made": [{"id": 7}, {"id": 8}]}"#);
    let server = Scripted::start([made, device("ready"), device("new"), device("ready")]).await;
    let all = start::<All<Device>>(&server.session(), &serde_json::json!({}), &OF_ANSWER);
    let progress = Arc::new(Mutex::new(Vec::new()));
    let seen = progress.clone();
    let wait = quick(all.wait()).on_progress(move |progress| {
        let state = progress.state.unwrap_or_default().to_owned();
        seen.lock()
            .unwrap()
            .push((state, progress.polls, progress.done, progress.all));
    });
    assert_eq!(wait.await.unwrap().len(), 2);
    let expected = [
        "POST /v2/p1/devices",
        "GET /v2/p1/devices/7",
        "GET /v2/p1/devices/8",
        "GET /v2/p1/devices/8",
    ];
    assert_eq!(targets(&server), expected);
    let expected = [("ready", 1, 1, 2), ("new", 2, 1, 2), ("ready", 3, 2, 2)];
    let expected = expected.map(|(state, polls, done, all)| (state.to_owned(), polls, done, all));
    assert_eq!(*progress.lock().unwrap(), expected);
}

#[tokio::test]
async fn one_failed_resource_ends_the_whole_wait() {
    let made = json(201, r#"{"id": 1, "made": [{"id": 7}, {"id": 8}]}"#);
    let server = Scripted::start([made, device("new"), device("broken")]).await;
    let all = start::<All<Device>>(&server.session(), &serde_json::json!({}), &OF_ANSWER);
    assert_eq!(
        quick(all.wait()).await.unwrap_err().last_state(),
        Some("broken")
    );
}

#[tokio::test]
async fn an_answer_without_ids_to_poll_is_an_error() {
    let server = Scripted::start([json(201, r#"{"id": 1, "made": []}"#)]).await;
    let all = start::<All<Device>>(&server.session(), &serde_json::json!({}), &OF_ANSWER);
    let error = all.wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("answer.made[].id"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_wait_sends_no_polls_after_a_failed_action() {
    let server = Scripted::start([json(500, "{}"), device("ready")]).await;
    let one = start::<One<Device>>(&server.session(), &serde_json::json!({}), &OF_ANSWER);
    assert_eq!(one.wait().await.unwrap_err().status(), Some(500));
    assert_eq!(targets(&server), ["POST /v2/p1/devices"]);
}

#[tokio::test]
async fn a_wait_ignores_the_state_from_before_the_action() {
    let states = ["ready", "ready", "working", "ready"];
    let replies = [json(201, r#"{"id": 1}"#)]
        .into_iter()
        .chain(states.map(device));
    let server = Scripted::start(replies).await;
    let body = serde_json::json!({"ids": ["7"]});
    quick(start::<All<Device>>(&server.session(), &body, &OF_REQUEST).wait())
        .await
        .unwrap();
    assert_eq!(server.seen().len(), 5);
    // If a later call of the same client waits, this wait also ignores the old state, even a failure state.
    let states = ["broken", "working", "ready"];
    let replies = [json(201, r#"{"id": 1}"#)]
        .into_iter()
        .chain(states.map(device));
    let server = Scripted::start(replies).await;
    let session = server.session();
    start::<All<Device>>(&session, &body, &OF_REQUEST)
        .await
        .unwrap();
    let later: PolledCall<Device, String> =
        session.send_polled(Request::new(&SHOW).path("device_id", "7"), &STATE);
    quick(later.wait()).await.unwrap();
    assert_eq!(server.seen().len(), 4);
    // The action does not affect a wait for another resource, or a wait of another client.
    let server =
        Scripted::start([json(201, r#"{"id": 1}"#), device("ready"), device("ready")]).await;
    let session = server.session();
    start::<All<Device>>(&session, &body, &OF_REQUEST)
        .await
        .unwrap();
    let other: PolledCall<Device, String> =
        session.send_polled(Request::new(&SHOW).path("device_id", "8"), &STATE);
    other.wait().await.unwrap();
    show(&server.session()).wait().await.unwrap();
}

#[tokio::test]
async fn a_wait_ignores_the_old_state_after_a_lost_answer() {
    let server = Scripted::start([
        Reply::Close,
        device("ready"),
        device("working"),
        device("ready"),
    ])
    .await;
    let session = server.session();
    let body = serde_json::json!({"ids": ["7"]});
    let lost = start::<All<Device>>(&session, &body, &OF_REQUEST)
        .await
        .unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::Transport);
    quick(show(&session).wait()).await.unwrap();
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn a_wait_ignores_the_old_state_after_a_dropped_action() {
    let server = Scripted::start([
        Reply::Hang,
        device("ready"),
        device("working"),
        device("ready"),
    ])
    .await;
    let session = server.session();
    let body = serde_json::json!({"ids": ["7"]});
    let action = start::<All<Device>>(&session, &body, &OF_REQUEST);
    let dropped = tokio::time::timeout(Duration::from_millis(50), action).await;
    assert!(dropped.is_err());
    let later: PolledCall<Device, String> =
        session.send_polled(Request::new(&SHOW).path("device_id", "7"), &STATE);
    quick(later.wait()).await.unwrap();
    assert_eq!(server.seen().len(), 4);
}

fn page(ids: &[(u32, &str)], next: &str) -> Reply {
    let items: Vec<String> = ids
        .iter()
        .map(|(id, state)| format!(r#"{{"id": {id}, "name": "{state}"}}"#))
        .collect();
    json(
        200,
        &format!(r#"{{"items": [{}]{next}}}"#, items.join(", ")),
    )
}

#[tokio::test]
async fn a_wait_finds_the_resource_on_any_page_of_the_list() {
    let server = Scripted::start([
        json(201, r#"{"id": 9}"#),
        // The first poll reads two pages. The list does not contain the resource yet.
        page(&[(1, "ready"), (2, "ready")], ""),
        page(&[(3, "broken")], ""),
        page(&[(1, "ready"), (2, "ready")], ""),
        page(&[(9, "new")], ""),
        page(&[(9, "ready"), (1, "ready")], ""),
    ])
    .await;
    let one = start::<One<Device>>(&server.session(), &serde_json::json!({}), &OF_LIST);
    let done = quick(one.wait()).await.unwrap();
    assert_eq!((done.id, done.name.as_deref()), (Some(9), Some("ready")));
    let seen = targets(&server);
    assert_eq!(seen[1], "GET /v2/p1/devices?limit=2");
    assert_eq!(seen[2], "GET /v2/p1/devices?limit=2&offset=2");
    assert_eq!(seen.len(), 6);
    // After the settle time, here zero, the list must contain the resource. So its absence is an error.
    let replies = [json(201, r#"{"id": 9}"#), page(&[], ""), page(&[], "")];
    let server = Scripted::start(replies).await;
    let one = start::<One<Device>>(&server.session(), &serde_json::json!({}), &OF_LIST);
    let error = quick(one.wait()).settle(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation, "{error}");
    assert!(
        error.to_string().contains("does not contain the resource"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wait_ends_when_no_page_contains_the_resource() {
    let server = Scripted::start([
        answer(204, &[], ""),
        page(&[(1, "a")], r#", "next": "x""#),
        page(&[(7, "deleting")], r#", "next": "y""#),
        page(&[(1, "a")], r#", "next": "x""#),
        page(&[(2, "b")], ""),
    ])
    .await;
    let request = Request::new(&REMOVAL).path("device_id", 7);
    let removal: ActionCall<Call<()>, Gone<Device>> =
        server
            .session()
            .send_action(request, &OUT_OF_LIST, |session, request| {
                session.send_empty(request)
            });
    quick(removal.wait()).await.unwrap();
    assert_eq!(targets(&server)[4], "GET /v2/p1/devices?marker=x");
    // An answer without the list does not show whether the resource exists.
    let replies = [answer(204, &[], "")]
        .into_iter()
        .chain((0..9).map(|_| json(200, r#"{"id": 1}"#)));
    let server = Scripted::start(replies).await;
    let request = Request::new(&REMOVAL).path("device_id", 7);
    let removal: ActionCall<Call<()>, Gone<Device>> =
        server
            .session()
            .send_action(request, &OUT_OF_LIST, |session, request| {
                session.send_empty(request)
            });
    assert!(quick(removal.wait()).failures(2).await.is_err());
}

#[tokio::test]
async fn only_a_404_of_the_service_means_that_the_resource_is_gone() {
    for (body, is_gone) in [
        (r#"{"error_code": "DCS.3022", "error_msg": "no"}"#, true),
        (r#"{"error_code": "APIGW.0101", "error_msg": "no"}"#, false),
        ("<html>not found</html>", false),
        ("", false),
        ("{}", false),
    ] {
        let server = Scripted::start([json(404, body)]).await;
        let result = quick(show(&server.session()).wait_until_gone()).await;
        assert_eq!(result.is_ok(), is_gone, "{body}");
        // If no action came before a wait for a state, every answer with status 404 is an error at once.
        let server = Scripted::start([json(404, body)]).await;
        let error = quick(show(&server.session()).wait()).await.unwrap_err();
        assert_eq!(error.status(), Some(404), "{body}");
    }
}

#[tokio::test]
async fn a_wait_with_invalid_settings_or_an_invalid_request_sends_nothing() {
    let server = Scripted::start([]).await;
    let zero = show(&server.session()).wait().interval(Duration::ZERO);
    assert!(zero.await.unwrap_err().to_string().contains("zero"));
    let short = show(&server.session())
        .wait()
        .max_interval(Duration::from_millis(1));
    assert!(short.await.unwrap_err().to_string().contains("largest"));
    for factor in [0.5, f64::NAN, f64::INFINITY, -1.0] {
        let wrong = show(&server.session()).wait().factor(factor);
        assert!(wrong.await.unwrap_err().to_string().contains("factor"));
    }
    let faulty = server
        .session()
        .send_polled::<Device, String>(Request::new(&SHOW), &STATE);
    assert!(faulty.wait().await.is_err());
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_timeout_ends_a_wait_while_a_poll_hangs() {
    let server = Scripted::start([Reply::Hang]).await;
    let wait = show(&server.session())
        .wait()
        .timeout(Duration::from_millis(50));
    let error = wait.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.last_state()),
        (ErrorKind::Timeout, None)
    );
    assert!(
        error.to_string().contains("the last state is not known"),
        "{error}"
    );
}

#[tokio::test]
async fn a_number_can_be_a_state() {
    static OPTION: Waiter = Waiter::new("id", &["3"], &[("4", "it failed")]);
    let replies = [json(200, r#"{"id": 1}"#), json(200, r#"{"id": "3"}"#)];
    let server = Scripted::start(replies).await;
    let call: PolledCall<Device, i64> = server
        .session()
        .send_polled(Request::new(&FOR_OPTION), &OPTION);
    quick(call.wait_for(3)).await.unwrap();
    let server = Scripted::start([json(200, r#"{"id": 4}"#)]).await;
    let call: PolledCall<Device, i64> = server
        .session()
        .send_polled(Request::new(&FOR_OPTION), &OPTION);
    assert_eq!(
        quick(call.wait()).await.unwrap_err().last_state(),
        Some("4")
    );
}

#[test]
fn a_wait_outside_of_a_runtime_is_an_error() {
    let config = huaweicloud_core::Config::builder()
        .endpoint("dcs", "http://127.0.0.1:1")
        .build()
        .unwrap();
    let session = Session::new(&config, &crate::support::SERVICE).unwrap();
    let mut wait = Box::pin(show(&session).wait());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match wait.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => assert_eq!(error.kind(), ErrorKind::Config),
        other => panic!("{other:?}"),
    }
}
