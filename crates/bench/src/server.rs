//! A server that answers every request with one body, on a thread of its own so that it takes no turns with the client.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::http::header::CONTENT_TYPE;

/// Starts it; it lives as long as the process.
///
/// # Errors
///
/// When no port is free, or no thread can be had.
pub fn start(body: &'static str) -> io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let answer = move || async move { ([(CONTENT_TYPE, "application/json")], body) };
            axum::serve(listener, Router::new().fallback(answer)).await
        })
    })?;
    Ok(address)
}
