//! A server that answers every request with the answer that a test has set.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value;
use tokio::task::JoinHandle;

/// The answer of the server.
#[derive(Clone, Default)]
pub struct Answer {
    pub status: u16,
    /// The documented headers of the answer.
    pub headers: HeaderMap,
    /// The body, or `None` if the answer has no body.
    pub body: Option<Value>,
    /// Whether the body is the content of a file.
    pub is_file: bool,
}

pub struct Answering {
    pub address: String,
    next: Arc<Mutex<Answer>>,
    task: JoinHandle<()>,
}

impl Answering {
    pub async fn start() -> Answering {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let next = Arc::<Mutex<Answer>>::default();
        let router = Router::new().fallback(answer).with_state(next.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Answering {
            address,
            next,
            task,
        }
    }

    /// Sets the answer to the next requests.
    pub fn will_say(&self, answer: Answer) {
        *self.next.lock().unwrap() = answer;
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(next): State<Arc<Mutex<Answer>>>) -> impl IntoResponse {
    let mut answer = next.lock().unwrap().clone();
    let status = StatusCode::from_u16(answer.status).unwrap();
    match answer.body {
        Some(Value::String(text)) if answer.is_file => {
            let bytes = HeaderValue::from_static("application/octet-stream");
            answer.headers.insert(header::CONTENT_TYPE, bytes);
            (status, answer.headers, text).into_response()
        }
        Some(body) => {
            let json = HeaderValue::from_static("application/json");
            answer.headers.insert(header::CONTENT_TYPE, json);
            (status, answer.headers, body.to_string()).into_response()
        }
        None => (status, answer.headers).into_response(),
    }
}
