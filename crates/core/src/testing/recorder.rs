//! The recorder stores the replies of each operation, and the received requests.

use super::reply::Reply;
use super::request::RecordedRequest;
use super::sent::SentBody;
use crate::builder::ConfigBuilder;
use crate::config::Config;
use crate::credential::BoxFuture;
use crate::error::{Error, ErrorKind};
use crate::near::near;
use crate::retry::RetryPolicy;
use crate::transport::{Transport, TransportRequest};
use bytes::Bytes;
use http_body::Body;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Answers requests in place of services: see the [module](super). The clones of a recorder share its replies and
/// requests.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    replies: BTreeMap<String, Replies>,
    requests: Vec<RecordedRequest>,
}

#[derive(Default)]
struct Replies {
    once: VecDeque<Reply>,
    /// The reply to each request that comes when `once` is empty.
    always: Option<Reply>,
}

impl Recorder {
    /// Makes a recorder without replies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the reply to one request of the operation. The recorder sends the replies of an operation in the order in
    /// which they were added.
    ///
    /// `operation` is the name of the client's method, such as `show_instance`. Each request takes one reply, so a call
    /// with one retry takes two replies.
    pub fn reply(&self, operation: &str, reply: Reply) -> &Self {
        let mut record = self.record();
        let replies = record.replies.entry(operation.to_owned()).or_default();
        replies.once.push_back(reply);
        drop(record);
        self
    }

    /// Sets the reply to all further requests of the operation, after the replies of [`reply`](Self::reply) are used
    /// up.
    pub fn reply_always(&self, operation: &str, reply: Reply) -> &Self {
        let mut record = self.record();
        let replies = record.replies.entry(operation.to_owned()).or_default();
        replies.always = Some(reply);
        drop(record);
        self
    }

    /// Returns a builder of a configuration. The clients of the configuration send their requests to this recorder.
    ///
    /// The configuration has a token, a project, and the region `cn-north-4`, in which all services are documented.
    /// Without `Retry-After`, the pause before a retry is at most one millisecond.
    pub fn config(&self) -> ConfigBuilder {
        Config::builder()
            .transport(self.clone())
            .region("cn-north-4")
            .project_id("0123456789abcdef0123456789abcdef")
            .token("recorded-calls-need-no-token")
            .retry(RetryPolicy {
                base_delay: Duration::from_millis(1),
                max_delay: Duration::from_millis(1),
                ..RetryPolicy::default()
            })
    }

    /// Returns all requests, in the order in which the recorder received them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.record().requests.clone()
    }

    /// Returns the names of the operations of all requests, in the order in which the recorder received the requests.
    pub fn operations(&self) -> Vec<&'static str> {
        let record = self.record();
        let requests = record.requests.iter();
        requests.map(|request| request.operation.id).collect()
    }

    /// Returns the names of the operations with unused replies. An operation with several unused replies is listed once
    /// for each reply. Replies of [`reply_always`](Self::reply_always) do not count.
    pub fn unused(&self) -> Vec<String> {
        let record = self.record();
        let replies = record.replies.iter();
        let names = replies.flat_map(|(name, replies)| replies.once.iter().map(move |_| name));
        names.cloned().collect()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores a request, and takes the reply to it.
    fn take(&self, request: RecordedRequest) -> Result<Reply, Error> {
        let id = request.operation.id;
        let mut record = self.record();
        record.requests.push(request);
        let replies = record.replies.get_mut(id);
        let reply = replies.and_then(|replies| {
            let next = replies.once.pop_front();
            next.or_else(|| replies.always.clone())
        });
        reply.ok_or_else(|| record.no_reply(id))
    }
}

impl Record {
    fn no_reply(&self, id: &str) -> Error {
        let message = match self.replies.contains_key(id) {
            true => format!("all replies of the recorder to {id} are used up"),
            false => format!("the recorder has no reply to {id}"),
        };
        let meant = near(self.replies.keys().map(String::as_str), id);
        let help = match meant.first() {
            Some(name) if *name != id => {
                format!("the test added a reply to `{name}`: change this name to `{id}`")
            }
            _ => format!("add one by reply(\"{id}\", ..)"),
        };
        Error::config(message).with_help(help)
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: TransportRequest,
    ) -> BoxFuture<'static, Result<http::Response<reqwest::Body>, Error>> {
        let recorder = self.clone();
        Box::pin(async move {
            let operation = request.operation();
            let mut request = request.into_reqwest();
            let body = match request.body_mut().take() {
                Some(body) => whole(body).await?,
                None => Vec::new(),
            };
            let recorded = RecordedRequest {
                operation,
                method: request.method().clone(),
                url: request.url().clone(),
                headers: std::mem::take(request.headers_mut()),
                body: SentBody::new(body),
            };
            recorder.take(recorded)?.play().await
        })
    }
}

/// Returns the bytes of a body, even if the body is a stream.
async fn whole(mut body: reqwest::Body) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    loop {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let Some(frame) = frame else {
            return Ok(bytes);
        };
        let frame = frame.map_err(|error| {
            Error::new(ErrorKind::Transport, "").with_source(error.without_url())
        })?;
        let data: Bytes = frame.into_data().unwrap_or_default();
        bytes.extend_from_slice(&data);
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unused = self.unused();
        f.debug_struct("Recorder")
            .field("requests", &self.record().requests)
            .field("unused", &unused)
            .finish()
    }
}
