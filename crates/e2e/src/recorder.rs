//! A forwarding server that keeps what passes through it.

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

/// The largest body of a request that is forwarded.
const LIMIT: usize = 16 << 20;

/// One request and its answer, as they went over the wire.
#[derive(Clone)]
pub struct Exchange {
    /// The service that was called: `dcs`.
    pub service: &'static str,
    /// The method in upper case.
    pub method: String,
    /// Path and query, encoded as they were sent.
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
    /// Takes the exchanges since the last call.
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

/// Forwards to one server and logs every exchange.
pub struct Recorder {
    /// Where clients reach it.
    pub address: String,
    task: JoinHandle<()>,
    traffic: Arc<Traffic>,
}

/// How many requests are under way, and the most that ever were.
#[derive(Default)]
struct Traffic {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// Counts a request until it ends. It also ends when the client disconnects.
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
    /// Listens on a free port and forwards to the service's `server`, a base address without a path.
    ///
    /// # Errors
    ///
    /// No port is free, or the HTTP client cannot be made.
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
            // The server stops when the task is aborted. If the listener fails, clients see a refused connection.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Recorder {
            address,
            task,
            traffic,
        })
    }

    /// The most requests that were under way at once.
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
        let sent = to_bytes(body, LIMIT).await.context("the request's body")?;
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned();
        let answer = self
            .client
            .request(parts.method.clone(), format!("{}{target}", self.to))
            // The signature covers the host that the client named.
            .headers(parts.headers.clone())
            .body(sent.clone())
            .send()
            .await
            .context("the server did not answer")?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let received = answer.bytes().await.context("the answer's body")?;
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
