//! The steps of a call. They are also the order in which to read the files.
//!
//! 1. `session`: a client's method gives a [`Request`] to a [`Session`], and gets a [`Call`] (`future`).
//! 2. `execution`: the awaited call makes attempts, until one succeeds or another one cannot help.
//! 3. `scope`, `signed_request`: each attempt gets a credential and a project, and is signed.
//! 4. `send`: the request is sent, and the whole answer is read. `transport` and `failure` classify errors.
//! 5. `answer`: the last answer becomes the documented body or an error. `carried` holds the values that it must hide.
//! 6. `download`: a body that is a file comes while the program reads it. `file_name` makes its name safe, and `save`
//!    writes it to disk.
//!
//! `request`, `path` and `body` are the parts of a request. All steps share `runtime`, `state`, `failover`, `clock` and
//! `meter`.

mod answer;
mod body;
mod carried;
mod clock;
mod download;
mod execution;
mod failover;
mod failure;
mod file_name;
mod future;
mod meter;
mod path;
mod propagate;
mod request;
mod runtime;
mod save;
mod scope;
mod send;
mod session;
mod signed_request;
mod state;
mod transport;
mod upload;

pub(crate) use answer::{Expected, RawResponse, read_json};
pub use download::Download;
pub use future::Call;
pub(crate) use meter::Meter;
pub use request::Request;
pub(crate) use request::{RepeatableRequest, Tap};
pub(crate) use runtime::check_runtime;
pub use session::Session;
pub use upload::Upload;
