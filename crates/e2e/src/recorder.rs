//! A proxy that forwards requests to a server and records the exchanges.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use huaweicloud_core::reqwest;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The largest request body that the recorder forwards, in bytes.
const LIMIT: usize = 16 << 20;

/// One request and its answer, as they were sent over the network.
#[derive(Clone)]
pub struct Exchange {
    /// The service that was called, for example `dcs`.
    pub service: &'static str,
    /// The method in upper case.
    pub method: String,
    /// The path and the query, encoded as the client sent them.
    pub target: String,
    /// The headers of the request.
    pub headers: HeaderMap,
    /// The body of the request.
    pub sent: Bytes,
    /// The status of the answer.
    pub status: u16,
    /// The headers of the answer.
    pub answered: HeaderMap,
    /// The body of the answer.
    pub received: Bytes,
}

/// The exchanges of one or several recorders, in the order of the answers.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Exchange>>>);

impl Log {
    /// Removes all exchanges from the log and returns them.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, exchange: Exchange) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(exchange);
    }
}

/// Forwards requests to one server, and adds every exchange to a [`Log`]. If an exchange fails, the recorder answers
/// with status 502, and adds nothing to the log.
pub struct Recorder {
    /// The address of the recorder. Clients use this address as an endpoint.
    pub address: String,
    task: JoinHandle<()>,
    traffic: Arc<Traffic>,
}

/// The current number of requests in progress (`now`), and the largest number so far (`most`).
#[derive(Default)]
struct Traffic {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// Counts a request as in progress until this value is dropped. The value is also dropped if the client disconnects.
struct Passing(Arc<Traffic>);

impl Passing {
    fn new(traffic: &Arc<Traffic>) -> Passing {
        let now = traffic.now.fetch_add(1, Ordering::SeqCst) + 1;
        traffic.most.fetch_max(now, Ordering::SeqCst);
        Passing(Arc::clone(traffic))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Clone)]
struct Forward {
    service: &'static str,
    to: String,
    client: reqwest::Client,
    log: Log,
    traffic: Arc<Traffic>,
}

impl Recorder {
    /// Listens on a free port, and forwards requests to `server`, a base address without a path.
    ///
    /// # Errors
    ///
    /// If no port is free, or the HTTP client cannot be created.
    pub async fn start(service: &'static str, server: &str, log: &Log) -> Result<Recorder> {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("no free port")?;
        let address = format!("http://{}", listener.local_addr()?);
        let traffic = Arc::new(Traffic::default());
        let state = Forward {
            traffic: Arc::clone(&traffic),
            service,
            to: server.trim_end_matches('/').to_owned(),
            client: huaweicloud_core::http_client_builder(Duration::from_secs(5))?.build()?,
            log: log.clone(),
        };
        let router = axum::Router::new().fallback(forward).with_state(state);
        let task = tokio::spawn(async move {
            // The task needs no error handling. If the listener fails, clients cannot connect, and their calls fail.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Recorder {
            address,
            task,
            traffic,
        })
    }

    /// Returns the largest number of requests that were in progress at the same time.
    pub fn most_at_once(&self) -> usize {
        self.traffic.most.load(Ordering::SeqCst)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(State(state): State<Forward>, request: Request) -> Response {
    let _passing = Passing::new(&state.traffic);
    match state.pass_on(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

impl Forward {
    async fn pass_on(&self, request: Request) -> Result<Response> {
        let (parts, body) = request.into_parts();
        let sent = to_bytes(body, LIMIT)
            .await
            .context("the request body cannot be read")?;
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned();
        let answer = self
            .client
            .request(parts.method.clone(), format!("{}{target}", self.to))
            // The forwarded headers include `host`, because the signature covers the host that the client named.
            .headers(parts.headers.clone())
            .body(sent.clone())
            .send()
            .await
            .context("the server did not answer")?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let received = answer
            .bytes()
            .await
            .context("the answer body cannot be read")?;
        let mut response = Response::new(Body::from(received.clone()));
        *response.status_mut() = status;
        *response.headers_mut() = headers.clone();
        let exchange = Exchange {
            service: self.service,
            method: parts.method.to_string(),
            target,
            headers: parts.headers,
            sent,
            status: status.as_u16(),
            answered: headers,
            received,
        };
        self.log.push(exchange);
        Ok(response)
    }
}
