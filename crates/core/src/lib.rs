//! The runtime of the unofficial Rust clients for Huawei Cloud and Open Telekom Cloud: credentials, request signing, transport,
//! retries, errors and lenient decoding. It knows no service: generated crates describe theirs by [`Service`] and [`Operation`],
//! build a [`Request`] and hand it to a [`Session`].
//!
//! * A [`Config`] holds what clients share. `huaweicloud-config` finds its values; [`Config::builder`] takes them from you.
//! * A call repeats itself where that is safe, within one deadline; dropping its future cancels it.
//! * Every failure is an [`Error`] that says what to do, and shows nothing that a server wrote.
//! * A [`Secret`] cannot reach a log.
//!
//! # Features
//! `rustls` (default): TLS by rustls with ring and the platform's certificates. Without it, give a client by
//! [`ConfigBuilder::http_client`]. `schemars`: JSON Schema for [`Secret`] and for the generated types.

mod answer;
mod attempt;
mod builder;
mod call;
mod clock;
mod config;
mod credential;
pub mod decode;
mod endpoint;
mod error;
mod operation;
mod prepare;
mod query;
mod request;
mod response;
mod retry;
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub mod schema;
mod secret;
mod session;
pub mod sign;
mod transport;

pub use builder::ConfigBuilder;
pub use config::Config;
pub use credential::{AccessKey, BoxFuture, Credential, ProvideCredential, Token};
pub use error::{Error, ErrorKind};
pub use operation::{Operation, Retry, Server, Service};
pub use query::ToQuery;
pub use request::Request;
pub use response::Response;
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use session::Session;
#[cfg(feature = "rustls")]
pub use transport::http_client_builder;

pub use http;
pub use reqwest;
/// The version in which the generated types have their schemas.
#[cfg(feature = "schemars")]
pub use schemars1 as schemars;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;
