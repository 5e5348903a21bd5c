//! Tests how the client reads lists that a server returns in pages.

use crate::support;

use futures_util::StreamExt;
use huaweicloud_core::decode::{self, Object, Value};
use huaweicloud_core::pages::{Paging, count_of};
use huaweicloud_core::{ErrorKind, Operation, PagedCall, Request, Session};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess};
use std::time::Duration;
use support::{DEVICES, Device, LIST, Reply, Scripted, answer, json, reading};

/// A type that is decoded like a generated type.
#[derive(Debug, Default)]
struct DeviceList {
    total: Option<i64>,
    next: Option<String>,
    items: Vec<Device>,
}

impl Object for DeviceList {
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "total" => value.read(&mut self.total),
            "next" => value.read(&mut self.next),
            "items" => value.read_essential(&mut self.items),
            _ => value.skip(),
        }
    }
}

impl<'de> Deserialize<'de> for DeviceList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::object(deserializer)
    }
}

static BY_OFFSET: Paging<DeviceList, Device> =
    Paging::offset("offset", 0, "items", |list: &mut DeviceList| {
        Some(&mut list.items)
    })
    .with_limit("limit", Some(2), Some(3))
    .with_total(|list| list.total.as_ref().and_then(count_of))
    .with_id(|device| device.id.as_ref().map(ToString::to_string));
static FROM_ONE: Paging<DeviceList, Device> =
    Paging::offset("start", 1, "items", |list: &mut DeviceList| {
        Some(&mut list.items)
    });
static BY_MARKER: Paging<DeviceList, Device> = Paging::marker(
    "marker",
    |list: &DeviceList| list.next.clone(),
    "items",
    |list: &mut DeviceList| Some(&mut list.items),
);

fn page(ids: impl IntoIterator<Item = u32>, total: Option<u32>) -> Reply {
    let items: Vec<String> = ids
        .into_iter()
        .map(|id| format!("{{\"id\": {id}}}"))
        .collect();
    let total = total.map_or(String::new(), |total| format!("\"total\": {total}, "));
    json(
        200,
        &format!("{{{total}\"items\": [{}]}}", items.join(", ")),
    )
}

fn list(
    session: &Session,
    paging: &'static Paging<DeviceList, Device>,
) -> PagedCall<DeviceList, Device> {
    session.send_paged(Request::new(&LIST), paging)
}

fn ids(devices: &[Device]) -> Vec<i64> {
    devices.iter().filter_map(|device| device.id).collect()
}

/// Returns the query of each request.
fn queries(server: &Scripted) -> Vec<String> {
    let seen = server.seen();
    let query = |target: &str| {
        target
            .split_once('?')
            .map_or("", |(_, query)| query)
            .to_owned()
    };
    seen.iter().map(|request| query(&request.target)).collect()
}

#[tokio::test]
async fn awaiting_a_paged_call_returns_one_page() {
    let server = Scripted::start([page(1..=2, Some(5))]).await;
    let page = list(&server.session(), &BY_OFFSET).await.unwrap();
    assert_eq!((page.items.len(), page.total), (2, Some(5)));
    assert_eq!(queries(&server), [""]);
}

#[tokio::test]
async fn a_stream_requests_a_page_only_when_it_needs_the_page() {
    let server = Scripted::start([
        page(1..=2, Some(5)),
        page(3..=4, Some(5)),
        page([5], Some(5)),
    ])
    .await;
    let mut items = list(&server.session(), &BY_OFFSET).items();
    assert_eq!((server.seen().len(), items.total()), (0, None));
    for id in 1..=2 {
        assert_eq!(items.next().await.unwrap().unwrap().id, Some(id));
        assert_eq!((server.seen().len(), items.total()), (1, Some(5)));
    }
    let rest: Vec<Device> = items.try_collect().await.unwrap();
    assert_eq!(ids(&rest), [3, 4, 5]);
    assert_eq!(queries(&server), ["", "offset=2", "offset=4"]);
}

