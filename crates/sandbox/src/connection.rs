//! Time limits of connections.

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

/// The time that a connection has after the sandbox was told to end.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// Ends connections that send nothing, or that are slow.
pub(crate) struct PatientListener {
    pub listener: FaultyListener,
    /// The longest time for a request to arrive, for an answer to be taken, and for a connection to be idle.
    pub patience: Duration,
    pub stop: watch::Receiver<()>,
}

/// What the handler of a request knows about the connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub breaker: Breaker,
    /// The request has arrived as a whole. The sandbox may take as long as it needs.
    answering: Arc<AtomicBool>,
}

impl Peer {
    /// Call this when the request has arrived as a whole.
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

/// A connection that fails if its peer is too slow.
pub(crate) struct Patient<S> {
    inner: S,
    patience: Duration,
    phase: Phase,
    answering: Arc<AtomicBool>,
    deadline: Pin<Box<Sleep>>,
    /// Ends shortly after the sandbox was told to end.
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Each phase has its own time.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// No byte of the next request has arrived.
    Idle,
    /// A part of a request has arrived.
    Reading,
    /// A part of an answer is written.
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
                // An error means that the sandbox is gone, which has the same effect.
                let _ = stop.changed().await;
                sleep(LAST_MOMENT).await;
            }),
        }
    }

    fn enter(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            // A time that is too long for the clock means no limit.
            let now = Instant::now();
            let end = now.checked_add(self.patience);
            let end = end.unwrap_or_else(|| now + Duration::from_secs(u32::MAX.into()));
            self.deadline.as_mut().reset(end);
        }
    }

    /// Whether the peer has used up its time. Ask only while the sandbox waits for the peer.
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
                // More bytes do not extend the time.
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
        // A flush before the first write changes nothing.
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
    async fn who_does_not_take_its_answer_is_cut_off() {
        let (_other, inner) = duplex(16);
        let (_running, stop) = watch::channel(());
        let mut patient = Patient::new(inner, SHORT, stop);
        let failed = patient.write_all(&[0; 64]).await.expect_err("nobody reads");
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn while_it_answers_nobody_is_late() {
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
    async fn at_the_end_only_answers_have_time() {
        let (_other, inner) = duplex(16);
        let (running, stop) = watch::channel(());
        let mut patient = Patient::new(inner, Duration::MAX, stop);
        drop(running);
        let failed = patient.read_u8().await.expect_err("nothing comes");
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }
}
