//! The steps of a call, in their order. Read the files in the same order.
//!
//! 1. `session`, `future`: a method of a client passes a [`Request`] to a [`Session`]. The session returns a [`Call`],
//!    which is a future.
//! 2. `execution`: the program awaits the call. The call makes attempts until an attempt succeeds, or until no retry is
//!    allowed or useful.
//! 3. `scope`, `signed_request`: if the operation needs credentials, each attempt gets a credential. `scope` adds a
//!    missing project or account to the credential. The client then signs the request with the access key, or adds the
//!    token.
//! 4. `send`: the client sends the request, and reads the answer. `transport` and `failure` classify errors.
//! 5. `answer`: the client decodes an answer with a success status. `carried` contains the values of the request that
//!    errors and logs must not show.
//! 6. `download`: if the answer is a file, the program reads the file while it arrives. `file_name` makes the name of
//!    the file safe, and `save` writes the file to disk.
//!
//! `request`, `path`, `body` and `upload` contain the parts of a request. `runtime`, `state`, `failover`, `clock`,
//! `meter` and `propagate` are helpers of the steps.

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