#[tokio::test]
async fn a_stream_begins_at_the_offset_of_the_call_and_page_size_overrides_the_limit() {
    let server = Scripted::start([page(11..=13, Some(15)), page(14..=15, Some(15))]).await;
    let request = Request::new(&LIST)
        .query("offset", &10)
        .query("name", "pump")
        .query("limit", &7);
    let call = server.session().send_paged(request, &BY_OFFSET);
    let devices: Vec<Device> = call.items().page_size(3).try_collect().await.unwrap();
    assert_eq!(ids(&devices), [11, 12, 13, 14, 15]);
    assert_eq!(
        queries(&server),
        ["limit=3&name=pump&offset=10", "limit=3&name=pump&offset=13"]
    );
}

#[tokio::test]
async fn without_a_total_the_stream_ends_at_an_empty_page() {
    let empty = json(200, "{\"items\": []}");
    let server = Scripted::start([page(1..=3, None), page([4], None), empty]).await;
    let devices: Vec<Device> = list(&server.session(), &FROM_ONE)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&devices), [1, 2, 3, 4]);
    assert_eq!(queries(&server), ["", "start=4", "start=5"]);
}

static OR_NOTHING: Paging<Option<DeviceList>, Device> =
    Paging::offset("offset", 0, "items", |list: &mut Option<DeviceList>| {
        list.as_mut().map(|list| &mut list.items)
    })
    .with_id(|device| device.id.as_ref().map(ToString::to_string));
static LIST_OR_NOTHING: Operation = reading("list_devices", DEVICES).with_success(&[200, 204]);

#[tokio::test]
async fn a_documented_answer_without_a_body_is_an_empty_page() {
    let nothing = || answer(204, &[], "");
    let call = |session: &Session| {
        session.send_paged_optional(Request::new(&LIST_OR_NOTHING), &OR_NOTHING)
    };
    for (script, expected) in [
        (vec![nothing()], vec![]),
        (vec![page(1..=2, None), nothing()], vec![1, 2]),
    ] {
        let server = Scripted::start(script).await;
        let items = call(&server.session()).items();
        assert_eq!(ids(&items.try_collect::<Vec<_>>().await.unwrap()), expected);
    }
    let server = Scripted::start([nothing(), page([7], None)]).await;
    assert!(call(&server.session()).await.unwrap().is_none());
    let list = call(&server.session()).await.unwrap();
    assert_eq!(list.as_ref().map(|list| list.items.len()), Some(1));
}

#[tokio::test]
async fn an_optional_page_without_its_list_is_an_error() {
    let server = Scripted::start([json(200, "{\"total\": 1}")]).await;
    let session = server.session();
    let call = session.send_paged_optional(Request::new(&LIST_OR_NOTHING), &OR_NOTHING);
    let error = call.items().try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    // If all documented answers of the operation have a body, an answer without a body is an error.
    let server = Scripted::start([answer(204, &[], "")]).await;
    let call = list(&server.session(), &BY_OFFSET).items();
    let error = call.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
}

#[tokio::test]
async fn a_page_of_the_largest_size_does_not_end_the_stream() {
    // The caller requests 1000 elements per page. The service returns 3 elements, the documented maximum. The field
    // `total` contains the number of elements in the page, not in the whole list.
    let server = Scripted::start([
        page(1..=3, Some(3)),
        page(4..=6, Some(3)),
        page([], Some(0)),
    ])
    .await;
    let call = list(&server.session(), &BY_OFFSET).items().page_size(1000);
    assert_eq!(
        ids(&call.try_collect::<Vec<_>>().await.unwrap()),
        [1, 2, 3, 4, 5, 6]
    );
    assert_eq!(queries(&server).last().unwrap(), "limit=1000&offset=6");
    // If a page is not full, and its `total` is the number of its elements, the page is the last page.
    let server = Scripted::start([page([1], Some(1))]).await;
    let call = list(&server.session(), &BY_OFFSET).items();
    assert_eq!(ids(&call.try_collect::<Vec<_>>().await.unwrap()), [1]);
}

