//! A server that sends the same body in each answer.

use std::io;
use std::net::{SocketAddr, TcpListener};

use axum::Router;
use axum::http::header::CONTENT_TYPE;

/// Listens on a free port of this machine.
///
/// # Errors
/// If no port is free.
pub fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Answers requests while the returned future is polled.
///
/// # Errors
/// If the runtime cannot use the listener.
///
/// # Panics
/// If the current thread has no Tokio runtime with I/O.
pub async fn serve(listener: TcpListener, body: &'static str) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let answer = move || async move { ([(CONTENT_TYPE, "application/json")], body) };
    axum::serve(listener, Router::new().fallback(answer)).await
}

/// Starts a thread that answers requests until the process ends. Returns the address, which other processes can call.
///
/// # Errors
/// If no port is free, or if the runtime or the thread cannot be started.
pub fn start(body: &'static str) -> io::Result<SocketAddr> {
    let (listener, address) = listen()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new().spawn(move || runtime.block_on(serve(listener, body)))?;
    Ok(address)
}
