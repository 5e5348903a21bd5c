//! The runtime of the unofficial Rust clients for Huawei Cloud and Open Telekom Cloud. It contains credentials, request
//! signing, transport, retries, errors and lenient decoding.
//!
//! It knows no service. Generated crates describe their services by [`Service`] and [`Operation`], build a [`Request`]
//! and give it to a [`Session`].
//!
//! * A [`Config`] holds the settings that clients share. `huaweicloud-config` finds its values. [`Config::builder`] takes
//!   them from the program.
//! * A call is repeated if that is safe, within one deadline. A drop of its future cancels it.
//! * Each failure is an [`Error`] with advice. It shows no text of a server.
//! * A [`Secret`] cannot reach a log.
//! * A [`Wait`] polls until a resource has a state. After an action, it ignores the state before that action.
//! * A received file is a [`Download`], a sent file an [`Upload`]. [`Json`] is a value without a documented structure.
//!
//! # Runtime
//! Calls need a tokio runtime with time and io (`#[tokio::main]`, or `enable_all()`). Without it, each call is an error.
//! If the program is built with `panic = "abort"`, tokio ends the program instead, and names the fix. One client serves
//! any number of runtimes. Each runtime has its own connections.
//!
//! # Features
//! * `rustls` (default): TLS by rustls with ring and the platform's certificates. Without it, give a client by
//!   [`ConfigBuilder::http_client`].
//! * `schemars`: JSON Schema for [`Secret`] and for the generated types.
//! * `metrics`: calls report the metrics below to the `metrics` facade.
//! * `test-util`: `testing`, a recorder that answers calls without a server.
//! * `opentelemetry`: requests carry the headers of OpenTelemetry's global propagator (`traceparent`). They describe
//!   the call's span if the program has the layer of `tracing-opentelemetry`, else OpenTelemetry's current context. The
//!   signature does not cover them. The program must use the same versions of `opentelemetry` and
//!   `tracing-opentelemetry` as this crate.
//!
//! # Observation
//! Each call is a `tracing` span `huaweicloud::call`, with target `huaweicloud` and level info. Its fields are
//! `operation`, `service`, `attempt`, `status` and `request_id`. A repeat is logged at level info. A field of an answer that
//! was left out is a warning. Other events have level debug. Of callers and servers, spans and events show only statuses
//! and request ids.
//!
//! | metric | | labels |
//! |---|---|---|
//! | `huaweicloud_calls_total` | counter: calls that ended | `service`, `operation`, `outcome` |
//! | `huaweicloud_call_duration_seconds` | histogram: with all attempts and pauses | `service`, `operation`, `outcome` |
//! | `huaweicloud_attempts_total` | counter: attempts to send a request | `service`, `operation` |
//! | `huaweicloud_retries_total` | counter: repeats by the retry policy | `service`, `operation` |
//!
//! `outcome` is `ok`, `dropped` (the future was dropped), or the [`ErrorKind`] in snake case: `service`, `connect`,
//! `timeout`.
//!
//! A call whose answer is a file ends with the file's last byte.
//!
//! The crate has no telemetry. It writes no file except a [`Download`] that the program saves.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod agent;
mod budget;
mod builder;
mod call;
mod check;
mod config;
mod credential;
pub mod decode;
pub mod encode;
mod endpoint;
mod error;
mod intercept;
mod json;
mod near;
mod network;
mod operation;
mod options;
mod outcome;
pub mod pages;
mod parse_address;
mod query;
mod recent;
mod region;
mod response;
mod retry;
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub mod schema;
mod secret;
pub mod setter;
mod settings;
pub mod sign;
#[cfg(feature = "test-util")]
pub mod testing;
mod transport;
pub mod wait;

pub use budget::RetryBudget;
pub use builder::ConfigBuilder;
pub use call::{Call, Download, Request, Session, Upload};
pub use config::Config;
pub use credential::{AccessKey, BoxFuture, Credential, ProvideCredential, Token};
pub use error::{CanonicalLine, Error, ErrorDetail, ErrorKind, LineDifference};
pub use intercept::{IncomingAnswer, Intercept, InterceptError, OutgoingRequest};
pub use json::Json;
#[cfg(feature = "rustls")]
pub use network::http_client_builder;
pub use network::{Proxy, TlsVersion};
pub use operation::{Hint, Operation, Retry, Server, Service};
pub use options::CallOptions;
pub use outcome::{JudgedCall, Outcome};
pub use pages::{Items, PagedCall, Pages};
pub use query::{Joined, ToQuery};
pub use response::Response;
pub use retry::RetryPolicy;
pub use secret::{Secret, ShowSecrets};
pub use sign::SigningAlgorithm;
pub use transport::{Transport, TransportRequest};
pub use wait::{ActionCall, PolledCall, Wait};

pub use http;
pub use reqwest;
/// The version of `schemars` that the generated types use.
#[cfg(feature = "schemars")]
pub use schemars1 as schemars;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;