#[tokio::test]
async fn if_the_server_ignores_paging_the_stream_returns_the_list_once() {
    // The page is full, and perhaps `total` counts only the elements of this page. So the client requests another page.
    // The second page repeats the first page. Because `total` equals the length of the page, the list ends there.
    let whole = || {
        json(
            200,
            "{\"total\": 2, \"items\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}",
        )
    };
    let server = Scripted::start([whole(), whole()]).await;
    let request = Request::new(&LIST).query("limit", "2");
    let call = server.session().send_paged(request, &BY_OFFSET);
    assert_eq!(call.items().try_collect::<Vec<_>>().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_stream_follows_the_markers_to_the_last_page() {
    let marked =
        |id: u32, next: &str| json(200, &format!("{{\"items\": [{{\"id\": {id}}}]{next}}}"));
    let script = [
        marked(1, ", \"next\": \"a&b\""),
        marked(2, ", \"next\": \"c\""),
        marked(3, ", \"next\": \"\""),
    ];
    let server = Scripted::start(script).await;
    let devices: Vec<Device> = list(&server.session(), &BY_MARKER)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&devices), [1, 2, 3]);
    assert_eq!(queries(&server), ["", "marker=a%26b", "marker=c"]);
}

#[tokio::test]
async fn a_page_without_a_valid_list_ends_the_stream_with_an_error() {
    for body in [
        "{\"total\": 5}",
        "{\"total\": 5, \"items\": [7]}",
        "{\"total\": 5, \"items\": {\"a\": 1}}",
        "[]",
        "{\"code\": \"X.1\"}",
    ] {
        let server = Scripted::start([page(1..=2, Some(5)), json(200, body)]).await;
        let mut items = list(&server.session(), &BY_OFFSET).items();
        for _ in 0..2 {
            items.next().await.unwrap().unwrap();
        }
        assert!(items.next().await.unwrap().is_err(), "{body}");
        assert!(items.next().await.is_none(), "{body}");
    }
    // Some services write `null` for an empty list.
    let server = Scripted::start([json(200, "{\"total\": 0, \"items\": null}")]).await;
    let devices: Vec<Device> = list(&server.session(), &BY_OFFSET)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(devices.is_empty());
}

#[tokio::test]
async fn a_repeated_page_is_an_error_unless_total_is_its_length() {
    let script = || [page(1..=2, Some(50)), page(1..=2, Some(50))];
    for paging in [&BY_OFFSET, &FROM_ONE] {
        let server = Scripted::start(script()).await;
        let got: Vec<_> = list(&server.session(), paging).items().collect().await;
        let error = got.last().unwrap().as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
        assert!(
            error.to_string().contains("`items` does not continue"),
            "{error}"
        );
    }
    let same = || json(200, "{\"items\": [{\"id\": 1}], \"next\": \"a\"}");
    let server = Scripted::start([same(), same()]).await;
    let got: Vec<_> = list(&server.session(), &BY_MARKER).items().collect().await;
    assert!(got.last().unwrap().is_err());
}

#[tokio::test]
async fn a_stream_neither_skips_nor_repeats_elements_of_a_changing_list() {
    // Device 1 is deleted after the first page. So device 3 moves to the first page.
    let script = [
        page(1..=2, Some(5)),
        page(4..=5, Some(4)),
        page(3..=4, Some(4)),
        page([5], Some(4)),
    ];
    let server = Scripted::start(script).await;
    let devices: Vec<Device> = list(&server.session(), &BY_OFFSET)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&devices), [1, 2, 4, 5, 3]);
    assert_eq!(queries(&server), ["", "offset=2", "offset=1", "offset=3"]);
    // A new device is inserted at the start of the list. So device 2 moves to the second page.
    let script = [page(1..=2, Some(3)), page(2..=3, Some(4))];
    let server = Scripted::start(script).await;
    let mut pages = list(&server.session(), &BY_OFFSET).pages();
    let mut got = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        got.push(ids(&page.items));
    }
    assert_eq!(got, [vec![1, 2], vec![3]]);
}

