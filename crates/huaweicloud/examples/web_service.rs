//! A web service that returns the names of DCS instances. All web requests share one DCS client and its connections.
//!
//! PORT=3000 cargo run --example web_service

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use huaweicloud::dcs;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    let router = Router::new()
        .route("/caches/{id}", get(show_cache))
        .with_state(dcs::Client::new(&config)?);
    let port = std::env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn show_cache(
    State(dcs): State<dcs::Client>,
    Path(id): Path<String>,
) -> Result<String, Failure> {
    let cache = dcs.show_instance(&id).await?;
    Ok(cache.name.clone().unwrap_or_default())
}

struct Failure(huaweicloud::Error);

impl From<huaweicloud::Error> for Failure {
    fn from(error: huaweicloud::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match &self.0 {
            error if error.is_not_found() => StatusCode::NOT_FOUND,
            error if error.is_throttled() => StatusCode::SERVICE_UNAVAILABLE,
            error if error.is_timeout() => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        eprintln!("{}", self.0);
        status.into_response()
    }
}
