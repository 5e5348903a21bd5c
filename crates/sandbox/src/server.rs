use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State as Extract};
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, TRANSFER_ENCODING,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, Version};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::{Level, Span, field};
use uuid::Uuid;

use crate::Clock;
use crate::answer::Answer;
use crate::connection::{PatientListener, Peer};
use crate::faults::{self, Breaker, Fault, FaultyListener};
use crate::openapi::Document;
use crate::problem::{Context, Problem};
use crate::received::{Received, form};
use crate::state::State;
use crate::store::collect_syncs;
use crate::{api, authenticate};

/// The maximum size of a request body, as in the API gateway.
const LARGEST_BODY: usize = 12 * 1024 * 1024;
/// The reason in the log if the code for a short request panics (see [`api::is_short`]). The panic itself prints its
/// location to standard error.
const PANIC: &str = "the code for the answer panicked";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The headers that a request must not repeat, because a proxy and a service could use different values.
static READ_ONCE: [HeaderName; 12] = [
    AUTHORIZATION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
    HeaderName::from_static("x-auth-token"),
    HeaderName::from_static("x-domain-id"),
    HeaderName::from_static("x-metadata-token"),
    HeaderName::from_static("x-project-id"),
    HeaderName::from_static("x-sdk-content-sha256"),
    HeaderName::from_static("x-sdk-content-sm3"),
    HeaderName::from_static("x-sdk-date"),
    HeaderName::from_static("x-security-token"),
];

#[derive(Clone)]
pub(crate) struct Served {
    pub document: Arc<Document>,
    pub state: Arc<State>,
}

/// Serves one service until the sandbox stops. Then the function completes the requests in progress.
pub(crate) async fn serve(listener: TcpListener, served: Served, mut stop: watch::Receiver<()>) {
    let service = served.document.service.name();
    let listener = PatientListener {
        listener: FaultyListener(listener),
        patience: served.state.times.patience,
        stop: stop.clone(),
    };
    // The router needs no routes, because the handler finds the route in the document.
    let router = Router::new()
        .fallback(handle)
        .with_state(served)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::new())
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(Level::INFO)),
        );
    let stopped = async move {
        // The sandbox sends no value. When the sandbox stops, it drops the sender, and `changed` returns an error.
        let _ = stop.changed().await;
    };
    let service_maker = router.into_make_service_with_connect_info::<Peer>();
    if let Err(error) = axum::serve(listener, service_maker)
        .with_graceful_shutdown(stopped)
        .await
    {
        tracing::error!(service, %error, "the listener failed");
    }
}

/// Creates the tracing span of a request. The span contains only the path, the method and the ID of the request. The
/// query, the headers and the body are not in the span, because they can contain secrets.
fn span(request: &Request<Body>) -> Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), request_id = field::Empty)
}

async fn handle(
    Extract(served): Extract<Served>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    // The sandbox generates an ID for each request, as the API gateway does.
    let id = Uuid::new_v4().to_string();
    Span::current().record("request_id", &id);
    let body = match (body, wrong_header(version, &headers)) {
        (Ok(_), Some(problem)) => {
            return named(whole_response(refusal(&served, &problem, &id)), &id);
        }
        (Ok(body), None) => body,
        (Err(rejected), _) => return named(unread(&served, &rejected, &id), &id),
    };
    peer.answer();
    let fault = served.state.faults.next(served.document.service, &headers);
    let request = Received {
        method,
        uri,
        form: form(&headers, &body).await,
        headers,
        body,
        id: id.clone(),
        clock: clock(&served.state, fault),
    };
    let response = match fault {
        Some(fault) => faulty(served, request, fault, &peer.breaker).await,
        None => whole_response(answer(served, request, None).await),
    };
    named(response, &id)
}

fn clock(state: &State, fault: Option<Fault>) -> Clock {
    match fault {
        Some(Fault::ClockOff(seconds)) => state.clock.off_by(seconds),
        _ => state.clock.clone(),
    }
}

/// Returns a problem if the header `Host` is wrong, or if the request repeats a header of [`READ_ONCE`].
fn wrong_header(version: Version, headers: &HeaderMap) -> Option<Problem> {
    if !names_host(version, headers) {
        return Some(Problem::BadHost);
    }
    let is_repeated = |name: &&HeaderName| headers.get_all(*name).iter().nth(1).is_some();
    let repeated = READ_ONCE.iter().find(is_repeated);
    repeated.map(|name| Problem::RepeatedHeader(name.as_str()))
}

