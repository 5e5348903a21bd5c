//! A file that is sent as the only part of a form (`multipart/form-data`, RFC 7578).

use super::runtime::check_runtime;
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use tokio::task::{JoinHandle, spawn_blocking};

/// The largest number of bytes that one read of a file returns.
const PIECE: u64 = 64 * 1024;

/// A file to upload.
///
/// The client reads a file on disk while it sends the file, so a large file needs little memory. Each attempt reads the
/// file from its start. If the operation allows retries, a retry sends the whole file again.
///
/// A signature does not cover the file, because the gateways do not read files. Only TLS protects the file.
///
/// ```
/// # use huaweicloud_core::{Error, Upload};
/// # async fn example() -> Result<(), Error> {
/// let file = Upload::open("products.csv").await?;
/// let file = file.on_progress(|sent, length| eprintln!("{sent} of {length} bytes"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Upload {
    name: String,
    source: Source,
    length: u64,
    progress: Option<Progress>,
}

type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Path(PathBuf),
}

impl Upload {
    /// Prepares the upload of a file on disk. The name of the upload is the last part of the path. The length is the
    /// present length of the file.
    ///
    /// # Errors
    /// The kind is [`ErrorKind::File`] if the file cannot be read, or if the path is a folder. The kind is
    /// [`ErrorKind::Config`] if there is no usable tokio runtime.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        check_runtime()?;
        let path = path.as_ref().to_owned();
        let at = path.clone();
        let length = spawn_blocking(move || {
            let known = File::open(&at)?.metadata()?;
            match known.is_dir() {
                true => Err(io::ErrorKind::IsADirectory.into()),
                false => Ok(known.len()),
            }
        });
        let length = length
            .await
            .unwrap_or_else(|end| Err(io::Error::other(end)));
        let length = length.map_err(|error| {
            let message = format!("the file `{}` cannot be read", path.display());
            Error::new(ErrorKind::File, message)
                .with_help("check the path and the permissions of the file")
                .with_source(error)
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.into_owned(),
            source: Source::Path(path),
            length,
            progress: None,
        })
    }

    /// Prepares the upload of bytes in memory. `name` is the file name.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            length: bytes.len() as u64,
            source: Source::Bytes(bytes),
            progress: None,
        }
    }

    /// Sets another file name for the upload.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets a function that reports progress. The first argument is the number of bytes of the file that the connection
    /// has taken. The second argument is the length of the file.
    ///
    /// Each attempt counts from 0 again.
    #[must_use]
    pub fn on_progress(mut self, told: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(told));
        self
    }

    /// Returns the file name of the upload.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the length of the file in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Upload");
        shown.field("length", &self.length).finish_non_exhaustive()
    }
}

/// A form that contains one file.
pub(crate) struct Form {
    head: Bytes,
    file: Upload,
    tail: Bytes,
    content_type: String,
    failed: Arc<AtomicBool>,
}

impl Form {
    /// Makes a form with one part. `part` is the name of the part.
    pub(crate) fn new(part: &str, file: Upload) -> Self {
        // The boundary contains 128 random bits, so a file practically never contains the boundary.
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            escaped(part),
            escaped(&file.name)
        );
        Self {
            head: head.into(),
            file,
            tail: format!("\r\n--{boundary}--\r\n").into(),
            content_type: format!("multipart/form-data; boundary={boundary}"),
            failed: Arc::default(),
        }
    }

    pub(crate) fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Returns whether reading the file failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Returns the whole form for an attempt.
    pub(crate) fn for_attempt(&self) -> reqwest::Body {
        let around = (self.head.len() + self.tail.len()) as u64;
        reqwest::Body::wrap(FormBody {
            stage: Stage::Head(self.head.clone()),
            file: self.file.clone(),
            tail: self.tail.clone(),
            sent: 0,
            left: self.file.length + around,
            failed: self.failed.clone(),
        })
    }
}

/// Replaces the characters that would end a quoted name in a header. Browsers replace these characters in the same way.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

struct FormBody {
    stage: Stage,
    file: Upload,
    tail: Bytes,
    /// The number of bytes of the file that were sent.
    sent: u64,
    /// The number of bytes of the form that were not sent yet.
    left: u64,
    failed: Arc<AtomicBool>,
}

enum Stage {
    Head(Bytes),
    Open,
    Read(JoinHandle<io::Result<(File, Bytes)>>),
    Tail,
    End,
}

impl FormBody {
    /// Returns the next bytes. Returns `None` if the call only changed the stage, or if the form has ended.
    fn poll_stage(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        Poll::Ready(Ok(match &mut self.stage {
            Stage::Head(head) => {
                let head = std::mem::take(head);
                self.stage = Stage::Open;
                Some(head)
            }
            Stage::Open => match &self.file.source {
                Source::Bytes(bytes) => {
                    let bytes = bytes.clone();
                    self.stage = Stage::Tail;
                    Some(bytes)
                }
                Source::Path(path) => {
                    let path = path.clone();
                    let piece = PIECE.min(self.file.length);
                    self.stage =
                        Stage::Read(spawn_blocking(move || next(File::open(path)?, piece)));
                    None
                }
            },
            Stage::Read(reading) => {
                let read = ready!(Pin::new(reading).poll(context));
                let (file, piece) = read.unwrap_or_else(|end| Err(io::Error::other(end)))?;
                let after = self.file.length - self.sent - piece.len() as u64;
                self.stage = match after {
                    0 => Stage::Tail,
                    _ if piece.is_empty() => return Poll::Ready(Err(shorter())),
                    _ => Stage::Read(spawn_blocking(move || next(file, PIECE.min(after)))),
                };
                Some(piece)
            }
            Stage::Tail => {
                self.stage = Stage::End;
                Some(self.tail.clone())
            }
            Stage::End => None,
        }))
    }
}

impl Body for FormBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        while !matches!(self.stage, Stage::End) {
            let is_file = matches!(self.stage, Stage::Open | Stage::Read(_));
            let piece = match ready!(self.poll_stage(context)) {
                Ok(piece) => piece.unwrap_or_default(),
                Err(error) => {
                    self.stage = Stage::End;
                    self.failed.store(true, Ordering::Release);
                    return Poll::Ready(Some(Err(error)));
                }
            };
            if piece.is_empty() {
                continue;
            }
            let length = piece.len() as u64;
            self.left -= length;
            if is_file {
                self.sent += length;
                if let Some(told) = &self.file.progress {
                    told(self.sent, self.file.length);
                }
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.stage, Stage::End)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Reads the next bytes of a file, at most `length` bytes.
fn next(file: File, length: u64) -> io::Result<(File, Bytes)> {
    let mut piece = Vec::new();
    let mut limited = file.take(length);
    limited.read_to_end(&mut piece)?;
    Ok((limited.into_inner(), piece.into()))
}

fn shorter() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the file became shorter after `Upload::open` read its length",
    )
}
