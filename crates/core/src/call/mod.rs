//! This module contains the steps of a call. The following list is also the order in which to read the files.
//!
//! 1. `session`: a method of a client passes a [`Request`] to a [`Session`]. The session returns a [`Call`] (`future`).
//! 2. `execution`: the program awaits the call. The call makes attempts until an attempt succeeds, or until no retry is
//!    allowed or useful.
//! 3. `scope`, `signed_request`: each attempt gets a credential and a project. Then the request is signed, or gets the
//!    token.
//! 4. `send`: the client sends the request, and reads the answer. `transport` and `failure` classify errors.
//! 5. `answer`: the last answer becomes the documented body or an error. `carried` contains the values that an error
//!    hides.
//! 6. `download`: if the answer is a file, the program reads the file while it arrives. `file_name` makes the name of
//!    the file safe, and `save` writes the file to disk.
//!
//! `request`, `path`, `body` and `upload` contain the parts of a request. Several steps use `runtime`, `state`,
//! `failover`, `clock`, `meter` and `propagate`.

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
