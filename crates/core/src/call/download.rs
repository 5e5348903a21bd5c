//! An answer that is a file. The program reads the bytes of the file while they arrive.

use super::file_name::{safe, stated};
use super::meter::Meter;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::network::UnderWay;
use crate::operation::{Operation, Retry};
use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body::Body as _;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// A file from a service. A `Download` is a [`Stream`] of the bytes of the file. The client receives the bytes as fast
/// as the program takes them.
///
/// If the server states a length or uses chunked encoding, the stream ends without an error only if the whole file
/// arrived. If the connection breaks, the error contains the number of received bytes. The client does not retry a
/// broken download.
///
/// [`CallOptions::timeout`](crate::CallOptions::timeout) is the time limit of the whole call, including the file.
/// [`CallOptions::idle_timeout`](crate::CallOptions::idle_timeout) limits each wait for the next bytes. If the program
/// drops the `Download`, the client stops receiving the file.
///
/// The request does not allow compression, so the call fails if the file has a `Content-Encoding` other than
/// `identity`. The client does not unpack an archive, such as a ZIP file. If the server neither states a length nor
/// uses chunked encoding, the file ends when the connection ends. Then the client cannot always detect that a part of
/// the file is missing.
///
/// ```
/// # use huaweicloud_core::{Call, Download, Error};
/// # async fn example(call: Call<Download>) -> Result<(), Error> {
/// let mut file = call.await?;
/// let path = file.save_in("reports").await?;
/// println!("saved {}, request id {}", path.display(), file.request_id());
/// # Ok(())
/// # }
/// ```
pub struct Download(Box<OpenFile>);

type Progress = Box<dyn FnMut(u64, Option<u64>) + Send + Sync>;

struct OpenFile {
    origin: Origin,
    file_name: String,
    content_type: Option<String>,
    start: Bytes,
    rest: Option<reqwest::Body>,
    length: Option<u64>,
    received: u64,
    /// The timer starts when the program waits for bytes, and ends when bytes arrive.
    timer: Option<Pin<Box<Sleep>>>,
    progress: Option<Progress>,
    /// `None` after the end of the file, and after an error.
    under_way: Option<(Meter, UnderWay)>,
}

/// The facts about a call that its `Download` needs, such as the operation and the time limits.
pub(crate) struct Origin {
    pub operation: &'static Operation,
    pub attempts: u32,
    pub config: Config,
    pub endpoint: String,
    pub timeout: Duration,
    pub idle_timeout: Duration,
    pub deadline: Option<Instant>,
}

/// The largest size of a body that the client checks for an error, in bytes. A larger body counts as a file.
const LARGEST_START: usize = 16 * 1024;

/// The body of an answer that is a file.
pub(crate) struct FileBody {
    /// The bytes that the client has already read.
    pub start: Bytes,
    /// The rest of the body. `None` if `start` is the whole body.
    pub rest: Option<reqwest::Body>,
    pub length: Option<u64>,
    pub under_way: UnderWay,
}

impl FileBody {
    /// Reads enough of the body to distinguish a file from an error body with a success status. If a short body begins
    /// like JSON, the whole body is read.
    pub(crate) async fn begin(
        mut response: reqwest::Response,
        under_way: UnderWay,
    ) -> Result<Self, reqwest::Error> {
        let length = response.content_length();
        let mut start = Vec::new();
        let is_long = length.is_some_and(|length| length > LARGEST_START as u64);
        let mut ended = false;
        while !is_long && !ended && start.len() <= LARGEST_START && may_be_json(&start) {
            match response.chunk().await? {
                Some(bytes) => start.extend_from_slice(&bytes),
                None => ended = true,
            }
        }
        Ok(Self {
            start: start.into(),
            rest: (!ended).then(|| response.into()),
            length,
            under_way,
        })
    }
}

/// Returns whether a body may be a JSON object or list. The function skips white space and NUL bytes at the start. In
/// each supported encoding, the next byte of an object or list is `{`, `[` or a part of a byte order mark. If there is
/// no next byte, the result is `true`.
fn may_be_json(start: &[u8]) -> bool {
    let mut bytes = start.iter();
    let first = bytes.find(|byte| !byte.is_ascii_whitespace() && **byte != 0);
    matches!(first, None | Some(b'{' | b'[' | 0xef | 0xfe | 0xff))
}

impl Download {
    pub(crate) fn new(origin: Origin, headers: &HeaderMap, body: FileBody, meter: Meter) -> Self {
        let content_type = headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let named = stated(headers).and_then(|name| safe(&name));
        Self(Box::new(OpenFile {
            file_name: named.unwrap_or_else(|| origin.operation.id.to_owned()),
            content_type: content_type.map(str::to_owned),
            origin,
            start: body.start,
            rest: body.rest,
            length: body.length,
            received: 0,
            timer: None,
            progress: None,
            under_way: Some((meter, body.under_way)),
        }))
    }

