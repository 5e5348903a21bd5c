//! The body of a request. Bytes or a file can be sent again. A stream cannot be sent again after it has begun.

use super::upload::Form;
use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// The content type of a body, and of an answer, unless another type is given.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request's body.
pub(crate) enum Body {
    Bytes(Bytes),
    Stream(Stream),
    Form(Form),
}

impl Body {
    /// The body for one attempt. The attempts of a stream share it: the attempt that is sent reads it.
    pub(crate) fn for_attempt(&self) -> reqwest::Body {
        match self {
            Self::Bytes(bytes) => bytes.clone().into(),
            Self::Stream(stream) => reqwest::Body::wrap(stream.clone()),
            Self::Form(form) => form.for_attempt(),
        }
    }

    /// Whether a part of it may have been sent, so that it cannot be sent again. A file that cannot be read counts,
    /// too.
    pub(crate) fn is_spent(&self) -> bool {
        match self {
            Self::Bytes(_) => false,
            Self::Stream(stream) => stream.0.begun.load(Ordering::Acquire),
            Self::Form(form) => form.has_failed(),
        }
    }

    /// Whether it is a stream or a file that failed before its end.
    pub(crate) fn has_failed(&self) -> bool {
        match self {
            Self::Bytes(_) => false,
            Self::Stream(stream) => stream.0.failed.load(Ordering::Acquire),
            Self::Form(form) => form.has_failed(),
        }
    }

    /// The bytes, without a copy. A stream has none.
    pub(crate) fn shared(&self) -> Bytes {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Stream(_) | Self::Form(_) => Bytes::new(),
        }
    }

    /// The bytes, if they are known before they are sent.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Stream(stream) if stream.is_end_stream() => Some(&[]),
            Self::Stream(_) | Self::Form(_) => None,
        }
    }
}

/// A stream that an attempt without a connection leaves unread to the next attempt.
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
