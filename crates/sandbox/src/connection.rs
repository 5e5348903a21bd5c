//! Closes connections if the client is slow or idle for too long, or if the sandbox stops.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep};

use crate::faults::{Breaker, Connection, FaultyListener};

/// When the sandbox begins to stop, a connection still waits for its client for at most this time.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// Accepts connections, and closes a connection that is idle or slow for too long.
pub(crate) struct PatientListener {
    pub listener: FaultyListener,
    /// The time limit for the client to send a request or to read an answer. For an idle connection, the time limit is
    /// the same.
    pub patience: Duration,
    pub stop: watch::Receiver<()>,
}

/// The connection data that the handler of a request needs.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub breaker: Breaker,
    /// `true` from the arrival of the whole request until the sandbox begins to write the answer. No time limit applies
    /// while this value is `true`.
    answering: Arc<AtomicBool>,
}

impl Peer {
    pub fn answer(&self) {
        self.answering.store(true, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, PatientListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, PatientListener>) -> Self {
        let stream = stream.io();
        Self {
            breaker: stream.inner.breaker(),
            answering: Arc::clone(&stream.answering),
        }
    }
}

impl Listener for PatientListener {
    type Io = Patient<Connection>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        let (connection, address) = self.listener.accept().await;
        let patient = Patient::new(connection, self.patience, self.stop.clone());
        (patient, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that fails if the client is slow or idle for too long, or if the sandbox stops.
pub(crate) struct Patient<S> {
    inner: S,
    patience: Duration,
    phase: Phase,
    answering: Arc<AtomicBool>,
    deadline: Pin<Box<Sleep>>,
    /// This future completes [`LAST_MOMENT`] after the sandbox begins to stop.
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// The phase of a connection. The time limit starts again in each phase.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// No byte of the next request has arrived.
    Idle,
    /// A part of a request has arrived.
    Reading,
    /// The sandbox is writing an answer.
    Writing,
}

impl<S> Patient<S> {
    fn new(inner: S, patience: Duration, mut stop: watch::Receiver<()>) -> Self {
        Self {
            inner,
            patience,
            phase: Phase::Idle,
            answering: Arc::default(),
            deadline: Box::pin(sleep(patience)),
            stopped: Box::pin(async move {
                // The sandbox sends no value. When it begins to stop, it drops the sender, and `changed` returns an
                // error.
                let _ = stop.changed().await;
                sleep(LAST_MOMENT).await;
            }),
        }
    }

    fn enter(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            // If the time limit is too long for `Instant`, the deadline is more than a hundred years away.
            let now = Instant::now();
            let end = now.checked_add(self.patience);
            let end = end.unwrap_or_else(|| now + Duration::from_secs(u32::MAX.into()));
            self.deadline.as_mut().reset(end);
        }
    }

    /// Returns an error if the time limit has passed, or if `stopped` has completed. Otherwise, returns `Pending`. Call
    /// this method only while the sandbox waits for the client.
    fn late(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let late = self.deadline.as_mut().poll(context).is_ready();
        match late || self.stopped.as_mut().poll(context).is_ready() {
            true => Poll::Ready(io::ErrorKind::TimedOut.into()),
            false => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(context, buffer);
        let answering = this.answering.load(Ordering::SeqCst);
        match &read {
            Poll::Ready(_) => {
                if buffer.filled().len() > before && this.phase == Phase::Idle && !answering {
                    this.enter(Phase::Reading);
                }
                // Further bytes of the request do not extend the time limit.
                match this.phase == Phase::Reading && !answering && this.deadline.is_elapsed() {
                    true => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                    false => read,
                }
            }
            Poll::Pending if answering => Poll::Pending,
            Poll::Pending => Poll::Ready(Err(ready!(this.late(context)))),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        this.enter(Phase::Writing);
        this.answering.store(false, Ordering::SeqCst);
        match Pin::new(&mut this.inner).poll_write(context, bytes) {
            Poll::Pending => Poll::Ready(Err(ready!(this.late(context)))),
            written => written,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.inner).poll_flush(context))?;
        // Only a flush after a write ends the answer. Other flushes do not change the phase.
        if this.phase == Phase::Writing {
            this.enter(Phase::Idle);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_client_that_does_not_read_its_answer_is_disconnected() {
        let (_other, inner) = duplex(16);
        let (_running, stop) = watch::channel(());
        let mut patient = Patient::new(inner, SHORT, stop);
        let failed = patient.write_all(&[0; 64]).await.expect_err("nobody reads");
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn no_time_limit_applies_while_the_sandbox_computes_an_answer() {
        let (mut other, inner) = duplex(16);
        let (_running, stop) = watch::channel(());
        let mut patient = Patient::new(inner, SHORT, stop);
        patient.answering.store(true, Ordering::SeqCst);
        let writing = tokio::spawn(async move {
            sleep(SHORT * 4).await;
            other.write_all(b"next").await.expect("written");
            other
        });
        let mut next = [0; 4];
        patient
            .read_exact(&mut next)
            .await
            .expect("the next request");
        let _other = writing.await.expect("no panic");
    }

    #[tokio::test]
    async fn an_idle_connection_ends_when_the_sandbox_stops() {
        let (_other, inner) = duplex(16);
        let (running, stop) = watch::channel(());
        let mut patient = Patient::new(inner, Duration::MAX, stop);
        drop(running);
        let failed = patient.read_u8().await.expect_err("nothing comes");
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }
}
