//! Starts a server for the tests of lookups.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// An IAM server that answers with the result of a closure. At the same address, a DCS server answers each call with an
/// empty list.
pub struct Told {
    pub url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Told {
    pub async fn new(
        answer: impl Fn(&str) -> (u16, Value) + Clone + Send + Sync + 'static,
    ) -> Told {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let handler = move |request: Request| {
            let target = request.uri().path_and_query().unwrap().to_string();
            log.lock().unwrap().push(target.clone());
            let (status, body) = if target.starts_with("/v2/") {
                (200, json!({"instance_num": 0, "instances": []}))
            } else {
                answer(&target)
            };
            let status = StatusCode::from_u16(status).unwrap();
            async move {
                (
                    status,
                    [(CONTENT_TYPE, "application/json")],
                    body.to_string(),
                )
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, Router::new().fallback(handler)).into_future());
        Told { url, seen }
    }

    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}
