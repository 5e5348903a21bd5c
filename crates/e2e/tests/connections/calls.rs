//! Makes many parallel calls with our client, or with reqwest alone.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use huaweicloud_core::http::Method;
use huaweicloud_core::{
    Config, Error, Operation, Request, Retry, Service, Session, http_client_builder, reqwest,
    serde_json::Value,
};

use crate::server::Server;

/// The number of parallel calls.
pub const TOGETHER: usize = 64;

/// An upper limit for the pauses between calls of the same task. Because of the pauses, connections are idle for some
/// time.
pub const PAUSE: Duration = Duration::from_millis(20);

static SERVICE: Service = Service::new("things", "Things");
pub static SAFE: Operation =
    Operation::new(&SERVICE, "show_thing", Method::GET, "/things/{id}").with_retry(Retry::Safe);
pub static UNSAFE: Operation =
    Operation::new(&SERVICE, "change_thing", Method::PUT, "/things/{id}");

pub fn session(server: &Server) -> Session {
    let config = Config::builder()
        .endpoint("things", &server.url)
        .access_key("AK", "Planted-Key-0001")
        .project_id("p1")
        .build()
        .unwrap();
    Session::new(&config, &SERVICE).unwrap()
}

pub async fn call(
    session: &Session,
    operation: &'static Operation,
    id: usize,
) -> Result<(), Error> {
    let request = Request::new(operation).path("id", id).json(&[id]);
    session.send::<Value>(request).await.map(drop)
}

/// Makes a call for each id, and returns the errors.
pub async fn calls(
    session: &Session,
    operation: &'static Operation,
    ids: Range<usize>,
    pause: Duration,
) -> Vec<Error> {
    let session = session.clone();
    let failures = together(ids, pause, move |id| {
        let session = session.clone();
        async move { call(&session, operation, id).await }
    });
    failures.await
}

/// A client that uses reqwest and its connection pool. Only the builder of the HTTP client comes from our SDK. The
/// client sends `GET` requests without a body and without a signature.
pub struct ByHand {
    client: reqwest::Client,
    url: String,
}

impl ByHand {
    pub fn new(server: &Server) -> Self {
        let client = http_client_builder(Duration::from_secs(10)).unwrap();
        let client = client.pool_idle_timeout(Duration::from_secs(90));
        Self {
            client: client.build().unwrap(),
            url: server.url.clone(),
        }
    }

    pub async fn calls(&self, ids: Range<usize>, pause: Duration) -> Vec<reqwest::Error> {
        let (client, url) = (self.client.clone(), self.url.clone());
        let failures = together(ids, pause, move |id| {
            let request = client.get(format!("{url}/things/{id}"));
            async move { request.send().await?.bytes().await.map(drop) }
        });
        failures.await
    }
}

async fn together<E, F>(
    ids: Range<usize>,
    pause: Duration,
    call: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Vec<E>
where
    E: Send + 'static,
    F: Future<Output = Result<(), E>> + Send,
{
    let next = Arc::new(AtomicUsize::new(ids.start));
    let callers: Vec<_> = (0..TOGETHER)
        .map(|caller| {
            let (next, call) = (next.clone(), call.clone());
            tokio::spawn(async move {
                let mut failures = Vec::new();
                loop {
                    let id = next.fetch_add(1, Ordering::Relaxed);
                    if id >= ids.end {
                        return failures;
                    }
                    failures.extend(call(id).await.err());
                    let part = (id * 7 + caller * 13) % 100;
                    tokio::time::sleep(pause.mul_f64(part as f64 / 100.0)).await;
                }
            })
        })
        .collect();
    let mut failures = Vec::new();
    for caller in callers {
        failures.extend(caller.await.unwrap());
    }
    failures
}
