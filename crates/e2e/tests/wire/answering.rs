//! A server that answers every request with what it was told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value;
use tokio::task::JoinHandle;

/// A status, and a body where there is one.
pub type Answer = (u16, Option<Value>);

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
        let next = Arc::new(Mutex::new((204, None)));
        let router = Router::new().fallback(answer).with_state(next.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Answering {
            address,
            next,
            task,
        }
    }

    /// What the next requests are answered with.
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
    let (status, body) = next.lock().unwrap().clone();
    let status = StatusCode::from_u16(status).unwrap();
    match body {
        Some(body) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (status, kind, body.to_string()).into_response()
        }
        None => status.into_response(),
    }
}