#[tokio::test]
async fn dropping_a_future_keeps_the_request_and_dropping_the_stream_ends_the_request() {
    let server = Scripted::start([page(1..=2, Some(4)), Reply::Hang]).await;
    let mut items = list(&server.session(), &BY_OFFSET).items();
    for _ in 0..2 {
        items.next().await.unwrap().unwrap();
    }
    // The test drops the futures of `next` while the client fetches the second page.
    while server.seen().len() < 2 {
        let _ = tokio::time::timeout(Duration::from_millis(1), items.next()).await;
    }
    assert_eq!(server.seen().len(), 2);
    drop(items);
    server.gone.notified().await;
}

#[tokio::test]
async fn a_new_future_continues_the_request_of_a_dropped_future() {
    let server = Scripted::start([page(1..=2, Some(2))]).await;
    let mut items = list(&server.session(), &BY_OFFSET).items();
    let first = loop {
        tokio::select! {
            biased;
            item = items.next() => break item,
            () = tokio::task::yield_now() => {}
        }
    };
    assert_eq!(first.unwrap().unwrap().id, Some(1));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn prefetch_requests_one_page_in_advance() {
    let pages = (0..5).map(|number| page(2 * number + 1..=2 * number + 2, Some(10)));
    let server = Scripted::start(pages).await;
    let mut items = list(&server.session(), &BY_OFFSET).items().prefetch();
    items.next().await.unwrap().unwrap();
    while server.seen().len() < 2 {
        server.arrived.notified().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.seen().len(), 2);
    let rest: Vec<Device> = items.try_collect().await.unwrap();
    assert_eq!(rest.len(), 9);
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn an_error_ends_the_stream_but_a_retried_attempt_does_not() {
    let busy = || json(503, "{\"error_code\": \"X.1\"}");
    let server = Scripted::start([page(1..=2, Some(4)), busy(), page(3..=4, Some(4))]).await;
    let devices: Vec<Device> = list(&server.session(), &BY_OFFSET)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&devices), [1, 2, 3, 4]);
    let refused = answer(
        403,
        &[("Content-Type", "application/json")],
        "{\"error_code\": \"X.2\"}",
    );
    let server = Scripted::start([page(1..=2, Some(4)), refused]).await;
    let got: Vec<_> = list(&server.session(), &BY_OFFSET).items().collect().await;
    assert_eq!(got.len(), 3);
    assert_eq!(got[2].as_ref().unwrap_err().error_code(), Some("X.2"));
    // An invalid request also causes exactly one error.
    let request = Request::new(&LIST).path("project_id", "..");
    let got: Vec<_> = server
        .session()
        .send_paged(request, &BY_OFFSET)
        .items()
        .collect()
        .await;
    assert_eq!(got.len(), 1);
    assert_eq!(
        got[0].as_ref().unwrap_err().kind(),
        ErrorKind::InvalidRequest
    );
}

#[tokio::test]
async fn a_call_that_was_polled_cannot_become_a_stream() {
    let server = Scripted::start([Reply::Hang]).await;
    let mut call = list(&server.session(), &BY_OFFSET);
    tokio::select! {
        biased;
        _ = &mut call => panic!("the call ended although the server sent no answer"),
        () = server.arrived.notified() => {}
    }
    let error = call.items().next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("items()"), "{error}");
}

#[test]
fn paged_calls_and_streams_can_move_between_threads() {
    fn movable<T: Send + Unpin + 'static>(_: fn(Session) -> T) {}
    movable(|session| list(&session, &BY_OFFSET));
    movable(|session| list(&session, &BY_OFFSET).items());
    movable(|session| list(&session, &BY_OFFSET).pages());
}
