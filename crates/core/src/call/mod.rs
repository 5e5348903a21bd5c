//! The way of a call, in the order in which the files are best read.
//!
//! 1. `session`: a client's method hands a [`Request`] to a [`Session`], and gets a [`Call`] (`future`).
//! 2. `execution`: the awaited call makes attempts, until one succeeds or there is no sense in another.
//! 3. `scope`, `signed_request`: each attempt gets a credential and a project, and is signed.
//! 4. `send`: it is sent, and the whole answer taken in. `transport` and `failure` say what went wrong.
//! 5. `answer`: the last answer becomes the documented body or an error. `carried` is what it must not show.
//! 6. `download`: a body that is a file comes while it is taken. `file_name` makes its name safe, and `save` writes it to disk.
//!
//! `request`, `path` and `body` are what is sent; `runtime`, `state`, `failover`, `clock` and `meter` what the stages share.

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
