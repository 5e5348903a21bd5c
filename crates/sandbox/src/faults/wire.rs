//! Accepts connections that a fault can break before or during an answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The number of bytes that the connection sends before a break in the answer's head. With status 200, these bytes are
/// the status line and the beginning of a header.
const PART_OF_HEAD: usize = 20;

/// The point where an answer breaks, and how the connection ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    point: CutPoint,
    reset: bool,
    /// The number of bytes that the connection still sends before it breaks. `None` before the first write.
    left: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum CutPoint {
    Start,
    InHead,
    AfterHead,
    /// The answer breaks after this number of bytes of the body.
    InBody(usize),
}

impl Cut {
    /// Returns a cut that ends the connection with a reset. The client's operating system reports a reset as an error.
    pub fn reset(point: CutPoint) -> Self {
        Self {
            point,
            reset: true,
            left: None,
        }
    }

    /// Returns a cut that ends the connection with a normal close, as after a complete answer.
    pub fn close(point: CutPoint) -> Self {
        Self {
            reset: false,
            ..Self::reset(point)
        }
    }

    /// Returns how many of these bytes the connection can still send. The first write contains the whole head of the
    /// answer. The reason: without vectored writes, hyper writes the head and the body from one buffer.
    fn passing(&mut self, bytes: &[u8]) -> usize {
        let head = || {
            bytes
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
                .map_or(bytes.len(), |end| end + 4)
        };
        let left = *self.left.get_or_insert_with(|| match self.point {
            CutPoint::Start => 0,
            CutPoint::InHead => PART_OF_HEAD,
            CutPoint::AfterHead => head(),
            CutPoint::InBody(length) => head() + length,
        });
        left.min(bytes.len())
    }

    fn passed(&mut self, bytes: usize) {
        self.left = self.left.map(|left| left.saturating_sub(bytes));
    }
}

/// Breaks a connection after a call of [`arm`](Self::arm). Clones belong to the same connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Breaker(Arc<Mutex<Option<Cut>>>);

impl Breaker {
    /// Sets where and how the next answer on this connection breaks. Call this method before the server writes the
    /// answer. A connection handles only one request at a time, so the next answer belongs to the present request.
    pub fn arm(&self, cut: Cut) {
        self.with(|armed| *armed = Some(cut));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Option<Cut>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Accepts connections that a [`Breaker`] can break.
pub(crate) struct FaultyListener(pub TcpListener);

impl Listener for FaultyListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let breaker = Breaker::default();
        (Connection { stream, breaker }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

pub(crate) struct Connection {
    stream: TcpStream,
    breaker: Breaker,
}

impl Connection {
    pub fn breaker(&self) -> Breaker {
        self.breaker.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let cut = self
            .breaker
            .with(|cut| cut.as_mut().map(|cut| (cut.passing(bytes), cut.reset)));
        let passing = match cut {
            None => bytes.len(),
            Some((0, reset)) => {
                if reset {
                    // When this socket is closed, the system sends a reset.
                    self.stream.set_zero_linger()?;
                }
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
            Some((passing, _)) => passing,
        };
        let written = Pin::new(&mut self.stream).poll_write(context, &bytes[..passing]);
        if let Poll::Ready(Ok(written)) = written {
            self.breaker.with(|cut| {
                if let Some(cut) = cut {
                    cut.passed(written);
                }
            });
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