    /// Returns the length of the file in bytes. Returns `None` if the server states no length.
    pub fn length(&self) -> Option<u64> {
        self.0.length
    }

    /// Returns the number of bytes that the program has taken.
    pub fn received(&self) -> u64 {
        self.0.received
    }

    /// Returns the media type as the server writes it, such as `text/csv`.
    pub fn content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    /// Returns a safe form of the file name in `Content-Disposition`. If the server states no usable name, returns the
    /// name of the operation.
    ///
    /// The file name is one part of a path, and never empty. The name contains no control characters, and is not a
    /// reserved name of an operating system.
    pub fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Sets a function that is called each time the program takes bytes. The arguments are the number of bytes so far,
    /// and the length of the file, if the length is known.
    pub fn on_progress(&mut self, told: impl FnMut(u64, Option<u64>) + Send + Sync + 'static) {
        self.0.progress = Some(Box::new(told));
    }

    /// Returns the next bytes. Returns `None` at the end of the file.
    ///
    /// # Errors
    /// Fails if the connection breaks, if the file does not have the stated length, or if a time limit ends. After an
    /// error, further calls return `None`.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.0.poll(context)).await.transpose()
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.0.origin.operation
    }

    pub(super) fn attempts(&self) -> u32 {
        self.0.origin.attempts
    }
}

impl OpenFile {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if self.under_way.is_none() {
            return Poll::Ready(None);
        }
        let result = ready!(self.poll_bytes(context));
        self.timer = None;
        match &result {
            Ok(Some(bytes)) => {
                self.received += bytes.len() as u64;
                if let Some(told) = &mut self.progress {
                    told(self.received, self.length);
                }
                return Poll::Ready(result.transpose());
            }
            // Drops the body. After the end of the file, the client can use the connection again. After an error, the
            // client closes the connection.
            Ok(None) | Err(_) => self.rest = None,
        }
        let result =
            result.map_err(|error| error.of_call(self.origin.operation, self.origin.attempts));
        Poll::Ready(match self.under_way.take() {
            Some((meter, _)) => meter.stop(result).transpose(),
            None => None,
        })
    }

    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        if self.is_late() {
            return Poll::Ready(Err(self.late(self.origin.timeout)));
        }
        if !self.start.is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(&mut self.start))));
        }
        while let Some(body) = &mut self.rest {
            match Pin::new(body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) if !bytes.is_empty() => return Poll::Ready(Ok(Some(bytes))),
                    // The frame contains trailers or no bytes.
                    _ => {}
                },
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(self.broken(error))),
                Poll::Ready(None) => self.rest = None,
                Poll::Pending => {
                    ready!(self.poll_timer(context));
                    let late = self.is_late();
                    let idle = self.origin.idle_timeout;
                    return Poll::Ready(Err(self.late(if late {
                        self.origin.timeout
                    } else {
                        idle
                    })));
                }
            }
        }
        // The HTTP client checks the length. A transport that the program has set does not necessarily check it.
        Poll::Ready(match self.length {
            Some(length) if length != self.received => {
                Err(self.failure(ErrorKind::Transport, "the file ended"))
            }
            _ => Ok(None),
        })
    }

    fn poll_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let (idle, deadline) = (self.origin.idle_timeout, self.origin.deadline);
        if self.timer.is_none() {
            let idle = Instant::now().checked_add(idle);
            let next = [idle, deadline].into_iter().flatten().min();
            self.timer = next.map(|next| Box::pin(sleep_until(next)));
        }
        match &mut self.timer {
            Some(timer) => timer.as_mut().poll(context),
            // `Instant` can represent neither the end of `idle_timeout` nor the deadline, so there is no time limit.
            None => Poll::Pending,
        }
    }

    fn is_late(&self) -> bool {
        let deadline = self.origin.deadline;
        deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    fn late(&self, time: Duration) -> Error {
        self.failure(
            ErrorKind::Timeout,
            &format!("the time limit of {time:?} ended"),
        )
    }

    fn broken(&self, error: reqwest::Error) -> Error {
        let failure = self.failure(ErrorKind::Transport, "the connection broke");
        failure.with_source(error.without_url())
    }

    /// Makes an error with the number of received bytes in its message.
    fn failure(&self, kind: ErrorKind, what: &str) -> Error {
        let of = self.length.map(|length| format!(" of {length}"));
        let (received, of) = (self.received, of.unwrap_or_default());
        let message = format!("{what} after {received}{of} bytes of the file");
        let mut error = Error::new(kind, message).with_help(match kind {
            ErrorKind::Timeout => "request the file again, with a longer timeout or idle_timeout",
            _ => "request the file again",
        });
        error.set_retryable(self.origin.operation.retry == Retry::Safe);
        let route = self.origin.config.route();
        route.explain(error, &self.origin.endpoint)
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        self.0.poll(context)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.0.length)
            .field("received", &self.0.received)
            .finish_non_exhaustive()
    }
}