/// Whether the request names its host correctly. HTTP/1.1 requires exactly one header `Host`. Earlier versions do not
/// require this header.
fn names_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let is_host = |host: &HeaderValue| {
        let host = host.to_str().unwrap_or_default();
        host.parse::<Authority>().is_ok() && !host.contains('@')
    };
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host),
        (None, _) => version < Version::HTTP_11,
        _ => false,
    }
}

fn unread(served: &Served, rejected: &BytesRejection, id: &str) -> Response {
    let problem = match rejected.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::BodyTooLarge,
        _ => Problem::BodyNotRead,
    };
    whole_response(refusal(served, &problem, id))
}

/// Returns the answer to a request with a fault.
async fn faulty(served: Served, request: Received, fault: Fault, breaker: &Breaker) -> Response {
    tracing::warn!(?fault, "a fault was injected");
    if let Some(response) = faults::instead(fault, &request) {
        api::count(&served.document, &served.state, &request);
        return response;
    }
    let mut response = whole_response(answer(served, request, Some(fault)).await);
    match fault {
        Fault::Delay(time) => tokio::time::sleep(time).await,
        Fault::WrongContentType => {
            let text = HeaderValue::from_static("text/plain");
            response.headers_mut().insert(CONTENT_TYPE, text);
        }
        _ => {}
    }
    let length = response.body().size_hint().lower();
    if let Some(cut) = fault.cut(usize::try_from(length).unwrap_or(usize::MAX)) {
        breaker.arm(cut);
    }
    response
}

async fn answer(served: Served, request: Received, fault: Option<Fault>) -> Answer {
    let (here, span, id) = (served.clone(), Span::current(), request.id.clone());
    let (is_short, is_safe) = (
        api::is_short(&served.document, &request),
        request.method.is_safe(),
    );
    let work = move || {
        span.in_scope(|| {
            if fault == Some(Fault::ExpiredToken)
                && let Err(error) = authenticate::forget(&served.state, &request)
            {
                return refusal(&served, &error.into(), &request.id);
            }
            api::answer(&served.document, &served.state, &request)
        })
    };
    // If the answer can be computed quickly, a move to another thread takes as much time as the computation. So this
    // thread computes the answer.
    let done = match is_short {
        true => {
            // Here, requests with unsafe HTTP methods run one after the other. A task that waits for this lock needs
            // fewer resources than a thread that waits for the store.
            let _turn = match is_safe {
                true => None,
                false => Some(here.state.turn.lock().await),
            };
            catch_unwind(AssertUnwindSafe(|| collect_syncs(work))).map_err(|_| PANIC.into())
        }
        false => tokio::task::spawn_blocking(|| collect_syncs(work))
            .await
            .map_err(|error| error.to_string()),
    };
    let failed = match done {
        // `finish` waits until the changes are on the disk. Meanwhile, the thread that computed the answer is free.
        Ok((answer, syncs)) => match syncs.finish().await {
            Ok(()) => return answer,
            Err(error) => Problem::from(error),
        },
        Err(error) => Problem::Failed(error),
    };
    tracing::error!(reason = ?failed, "a request failed");
    refusal(&here, &failed, &id)
}

fn refusal(served: &Served, problem: &Problem, request_id: &str) -> Answer {
    let now_ms = served.state.clock.now_ms();
    problem.answer(&Context {
        service: served.document.service,
        operation: None,
        request_id,
        now_ms,
    })
}

fn whole_response(answer: Answer) -> Response {
    let mut headers = answer.headers;
    let body = match answer.body {
        None => Body::empty(),
        // The string is the body itself, such as the content of a file, and not JSON.
        Some(Value::String(text)) if headers.contains_key(CONTENT_TYPE) => Body::from(text),
        Some(json) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            // The write cannot fail, because all names in the JSON are strings.
            Body::from(serde_json::to_vec(&json).unwrap_or_default())
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = headers;
    response
}

/// Adds the ID of the request to the answer's headers.
fn named(mut response: Response, id: &str) -> Response {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
