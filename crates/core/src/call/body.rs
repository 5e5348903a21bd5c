//! The body of a request. The client can send bytes or a file again. After the client has begun to read a stream, it
//! cannot send the stream again.

use super::upload::Form;
use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// The default value of the headers `Content-Type` and `Accept`. The caller can set other content types.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(crate) enum Body {
    Bytes(Bytes),
    Stream(Stream),
    Form(Form),
}

impl Body {
    /// Returns the body for one attempt. If the body is a stream, all attempts share the stream. Only the attempt that
    /// sends its request reads the stream.
    pub(crate) fn for_attempt(&self) -> reqwest::Body {
        match self {
            Self::Bytes(bytes) => bytes.clone().into(),
            Self::Stream(stream) => reqwest::Body::wrap(stream.clone()),
            Self::Form(form) => form.for_attempt(),
        }
    }

    /// Returns whether the body cannot be sent again. This is the case if a part of a stream may have been sent, or if
    /// reading a file failed.
    pub(crate) fn is_spent(&self) -> bool {
        match self {
            Self::Bytes(_) => false,
            Self::Stream(stream) => stream.0.begun.load(Ordering::Acquire),
            Self::Form(form) => form.has_failed(),
        }
    }

    /// Returns whether the body is a stream or a file, and reading the body failed.
    pub(crate) fn has_failed(&self) -> bool {
        match self {
            Self::Bytes(_) => false,
            Self::Stream(stream) => stream.0.failed.load(Ordering::Acquire),
            Self::Form(form) => form.has_failed(),
        }
    }

    /// Returns the bytes without copying them. For a stream and a form, the result is empty.
    pub(crate) fn shared(&self) -> Bytes {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Stream(_) | Self::Form(_) => Bytes::new(),
        }
    }

    /// Returns the bytes. For a stream that has ended, the result is empty. Returns `None` for a form, and for every
    /// other stream.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Stream(stream) if stream.is_end_stream() => Some(&[]),
            Self::Stream(_) | Self::Form(_) => None,
        }
    }
}

/// A stream that all attempts share. If an attempt gets no connection, the attempt does not read the stream. The next
/// attempt can then send the stream.
#[derive(Clone)]
pub(crate) struct Stream(Arc<Shared>);

struct Shared {
    body: Mutex<reqwest::Body>,
    begun: AtomicBool,
    failed: AtomicBool,
}

impl Stream {
    pub(crate) fn new(body: reqwest::Body) -> Self {
        Self(Arc::new(Shared {
            body: Mutex::new(body),
            begun: AtomicBool::new(false),
            failed: AtomicBool::new(false),
        }))
    }

    fn body(&self) -> MutexGuard<'_, reqwest::Body> {
        self.0.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        self.0.begun.store(true, Ordering::Release);
        let polled = Pin::new(&mut *self.body()).poll_frame(context);
        if let Poll::Ready(Some(Err(_))) = &polled {
            self.0.failed.store(true, Ordering::Release);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}
